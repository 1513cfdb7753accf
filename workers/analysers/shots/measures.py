"""What is measured of every frame: some 0.1 ms each, so that looking for cuts costs a fraction of decoding.

Some frames are measured together: single calls on a frame's points cost more than their arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
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
        self._recent: Pixels | None = None
        """(up to FLASH_FRAMES + 1, bytes): points of the last pictures."""

    def measure(self, pictures: Sequence[Pixels], times_ms: Sequence[int]) -> list[FrameScores]:
        """Measure the next pictures, one or more: each (height, width, 3), blue, green, red."""
        thumbs = np.stack([picture[::_THUMB_STEP, ::_THUMB_STEP] for picture in pictures]).reshape(len(pictures), -1)
        differs = self._differs(thumbs).tolist()
        recoloured = self._recoloured(thumbs).tolist()
        scores = [
            FrameScores(
                index=self._count + place,
                time_ms=times_ms[place],
                change=self._change(picture),
                blank=_is_blank(picture, self._options),
                differs_from=tuple(differs[place]),
                recoloured=recoloured[place],
            )
            for place, picture in enumerate(pictures)
        ]
        self._count += len(pictures)
        return scores

    def _change(self, picture: Pixels) -> float:
        """Return ContentDetector's mean of the mean differences of hue, saturation and value, in one call."""
        colours = cast(Pixels, cv2.cvtColor(picture, cv2.COLOR_BGR2HSV))
        before, self._colours = self._colours, colours
        return cv2.norm(colours, before, cv2.NORM_L1) / colours.size if before is not None else 0.0

    def _differs(self, thumbs: Pixels) -> NDArray[np.float64]:
        """Return (pictures, FLASH_FRAMES + 1): see `FrameScores.differs_from`."""
        recent = thumbs[:0] if self._recent is None else self._recent
        known = np.concatenate([recent, thumbs])
        self._recent = known[-FLASH_FRAMES - 1 :]
        differs = np.zeros((len(thumbs), FLASH_FRAMES + 1))
        for back in range(1, FLASH_FRAMES + 2):
            later = known[max(len(recent), back) :]
            if len(later):
                earlier = known[len(known) - len(later) - back : len(known) - back]
                differs[-len(later) :, back - 1] = mean_differences(later, earlier)
        return differs

    def _recoloured(self, thumbs: Pixels) -> NDArray[np.float64]:
        """Return (pictures,): see `FrameScores.recoloured`."""
        histograms = _histograms(thumbs)
        before = histograms[:1] if self._histogram is None else self._histogram[None]
        self._histogram = histograms[-1]
        changes: NDArray[np.float64] = np.abs(np.diff(np.concatenate([before, histograms]), axis=0)).sum(axis=1) / 2
        return changes


def mean_differences(some: Pixels, others: Pixels) -> NDArray[np.float64]:
    """Return (rows,): the mean absolute difference of each row to the other's, 0 to 255."""
    sums = cv2.reduce(cv2.absdiff(some, others), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    return cast(NDArray[np.float64], sums.ravel() / some.shape[1])


def value_counts(rows: Pixels, below: int) -> NDArray[np.intp]:
    """Return (rows, below): how often each value below `below` is in each row."""
    count = len(rows)
    apart = rows + below * np.arange(count)[:, None]
    return np.bincount(apart.ravel(), minlength=below * count).reshape(count, below)


def _histograms(thumbs: Pixels) -> NDArray[np.float64]:
    """Return (pictures, 48): the shares of 16 levels of each channel, one after the other; each row's sum is 1."""
    size = thumbs.shape[1]
    channels = np.tile(np.array([0, 16, 32], dtype=np.uint8), size // 3)
    return value_counts(np.add(thumbs >> 4, channels, dtype=np.uint8), 48) / size


def _is_blank(picture: Pixels, options: Options) -> bool:
    if cv2.norm(picture, cv2.NORM_L1) / picture.size > options.blank_luma:  # the mean: the fastest way to a sum
        return False
    return float(picture.mean(axis=2).std()) <= options.blank_spread
