"""What a frame shows: its surroundings by colour, shape and texture, and the things in it.

MEmoR took the surroundings from ResNet-152 and things from a detector with 1,236 classes. Neither has weights that come
with a package: the surroundings are described by hand-made features, and of things only faces are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from skimage.feature import hog, local_binary_pattern

from workers.analysers.colours import COLOUR_DIM, colour_shares
from workers.analysers.features.arrays import Extractor, Floats, Ints
from workers.analysers.frames import Pixels, fit_within
from workers.analysers.npz import Rows
from workers.analysers.spill import SpilledRows
from workers.analysers.sweep import Picture

VERSION: Final = "2"

_SHAPE_SIZE: Final = (128, 64)
_CELL: Final = 16
_ORIENTATIONS: Final = 9
_LBP_POINTS: Final = 8
_BLOCKS: Final = (_SHAPE_SIZE[0] // _CELL - 1) * (_SHAPE_SIZE[1] // _CELL - 1)

ENVIRONMENT: Final = Extractor(
    name="colour-hog-lbp",
    version="1",
    dim=COLOUR_DIM + _BLOCKS * 4 * _ORIENTATIONS + _LBP_POINTS + 2,
    licence="Apache-2.0",
)
OBJECTS: Final = Extractor(name="face-count", version="1", dim=1, licence="Apache-2.0")


def describe_environment(pixels: Pixels) -> Floats:
    """Return (dim,) of one frame in blue, green, red: `colour_shares`, HOG of the frame at 128x64, shares of
    uniform LBP codes."""
    small = np.asarray(cv2.resize(pixels, _SHAPE_SIZE, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    shape = hog(grey, orientations=_ORIENTATIONS, pixels_per_cell=(_CELL, _CELL), cells_per_block=(2, 2))
    codes = local_binary_pattern(grey, P=_LBP_POINTS, R=1, method="uniform").astype(np.int64)
    texture = np.bincount(codes.ravel(), minlength=_LBP_POINTS + 2) / codes.size
    return np.concatenate([colour_shares(small), shape, texture]).astype(np.float32)


def count_objects(times_ms: Ints, spans_ms: Ints) -> Floats:
    """Return (times, 1): how many followed faces are on screen at each time; `spans_ms` (tracks, 2): from, until."""
    here = (spans_ms[:, :1] <= times_ms) & (times_ms < spans_ms[:, 1:])  # (tracks, times)
    return here.sum(axis=0, dtype=np.float32)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """R looked-at frames of an episode."""

    time_ms: Ints
    """[R]"""
    environment: Floats | Rows
    """[R, De]"""


@dataclass(frozen=True, slots=True)
class SurroundingsOptions:
    every_ms: int = 1000
    """How often a frame is described: several times in most segments."""
    analysis_width: int = 320


class SurroundingsTap:
    """Watches the pictures of a sweep and describes one every so often."""

    def __init__(self, options: SurroundingsOptions) -> None:
        self._options = options
        self._due_ms = 0
        self._times: list[int] = []
        self._rows = SpilledRows(ENVIRONMENT.dim)

    def see(self, picture: Picture) -> None:
        if picture.time_ms < self._due_ms:
            return
        self._due_ms = (picture.time_ms // self._options.every_ms + 1) * self._options.every_ms
        size = fit_within(picture.width, picture.height, self._options.analysis_width)
        small = picture.pixels(size, "bgr24", "FAST_BILINEAR")  # the form that shots look at too
        self._times.append(picture.time_ms)
        self._rows.put(describe_environment(small))

    def finish(self) -> Surroundings:
        return Surroundings(np.array(self._times, dtype=np.int32), self._rows)
