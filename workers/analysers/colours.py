"""Which colours a picture holds: what scenes and surroundings are told apart by."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.frames import Pixels

#: Each channel in so many equal parts, as StoryGraphs has them (Tapaswi et al. 2014).
_PARTS: Final = 6
COLOUR_DIM: Final = _PARTS**3
_BLUE_GREEN_RED: Final = [2, 1, 0]


def colour_shares(picture: Pixels) -> NDArray[np.float32]:
    """Return [216]: the shares of a picture's pixels in 6x6x6 equal parts of the RGB cube, red first.

    The picture is in blue, green, red.
    """
    counts = cv2.calcHist([picture], _BLUE_GREEN_RED, None, [_PARTS] * 3, [0, 256] * 3)
    return np.asarray(counts.ravel() / (picture.size / 3), dtype=np.float32)
