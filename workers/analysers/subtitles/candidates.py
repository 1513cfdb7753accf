"""Strokes that may be a text: what stood still where they were, and the rows in it that look like letters."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np

from workers.analysers.facts import Box
from workers.analysers.subtitles.rows import Row
from workers.analysers.subtitles.strokes import Luma, Mask, Packed, mask_of, smaller, top_hat

#: A row's own strokes are at least this share of all that stand still in its place: else it is behind other letters.
OWN_SHARE: Final = 0.35
#: This much is enough beside another row, or where another text had just gone: they have letters in common.
OWN_SHARE_IN_TEXT: Final = 0.15
#: More than all: they did not stand still.
_MOST_OWN: Final = 1.3
#: Letters have one brightness: what is darker than this share of the brightest strokes is something else.
_LETTER_BRIGHTNESS: Final = 0.5
#: A letter has strokes in common with the one in its place before it: they are looked for this far around its own.
_AROUND: Final = np.ones((7, 7), dtype=np.uint8)
#: Letters fill so much of a row; a line of pixels crosses so many strokes per row height; and a row is this wide.
_DENSITY: Final = (0.09, 0.75)
_CROSSINGS: Final = 0.85
#: Letters that came and went together where text lives may be flat and few, as 二 and 十 are.
_OWN_TEXT: Final = 0.7
_OWN_DENSITY, _OWN_CROSSINGS = 0.06, 0.25
_NARROWEST: Final = 0.7
_FEWEST: Final = 26
#: Letters are looked for beside a row as far as this many row heights.
_LETTER_GAP: Final = 1.1
#: What stood still is made of so many frames, none of them so near to the ends, where a text may fade.
_FRAMES: Final = 5
_EDGE: Final = 4
_ONE_AROUND: Final = np.ones((3, 3), dtype=np.uint8)
#: Of the middle of a text's strokes such a share at each side does not decide.
_AT_SIDES: Final = 0.1
#: Margin around a row for the recogniser, in row heights.
_MARGIN: Final = 0.3


@dataclass(frozen=True, slots=True)
class Ending:
    """What went from one strip at one time: the strokes of a text, and those it had in common with the text before."""

    death: int
    parts: tuple[tuple[int, Mask], ...]
    """(frame in which they came, strokes); those with most strokes first."""
    kept: tuple[tuple[int, Luma], ...]
    """(frame, the strip's brightness then), in order."""
    top: int
    """Where the strip begins in the picture, in pixels."""
    step: int
    """How many pixels of the picture a pixel of the mask stands for."""
    picture_rows: int
    is_cut: Callable[[int], bool]
    """Whether the whole picture changes with a frame."""

    def box(self, row: Row) -> Box:
        left, top, width, height = row.left, row.top, row.right - row.left, row.height
        return tuple(float(v * self.step) for v in (left, self.top / self.step + top, width, height))  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Strokes that may be a text, on the frames [birth, ending.death)."""

    ending: Ending
    birth: int
    mask: Mask

    @property
    def death(self) -> int:
        return self.ending.death

    @property
    def own_time(self) -> bool:
        """Whether it came or went while the picture stayed: what comes and goes with cuts may be in the scene."""
        return not (self.ending.is_cut(self.birth) and self.ending.is_cut(self.death))

    def look(self) -> Look | None:
        """Return what stood still; None where no frame was kept of its time."""
        seen = [luma for frame, luma in self.ending.kept if self.birth + 1 <= frame < self.death - 1]
        inner = [luma for frame, luma in self.ending.kept if self.birth + _EDGE <= frame < self.death - _EDGE]
        seen = inner or seen
        if not seen:
            return None
        chosen = {round(i * (len(seen) - 1) / (_FRAMES - 1)) for i in range(_FRAMES)}
        still: Luma = functools.reduce(cv2.min, [seen[i] for i in chosen])  # type: ignore[arg-type]
        small = smaller(still, self.ending.step)
        as_letters = mask_of(small, _brightness_of_letters(small, self.mask))
        bright = cv2.bitwise_and(self.mask, as_letters)
        standing = cast(Mask, cv2.bitwise_and(mask_of(top_hat(small)), as_letters))
        around = cv2.bitwise_and(cv2.dilate(bright, _AROUND), standing)
        return Look(still, standing, cast(Mask, bright), cast(Mask, cv2.bitwise_or(bright, around)))


@dataclass(frozen=True, slots=True)
class Look:
    """What stood still in a candidate's strip and time."""

    still: Luma
    """The darkest each pixel was: letters stay, what moves behind them fades."""
    standing: Mask
    """The strokes in that, as far as they are as bright as letters."""
    own: Mask
    """The candidate's own strokes, as far as they are."""
    letters: Mask
    """Those with the strokes around them, which a letter may have in common with the one in its place before."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The rows of a candidate, cut out: all that is kept of it until it is read."""

    birth: int
    death: int
    own_time: bool
    boxes: tuple[Box, ...]
    """In pixels of the picture."""
    pictures: tuple[tuple[Luma, Luma], ...]
    """A row as it stood still, and without what is not near its strokes."""
    middle_x: float
    """Of the candidate's own strokes in the rows, in pixels of the picture: a row may be wider by what stands by it."""
    strokes: Packed
    """The candidate's."""


def cut_out(candidate: Candidate, look: Look, rows: Sequence[Row]) -> Cut:
    """Cut the rows out of what stood still."""
    return Cut(
        candidate.birth,
        candidate.death,
        candidate.own_time,
        tuple(candidate.ending.box(row) for row in rows),
        tuple(_pictures(look, row, candidate.ending.step) for row in rows),
        _middle_x(look.own, rows) * candidate.ending.step,
        Packed.of(candidate.mask),
    )


def _middle_x(own: Mask, rows: Sequence[Row]) -> float:
    """Return the middle of most strokes, in pixels of the mask: a tenth of them at each side may be the scene's."""
    per_column = np.zeros(own.shape[1], dtype=np.int64)
    for row in rows:
        per_column[row.left : row.right] += np.count_nonzero(own[row.top : row.bottom, row.left : row.right], axis=0)
    passed = per_column.cumsum()
    if not passed[-1]:
        return (min(row.left for row in rows) + max(row.right for row in rows)) / 2
    left, right = passed.searchsorted([_AT_SIDES * passed[-1], (1 - _AT_SIDES) * passed[-1]])
    return float(left + right + 1) / 2


def row_of_letters(row: Row, whole: Row, look: Look, least_own: float, *, at_home: bool = False) -> Row | None:
    """Return a row with the letters beside it (`whole`), or as it is; None where it does not look like letters of its
    own. It is `at_home` where text lives."""
    if not _is_own(whole, look, least_own):
        return None
    forms = (whole, row)
    found = next((form for form in forms if looks_like_letters(form, look.standing)), None)
    if found is None and at_home and _is_own(whole, look, _OWN_TEXT):
        found = next((form for form in forms if looks_like_letters(form, look.standing, flat=True)), None)
    return found


def _is_own(row: Row, look: Look, least: float) -> bool:
    inside = np.s_[row.top : row.bottom, row.left : row.right]
    there = int(np.count_nonzero(look.standing[inside]))
    return least * there <= int(np.count_nonzero(look.own[inside])) <= _MOST_OWN * there


def looks_like_letters(row: Row, standing: Mask, *, flat: bool = False) -> bool:
    """Say whether what stands still in a row is as dense, and crossed as often from left to right, as letters are.

    With `flat`, as few letters are that are made of one or two strokes.
    """
    least_density, least_crossings = (_OWN_DENSITY, _OWN_CROSSINGS) if flat else (_DENSITY[0], _CROSSINGS)
    inside = standing[row.top : row.bottom, row.left : row.right] > 0
    width = row.right - row.left
    crossings = int(np.count_nonzero(inside[:, 1:] != inside[:, :-1])) / 2 / max(width, 1)
    dense = least_density <= float(inside.mean()) <= _DENSITY[1]
    wide, crossed = width >= _NARROWEST * row.height, crossings >= least_crossings
    return wide and crossed and dense and int(inside.sum()) >= _FEWEST


def with_neighbours(row: Row, standing: Mask) -> Row:
    """Widen a row by the letters beside it that it has in common with the lines before and after it.

    They are whatever stands still, is as low as the row and close to it.
    """
    slack = max(2, row.height // 3)
    top, bottom = max(row.top - slack, 0), min(row.bottom + slack, standing.shape[0])
    _, _, stats, _ = cv2.connectedComponentsWithStats(standing[top:bottom], connectivity=8)
    x, y, w, h, _ = stats[1:].T
    low = (y > 0) & (y + h < bottom - top) & (h <= row.height * 1.3) & (w <= row.height * 2.5)
    pieces = np.stack([x, x + w], axis=1)[low].tolist()
    left, right = row.left, row.right
    gap = _LETTER_GAP * row.height
    for start, end in sorted(pieces):
        if right < end and start <= right + gap:
            right = end
    for start, end in sorted(pieces, key=lambda piece: -piece[1]):
        if start < left and end >= left - gap:
            left = start
    return Row(row.top, row.bottom, left, right, row.strokes)


def _brightness_of_letters(small: Luma, mask: Mask) -> int:
    """Return how bright letters are at least: by the 90th percentile of a candidate's strokes."""
    there = small[mask > 0]
    if not there.size:
        return 255
    place, between = divmod(0.9 * (there.size - 1), 1)
    ranks = np.bincount(there).cumsum()  # some ten times as fast as numpy's percentile
    low, high = ranks.searchsorted([place, min(place + 1, there.size - 1)], side="right").tolist()
    return int(_LETTER_BRIGHTNESS * (low + (high - low) * between))


def _pictures(look: Look, row: Row, step: int) -> tuple[Luma, Luma]:
    margin = max(2, round(_MARGIN * row.height * step))
    top, bottom = max(row.top * step - margin, 0), row.bottom * step + margin
    left, right = max(row.left * step - margin, 0), row.right * step + margin
    part = look.still[top:bottom, left:right]
    near = cv2.dilate(look.letters[top // step : bottom // step + 1, left // step : right // step + 1], _ONE_AROUND)
    large = cv2.resize(near, None, fx=step, fy=step, interpolation=cv2.INTER_NEAREST)
    large = large[top % step :, left % step :][: part.shape[0], : part.shape[1]]
    known = part[: large.shape[0], : large.shape[1]]
    bare = np.where(large > 0, known, np.minimum(known, np.uint8(np.percentile(part, 20))))
    return part.copy(), bare  # a view would keep all of the strip
