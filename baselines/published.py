"""Numbers that papers print, to stand beside ours where data and split are the published ones.

Only what could be checked against the paper or its authors' page is here; a line is a number with its source.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from baselines.data.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Row:
    measure: str
    """As in metrics.json."""
    value: float
    """In percent."""
    source: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


#: (model, ablations, family, modalities) -> rows.
_ROWS: Final[dict[tuple[str, tuple[str, ...], str, tuple[str, ...]], tuple[Row, ...]]] = {
    ("mmgcn", (), "meld", ("text",)): (Row("weighted_f1", 57.72, "Hu et al. 2021, text only"),),
}


def published_rows(model: str, without: tuple[str, ...], corpus: Corpus) -> tuple[Row, ...]:
    """Return what is published for a model on these data; nothing where the data are not the published ones."""
    if not corpus.published:
        return ()
    return _ROWS.get((model, tuple(sorted(without)), corpus.family, tuple(sorted(corpus.shape.sizes))), ())
