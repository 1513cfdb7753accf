"""Where a shot begins that begins softly: what the rules for fades and dissolves found, made one list.

A shot that dissolves in begins in the middle of the dissolve, one that fades in from a fade-out in the middle of the
blank between them. Where the blank is entered or left by a hard cut, the shot begins there.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from workers.analysers.frames import Pixels
from workers.analysers.shots.judge import Judge
from workers.analysers.shots.measures import FrameScores, value_counts
from workers.analysers.shots.options import Options
from workers.analysers.shots.rules import Fades
from workers.analysers.shots.soft import Change, Dissolves, Points, thumbnails

#: Frames nearer to each other than this are not looked at: a dissolve has twice as many frames at 60 a second.
_LOOK_EVERY_MS = 30


@dataclass(slots=True)
class Flat:
    """A run [first, last] of flat frames, among the looked-at ones."""

    first: int
    last: int


class Joins:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._fades = Fades(options)
        self._dissolves = Dissolves(options)
        self._judge = Judge()
        self._looked = array("q")
        """The frames that were looked at."""
        self._looked_ms = -_LOOK_EVERY_MS
        self._faded: list[int] = []
        self._sure: list[Change] = []
        self._flats: list[Flat] = []

    def see(self, pictures: Sequence[Pixels], first: int, times_ms: Sequence[int]) -> None:
        """Take the next small pictures, in blue, green, red; `first` is the first one's frame."""
        looked = [place for place, time_ms in enumerate(times_ms) if self._is_due(time_ms)]
        if not looked:
            return
        points = thumbnails([pictures[place] for place in looked])
        for place, flat in zip(looked, _are_flat(points, self._options), strict=True):
            if flat:
                self._note_flat(len(self._looked))
            self._looked.append(first + place)
            self._judge.add(pictures[place])
        self._sort(self._dissolves.add(points))

    def _is_due(self, time_ms: int) -> bool:
        is_due = time_ms - self._looked_ms >= _LOOK_EVERY_MS
        if is_due:
            self._looked_ms = time_ms
        return is_due

    def tell(self, row: FrameScores, *, starts_shot: bool) -> None:
        """Take the next frame about which is known whether it starts a shot."""
        fade = self._fades.add(row, starts_shot)
        if fade is not None:
            self._faded.append(fade)

    def end(self, hard: Sequence[int], time_ms: Sequence[int]) -> list[int]:
        """The video has ended: return the frames on which shots start softly, rising.

        `hard` are those that start by a hard cut, `time_ms` has the times of all.
        """
        self._sort(self._dissolves.end())
        changes = [*self._sure, *self._judge.agreed(self._options.dissolve_probability)]
        middles = [self._middle(change, hard) for change in sorted(changes, key=lambda change: change.middle)]
        found = [*self._faded, *(frame for frame in middles if frame is not None)]
        return _apart(found, hard, time_ms, self._options.soft_gap_ms)

    def _sort(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.sure:
                self._sure.append(change)
            else:
                self._judge.ask(change)

    def _note_flat(self, place: int) -> None:
        if self._flats and self._flats[-1].last == place - 1:
            self._flats[-1].last = place
        else:
            self._flats.append(Flat(place, place))

    def _middle(self, change: Change, hard: Sequence[int]) -> int | None:
        """Return the frame on which the shot starts; None where the change leads from or to the end of a shot."""
        for flat in self._flats:
            if flat.first <= change.last + 1 and flat.last >= change.first - 1:
                first, last = self._looked[flat.first], self._looked[flat.last]
                at_edge = flat.first == 0 or flat.last == len(self._looked) - 1
                if at_edge or any(first - 1 <= cut <= last + 2 for cut in hard):
                    return None
                return (first + last) // 2
        return self._looked[round(change.middle)]


def _are_flat(points: Points, options: Options) -> list[bool]:
    """Say of each whether nearly all of the picture is one colour: a logo or a subtitle may stand before a fade."""
    size = points.shape[1]
    tenth = size // 10
    passed = value_counts(points, 256).cumsum(axis=1)
    spread = (passed < size - tenth).sum(axis=1) - (passed < tenth + 1).sum(axis=1)
    return cast(list[bool], (spread <= options.flat_spread).tolist())


def _apart(found: Iterable[int], hard: Sequence[int], time_ms: Sequence[int], gap_ms: int) -> list[int]:
    """Leave out what is as near as `gap_ms` to a hard cut, or to one that was kept before it."""
    kept: list[int] = []
    for frame in found:
        if frame > 0 and all(abs(time_ms[frame] - time_ms[other]) >= gap_ms for other in (*hard, *kept)):
            kept.append(frame)
    return sorted(kept)
