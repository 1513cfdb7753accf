"""A MEmoR folder as values: samples, clips, and the cells (person, segment) that models learn from.

Cells are numpy arrays; big files stay on disk (memory-mapped vectors, tensors read clip by clip and kept as segment
means).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from exports.errors import FormatError
from exports.formats.memor.layout import FACES_NEEDED, Layout, frame_index
from exports.formats.memor.tensors import read_tensor
from exports.formats.memor.vectors import VectorTable


@dataclass(frozen=True, slots=True)
class MemorSample:
    clip: str
    character: int
    moment_s: float
    primary: str
    fine_grained: str

    def emotion(self, emotions: str) -> str:
        """Return the label in one of the two sets, `primary` or `fine_grained`."""
        return self.primary if emotions == "primary" else self.fine_grained


@dataclass(frozen=True, slots=True)
class MemorClip:
    name: str
    on_character: tuple[int, ...]
    start_s: float
    segment_start_s: tuple[float, ...]
    segment_end_s: tuple[float, ...]
    speakers: tuple[int | None, ...]
    """Who speaks in each segment; None: nobody known."""
    seg_ori_ind: tuple[int, ...]

    @property
    def segments(self) -> int:
        return len(self.segment_start_s)

    def target_segment(self, moment_s: float) -> tuple[int, bool]:
        """Return the segment that holds a moment, and whether one does: else it is the nearest one.

        The official model silently takes the last person and segment there (specification, target cell).
        """
        for position, (start, end) in enumerate(zip(self.segment_start_s, self.segment_end_s, strict=True)):
            if start <= moment_s < end:
                return position, True
        distances = [
            max(start - moment_s, moment_s - end, 0.0)
            for start, end in zip(self.segment_start_s, self.segment_end_s, strict=True)
        ]
        return distances.index(min(distances)), False


@dataclass(frozen=True, slots=True)
class Dims:
    """Lengths of the vectors; visual is face, objects, environment in that order."""

    face: int
    objects: int
    environment: int
    audio: int
    text: int
    personality: int

    @property
    def visual(self) -> int:
        return self.face + self.objects + self.environment


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Features of the persons N and segments S of one clip. A missing cell is zeros with its mask False."""

    visual: np.ndarray
    """float32 [N, S, Dv]"""
    audio: np.ndarray
    text: np.ndarray
    visual_mask: np.ndarray
    """bool [N, S], True = present"""
    audio_mask: np.ndarray
    text_mask: np.ndarray


@dataclass(slots=True, eq=False)
class _SegmentMeans:
    """What is kept of a clip's tensors: float32 [S, Df] and bool [S] per visible character; [S, Do + De]."""

    faces: dict[int, tuple[np.ndarray, np.ndarray]]
    scene: np.ndarray


