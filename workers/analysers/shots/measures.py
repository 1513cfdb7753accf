"""What is measured of every frame: some 0.15 ms each, so that looking for cuts costs a fraction of decoding."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.frames import Pixels
from workers.analysers.shots.options import Options

#: A flash lasts at most this many frames.
FLASH_FRAMES = 2
#: Subsampling of the picture for the comparison across a flash: exactness does not matter there.
_THUMB_STEP = 8


@dataclass(frozen=True, slots=True)
class FrameScores:
    """What was measured of one frame."""

    index: int
    time_ms: int
    change: float
    """ContentDetector's score against the frame before, 0 to 255; 0 for the first."""
    blank: bool
    differs_from: tuple[float, ...]
    """Mean absolute difference to the frame 1, 2, ... FLASH_FRAMES + 1 before; 0 where there is none."""
    recoloured: float = 0.0
    """The share of the picture whose colours were not in the frame before: a camera that moves changes few."""


class Measurer:
    """Measures small pictures in order; holds the last few of them."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._count = 0
        self._colours: Pixels | None = None
        self._histogram: NDArray[np.float64] | None = None
        self._recent: deque[Pixels] = deque(maxlen=FLASH_FRAMES + 1)

    def measure(self, picture: Pixels, time_ms: int) -> FrameScores:
        """Measure the next picture: (height, width, 3), blue, green, red."""
        colours = cast(Pixels, cv2.cvtColor(picture, cv2.COLOR_BGR2HSV))
        before, self._colours = self._colours, colours
        thumb = np.ascontiguousarray(picture[::_THUMB_STEP, ::_THUMB_STEP])
        differs = [cv2.norm(thumb, other, cv2.NORM_L1) / thumb.size for other in reversed(self._recent)]
        self._recent.append(thumb)
        histogram = _histogram(thumb)
        last_histogram, self._histogram = self._histogram, histogram
        scores = FrameScores(
            index=self._count,
            time_ms=time_ms,
            # ContentDetector's mean of the mean differences of hue, saturation and value, in one call.
            change=cv2.norm(colours, before, cv2.NORM_L1) / colours.size if before is not None else 0.0,
            blank=_is_blank(picture, self._options),
            differs_from=(*differs, *[0.0] * (FLASH_FRAMES + 1 - len(differs))),
            recoloured=float(np.abs(histogram - last_histogram).sum()) / 2 if last_histogram is not None else 0.0,
        )
        self._count += 1
        return scores


def _histogram(thumb: Pixels) -> NDArray[np.float64]:
    """Return the shares of 16 levels of each channel, one after the other; their sum is 1."""
    levels = (thumb >> 4) + np.array([0, 16, 32], dtype=np.uint8)
    return np.bincount(levels.ravel(), minlength=48) / levels.size


def _is_blank(picture: Pixels, options: Options) -> bool:
    if sum(cv2.mean(picture)[:3]) / 3 > options.blank_luma:
        return False
    return float(picture.mean(axis=2).std()) <= options.blank_spread
