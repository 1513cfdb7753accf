"""Where text lives in an episode: rows of one height at one place, learned from what was read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workers.analysers.facts import Box
from workers.analysers.ocr import TextBox

#: A place is known when this many letters were read there surely.
_LETTERS_TO_LEARN: Final = 4
_SURE: Final = 0.85
#: Rows of a band differ in height by their letters: "on" is flatter than "(jolly)".
_HEIGHT_RANGE: Final = (0.5, 1.8)
#: The middles of a known place's rows differ by up to so many row heights.
_NEAR: Final = 0.6
#: Reading elsewhere: so many times at once, and once more every so many frames.
_LOOKS, _FRAMES_PER_LOOK = 12, 240


@dataclass(slots=True)
class _Band:
    middle: float
    height: float
    weight: float


class Bands:
    """Places of rows, and how often the reader may look outside of them: its work stays bounded."""

    def __init__(self) -> None:
        self._bands: list[_Band] = []
        self._looks = 0

    def __bool__(self) -> bool:
        return bool(self._known())

    def hold(self, boxes: Sequence[Box]) -> bool:
        """Say whether any of these rows may belong to the text of a known place."""
        return any(
            _HEIGHT_RANGE[0] <= box[3] / band.height <= _HEIGHT_RANGE[1]
            and abs(box[1] + box[3] / 2 - band.middle) <= _NEAR * band.height
            for box in boxes
            for band in self._known()
        )

    def may_look_elsewhere(self, frame: int, own_time: bool) -> bool:
        """Say whether a text outside of all known places may be read; that is counted."""
        if self._looks >= _LOOKS + frame // _FRAMES_PER_LOOK or not (own_time or not self._known()):
            return False
        self._looks += 1
        return True

    def learn(self, boxes: Sequence[TextBox], own_time: bool) -> None:
        """Remember where these rows were, if they were read surely and did not come and go with the picture."""
        for row in boxes:
            letters = len("".join(row.text.split()))
            if row.confidence < _SURE or not own_time:
                continue
            middle, height = row.box[1] + row.box[3] / 2, row.box[3]
            for band in self._bands:
                if abs(band.middle - middle) < 0.5 * band.height:
                    band.height = (band.height * band.weight + height * letters) / (band.weight + letters)
                    band.weight += letters
                    break
            else:
                self._bands.append(_Band(middle, height, letters))

    def spans(self, top: int, step: int, rows: int) -> list[tuple[int, int]]:
        """Return the known places inside a strip that begins at `top`, in its rows, each of `step` pixels."""
        spans: list[tuple[int, int]] = []
        for band in sorted(self._known(), key=lambda band: -band.weight):
            first = round((band.middle - 0.75 * band.height - top) / step)
            last = round((band.middle + 0.75 * band.height - top) / step)
            if first >= 0 and last <= rows:
                spans.append((first, last))
        return [a for i, a in enumerate(spans) if not any(b[0] < a[1] and a[0] < b[1] for b in spans[:i])]

    def _known(self) -> list[_Band]:
        return [band for band in self._bands if band.weight >= _LETTERS_TO_LEARN]
