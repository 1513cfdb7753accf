"""Candidates that look like subtitles are read; where text lives in an episode is learned from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from workers.analysers.facts import Box
from workers.analysers.ocr import RowText, TextBox, TextReader
from workers.analysers.subtitles.bands import Bands
from workers.analysers.subtitles.candidates import (
    OWN_SHARE,
    OWN_SHARE_IN_TEXT,
    Candidate,
    Cut,
    Ending,
    Look,
    cut_out,
    row_of_letters,
    with_neighbours,
)
from workers.analysers.subtitles.rows import Row, rows_of
from workers.analysers.subtitles.strokes import Luma, Mask, Packed

#: Rows hold at least this share of the strokes; else the picture behind came and went with them.
_IN_ROWS_SHARE: Final = 0.6
_MOST_ROWS: Final = 4
#: A row this many times as high as the known place that it holds is more than a row; it is the one there where at least
#: this share of its strokes are.
_TOO_HIGH, _MOST_OF_IT = 1.3, 0.65
#: A reading this sure needs no second look; one below the other is no text at all.
_SURE: Final = 0.98
_NO_TEXT: Final = 0.55
#: Births this near are one; lines this far back are looked at for what they have in common with a new one.
_TOGETHER: Final = 3
#: What is left of a candidate's time when others have theirs is no text if it is shorter than this many frames.
_SHORTEST: Final = 6
_RECENT: Final = 40
#: A reading with this weight (letters times confidence) is a text that can part others.
_WEIGHT_TO_PART: Final = 1.9
#: So large a line, in shares of a candidate's strokes, says that the candidate's time is its own, or ends with it.
_COVERING_SHARE, _PARTING_SHARE = 0.6, 0.6
_MOST_PUT_OFF: Final = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A read text on the frames [birth, death); one box a row, from top to bottom, in pixels of the picture."""

    birth: int
    death: int
    rows: tuple[TextBox, ...]
    own_time: bool
    middle_x: float
    """Of its own strokes, in pixels of the picture."""
    strokes: Packed = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        return "\n".join(row.text for row in self.rows)

    @property
    def letters(self) -> int:
        return sum(len("".join(row.text.split())) for row in self.rows)

    @property
    def confidence(self) -> float:
        return sum(r.confidence * len(r.text) for r in self.rows) / max(1, sum(len(r.text) for r in self.rows))

    @property
    def weight(self) -> float:
        return self.confidence * self.letters


