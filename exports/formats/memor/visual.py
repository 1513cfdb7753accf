"""Visual features of a clip on the official loader's frame grid, from features of the frames that were looked at.

The loader counts face rows: a character is visible in a segment with more than 10 of them, at 23.976 a second. Workers
look at fewer frames than that, so each face track is drawn on the whole grid: a grid frame inside the track's span
takes the embedding of the nearest looked-at frame of that track. Frame features are drawn the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exports.formats.features import EpisodeFeatures
from exports.formats.memor.cast import Cast
from exports.formats.memor.layout import FRAME_RATE, frame_count
from exports.snapshot import ClipRow, FaceSpanRow


@dataclass(frozen=True, slots=True, eq=False)
class ClipVisual:
    face_names: tuple[str, ...]
    """`<frame>_<speaker>.jpg`, by frame, then character; row k of `faces` belongs to name k."""
    faces: np.ndarray
    """float32 [K, Df]"""
    objects: np.ndarray
    """float32 [frames, Do]"""
    environment: np.ndarray
    """float32 [frames, De]"""


def clip_visual(clip: ClipRow, spans: Sequence[FaceSpanRow], features: EpisodeFeatures, cast: Cast) -> ClipVisual:
    """Return a clip's face, object and environment rows. `spans` are the episode's linked face tracks."""
    frames = frame_count(clip.start_ms / 1000, clip.end_ms / 1000)
    times = clip.start_ms + np.arange(frames) * (1000.0 / FRAME_RATE)
    rows: list[tuple[int, int, int, int]] = []
    for span in spans:
        index = cast.index(span.character_id)
        if index == cast.others or span.end_ms <= clip.start_ms or span.start_ms >= clip.end_ms:
            continue
        inside = np.flatnonzero((times >= span.start_ms) & (times < span.end_ms))
        seen = np.flatnonzero(features.face_track == span.track)
        if not len(seen) or not len(inside):
            continue
        seen = seen[np.argsort(features.face_time_ms[seen], kind="stable")]
        chosen = seen[nearest(features.face_time_ms[seen], times[inside])]
        rows += [(int(frame), index, span.track, int(row)) for frame, row in zip(inside, chosen, strict=True)]
    rows.sort()
    return ClipVisual(
        face_names=tuple(f"{frame:05d}_{cast.speakers[index]}.jpg" for frame, index, _, _ in rows),
        faces=features.face[[row for *_, row in rows]],
        objects=_on_grid(features.objects, features.frame_time_ms, times),
        environment=_on_grid(features.environment, features.frame_time_ms, times),
    )


def nearest(times: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return where in `times` (rising, not empty) the nearest of each wanted time is; a tie takes the earlier."""
    right = np.searchsorted(times, wanted).clip(1, max(1, len(times) - 1))
    if len(times) == 1:
        return np.zeros(len(wanted), np.int64)
    closer_left = wanted - times[right - 1] <= times[right] - wanted
    return np.where(closer_left, right - 1, right)


def _on_grid(rows: np.ndarray, times: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    if not len(times):
        return np.zeros((len(wanted), rows.shape[1]), np.float32)
    return rows[nearest(times, wanted)]
