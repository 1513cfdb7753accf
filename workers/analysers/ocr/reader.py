"""What every text reader can do, whichever engine is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from workers.analysers.facts import Box

Image = npt.NDArray[np.uint8]
"""(height, width, 3), RGB."""


@dataclass(frozen=True, slots=True)
class TextBox:
    """One row of text: its upright box in pixels of the image that was read, and the reader's confidence (0 to 1)."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class RowText:
    """What stands in a picture of one row, without blanks around it ("": nothing), and the confidence (0 to 1)."""

    text: str
    confidence: float


class TextReader(Protocol):
    """Finds and reads text in pictures. A reader holds loaded networks: make one, use it for all pictures."""

    @property
    def name(self) -> str:
        """Engine and its version, e.g. `rapidocr-3.10.0`: goes into the key of what it has read."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages this reader can read as it is installed."""

    def read(self, image: Image) -> list[TextBox]:
        """Return the rows of text in an image, top to bottom, then left to right; an empty list if there is none."""

    def read_rows(self, rows: Sequence[Image]) -> list[RowText]:
        """Return what each picture says, that holds one row of text with a small margin: nothing is looked for."""


def upright(corners: npt.NDArray[np.float64]) -> Box:
    """Return the upright box around corner points (n, 2) in pixels."""
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left), float(top), float(right - left), float(bottom - top)


def in_reading_order(boxes: list[TextBox]) -> list[TextBox]:
    """Sort rows from top to bottom; boxes whose middles lie in one row from left to right."""
    ordered: list[TextBox] = []
    waiting = sorted(boxes, key=lambda b: b.box[1] + b.box[3] / 2)
    while waiting:
        first = waiting[0]
        middle = first.box[1] + first.box[3] / 2
        row = [b for b in waiting if abs(b.box[1] + b.box[3] / 2 - middle) < 0.5 * first.box[3]]
        ordered += sorted(row, key=lambda b: b.box[0])
        waiting = [b for b in waiting if b not in row]
    return ordered
