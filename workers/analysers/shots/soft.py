"""Dissolves and fades, told of small pictures as they come.

In the middle of a dissolve the picture is the mean of what was before and what comes after, and at a quarter it is
three parts of one and one of the other; a picture that moves is not. So for spans of some lengths three frames are
held against what a dissolve between the span's ends would show. A slow pan over a blurred picture passes that test
too, but changes as much before and after: a dissolve must stand out from the spans beside it.

Measured on thumbnails of the sample dialogue's shots joined by 97 dissolves and fades of 8 to 40 frames (some join a
shot with itself, which nobody sees): with the network 76 are found in their middle (half within one frame) and none
that is not there, nor any in the dialogue itself or in the demo's slow pans.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.frames import Pixels
from workers.analysers.shots.measures import mean_differences
from workers.analysers.shots.options import Options

#: In looked-at frames, which are 30 to 50 ms apart: a long span sees only the middle of what is longer.
SPANS = (6, 8, 12, 16, 24, 32, 48)
#: After so many looked-at frames nothing more can be said of a frame: the longest span that begins at it has its
#: neighbour.
LATEST = 2 * max(SPANS)
#: A change that lasts longer than this is cut here, so that memory stays bounded.
_LONGEST = 96
_THUMB_STEP = 8
#: A span whose ends differ by this share of the most sees the whole change.
_FULL = 0.95
#: Where one frame makes up this share of a span's change, it is a cut.
_CUT_SHARE = 0.6
_QUARTERS = (0.5, 0.25, 0.75)
#: So many thumbnails before the newest are held, and these are looked at anew with each.
_HELD = 2 * max(SPANS)
_BACK = np.array([1, *SPANS])
#: `Dissolves._beside` looks so far back.
_STEPS = 3 * max(SPANS)

Points = NDArray[np.uint8]
"""Brightness of some points of pictures, (pictures, points)."""


def thumbnails(pictures: Sequence[Pixels]) -> Points:
    """Return some 900 points of each of some small pictures (height, width, 3) in blue, green, red."""
    half = _THUMB_STEP // 2
    points = np.stack([picture[half::_THUMB_STEP, half::_THUMB_STEP] for picture in pictures])
    grey = cv2.cvtColor(points.reshape(-1, 1, 3), cv2.COLOR_BGR2GRAY)
    return np.asarray(grey, dtype=np.uint8).reshape(len(pictures), -1)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a dissolve a span is: how much its ends differ (of 255), how far (as a share of that) its frames are
    from a mixture of them, how many times it changes more than the spans beside it."""

    difference: float
    distance: float
    standing: float

    def reaches(self, other: Likeness) -> bool:
        """Say whether this is at least as like."""
        return (
            self.difference >= other.difference and self.distance <= other.distance and self.standing >= other.standing
        )


@dataclass(slots=True)
class Change:
    """A stretch of looked-at frames [first, last] that changes as a dissolve does."""

    first: int
    last: int
    sure: bool
    best: float = 0.0
    """The largest difference between the ends of a span in it."""
    middles: list[tuple[float, float]] = field(default_factory=list)
    """Difference and middle of the spans that see all of it, or did when they were found."""

    @property
    def middle(self) -> float:
        whole = [middle for difference, middle in self.middles if difference > _FULL * self.best]
        return sum(whole) / len(whole)


