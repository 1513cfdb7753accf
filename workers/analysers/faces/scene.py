"""What faces are looked for in: a picture of which parts are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.frames import Pixels


class Scene(Protocol):
    """A picture in pixels of the proxy; a frame of a sweep is one (`sweep.Picture`)."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def part(self, left: int, top: int, right: int, bottom: int) -> Pixels:
        """Return pixels [left, right) x [top, bottom), inside the picture, in RGB; do not write into them."""

    def grey(self, left: int, top: int, right: int, bottom: int) -> NDArray[np.uint8]:
        """Return the same part in grey, (bottom - top, right - left); do not write into it."""


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """A picture that is there already, in RGB."""

    pixels: Pixels

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    def part(self, left: int, top: int, right: int, bottom: int) -> Pixels:
        return self.pixels[top:bottom, left:right]

    def grey(self, left: int, top: int, right: int, bottom: int) -> NDArray[np.uint8]:
        return np.asarray(cv2.cvtColor(self.part(left, top, right, bottom), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