@dataclass(slots=True, eq=False)
class MemorDataset:
    """A release or the published dataset. Made by `read_memor`."""

    layout: Layout
    samples: tuple[MemorSample, ...]
    clips: dict[str, MemorClip]
    train_ids: tuple[int, ...]
    test_ids: tuple[int, ...]
    speakers: tuple[str, ...]
    classes: dict[str, tuple[str, ...]]
    """`primary` and `fine_grained` -> class names in order."""
    dims: Dims
    personality: np.ndarray
    """float32 [characters, Dp], columns L2-normalised over the characters, as the official loader does."""
    personality_lengths: np.ndarray
    """float64 [Dp], what the columns were divided by."""
    audio: VectorTable
    text: VectorTable
    text_key: str
    """`position` or `seg_ori_ind`: what the text keys count (the published set changed it)."""
    zero_text_is_missing: bool
    config: dict[str, Any] = field(default_factory=dict)
    """The `affectory` part of config.json, empty for the published dataset."""
    _means: dict[str, _SegmentMeans] = field(default_factory=dict, repr=False)

    def persons(self, positions: Iterable[int]) -> dict[str, tuple[int, ...]]:
        """Return clip -> its persons, rising: on_character and all targets of these samples (one side of the split).

        The official loader adds targets as it meets them, so that its persons depend on file order; the union does not.
        """
        found: dict[str, set[int]] = {}
        for position in positions:
            sample = self.samples[position]
            clip = self.clips[sample.clip]
            found.setdefault(sample.clip, set(clip.on_character)).add(sample.character)
        return {clip: tuple(sorted(people)) for clip, people in found.items()}

    def cells(self, clip_name: str, persons: Sequence[int]) -> Cells:
        """Return the cells of a clip for these persons, in their order. Raises FormatError for broken files."""
        clip = self.clips[clip_name]
        n, s, dims = len(persons), clip.segments, self.dims
        cells = Cells(
            np.zeros((n, s, dims.visual), np.float32),
            np.zeros((n, s, dims.audio), np.float32),
            np.zeros((n, s, dims.text), np.float32),
            np.zeros((n, s), bool),
            np.zeros((n, s), bool),
            np.zeros((n, s), bool),
        )
        place = {person: row for row, person in enumerate(persons)}
        for position, speaker in enumerate(clip.speakers):
            if speaker is None or speaker not in place:
                continue
            row = place[speaker]
            audio = self.audio.get(f"{clip.name}+{clip.seg_ori_ind[position]}")
            if audio is not None:
                cells.audio[row, position], cells.audio_mask[row, position] = audio, True
            text = self.text.get(text_key(clip, position, self.text_key))
            if text is not None and not (self.zero_text_is_missing and not text.any()):
                cells.text[row, position], cells.text_mask[row, position] = text, True
        means = self._segment_means(clip)
        for person, (faces, present) in means.faces.items():
            if person in place:
                row = place[person]
                cells.visual[row, present, : dims.face] = faces[present]
                cells.visual[row, present, dims.face :] = means.scene[present]
                cells.visual_mask[row] = present
        return cells

    def _segment_means(self, clip: MemorClip) -> _SegmentMeans:
        if clip.name not in self._means:
            self._means[clip.name] = self._read_visual(clip)
        return self._means[clip.name]

    def _read_visual(self, clip: MemorClip) -> _SegmentMeans:
        nothing = _SegmentMeans({}, np.zeros((clip.segments, self.dims.objects + self.dims.environment), np.float32))
        frames, people = self._face_names(clip)
        if len(frames) <= FACES_NEEDED:  # the loader does not open the tensors then
            return nothing
        faces = self._tensor(clip, "face", self.dims.face)
        if len(faces) != len(frames):
            raise FormatError(
                f"{self.layout.faces(clip.name)} has {len(faces)} rows, its names file lists {len(frames)} faces"
            )
        objects = self._tensor(clip, "objects", self.dims.objects)
        environment = self._tensor(clip, "environment", self.dims.environment)
        for position in range(clip.segments):
            first = frame_index(clip.segment_start_s[position], clip.start_s)
            last = frame_index(clip.segment_end_s[position], clip.start_s)
            inside = (frames >= first) & (frames <= last)
            for person in np.unique(people[inside & (people >= 0)]):
                chosen = inside & (people == person)
                if np.count_nonzero(chosen) > FACES_NEEDED:
                    means, present = nothing.faces.setdefault(
                        int(person),
                        (np.zeros((clip.segments, self.dims.face), np.float32), np.zeros(clip.segments, bool)),
                    )
                    means[position], present[position] = faces[chosen].mean(axis=0), True
            scene = (objects[first:last], environment[first:last])
            nothing.scene[position] = np.concatenate(
                [part.mean(axis=0) if len(part) else np.zeros(part.shape[1], np.float32) for part in scene]
            )
        return nothing

    def _face_names(self, clip: MemorClip) -> tuple[np.ndarray, np.ndarray]:
        """Return the frames [K] and characters [K] of the face rows; -1 for a name that is no character."""
        path = self.layout.face_names(clip.name)
        try:
            with path.open(encoding="utf-8") as stream:
                names = [name for name in stream.readline().strip().split("\t") if name]
        except OSError as error:
            raise FormatError(f"{path} cannot be read: {error.strerror}") from error
        frames, people = [], []
        for name in names:
            parts = name[:-4].split("_")
            if len(parts) != 2 or not parts[0].isdigit():
                raise FormatError(f"{path}: {name!r} is no <frame>_<name>.<ext>")
            frames.append(int(parts[0]))
            people.append(self.speakers.index(parts[1].lower()) if parts[1].lower() in self.speakers else -1)
        return np.array(frames, np.int64), np.array(people, np.int64)

    def _tensor(self, clip: MemorClip, part: str, dim: int) -> np.ndarray:
        path = {
            "face": self.layout.faces,
            "objects": self.layout.objects,
            "environment": self.layout.environment,
        }[part](clip.name)
        tensor = read_tensor(path)
        if tensor.shape[1] != dim:
            raise FormatError(f"{path} has {tensor.shape[1]} columns, expected {dim}")
        return tensor


def text_key(clip: MemorClip, position: int, scheme: str) -> str:
    """Return the key of a segment's text under one of the two schemes."""
    return f"{clip.name}+{position if scheme == 'position' else clip.seg_ori_ind[position]}"
