"""Synthetic batches, small models and tiny releases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from baselines.data.batches import Batch, CellBatch, DialogueBatch, SequenceBatch
from baselines.data.corpus import Shape
from baselines.data.modality import Modality
from baselines.models.amer import AMER, Config
from baselines.models.base import Model
from baselines.registry import MODELS, build, configure, view_for
from exports.release import ReleaseOptions, build_release
from tests.exports.factory import feature_files, project

SIZES = {"visual": 7, "audio": 6, "text": 5}
SMALL = Config(sizes=SIZES, personality=4, classes=3, encoded=8)
SHAPES = {
    "cells": Shape(SIZES, classes=3, personality=4, speakers=5, scene=3),
    "dialogue": Shape(SIZES, classes=3, speakers=5),
    "sequence": Shape(SIZES, classes=3),
}
#: What makes models small, of the settings they have.
TINY: dict[str, str] = {
    "encoded": "8",
    "hidden": "10",
    "node": "8",
    "width": "8",
    "heads": "2",
    "bases": "3",
    "reduced": "6",
    "fused": "5",
    "maps": "5",
    "dense": "6",
    "longest": "10",
}


def amer(seed: int = 0, **changes: Any) -> AMER:
    """A small AMER in float64."""
    torch.manual_seed(seed)
    return AMER(replace(SMALL, **changes)).double()


def small(name: str, kind: str, seed: int = 0, without: tuple[str, ...] = (), shape: Shape | None = None) -> Model:
    """A small model of the registry in float64, in evaluation mode, ready for its last stage."""
    torch.manual_seed(seed)
    shape = shape or SHAPES[kind]
    config = configure(name, kind, shape, without, {})
    fixed = {*MODELS[name].fixed, "sizes", "classes", "personality", "speakers", "scene"}
    config |= {key: int(word) for key, word in TINY.items() if key in config and key not in fixed and config[key]}
    model = build(name, config).double()
    model.begin(model.stages - 1)
    return model.eval()


def seen(name: str, kind: str, given: Batch, shape: Shape | None = None) -> Batch:
    """A batch as a model sees it."""
    return view_for(name, kind, "classes", shape or SHAPES[kind])(given)


def batch(
    sizes: tuple[tuple[int, int], ...] = ((3, 4), (1, 2), (2, 5)),
    *,
    seed: int = 0,
    present: float = 0.6,
    extra_persons: int = 0,
    extra_segments: int = 0,
) -> CellBatch:
    """Random samples of (persons, segments), padded to the largest and beyond."""
    draw = torch.Generator().manual_seed(seed)
    persons = max(n for n, _ in sizes) + extra_persons
    segments = max(s for _, s in sizes) + extra_segments
    masks = {part: torch.zeros(len(sizes), persons, segments, dtype=torch.bool) for part in SIZES}
    rows: dict[str, list[Tensor]] = {part: [] for part in SIZES}
    personality = torch.zeros(len(sizes), persons, SMALL.personality, dtype=torch.float64)
    person_mask = torch.zeros(len(sizes), persons, dtype=torch.bool)
    segment_mask = torch.zeros(len(sizes), segments, dtype=torch.bool)
    character = torch.zeros(len(sizes), persons, dtype=torch.long)
    target_person, target_segment, label = [], [], []
    for row, (n, s) in enumerate(sizes):
        person_mask[row, :n] = segment_mask[row, :s] = True
        character[row, :n] = torch.arange(n)
        personality[row, :n] = torch.randn(n, SMALL.personality, generator=draw, dtype=torch.float64)
        for part, size in SIZES.items():
            there = torch.rand(n, s, generator=draw) < present
            masks[part][row, :n, :s] = there
            rows[part].append(torch.randn(n, s, size, generator=draw, dtype=torch.float64)[there])
        target_person.append(int(torch.randint(n, (1,), generator=draw)))
        target_segment.append(int(torch.randint(s, (1,), generator=draw)))
        label.append(int(torch.randint(SMALL.classes, (1,), generator=draw)))
    target = torch.tensor(target_person), torch.tensor(target_segment)
    return CellBatch(
        features={part: Modality(torch.cat(rows[part]), masks[part]) for part in SIZES},
        label=torch.tensor(label),
        personality=personality,
        character=character,
        person_mask=person_mask,
        segment_mask=segment_mask,
        target_person=target[0],
        target_segment=target[1],
        speaks=masks["audio"][torch.arange(len(sizes)), target[0], target[1]],
    )


def dialogues(
    lengths: tuple[int, ...] = (5, 1, 8), *, seed: int = 0, present: float = 0.7, speakers: int = 3, extra: int = 0
) -> DialogueBatch:
    """Random dialogues, padded to the longest and beyond; all utterances are scored."""
    draw = torch.Generator().manual_seed(seed)
    shape = (len(lengths), max(lengths) + extra)
    real = torch.arange(shape[1])[None] < torch.tensor(lengths)[:, None]
    features = {}
    for part, size in SIZES.items():
        mask = torch.zeros(shape, dtype=torch.bool)
        rows = []
        for row, length in enumerate(lengths):
            mask[row, :length] = torch.rand(length, generator=draw) < present
            cells = torch.randn(length, size, generator=draw, dtype=torch.float64)
            rows.append(cells[mask[row, :length]])
        features[part] = Modality(torch.cat(rows), mask)
    speaker, label = torch.zeros(shape, dtype=torch.long), []
    for row, length in enumerate(lengths):
        speaker[row, :length] = torch.randint(speakers, (length,), generator=draw)
        label.append(torch.randint(3, (length,), generator=draw))
    return DialogueBatch(
        features=features,
        label=torch.cat(label),
        personality=torch.zeros(*shape, 0, dtype=torch.float64),
        speaker=speaker,
        time=torch.arange(shape[1]).expand(shape).clone(),
        real=real,
        scored=real.clone(),
    )


def with_positions(given: DialogueBatch, positions: int = 3, seed: int = 0) -> DialogueBatch:
    """The dialogues with one to `positions` vectors (tokens, frames) per utterance and modality that is there."""
    draw = torch.Generator().manual_seed(seed)
    features = {}
    for part, modality in given.features.items():
        count = torch.randint(1, positions + 1, modality.mask.shape, generator=draw)
        mask = modality.mask[..., None] & (torch.arange(positions) < count[..., None])
        features[part] = Modality(torch.randn(int(mask.sum()), SIZES[part], generator=draw, dtype=torch.float64), mask)
    return replace(given, features=features)


def series(
    lengths: tuple[int, ...] = (5, 2, 8), *, seed: int = 0, present: float = 0.9, extra: int = 0, classes: int = 3
) -> SequenceBatch:
    """Random series, padded at their ends; the modalities are aligned."""
    given = dialogues(lengths, seed=seed, present=present, extra=extra)
    draw = torch.Generator().manual_seed(seed + 1)
    label = torch.randint(classes, (len(lengths),), generator=draw)
    nobody = torch.zeros(len(lengths), 0, dtype=torch.float64)
    return SequenceBatch(given.features, label, nobody, dict.fromkeys(SIZES, given.real))


def changed(given: Any, part: str, where: tuple[int, ...], by: float = 1.0) -> Any:
    """The batch with another vector at one place of a modality, which must be there."""
    dense = given.features[part].dense()
    assert given.features[part].mask[where], "nothing stands there"
    dense[where] += by * (1 + torch.arange(dense.shape[-1]))
    return replace(given, features=given.features | {part: Modality.of(dense, given.features[part].mask)})


def release(folder: Path, *, clips: int = 6, episodes: int = 2, split: str = "grouped") -> Path:
    """Build a small release: 2 samples a clip, 4 or 5 labels."""
    made = project(clips, episodes)
    build_release(made, feature_files(made, folder / "features"), folder / "release", ReleaseOptions(split=split))
    return folder / "release"
