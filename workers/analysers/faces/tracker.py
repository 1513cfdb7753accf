"""Follow faces through one shot: overlap with the place where constant motion would have brought them.

Two passes a look, as in BYTE (Zhang et al. 2022): sure faces are given to tracks first and may start new ones; unsure
faces may then continue the tracks that are left, where a head turns away or is half hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from workers.analysers.faces.detector import Detection
from workers.analysers.faces.options import Options
from workers.analysers.facts import Box

_LEAST_OVERLAP = 0.2
#: A face that moved too fast to overlap is still taken within this many of its own sizes, if it kept its size.
_NEAR, _SIZE_CHANGE = 0.6, 1.6


@dataclass(slots=True, eq=False)
class OpenTrack:
    """A face that is being followed."""

    times_ms: list[int] = field(default_factory=list)
    faces: list[Detection] = field(default_factory=list)

    def expected(self, time_ms: int) -> Box:
        """Return the box at a time, if the face goes on as between its last two looks."""
        x, y, width, height = self.faces[-1].box
        if len(self.faces) < 2 or self.times_ms[-1] == self.times_ms[-2]:
            return self.faces[-1].box
        before = self.faces[-2].box
        share = min(2.0, (time_ms - self.times_ms[-1]) / (self.times_ms[-1] - self.times_ms[-2]))
        dx = (x + width / 2) - (before[0] + before[2] / 2)
        dy = (y + height / 2) - (before[1] + before[3] / 2)
        return (x + dx * share, y + dy * share, width, height)


class ShotTracker:
    """The tracks of one shot; make a new one at each cut."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._alive: list[OpenTrack] = []
        self.tracks: list[OpenTrack] = []

    def look(self, time_ms: int, faces: Sequence[Detection]) -> list[tuple[OpenTrack, Detection]]:
        """Give the faces of one picture to tracks; looks come in rising time. Returns who got which."""
        gap_ms = self._options.longest_gap_ms
        self._alive = [track for track in self._alive if time_ms - track.times_ms[-1] <= gap_ms]
        sure = [face for face in faces if face.score >= self._options.sure_score]
        unsure = [face for face in faces if face.score < self._options.sure_score]
        given = self._assign(time_ms, self._alive, sure)
        taken = {id(track) for track, _ in given}
        used = {id(face) for _, face in given}
        given += self._assign(time_ms, [t for t in self._alive if id(t) not in taken], unsure)
        for face in sure:
            if id(face) not in used:
                track = OpenTrack()
                self._alive.append(track)
                self.tracks.append(track)
                given.append((track, face))
        for track, face in given:
            track.times_ms.append(time_ms)
            track.faces.append(face)
        return given

    @staticmethod
    def _assign(
        time_ms: int, tracks: Sequence[OpenTrack], faces: Sequence[Detection]
    ) -> list[tuple[OpenTrack, Detection]]:
        if not tracks or not faces:
            return []
        fit = np.array([[closeness(track.expected(time_ms), face.box) for face in faces] for track in tracks])
        rows, columns = linear_sum_assignment(-fit)
        return [(tracks[r], faces[c]) for r, c in zip(rows, columns, strict=True) if fit[r, c] > 0]


def closeness(a: Box, b: Box) -> float:
    """Return how well two boxes may be one moving face: 1 to 2 by overlap, 0 to 1 by nearness, 0 not at all."""
    overlap = iou(a, b)
    if overlap >= _LEAST_OVERLAP:
        return 1 + overlap
    size_a, size_b = (a[2] * a[3]) ** 0.5, (b[2] * b[3]) ** 0.5
    if min(size_a, size_b) <= 0 or max(size_a, size_b) > _SIZE_CHANGE * min(size_a, size_b):
        return 0.0
    distance = float(np.hypot(a[0] + a[2] / 2 - b[0] - b[2] / 2, a[1] + a[3] / 2 - b[1] - b[3] / 2))
    return max(0.0, 1 - distance / (_NEAR * (size_a + size_b) / 2)) if distance > 0 else 1.0


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return float(shared / (a[2] * a[3] + b[2] * b[3] - shared))
