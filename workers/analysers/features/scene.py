"""What a frame shows: its surroundings by colour, shape and texture, and the things in it.

MEmoR took the surroundings from ResNet-152 and things from a detector with 1,236 classes. Neither has weights that come
with a package: the surroundings are described by hand-made features, and of things only faces are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from skimage.feature import hog, local_binary_pattern

from workers.analysers.facts import FaceTrack
from workers.analysers.features.arrays import Extractor, Floats
from workers.analysers.frames import Pixels

_COLOURS: Final = 6
_SHAPE_SIZE: Final = (128, 64)
_CELL: Final = 16
_ORIENTATIONS: Final = 9
_LBP_POINTS: Final = 8
_BLOCKS: Final = (_SHAPE_SIZE[0] // _CELL - 1) * (_SHAPE_SIZE[1] // _CELL - 1)

ENVIRONMENT: Final = Extractor(
    name="colour-hog-lbp",
    version="1",
    dim=_COLOURS**3 + _BLOCKS * 4 * _ORIENTATIONS + _LBP_POINTS + 2,
    licence="Apache-2.0",
)
OBJECTS: Final = Extractor(name="face-count", version="1", dim=1, licence="Apache-2.0")


def describe_environment(pixels: Pixels) -> Floats:
    """Return (dim,) of one RGB frame: 6x6x6 colour shares, HOG of the frame at 128x64, shares of uniform LBP codes."""
    small = cv2.resize(pixels, _SHAPE_SIZE, interpolation=cv2.INTER_AREA)
    bins = (small.reshape(-1, 3).astype(np.int64) * _COLOURS) // 256
    colour = np.bincount(bins @ [_COLOURS**2, _COLOURS, 1], minlength=_COLOURS**3) / len(bins)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    shape = hog(grey, orientations=_ORIENTATIONS, pixels_per_cell=(_CELL, _CELL), cells_per_block=(2, 2))
    codes = local_binary_pattern(grey, P=_LBP_POINTS, R=1, method="uniform").astype(np.int64)
    texture = np.bincount(codes.ravel(), minlength=_LBP_POINTS + 2) / codes.size
    return np.concatenate([colour, shape, texture]).astype(np.float32)


def count_objects(time_ms: int, tracks: Sequence[FaceTrack]) -> Floats:
    """Return (1,): how many followed faces are on screen at a time."""
    return np.array([sum(track.start_ms <= time_ms < track.end_ms for track in tracks)], dtype=np.float32)
