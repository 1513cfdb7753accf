"""A small synthetic project: two series, three episodes, made from plain defaults; a test says what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from exports.emotions import DEFAULT_FINE_GRAINED_KEPT, PRIMARY_OF
from exports.formats.features import EpisodeFeatures, Extractor, write_episode_features
from exports.snapshot import (
    CharacterRow,
    ClipRow,
    EpisodeRow,
    FaceSpanRow,
    MomentRow,
    ProjectSnapshot,
    SegmentRow,
    StateRow,
)

ANN, BEN, CLEO = "ann", "ben", "cleo"
SEGMENT_MS = 4000
DIMS = {"audio": 6, "text": 5, "face": 4, "environment": 3, "objects": 2}


def state(clip: int, character: int, annotator: str, label: str, reasons: tuple[str, ...] = ("text",)) -> StateRow:
    """A state from one word: a fine-grained label, or `absent`, `no_emotion`, `several`."""
    if label in PRIMARY_OF:
        return StateRow(clip, character, annotator, "one", PRIMARY_OF[label], label, reasons)
    return StateRow(clip, character, annotator, label, "", "", ())


def states(clip: int, character: int, *labels: str) -> list[StateRow]:
    """The answers of annotators a0, a1, ... about one character in one clip."""
    return [state(clip, character, f"a{number}", label) for number, label in enumerate(labels)]


def character(number: int, name: str, *, main: bool = True, series: str = "Show", asked: bool = True) -> CharacterRow:
    answers = tuple(float(number + place) / 10 for place in range(26)) if asked else None
    return CharacterRow(number, series, name, main, number, answers)


def episode(
    number: int, segments: int = 20, *, series: str = "Show", speakers: Sequence[int | None] = (1, 2, 3)
) -> EpisodeRow:
    """An episode of 4 s segments: the speakers by turns, every fifth segment a visual one; both leads on screen."""
    rows = []
    for index in range(segments):
        visual = index % 5 == 4
        speaker = None if visual else speakers[index % len(speakers)]
        rows.append(
            SegmentRow(
                index,
                index * SEGMENT_MS,
                (index + 1) * SEGMENT_MS,
                "visual" if visual else "speech",
                speaker,
                "" if visual else f"NAME{speaker}",
                "" if visual else f"I love my happy family, line {index}.",
            )
        )
    end = segments * SEGMENT_MS
    faces = (FaceSpanRow(0, 1, 0, end), FaceSpanRow(1, 2, end // 2, end))
    return EpisodeRow(
        number, series, f"Episode {number}", f"{number:064x}", end, "25/1", tuple(rows), faces, f"{number}.npz", None
    )


def clip(number: int, of: EpisodeRow, first: int, last: int, *, too_long: bool = False) -> ClipRow:
    return ClipRow(
        number,
        f"show-e{of.id}-{of.segments[first].start_ms}",
        of.id,
        of.segments[first].start_ms,
        of.segments[last].end_ms,
        first,
        last,
        too_long,
    )


def moment(name: str, of: ClipRow, offset_ms: int = 5000, annotator: str = "a0") -> MomentRow:
    return MomentRow(name, of.episode_id, of.id, annotator, of.start_ms + offset_ms)


def snapshot(**changes: object) -> ProjectSnapshot:
    """One series, two main characters and a guest, one episode, one clip, one moment, no states."""
    one = episode(1)
    only = clip(1, one, 0, 2)
    plain = ProjectSnapshot(
        project="Test",
        protocol="memor",
        answers_per_clip=3,
        fine_grained_kept=DEFAULT_FINE_GRAINED_KEPT,
        characters=(character(1, "Ann"), character(2, "Ben"), character(3, "Guest", main=False)),
        episodes=(one,),
        clips=(only,),
        moments=(moment("m1", only),),
        states=(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def project(clips_per_episode: int = 6, episodes: int = 2, seed: int = 0) -> ProjectSnapshot:
    """A project with agreed answers everywhere: three annotators, labels by turns, a moment per clip."""
    labels = ("joy", "anger", "serenity", "no_emotion", "sadness")
    rows, clips, moments, answers = [], [], [], []
    for number in range(1, episodes + 1):
        one = episode(number, 3 * clips_per_episode)
        rows.append(one)
        for place in range(clips_per_episode):
            made = clip(100 * number + place, one, 3 * place, 3 * place + 2)
            clips.append(made)
            moments.append(moment(f"m{made.id}", made))
            for who in (1, 2):
                label = labels[(place + who + number + seed) % len(labels)]
                answers += states(made.id, who, label, label, label)
    return snapshot(episodes=tuple(rows), clips=tuple(clips), moments=tuple(moments), states=tuple(answers))


def features(of: EpisodeRow, seed: int = 0, every_ms: int = 500) -> EpisodeFeatures:
    """Random features: every spoken segment, a frame each half second, a face per track and frame."""
    draw = np.random.default_rng((seed, of.id))

    def vectors(rows: int, part: str) -> np.ndarray:
        return draw.normal(2.0, 3.0, (rows, DIMS[part])).astype(np.float32)

    spoken = np.array([segment.index for segment in of.segments if segment.kind == "speech"], np.int32)
    frames = np.arange(0, of.duration_ms, every_ms, dtype=np.int32)
    faces = [(time, span.track) for time in frames for span in of.faces if span.start_ms <= time < span.end_ms]
    return EpisodeFeatures(
        audio=vectors(len(spoken), "audio"),
        audio_segment=spoken,
        text=vectors(len(spoken), "text"),
        text_segment=spoken,
        face=vectors(len(faces), "face"),
        face_time_ms=np.array([time for time, _ in faces], np.int32),
        face_track=np.array([track for _, track in faces], np.int32),
        frame_time_ms=frames,
        environment=vectors(len(frames), "environment"),
        objects=vectors(len(frames), "objects"),
        extractors={part: Extractor(f"synthetic-{part}", "1", dim, "MIT") for part, dim in DIMS.items()},
    )


def feature_files(of: ProjectSnapshot, folder: Path, seed: int = 0) -> dict[int, Path]:
    """Write the features of every episode of a snapshot; return episode id -> file."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for one in of.episodes:
        paths[one.id] = folder / f"{one.id}.npz"
        write_episode_features(paths[one.id], features(one, seed))
    return paths
