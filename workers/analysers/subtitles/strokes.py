"""Bright thin strokes that stand still: since when, and which of them go at once.

A white top-hat leaves of the brightness what is brighter than its surroundings and thin, as letters are. A letter's
pixels come in one frame, stay, and go in one frame, whatever the picture behind does; strokes of the picture behind
come and go with it, and those that move never stay. So text is found as pixels that went at once and had come at once,
without a look at the whole picture by any network (spec: a text-change mask on every frame).
"""

from __future__ import annotations

import functools
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

#: Brightness above the surroundings (of 255) at which a pixel becomes a stroke, and down to which it stays one.
_CONTRAST, _STILL_CONTRAST = 48, 26
#: Pictures are looked at with about this many rows; strokes of subtitles are 1 to 5 pixels thick there.
_WORKING_ROWS: Final = 360
_LARGEST_STROKE: Final = 7
#: A stroke that is missing in fewer frames than this has not gone: coding noise, a flash.
GAP_FRAMES: Final = 3
#: Strokes that go in one frame and came within a frame of each other are one group; groups are one text if they came
#: within so many frames of each other, and went so: fades, coding noise.
_ONE_BIRTH: Final = 1
_TOGETHER_FRAMES: Final = 3
_QUIET_FRAMES: Final = 2
#: Fewer pixels that come and go at once are noise, and fewer in all are no text (a short "I." has some 30).
_FEWEST_AT_ONCE: Final = 8
_FEWEST_IN_ALL: Final = 26
#: Of a text so many lines of pixels hold at least this share.
_ROW_LINES, _ROW_SHARE = 20, 0.25
#: Of what goes in one frame at most so many groups are followed.
_MOST_AT_ONCE: Final = 4
#: A stroke that had another this near so many frames before moved here from there.
_MOVED_FRAMES: Final = 3
#: What stood still for so many times the shortest time did not move: it was another text in the same place.
_OLD_TIMES: Final = 1.5
_NEAR: Final[Any] = np.ones((5, 5), dtype=np.uint8)
#: Strokes are of one row where they lie this near, in squares of so many pixels (down, across).
_COARSE: Final = 2
_ONE_ROW: Final[Any] = np.ones((3, 13), dtype=np.uint8)
#: What came in place of what went is looked for this far around it (down, across).
_REACH: Final = (10, 60)
#: Another text took a row's place where at least this share of the old one's strokes go and of the new one's come at
#: once: what flickers in a text that stays is less.
_CHANGED_SHARE: Final = 0.13

Luma = npt.NDArray[np.uint8]
"""Brightness, (height, width)."""
Mask = npt.NDArray[np.uint8]
"""0 or 255."""
Indices = npt.NDArray[np.int32]


def working_step(height: int) -> int:
    """Return every how-many-th pixel of a picture of this height counts."""
    return max(1, round(height / _WORKING_ROWS))


def top_hat(small: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return by how much each pixel of a strip at working size is brighter than the surroundings of a stroke."""
    return cv2.morphologyEx(small, cv2.MORPH_TOPHAT, _KERNEL)  # type: ignore[return-value]


def smaller(luma: npt.NDArray[np.uint8], step: int, into: npt.NDArray[np.uint8] | None = None) -> npt.NDArray[np.uint8]:
    """Return a strip at working size; what is left over at its right and lower edge is not looked at."""
    rows, columns = luma.shape[0] // step, luma.shape[1] // step
    whole = luma[: rows * step, : columns * step]
    return cv2.resize(whole, (columns, rows), dst=into, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


_KERNEL: Final[Any] = cv2.getStructuringElement(cv2.MORPH_RECT, (_LARGEST_STROKE, _LARGEST_STROKE))


def mask_of(hat: npt.NDArray[np.uint8], contrast: int = _CONTRAST) -> Mask:
    return cv2.threshold(hat, contrast, 255, cv2.THRESH_BINARY)[1]  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Packed:
    """A mask in a fraction of its memory: those of an episode's texts are kept until its end."""

    shape: tuple[int, ...]
    count: int
    """How many pixels are set."""
    _bits: bytes

    @classmethod
    def of(cls, mask: Mask) -> Packed:
        return cls(mask.shape, int(np.count_nonzero(mask)), zlib.compress(np.packbits(mask > 0).tobytes(), level=1))

    def in_common(self, other: Packed) -> int:
        """Return how many pixels are set in both; none of strips of two sizes."""
        if self.shape != other.shape:
            return 0
        one, two = (np.frombuffer(zlib.decompress(packed._bits), np.uint8) for packed in (self, other))
        return int(np.bitwise_count(one & two).sum())


@dataclass(slots=True)
class Passing:
    """Strokes that came and went at once: first frame with them, first without; pixels in working rows and columns."""

    middle: int
    births: list[Indices] = field(default_factory=list)
    deaths: list[tuple[int, int]] = field(default_factory=list)
    """(frame, how many went)"""
    ys: list[Indices] = field(default_factory=list)
    xs: list[Indices] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(ys) for ys in self.ys)

    @property
    def birth(self) -> int:
        """The first frame with them."""
        return _came_in(np.concatenate(self.births))

    @property
    def death(self) -> int:
        """The first frame without most of them; where they faded out, the first without nine tenths."""
        last, most = max(self.deaths, key=lambda death: death[1])
        passed = np.cumsum([number for _, number in self.deaths])
        if 2 * most >= passed[-1]:
            return last
        return self.deaths[int(np.searchsorted(passed, 0.9 * passed[-1]))][0]

    def has_a_row(self) -> bool:
        """Whether a span as high as a row holds more than its share: strokes of a scene lie everywhere."""
        per_line = np.bincount(np.concatenate(self.ys))
        return bool(np.convolve(per_line, np.ones(_ROW_LINES)).max() >= _ROW_SHARE * self.count)

    def mask(self, shape: tuple[int, int]) -> Mask:
        mask = np.zeros(shape, dtype=np.uint8)
        mask[np.concatenate(self.ys), np.concatenate(self.xs)] = 255
        return mask


