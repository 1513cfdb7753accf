"""Follow faces through one shot.

Where the whole picture was searched, faces go to tracks by overlap with the place where constant motion would have
brought them, in two passes, as in BYTE (Zhang et al. 2022): sure faces first, which may also start tracks; then unsure
ones, where a head turns away or is half hidden. Between searches, and for faces that a search missed, the detector's
last network looks at the expected place alone; a new face is followed back in time the same way. A face that keeps
still is looked at every second time: where it is gone then, the time left out is looked at after all.
"""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from scipy.optimize import linear_sum_assignment

from workers.analysers.faces.boxes import farthest_edge, iou
from workers.analysers.faces.detector import Detection
from workers.analysers.faces.options import Options
from workers.analysers.faces.scene import Scene
from workers.analysers.facts import Box

_LEAST_OVERLAP = 0.2
#: A face that moved too fast to overlap is still taken within this many of its own sizes, if it kept its size.
_NEAR, _SIZE_CHANGE = 0.6, 1.6
#: Two tracks whose boxes overlap so much are on one face.
_SAME_FACE = 0.5
#: A look is left out only where the last one left no doubt.
_SURELY_THERE = 0.95


class Finder(Protocol):
    def follow(self, picture: Scene, boxes: Sequence[Box]) -> list[Detection | None]:
        """Return for each place the face that is there, if one is."""


class Sight(NamedTuple):
    """A track's face in one looked-at picture."""

    track: OpenTrack
    time_ms: int
    picture: Scene
    face: Detection


