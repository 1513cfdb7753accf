"""MEmoR folders, releases and the published one, as samples of kind `cells`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset

from baselines.data.batches import CellBatch
from baselines.data.corpus import Corpus, Shape, Side, Wanted, chosen
from baselines.data.modality import Modality
from baselines.data.packed import PARTS, PackedCells, open_packed
from baselines.data.validation import hold_out
from baselines.errors import DataError
from baselines.inputs import release_hash, write_inputs
from baselines.progress import Progress
from baselines.tasks import Classes
from exports.formats.memor.dataset import MemorDataset

#: The published set, by its numbers of train and test samples (specification 1.3).
_PUBLISHED = (6829, 1707)


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One sample, before padding; numpy, so that nothing is shared with a model's graph."""

    rows: dict[str, np.ndarray]
    """Modality -> float32 [K, D] of the cells that are there, by person and then segment."""
    places: dict[str, tuple[np.ndarray, np.ndarray]]
    """Modality -> person [K], segment [K]."""
    segments: int
    characters: tuple[int, ...]
    personality: np.ndarray
    """float32 [N, Dp]"""
    target_person: int
    target_segment: int
    speaks: bool
    label: int


class SampleSet(Dataset[Item]):
    """The samples at some positions of a dataset, with the labels of one emotion set.

    `side` are all positions of the side of the split these belong to: the persons of a clip are its on_character and
    all targets on that side, so that train and validation see the same people and nothing comes from the test side.
    """

    def __init__(
        self,
        dataset: MemorDataset,
        packed: PackedCells,
        positions: Sequence[int],
        side: Sequence[int],
        emotions: str,
        modalities: Sequence[str] = (*PARTS, "personality"),
    ) -> None:
        self.dataset, self.packed, self.modalities = dataset, packed, tuple(modalities)
        self.positions = tuple(positions)
        self.persons = dataset.persons(side)
        numbers = {name: number for number, name in enumerate(dataset.classes[emotions])}
        self.labels = tuple(numbers[dataset.samples[position].emotion(emotions)] for position in self.positions)

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, place: int) -> Item:
        sample = self.dataset.samples[self.positions[place]]
        clip, persons = self.dataset.clips[sample.clip], self.persons[sample.clip]
        segment, _ = clip.target_segment(sample.moment_s)
        rows: dict[str, np.ndarray] = {}
        places: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for part in (part for part in PARTS if part in self.modalities):
            kept = self.packed.of(clip.name, part)
            wanted = np.isin(kept.character, persons)
            rows[part] = kept.rows[wanted]
            places[part] = np.searchsorted(persons, kept.character[wanted]), kept.segment[wanted]
        profile = self.dataset.personality[list(persons)]
        return Item(
            rows=rows,
            places=places,
            segments=clip.segments,
            characters=persons,
            personality=profile if "personality" in self.modalities else profile[:, :0],
            target_person=persons.index(sample.character),
            target_segment=segment,
            speaks=clip.speakers[segment] == sample.character,
            label=self.labels[place],
        )

    def moments_outside(self) -> int:
        """Return how many moments lie in no segment of their clip; the nearest segment is their target."""
        samples = (self.dataset.samples[position] for position in self.positions)
        return sum(not self.dataset.clips[sample.clip].target_segment(sample.moment_s)[1] for sample in samples)


def collate(items: Sequence[Item]) -> CellBatch:
    """Pad items to the most persons and segments among them."""
    persons = max(len(item.characters) for item in items)
    segments = max(item.segments for item in items)
    features = {}
    for part in items[0].rows:
        mask = np.zeros((len(items), persons, segments), bool)
        for row, item in enumerate(items):
            mask[(row, *item.places[part])] = True
        rows = np.concatenate([item.rows[part] for item in items])
        features[part] = Modality(torch.from_numpy(rows), torch.from_numpy(mask))
    personality = np.zeros((len(items), persons, items[0].personality.shape[1]), np.float32)
    character = np.zeros((len(items), persons), np.int64)
    person_mask = np.zeros((len(items), persons), bool)
    segment_mask = np.zeros((len(items), segments), bool)
    for row, item in enumerate(items):
        n = len(item.characters)
        personality[row, :n], character[row, :n] = item.personality, item.characters
        person_mask[row, :n] = segment_mask[row, : item.segments] = True
    return CellBatch(
        features=features,
        label=torch.tensor([item.label for item in items]),
        personality=torch.from_numpy(personality),
        character=torch.from_numpy(character),
        person_mask=torch.from_numpy(person_mask),
        segment_mask=torch.from_numpy(segment_mask),
        target_person=torch.tensor([item.target_person for item in items]),
        target_segment=torch.tensor([item.target_segment for item in items]),
        speaks=torch.tensor([item.speaks for item in items]),
    )