class Reading:
    """Reads candidates in the order of their ends; learns where text lives, and puts off what is elsewhere."""

    def __init__(self, reader: TextReader, min_confidence: float) -> None:
        self._reader = reader
        self._min_confidence = min_confidence
        self._bands = Bands()
        self._put_off: list[Cut] = []
        self.lines: list[Line] = []
        self.read_count = 0

    def take(self, ending: Ending) -> None:
        for candidate in self._candidates(ending):
            look = candidate.look()
            rows = [] if look is None else self._rows(candidate, look)
            if look is None or not rows:
                continue
            cut = cut_out(candidate, look, rows)
            if self._covered(cut):
                continue
            if self._bands.hold(cut.boxes) or self._bands.may_look_elsewhere(cut.death, cut.own_time):
                self._read(cut)
            else:
                self._put_off = [*self._put_off[1 - _MOST_PUT_OFF :], cut]

    def finish(self) -> list[Line]:
        """Read what was put off and lies where text lives after all; return all lines."""
        for cut in self._put_off:
            if self._bands.hold(cut.boxes) and not self._covered(cut):
                self._read(cut)
        return self.lines

    def _candidates(self, ending: Ending) -> list[Candidate]:
        """Put strokes that a text has in common with the one before it to the later one, which goes now."""
        merged: list[tuple[int, Mask]] = []
        for birth, mask in ending.parts:
            begins = self._after_lines(ending, birth, mask)
            near = next((i for i, (other, _) in enumerate(merged) if abs(other - begins) <= _TOGETHER), None)
            if near is None:
                merged.append((begins, mask))
            else:
                merged[near] = (merged[near][0], cv2.bitwise_or(merged[near][1], mask))  # type: ignore[assignment]
        return [Candidate(ending, birth, mask) for birth, mask in merged if ending.death - birth >= _SHORTEST]

    def _after_lines(self, ending: Ending, birth: int, mask: Mask) -> int:
        """Return when strokes became those of the text that goes now: when the last other text in their row went."""
        size = int(np.count_nonzero(mask))
        lines = [
            line
            for line in self.lines[-_RECENT:]
            if birth < line.death < ending.death - 1
            and line.strokes.count >= _PARTING_SHARE * size
            and line.weight >= _WEIGHT_TO_PART
        ]
        if not lines:
            return birth
        boxes = [ending.box(row) for row in rows_of(mask, ending.picture_rows // ending.step)]
        for line in sorted(lines, key=lambda line: line.birth):
            inside = line.birth - _TOGETHER <= birth < line.death
            if inside and any(one_row(box, row.box) for box in boxes for row in line.rows):
                birth = line.death
        return birth

    def _rows(self, candidate: Candidate, look: Look) -> list[Row]:
        """The rows that look like letters: all of them, or those in known bands where the scene came and went too."""
        ending, mask = candidate.ending, look.letters
        picture_rows = ending.picture_rows // ending.step
        known = self._bands.spans(ending.top, ending.step, mask.shape[0])
        rows = rows_of(mask, picture_rows, known)
        total = int(np.count_nonzero(mask))
        if len(rows) > _MOST_ROWS or sum(row.strokes for row in rows) < _IN_ROWS_SHARE * total:
            rows = []
            for top, bottom in known:
                if _stands_out(mask, top, bottom):
                    part = np.zeros_like(mask)
                    part[top:bottom] = mask[top:bottom]
                    rows += rows_of(part, picture_rows, known)
        rows = [inside for row in rows for inside in _in_place(row, mask, picture_rows, known)]
        follows = any(abs(line.death - candidate.birth) <= _TOGETHER for line in self.lines[-_RECENT:])
        wholes = [with_neighbours(row, look.standing) for row in rows]
        both = list(zip(rows, wholes, strict=True))
        sure = any(row_of_letters(row, whole, look, OWN_SHARE) for row, whole in both)
        least = OWN_SHARE_IN_TEXT if follows or sure else OWN_SHARE
        found = [
            row_of_letters(row, whole, look, least, at_home=self._bands.hold([ending.box(row)])) for row, whole in both
        ]
        return [row for row in found if row is not None]

    def _covered(self, cut: Cut) -> bool:
        """Whether lines that were read in this place fill its time: then there is nothing new to read."""
        covered = sum(
            max(0, min(line.death, cut.death) - max(line.birth, cut.birth))
            for line in self.lines[-_RECENT:]
            if line.strokes.count >= _COVERING_SHARE * cut.strokes.count
            and any(one_row(box, row.box) for box in cut.boxes for row in line.rows)
        )
        return covered >= 0.8 * (cut.death - cut.birth)

    def _read(self, cut: Cut) -> None:
        at_home = self._bands.hold(cut.boxes)
        read = [
            (box, self._text(_as_image(picture), _as_image(bare), at_home))
            for box, (picture, bare) in zip(cut.boxes, cut.pictures, strict=True)
        ]
        rows = tuple(TextBox(text.text, box, text.confidence) for box, text in read if text is not None)
        if rows:
            self.lines.append(Line(cut.birth, cut.death, rows, cut.own_time, cut.middle_x, cut.strokes))
            self._bands.learn(rows, cut.own_time)

    def _text(self, picture: npt.NDArray[np.uint8], bare: npt.NDArray[np.uint8], at_home: bool) -> RowText | None:
        """Read a row; where text lives and the recogniser is unsure, also without what surrounds it.

        Where that is another text, `read` has the casting vote: it takes a second network.
        """
        self.read_count += 1
        best = self._reader.read_rows([picture])[0]
        doubtful = _NO_TEXT <= best.confidence < _SURE and len(best.text) > 1
        if doubtful and (at_home or not self._bands):
            readings = [best, self._reader.read_rows([bare])[0]]
            if len({_written(reading) for reading in readings}) > 1:
                readings.append(self._second_look(picture))
            best = _agreed(readings)
        return best if best.text and best.confidence >= self._min_confidence else None

    def _second_look(self, picture: npt.NDArray[np.uint8]) -> RowText:
        boxes = self._reader.read(picture)
        letters = sum(len(box.text) for box in boxes)
        confidence = sum(box.confidence * len(box.text) for box in boxes) / max(letters, 1)
        return RowText(" ".join(box.text for box in boxes), confidence)


def _agreed(readings: Sequence[RowText]) -> RowText:
    """Return the surest of the readings that most agree on, spaces aside: one alone is surer of a speck, too."""
    written = [_written(reading) for reading in readings]
    most = max((written.count(text) for text in written if text), default=0)
    agreeing = [r for r, text in zip(readings, written, strict=True) if text and written.count(text) == most]
    return max(agreeing, key=lambda reading: reading.confidence, default=readings[0])


def _written(reading: RowText) -> str:
    return "".join(reading.text.split())


def _as_image(luma: Luma) -> npt.NDArray[np.uint8]:
    """Return (height, width, 3), as readers want it."""
    return np.ascontiguousarray(np.repeat(luma[:, :, None], 3, axis=2))


def _in_place(row: Row, mask: Mask, picture_rows: int, known: Sequence[tuple[int, int]]) -> list[Row]:
    """Return a row, or what of it is where rows are known to be, if it is far higher and that is most of it.

    Edges of what is behind stand above and below the box of a short text; two rows hold more there.
    """
    inside = [span for span in known if row.top <= span[0] and span[1] <= row.bottom]
    if len(inside) != 1 or row.height <= _TOO_HIGH * (inside[0][1] - inside[0][0]):
        return [row]
    lines = np.s_[inside[0][0] : inside[0][1], row.left : row.right]
    part = np.zeros_like(mask)
    part[lines] = mask[lines]
    if np.count_nonzero(part) < _MOST_OF_IT * row.strokes:
        return [row]
    return rows_of(part, picture_rows, known) or [row]


def _stands_out(mask: Mask, top: int, bottom: int) -> bool:
    """Whether a span of rows holds clearly more strokes than those above and below it."""
    height = bottom - top
    inside = np.count_nonzero(mask[top:bottom])
    above = np.count_nonzero(mask[max(top - height, 0) : top])
    below = np.count_nonzero(mask[bottom : bottom + height])
    return bool(inside > 1.6 * min(above, below) and inside > 1.1 * max(above, below))


def one_row(a: Box, b: Box) -> bool:
    """Whether two boxes overlap by half of the flatter one, and side by side at all."""
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    return down >= 0.5 * min(a[3], b[3]) and across > 0
