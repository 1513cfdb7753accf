"""The parts of a picture in which text is looked for, and how they go to the process that looks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from workers.analysers.apart import Form
from workers.analysers.subtitles.options import Options
from workers.analysers.subtitles.strokes import Luma, smaller, working_step

#: Frames go over so many at once; of the first of them a strip's full brightness goes too.
AT_ONCE: Final = 4
#: Of the whole picture every so many-th point, down and across, tells where it changes; the first lies so far in.
_POINTS_DOWN, _POINTS_ACROSS, _POINTS_FIRST = 32, 16, 8


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of the picture: pixels from `top` to `bottom`."""

    top: int
    bottom: int
    every: int
    """How many-th frame is looked at."""
    shortest: int
    """What stays for fewer looks is no text."""


class Cutting:
    """How pictures of one size are cut, and where the pieces of AT_ONCE of them lie."""

    def __init__(self, options: Options, size: tuple[int, int]) -> None:
        """`size` is (width, height) in pixels."""
        self.size = size
        height = size[1]
        self.step = working_step(height)
        upper = math.floor(options.upper_area * height)
        lower = math.floor((1 - options.lower_area) * height)
        # Few subtitles stand at the top: every other frame tells well enough when.
        both = (Strip(0, upper, 2, shortest=5), Strip(lower, height, 1, shortest=8))
        self.strips = [strip for strip in both if min(self.shape(strip)) > 0]

    def shape(self, strip: Strip) -> tuple[int, int]:
        """Rows and columns of a strip at working size."""
        return (strip.bottom - strip.top) // self.step, self.size[0] // self.step

    def forms(self) -> list[Form]:
        """The points, then of each strip what it is at working size, and at full size."""
        rows, columns = self._points()
        forms = [Form((AT_ONCE, len(range(self.size[1])[rows]), len(range(self.size[0])[columns])))]
        for strip in self.strips:
            forms.append(Form((AT_ONCE // strip.every, *self.shape(strip))))
            forms.append(Form((strip.bottom - strip.top, self.size[0])))
        return forms

    def put(self, luma: Luma, place: int, arrays: Sequence[NDArray[Any]]) -> None:
        """Write a picture's pieces, as the `place`-th of AT_ONCE."""
        points, *pieces = arrays
        np.copyto(points[place], luma[self._points()])
        for strip, small, whole in zip(self.strips, pieces[::2], pieces[1::2], strict=True):
            part = luma[strip.top : strip.bottom]
            if place == 0:
                np.copyto(whole, part)
            if place % strip.every == 0:
                smaller(part, self.step, small[place // strip.every])

    def _points(self) -> tuple[slice, slice]:
        first_row, first_column = (min(_POINTS_FIRST, (side - 1) // 2) for side in reversed(self.size))
        return slice(first_row, None, _POINTS_DOWN), slice(first_column, None, _POINTS_ACROSS)