class StrokeWatch:
    """Follows the strokes of one strip of the picture through the frames, in memory that does not grow."""

    def __init__(self, shape: tuple[int, int], shortest: int = 8) -> None:
        """Strokes that stay for fewer than `shortest` looks are of no interest."""
        self.shape = shape
        """Rows and columns of the strip at working size."""
        self._shortest = shortest
        self._mask: Any = np.zeros(shape, dtype=np.uint8)
        self._masks: deque[Any] = deque([self._mask] * (GAP_FRAMES - 1), maxlen=GAP_FRAMES - 1)  # those before it
        self._there: Any = np.zeros(shape, dtype=np.uint8)
        self._age: Any = np.zeros(shape, dtype=np.uint8)  # frames since it came, up to 255
        self._birth: Any = np.zeros(shape, dtype=np.int32)
        self._now = np.zeros(shape, dtype=np.int32)
        self._one: Any = np.ones(shape, dtype=np.uint8)  # adding a number costs twice as much as adding this
        self._moved: Any = np.zeros(shape, dtype=np.uint8)  # whether a young stroke was near when the pixel came
        self._before: deque[Any] = deque([self._there] * _MOVED_FRAMES, maxlen=_MOVED_FRAMES)
        self._open: list[Passing] = []

    def see(self, hat: npt.NDArray[np.uint8], frame: int) -> list[Passing]:
        """Take the next frame's strokes; return what has passed by now, complete some frames after its end."""
        strong, weak = mask_of(hat), mask_of(hat, _STILL_CONTRAST)
        self._mask = cv2.bitwise_or(strong, cv2.bitwise_and(weak, self._mask))
        there = functools.reduce(cv2.bitwise_or, self._masks, self._mask)
        self._masks.append(self._mask)
        new = cv2.subtract(there, self._there)
        self._now.fill(frame)
        cv2.copyTo(self._now, new, self._birth)
        cv2.copyTo(cv2.dilate(self._before[0], _NEAR), new, self._moved)
        old = _at_least(self._age, self._shortest)
        gone = cv2.subtract(cv2.subtract(old, there), self._moved)
        self._age = cv2.bitwise_and(cv2.add(self._age, self._one), there)
        self._there = there
        self._before.append(cv2.subtract(there, _at_least(self._age, round(_OLD_TIMES * self._shortest))))
        self._note_deaths(gone, frame - GAP_FRAMES + 1)
        return self._closed(frame)

    def end(self, frame: int) -> list[Passing]:
        """The video ends before `frame`: what is there until then has passed too."""
        old = _at_least(self._age, self._shortest)
        self._note_deaths(cv2.subtract(old, self._moved), frame)
        passed, self._open = self._open, []
        return _worth_a_look(passed)

    def _note_deaths(self, gone: Any, frame: int) -> None:
        if cv2.countNonZero(gone) < _FEWEST_AT_ONCE:
            return
        ys, xs = _places(gone)
        births = self._birth[ys, xs]
        for _ in range(_MOST_AT_ONCE):
            if len(births) < _FEWEST_AT_ONCE:
                return
            peak, count = _most_births(births)
            if count < _FEWEST_AT_ONCE:
                return
            chosen = np.abs(births - peak) <= _ONE_BIRTH
            self._add(peak, ys[chosen], xs[chosen], births[chosen], frame)
            ys, xs, births = ys[~chosen], xs[~chosen], births[~chosen]

    def _in_common(self, peak: int, ys: Indices, xs: Indices, frame: int) -> tuple[Indices, Indices, Indices]:
        """Return the strokes that stay where these went because the text that came has them in common, as they came.

        They begin anew, with the others of that text. What came a moment ago is no text: strokes of a scene that moves
        come and go so all the time.
        """
        if frame - peak < round(_OLD_TIMES * self._shortest):
            return ys[:0], xs[:0], ys[:0]
        top, left = max(int(ys.min()) - _REACH[0], 0), max(int(xs.min()) - _REACH[1], 0)
        box = np.s_[top : int(ys.max()) + 1 + _REACH[0], left : int(xs.max()) + 1 + _REACH[1]]
        come = self._there_since(frame - _ONE_BIRTH, frame + GAP_FRAMES, box)
        come = cv2.subtract(come, self._moved[box])
        stay = self._there_since(peak - _ONE_BIRTH, peak + _ONE_BIRTH, box)
        if min(cv2.countNonZero(come), cv2.countNonZero(stay)) < _FEWEST_AT_ONCE:
            return ys[:0], xs[:0], ys[:0]
        places = [(ys - top, xs - left), _places(come), _places(stay)]
        coarse = np.zeros([side // _COARSE + 1 for side in stay.shape], dtype=np.uint8)
        for down, across in places:
            coarse[down // _COARSE, across // _COARSE] = 255
        count, labels = cv2.connectedComponents(cv2.dilate(coarse, _ONE_ROW), connectivity=4)
        rows = [labels[down // _COARSE, across // _COARSE] for down, across in places]
        went, came, stayed = (np.bincount(row, minlength=count) for row in rows)
        fewer = np.minimum(went, came)
        changed = (fewer >= _FEWEST_AT_ONCE) & (fewer >= _CHANGED_SHARE * (fewer + stayed))
        down, across = (part[changed[rows[2]]] for part in places[2])
        births = self._birth[box]
        since = births[down, across]
        if len(down):
            births[down, across] = _came_in(births[places[1]][changed[rows[1]]])
            self._age[box][down, across] = GAP_FRAMES
        return down + top, across + left, since

    def _there_since(self, first: int, last: int, box: Any) -> Any:
        """Return where in a part of the strip strokes are now that came in one of these frames."""
        return cv2.bitwise_and(cv2.inRange(self._birth[box], first, last), self._there[box])

    def _add(self, peak: int, ys: Indices, xs: Indices, births: Indices, frame: int) -> None:
        for passing in self._open:
            if abs(passing.middle - peak) <= _TOGETHER_FRAMES and frame - passing.deaths[-1][0] <= _QUIET_FRAMES:
                break
        else:
            passing = Passing(peak)
            self._open.append(passing)
        more_ys, more_xs, more_births = self._in_common(peak, ys, xs, frame)
        passing.births += [births, more_births]
        passing.deaths.append((frame, len(births)))
        passing.ys += [ys, more_ys]
        passing.xs += [xs, more_xs]

    def _closed(self, frame: int) -> list[Passing]:
        """What went at one time is given out at one time."""
        limit = frame - GAP_FRAMES - _QUIET_FRAMES
        going_on = [passing.deaths[0][0] for passing in self._open if passing.deaths[-1][0] > limit]
        until = min(limit, min(going_on, default=limit + 3) - 3)
        closed = [passing for passing in self._open if passing.deaths[-1][0] <= until]
        if closed:
            self._open = [passing for passing in self._open if passing.deaths[-1][0] > until]
        return _worth_a_look(closed)


def _worth_a_look(passed: list[Passing]) -> list[Passing]:
    """What may hold a row of text, large ones first."""
    return sorted((p for p in passed if p.count >= _FEWEST_IN_ALL and p.has_a_row()), key=lambda p: -p.count)


def _came_in(births: Indices) -> int:
    """Return the frame in which most of some strokes came; where they faded in, the first with a tenth of them."""
    frames, counts = np.unique(births, return_counts=True)
    return int(frames[counts.argmax()] if 2 * counts.max() >= len(births) else np.sort(births)[len(births) // 10])


def _at_least(numbers: Any, limit: int) -> Any:
    """Return where numbers (0 to 255) reach a limit, above 0, as a mask; a comparison costs twice as much."""
    return cv2.threshold(numbers, limit - 1, 255, cv2.THRESH_BINARY)[1]


def _places(mask: Any) -> tuple[Indices, Indices]:
    """Return the rows and the columns of what is in a mask."""
    down, across = np.divmod(np.flatnonzero(mask != 0).astype(np.int32), np.int32(mask.shape[1]))
    return down, across


def _most_births(births: Indices) -> tuple[int, int]:
    """Return the frame around which most strokes came, and how many did within a few frames of it."""
    first = int(births.min())
    near = np.convolve(np.bincount(births - first), np.ones(2 * _ONE_BIRTH + 1, dtype=np.int64))
    peak = int(near.argmax())
    return first + peak - _ONE_BIRTH, int(near[peak])