@dataclass(slots=True, eq=False)
class OpenTrack:
    """A face that is being followed."""

    times_ms: list[int] = field(default_factory=list)
    faces: list[Detection] = field(default_factory=list)
    confirmed_ms: int = 0
    """When a search of the whole picture last found it."""
    left_out: tuple[int, Scene] | None = None
    """The look before this one, if the face was so still that it was left out."""

    def add(self, time_ms: int, face: Detection) -> None:
        self.times_ms.append(time_ms)
        self.faces.append(face)
        self.left_out = None

    def rests(self, time_ms: int) -> bool:
        """Say whether this look at the face is left out."""
        return self.left_out is not None and self.left_out[0] == time_ms

    def is_still(self, share: float) -> bool:
        """Say whether every edge moved by less than a share of the face's size between its last two looks."""
        if len(self.faces) < 2:
            return False
        before, last = self.faces[-2].box, self.faces[-1].box
        return farthest_edge(before, last) < share * (last[2] * last[3]) ** 0.5

    def boxes_around(self, time_ms: int) -> list[Box]:
        """Return its box at a time, or those before and after it; empty where it was not there."""
        after = bisect.bisect_left(self.times_ms, time_ms)
        if after < len(self.times_ms) and self.times_ms[after] == time_ms:
            return [self.faces[after].box]
        return [face.box for face in self.faces[after - 1 : after + 1]] if 0 < after < len(self.faces) else []

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
    """The tracks of one shot; make a new one at each cut. Looks come in rising time."""

    def __init__(self, options: Options, finder: Finder) -> None:
        self._options = options
        self._finder = finder
        self._alive: list[OpenTrack] = []
        self._before: deque[tuple[int, Scene]] = deque(maxlen=max(1, options.search_every_ms // options.look_every_ms))
        self.tracks: list[OpenTrack] = []
        self.lost = False
        """Whether a face was not where it should have been at the last look: time for a search."""

    @property
    def smallest_side(self) -> float | None:
        """Shorter side of the smallest face that is followed."""
        return min((min(track.faces[-1].box[2:]) for track in self._alive), default=None)

    def search(self, time_ms: int, picture: Scene, faces: Sequence[Detection]) -> list[Sight]:
        """Give the faces that a search of the whole picture found to tracks. Returns what was seen, also earlier."""
        self._forget(time_ms)
        sure = [face for face in faces if face.score >= self._options.sure_score]
        unsure = [face for face in faces if face.score < self._options.sure_score]
        given = _assign(time_ms, self._alive, sure)
        taken = {id(track) for track, _ in given}
        given += _assign(time_ms, [track for track in self._alive if id(track) not in taken], unsure)
        for track, face in given:
            track.add(time_ms, face)
            track.confirmed_ms = time_ms
        seen = [Sight(track, time_ms, picture, face) for track, face in given]
        taken = {id(track) for track, _ in given}
        seen += self._follow(time_ms, picture, [track for track in self._alive if id(track) not in taken])
        used = {id(face) for _, face in given}
        # A second face on a track's own is that face again: a track gets one.
        for face in sure:
            here = [sight.face for sight in seen if sight.time_ms == time_ms]  # not where a new one came from
            if id(face) not in used and all(iou(face.box, other.box) < _SAME_FACE for other in here):
                seen += self._start(time_ms, picture, face)
        self.lost = False
        self._before.append((time_ms, picture))
        return seen

    def follow(self, time_ms: int, picture: Scene) -> list[Sight]:
        """Look for the faces of all tracks where they should be. Returns what was seen."""
        self._forget(time_ms)
        waiting = [track for track in self._alive if time_ms - track.confirmed_ms <= self._options.unconfirmed_ms]
        still = [track for track in waiting if self._may_be_left_out(track)]
        for track in still:
            track.left_out = time_ms, picture
        seen = self._follow(time_ms, picture, [track for track in waiting if track not in still])
        self.lost = sum(sight.time_ms == time_ms for sight in seen) + len(still) < len(self._alive)
        self._before.append((time_ms, picture))
        return seen

    def end(self) -> list[Sight]:
        """The shot is over: look at what was left out of its last picture. Returns what was seen."""
        return [sight for track in self._alive for sight in self._look_back(track)]

    def _may_be_left_out(self, track: OpenTrack) -> bool:
        """Whether a face was seen at the last look, and where it was at the one before."""
        was_seen = bool(self._before) and track.times_ms[-1] == self._before[-1][0]
        return was_seen and track.faces[-1].score >= _SURELY_THERE and track.is_still(self._options.still_share)

    def _forget(self, time_ms: int) -> None:
        for track in [t for t in self._alive if time_ms - t.times_ms[-1] > self._options.longest_gap_ms]:
            self._alive.remove(track)
            track.left_out = None  # it holds a picture, and the shot may be long

    def _follow(self, time_ms: int, picture: Scene, tracks: Sequence[OpenTrack]) -> list[Sight]:
        found = self._finder.follow(picture, [track.expected(time_ms) for track in tracks])
        seen = []
        taken = [track.faces[-1].box for track in self._alive if track.times_ms[-1] == time_ms or track.rests(time_ms)]
        # The longest track first: where two have come to one face, the shorter one ends.
        for track, face in sorted(zip(tracks, found, strict=True), key=lambda pair: pair[0].times_ms[0]):
            if face is None or closeness(track.expected(time_ms), face.box) <= 0:
                continue
            if any(iou(face.box, box) >= _SAME_FACE for box in taken):
                continue
            track.add(time_ms, face)
            taken.append(face.box)
            seen.append(Sight(track, time_ms, picture, face))
        gone = [track for track in tracks if track.times_ms[-1] != time_ms]
        return seen + [sight for track in gone for sight in self._look_back(track)]

    def _look_back(self, track: OpenTrack) -> list[Sight]:
        """Look for a face where its last look was left out. Returns what was seen."""
        if track.left_out is None:
            return []
        (time_ms, picture), track.left_out = track.left_out, None
        (face,) = self._finder.follow(picture, [track.faces[-1].box])
        if face is None or closeness(track.faces[-1].box, face.box) <= 0:
            return []
        if self._is_somebody_elses(time_ms, face.box):
            return []
        track.add(time_ms, face)
        return [Sight(track, time_ms, picture, face)]

    def _start(self, time_ms: int, picture: Scene, face: Detection) -> list[Sight]:
        """Start a track, from where its face came into the picture. Returns what was seen, latest first."""
        sights = []
        track = OpenTrack(confirmed_ms=time_ms)
        track.add(time_ms, face)
        sights.append(Sight(track, time_ms, picture, face))
        backward = OpenTrack([time_ms], [face])
        for earlier_ms, earlier in reversed(self._before):
            (found,) = self._finder.follow(earlier, [backward.expected(earlier_ms)])
            if found is None or closeness(backward.expected(earlier_ms), found.box) <= 0:
                break
            if self._is_somebody_elses(earlier_ms, found.box):
                break
            backward.add(earlier_ms, found)
            sights.append(Sight(track, earlier_ms, earlier, found))
        track.times_ms, track.faces = backward.times_ms[::-1], backward.faces[::-1]
        self._alive.append(track)
        self.tracks.append(track)
        return sights

    def _is_somebody_elses(self, time_ms: int, box: Box) -> bool:
        return any(iou(other, box) >= _SAME_FACE for track in self.tracks for other in track.boxes_around(time_ms))


def _assign(time_ms: int, tracks: Sequence[OpenTrack], faces: Sequence[Detection]) -> list[tuple[OpenTrack, Detection]]:
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
