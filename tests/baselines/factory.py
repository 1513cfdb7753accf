"""Synthetic batches and tiny releases for the models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from baselines.batch import Batch
from baselines.models.amer import AMER, Config
from exports.release import ReleaseOptions, build_release
from tests.exports.factory import feature_files, project

SMALL = Config(visual=7, audio=6, text=5, personality=4, classes=3, encoded=8)


def amer(seed: int = 0, **changes: object) -> AMER:
    """A small AMER in float64."""
    torch.manual_seed(seed)
    return AMER(replace(SMALL, **changes)).double()  # type: ignore[arg-type]


def batch(
    sizes: tuple[tuple[int, int], ...] = ((3, 4), (1, 2), (2, 5)),
    *,
    seed: int = 0,
    present: float = 0.6,
    config: Config = SMALL,
    extra_persons: int = 0,
    extra_segments: int = 0,
) -> Batch:
    """Random samples of (persons, segments), padded to the largest and beyond; missing cells are zeros."""
    draw = torch.Generator().manual_seed(seed)
    persons = max(n for n, _ in sizes) + extra_persons
    segments = max(s for _, s in sizes) + extra_segments
    masks = {part: torch.zeros(len(sizes), persons, segments, dtype=torch.bool) for part in ("visual", "audio", "text")}
    values = {
        part: torch.zeros(len(sizes), persons, segments, getattr(config, part), dtype=torch.float64) for part in masks
    }
    personality = torch.zeros(len(sizes), persons, config.personality, dtype=torch.float64)
    person_mask = torch.zeros(len(sizes), persons, dtype=torch.bool)
    segment_mask = torch.zeros(len(sizes), segments, dtype=torch.bool)
    target_person, target_segment, label = [], [], []
    for row, (n, s) in enumerate(sizes):
        person_mask[row, :n] = segment_mask[row, :s] = True
        personality[row, :n] = torch.randn(n, config.personality, generator=draw, dtype=torch.float64)
        for part, mask in masks.items():
            mask[row, :n, :s] = torch.rand(n, s, generator=draw) < present
            cells = torch.randn(n, s, getattr(config, part), generator=draw, dtype=torch.float64)
            values[part][row, :n, :s] = cells * mask[row, :n, :s, None]
        target_person.append(int(torch.randint(n, (1,), generator=draw)))
        target_segment.append(int(torch.randint(s, (1,), generator=draw)))
        label.append(int(torch.randint(config.classes, (1,), generator=draw)))
    return Batch(
        **values,
        personality=personality,
        **{f"{part}_mask": mask for part, mask in masks.items()},
        person_mask=person_mask,
        segment_mask=segment_mask,
        target_person=torch.tensor(target_person),
        target_segment=torch.tensor(target_segment),
        label=torch.tensor(label),
    )


def release(folder: Path, *, clips: int = 6, episodes: int = 2, split: str = "grouped") -> Path:
    """Build a small release: 2 samples a clip, 4 or 5 labels."""
    made = project(clips, episodes)
    build_release(made, feature_files(made, folder / "features"), folder / "release", ReleaseOptions(split=split))
    return folder / "release"
