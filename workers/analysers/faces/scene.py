"""What faces are looked for in: a picture of which parts are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workers.analysers.frames import Edges, Pixels, grey_of, scaled


class Scene(Protocol):
    """A picture in pixels of the proxy; a frame of a sweep is one (`sweep.Picture`)."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def part(self, edges: Edges, size: tuple[int, int] | None = None) -> Pixels:
        """Return a part, inside the picture, in RGB, `frames.scaled` to a size if any; do not write into it."""

    def grey(self, edges: Edges, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        """Return the same part in grey, scaled by area to a size (width, height) if any; do not write into it."""


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

    def part(self, edges: Edges, size: tuple[int, int] | None = None) -> Pixels:
        return scaled(self.pixels[edges.top : edges.bottom, edges.left : edges.right], size)

    def grey(self, edges: Edges, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        return grey_of(self.part(edges), size)