def open_memor(folder: Path, wanted: Wanted, cache: Path, on_progress: Progress) -> Corpus:
    """Read a release or the published dataset; validation is held out of the train side by clip.

    Raises FormatError for a folder that cannot be read, DataError where nothing can be learned.
    """
    dataset, packed = open_packed(folder, cache, on_progress)
    for side, ids in (("train", dataset.train_ids), ("test", dataset.test_ids)):
        if not ids:
            raise DataError(f"{folder} has no {side} samples")
    there = {part: getattr(dataset.dims, part) if len(packed.rows[part]) else 0 for part in PARTS}
    if not any(there.values()):
        raise DataError(f"{folder} holds no features: analyse its episodes and export the release again")
    sizes = chosen(there, wanted, folder)
    used = [*sizes, *(["personality"] if "personality" in wanted.modalities else [])]
    held = hold_out(dataset, wanted.emotions, wanted.validation_share, wanted.split_seed)
    sets = {
        name: SampleSet(dataset, packed, positions, side, wanted.emotions, used)
        for name, positions, side in (
            ("train", held.train, dataset.train_ids),
            ("validation", held.validation, dataset.train_ids),
            ("test", dataset.test_ids, dataset.test_ids),
        )
    }
    classes = dataset.classes[wanted.emotions]
    if len(set(sets["train"].labels)) < 2:
        only = classes[sets["train"].labels[0]]
        raise DataError(f"{folder}: all train samples are {only!r}: at least two classes are needed to learn from")
    ours = bool(dataset.config)
    return Corpus(
        title=f"MEmoR release {folder.resolve().name}" if ours else "MEmoR, as published",
        family="memor",
        kind="cells",
        task=Classes(classes),
        shape=Shape(
            sizes=sizes,
            classes=len(classes),
            personality=dataset.dims.personality if "personality" in used else 0,
            speakers=len(dataset.speakers),
            scene=(dataset.dims.objects + dataset.dims.environment) if "visual" in sizes else 0,
        ),
        key_names=("sample", "clip", "character", "moment_s"),
        **{name: _side(samples) for name, samples in sets.items()},
        selection="the train samples themselves" if held.train == held.validation else "held-out train clips",
        sha256=release_hash(dataset),
        published=not ours and (len(dataset.train_ids), len(dataset.test_ids)) == _PUBLISHED,
        notes=(*held.notes, *_notes(dataset, sets, classes, there, wanted)),
        about={"split": dataset.config.get("split"), "emotions": wanted.emotions},
        remember=lambda run_dir: write_inputs(run_dir, dataset),
    )


def _side(samples: SampleSet) -> Side:
    rows = ((position, samples.dataset.samples[position]) for position in samples.positions)
    return Side(
        items=samples,
        collate=collate,
        labels=np.array(samples.labels, np.int64),
        keys=tuple((at, one.clip, samples.dataset.speakers[one.character], one.moment_s) for at, one in rows),
        item_labels=samples.labels,
    )


def _notes(
    dataset: MemorDataset,
    sets: dict[str, SampleSet],
    classes: tuple[str, ...],
    there: dict[str, int],
    wanted: Wanted,
) -> list[str]:
    notes = [f"there are no {part} features" for part in wanted.modalities if part in there and not there[part]]
    for name, samples in sets.items():
        if outside := samples.moments_outside():
            notes.append(f"{outside} {name} moments lie in no segment of their clip: the nearest one is the target")
    learned, asked = set(sets["train"].labels), set(sets["test"].labels)
    if never := [classes[label] for label in sorted(asked - learned)]:
        notes.append(f"the test set asks for classes that training never saw: {', '.join(never)}")
    both = {dataset.samples[i].clip for i in dataset.train_ids} & {dataset.samples[i].clip for i in dataset.test_ids}
    if both:
        notes.append(f"{len(both)} clips are in train and test: scores are higher than on unseen clips")
    return notes
