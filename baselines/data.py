"""From a release folder to batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.utils.data import Dataset

from baselines.batch import Batch
from exports.formats.memor.dataset import Cells, MemorDataset


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One sample, before padding; numpy, so that nothing is shared with a model's graph."""

    cells: Cells
    personality: np.ndarray
    """float32 [N, Dp]"""
    target_person: int
    target_segment: int
    label: int


class SampleSet(Dataset[Item]):
    """The samples at some positions of a dataset, with the labels of one emotion set.

    `side` are all positions of the side of the split these belong to: the persons of a clip are its on_character and
    all targets on that side, so that train and validation see the same people and nothing comes from the test side.
    """

    def __init__(self, dataset: MemorDataset, positions: Sequence[int], side: Sequence[int], emotions: str) -> None:
        self.dataset = dataset
        self.positions = tuple(positions)
        self.persons = dataset.persons(side)
        numbers = {name: number for number, name in enumerate(dataset.classes[emotions])}
        self.labels = tuple(numbers[dataset.samples[position].emotion(emotions)] for position in self.positions)

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, place: int) -> Item:
        sample = self.dataset.samples[self.positions[place]]
        persons = self.persons[sample.clip]
        segment, _ = self.dataset.clips[sample.clip].target_segment(sample.moment_s)
        return Item(
            cells=self.dataset.cells(sample.clip, persons),
            personality=self.dataset.personality[list(persons)],
            target_person=persons.index(sample.character),
            target_segment=segment,
            label=self.labels[place],
        )

    def moments_outside(self) -> int:
        """Return how many moments lie in no segment of their clip; the nearest segment is their target."""
        samples = (self.dataset.samples[position] for position in self.positions)
        return sum(not self.dataset.clips[sample.clip].target_segment(sample.moment_s)[1] for sample in samples)


def collate(items: Sequence[Item]) -> Batch:
    """Pad items to the most persons and segments among them. Features of missing cells become zeros."""
    persons = max(item.cells.visual.shape[0] for item in items)
    segments = max(item.cells.visual.shape[1] for item in items)

    def grid(arrays: Sequence[np.ndarray]) -> np.ndarray:
        padded = np.zeros((len(arrays), persons, segments, *arrays[0].shape[2:]), arrays[0].dtype)
        for row, array in enumerate(arrays):
            padded[row, : array.shape[0], : array.shape[1]] = array
        return padded

    zero = np.float32(0)  # put, not multiplied: NaN times zero is NaN
    masks = {
        part: grid([getattr(item.cells, f"{part}_mask") for item in items]) for part in ("visual", "audio", "text")
    }
    features = {
        part: torch.from_numpy(np.where(mask[..., None], grid([getattr(item.cells, part) for item in items]), zero))
        for part, mask in masks.items()
    }
    personality = np.zeros((len(items), persons, items[0].personality.shape[1]), np.float32)
    person_mask = np.zeros((len(items), persons), bool)
    segment_mask = np.zeros((len(items), segments), bool)
    for row, item in enumerate(items):
        n, s = item.cells.visual_mask.shape
        personality[row, :n] = item.personality
        person_mask[row, :n] = True
        segment_mask[row, :s] = True
    return Batch(
        **features,
        personality=torch.from_numpy(personality),
        **{f"{part}_mask": torch.from_numpy(mask) for part, mask in masks.items()},
        person_mask=torch.from_numpy(person_mask),
        segment_mask=torch.from_numpy(segment_mask),
        target_person=torch.tensor([item.target_person for item in items]),
        target_segment=torch.tensor([item.target_segment for item in items]),
        label=torch.tensor([item.label for item in items]),
    )
