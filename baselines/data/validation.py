"""Which train samples are held out to choose the epoch: by clip, labels alike, and something sensible for tiny sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.errors import ExportError
from exports.formats.memor.dataset import MemorDataset
from exports.splits import grouped_split


@dataclass(frozen=True, slots=True)
class HoldOut:
    """Positions of samples in the dataset."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    notes: tuple[str, ...] = ()


def hold_out(dataset: MemorDataset, emotions: str, share: float, seed: int) -> HoldOut:
    """Hold out about `share` of the train samples, whole clips.

    A label that stands in a single clip stays in training. Where nothing can be held out, validation is training
    itself, and the notes say so: the best epoch is then the one that learned by heart.
    """
    positions = dataset.train_ids
    labels = [dataset.samples[position].emotion(emotions) for position in positions]
    clips = [dataset.samples[position].clip for position in positions]
    try:
        split = grouped_split(labels, clips, seed, "clip", share)
    except ExportError:
        return _nothing_held_out(positions)
    # Whole clips go back to training as long as a label is in validation only.
    validation = set(split.test)
    for label in dict.fromkeys(labels):
        if all(place in validation for place, other in enumerate(labels) if other == label):
            rescued = {clips[place] for place in validation if labels[place] == label}
            validation -= {place for place in validation if clips[place] in rescued}
    if not validation:
        return _nothing_held_out(positions)
    notes = []
    missing = sorted(set(labels) - {labels[place] for place in validation})
    if missing:
        notes.append(f"validation holds no sample of: {', '.join(missing)}")
    if len(validation) < 20:
        notes.append(f"validation holds only {len(validation)} samples: the choice of the epoch is mostly luck")
    return HoldOut(
        train=tuple(position for place, position in enumerate(positions) if place not in validation),
        validation=tuple(positions[place] for place in sorted(validation)),
        notes=tuple(notes),
    )


def _nothing_held_out(positions: Sequence[int]) -> HoldOut:
    note = (
        "no clip could be held out, so validation is the training set itself: the chosen epoch is the one that learned "
        "it by heart"
    )
    return HoldOut(tuple(positions), tuple(positions), (note,))
