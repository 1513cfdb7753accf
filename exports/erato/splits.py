"""Train and test of an ERATO release: a fifth of each category, or whole episodes or series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exports.erato.statistics import SampleNumbers
from exports.errors import ExportError
from exports.splits import Split, grouped_split, paper_split

#: `clip`: as published; `episode`, `series`: none on both sides, so that neighbouring clips of one scene never are.
GROUPS: Final = ("clip", "episode", "series")


def split_samples(samples: Sequence[SampleNumbers], group_by: str, seed: int) -> Split:
    """Return the split. Every clip is one sample, so that with `clip` none is on both sides. Raises ExportError."""
    labels = [sample.relationship for sample in samples]
    if group_by == "clip":
        return paper_split(labels, seed)
    if group_by == "episode":
        return grouped_split(labels, [sample.episode for sample in samples], seed, group_by)
    if group_by == "series":
        return grouped_split(labels, [sample.series for sample in samples], seed, group_by)
    raise ExportError(f"group_by {group_by!r} is not known: use one of {', '.join(GROUPS)}")
