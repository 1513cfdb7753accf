"""A data set as training sees it, wherever it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from torch.utils.data import Dataset

from baselines.catalogue import MODALITIES
from baselines.data.batches import Batch
from baselines.errors import DataError
from baselines.tasks import Task


@dataclass(frozen=True, slots=True)
class Shape:
    """What a model must know of its data. A modality that is not there has no entry."""

    sizes: Mapping[str, int]
    """Modality -> length of its vectors."""
    classes: int
    """Classes, or intensities."""
    personality: int = 0
    speakers: int = 1
    """Different numbers of speakers in `DialogueBatch.speaker`, or of characters."""
    scene: int = 0
    """How many columns at the end of `visual` are of the scene and not of the person."""

    def with_sizes(self, sizes: Mapping[str, int]) -> Shape:
        return replace(self, sizes=dict(sizes))


class Wording(Protocol):
    """Where the words behind the text vectors are known, and vectors can be made of fewer of them."""

    def words(self, item: int, row: int) -> tuple[str, ...]:
        """Return the words of the `row`th scored thing of an item."""

    def without(self, item: int, row: int, kept: np.ndarray) -> list[Any]:
        """Return one copy of the item per row of `kept` (bool [n, words]), in which only those words were said."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of the split."""

    items: Dataset[Any]
    collate: Callable[[Sequence[Any]], Batch]
    labels: np.ndarray
    """Of everything that is scored, in order: int64 [n], or float32 [n, K]."""
    keys: tuple[tuple[Any, ...], ...]
    """What names each of them in predictions.csv."""
    item_labels: tuple[int, ...] | None = None
    """One class per item where an item has one: only then classes can be drawn equally often."""
    wording: Wording | None = None

    def __len__(self) -> int:
        return len(self.items)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    title: str
    family: str
    """`memor`, `meld`, `iemocap`, `mmsa`: which published recipe and numbers belong to it."""
    kind: str
    """`cells`, `dialogue`, `sequence`."""
    task: Task
    shape: Shape
    key_names: tuple[str, ...]
    train: Side
    validation: Side
    test: Side
    selection: str
    """What the epoch is chosen on, in words."""
    sha256: str
    """Names the data: two runs with the same one saw the same."""
    published: bool
    """This is the published data set with its published split, so that scores compare with published ones."""
    notes: tuple[str, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    remember: Callable[[Path], None] | None = None
    """Writes into a run folder what is needed to make input of other data."""

    @property
    def sides(self) -> dict[str, Side]:
        return {"train": self.train, "validation": self.validation, "test": self.test}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read of a data set, and how."""

    emotions: str = "primary"
    modalities: tuple[str, ...] = tuple(MODALITIES.values())
    validation_share: float = 0.2
    split_seed: int = 2020


def chosen(sizes: Mapping[str, int], wanted: Wanted, where: Path) -> dict[str, int]:
    """Return the sizes of the wanted modalities that are there. Raises DataError if none is."""
    left = {name: size for name, size in sizes.items() if name in wanted.modalities and size}
    if not left:
        there = ", ".join(name for name, size in sizes.items() if size) or "no features at all"
        raise DataError(f"{where} holds {there}: nothing of {', '.join(wanted.modalities)} can be learned from")
    return left