class Dissolves:
    """Holds some 100 thumbnails (0.1 MB) and the changes that are not over."""

    def __init__(self, options: Options) -> None:
        self._known: Points | None = None
        """The thumbnails that are held, and then those that were taken together."""
        self._newest = -1
        """The row in `_known` of the look that is judged."""
        self._count = 0
        self._differences = {span: deque[float](maxlen=2 * span + 1) for span in SPANS}
        self._steps: list[float] = []
        """How much each look differs from the one before."""
        self._open: list[Change] = []
        self._sure = Likeness(options.sure_difference, options.sure_distance, options.sure_standing)
        self._doubtful = Likeness(options.doubtful_difference, options.doubtful_distance, options.doubtful_standing)

    def add(self, points: Points) -> list[Change]:
        """Take the next pictures' `thumbnails`, one or more; return the changes that are over by now."""
        held = points[:0] if self._known is None else self._known[-_HELD:]
        self._known = np.concatenate([held, points])
        del self._steps[:-_STEPS]
        over: list[Change] = []
        for place, (step, *differences) in enumerate(self._differences_to(self._known, len(points))):
            self._newest = len(held) + place
            self._count += 1
            self._steps.append(step if self._count > 1 else 0.0)
            for span, difference in zip(SPANS, differences, strict=True):
                self._look(span, difference)
            if self._open:
                over += self._take_over()
        return over

    def _take_over(self) -> list[Change]:
        over = [change for change in self._open if self._count > min(change.last, change.first + _LONGEST) + LATEST]
        self._open = [change for change in self._open if change not in over]
        return over

    def end(self) -> list[Change]:
        """The video has ended: return the changes that are left."""
        left, self._open = self._open, []
        return left

    def _differences_to(self, known: Points, count: int) -> list[list[float]]:
        """Return, for each of the newest, how much it differs (mean, of 255) from the one before and each span's first.

        What has not been seen yet is taken for the oldest. All at once: single calls on such small pictures cost more
        than their arithmetic.
        """
        newest = np.arange(len(known) - count, len(known))
        earlier = known[np.maximum(newest[:, None] - _BACK, 0).ravel()]
        differences = mean_differences(earlier, known[newest.repeat(_BACK.size)])
        return differences.reshape(count, _BACK.size).tolist()

    def _look(self, span: int, difference: float) -> None:
        """Judge the span that ended `span` frames ago: its neighbour after it is complete now."""
        if self._count <= span:
            return
        differences = self._differences[span]
        differences.append(difference)
        last = self._count - 1 - span
        if last < span:
            return
        between = differences[-1 - span]
        if between < self._doubtful.difference:
            return
        standing = between / max(self._beside(span), 1e-6)
        if standing < self._doubtful.standing:
            return
        found = Likeness(between, self._distance(span, between), standing)
        if found.reaches(self._doubtful):
            self._note(last - span, last, found)

    def _beside(self, span: int) -> float:
        """Return how much the picture changes in the spans before and after, the larger of the two.

        One that is cut says nothing; where both are, or one and the video has not begun, nothing stands out.
        """
        differences, steps = self._differences[span], self._steps
        beside = []
        for value, inside in ((differences[-1], steps[-span:]), (differences[0], steps[-3 * span : -2 * span])):
            if len(inside) == span and max(inside) < _CUT_SHARE * value:
                beside.append(value)
        return max(beside, default=np.inf)

    def _distance(self, span: int, difference: float) -> float:
        """Return how far the span's frames are from mixtures of its ends; at once where that is already too far."""
        assert self._known is not None
        looks = self._known[self._newest - 2 * span : self._newest - span + 1]
        start, end = looks[:1], looks[-1:]
        worst = 0.0
        for quarter in _QUARTERS:
            step = round(span * quarter)
            mixed = cv2.addWeighted(start, 1 - step / span, end, step / span, 0)
            frame = looks[step : step + 1]
            worst = max(worst, cv2.norm(frame, mixed, cv2.NORM_L1) / frame.size / difference)
            if worst > self._doubtful.distance:
                break
        return worst

    def _note(self, first: int, last: int, found: Likeness) -> None:
        change = Change(first, last, sure=found.reaches(self._sure))
        for other in [other for other in self._open if first <= other.last and last >= other.first]:
            self._open.remove(other)
            change.first, change.last = min(change.first, other.first), max(change.last, other.last)
            change.sure |= other.sure
            if other.best > change.best:
                change.best, change.middles = other.best, other.middles
        self._open.append(change)
        if found.difference > _FULL * change.best:
            change.best = max(change.best, found.difference)
            change.middles.append((found.difference, (first + last) / 2))
