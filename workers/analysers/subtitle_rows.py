"""Which of the texts in the picture are subtitles: rows at one height, across the middle, that do not stay for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workers.analysers.facts import Box
from workers.analysers.ocr.reader import TextBox, in_reading_order

#: A text at the side that keeps its place for longer than this, and for this share of the episode, is a logo, a clock,
#: a ticker. In the middle subtitles of one length have one place too: there it must be the same text besides.
_OVERLAY_MS: Final = 15_000
_OVERLAY_SHARE: Final = 0.4
#: Boxes whose edges differ by less than this share of the picture's width have the same place.
_SAME_PLACE: Final = 0.012
#: Subtitles of one episode have one size; the detector's boxes shake.
_HEIGHT_RANGE: Final = (0.6, 1.7)
#: Boxes of one row are as high as each other; a name tag beside a subtitle is not.
_ONE_ROW_SIZE: Final = 0.65
#: Rows may lie this many row heights above and below the most used row.
_ROWS_ABOVE, _ROWS_BELOW = 3.6, 1.6
#: Share of the text that must stand across the middle for the rest to be dropped.
_CENTRED_SHARE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one looked-at frame; boxes in pixels of the whole picture."""

    time_ms: int
    boxes: tuple[TextBox, ...]


def only_subtitles(readings: Sequence[Reading], width: int, height: int, sample_ms: int) -> list[Reading]:
    """Return the readings with their subtitle rows alone, one box a row, from top to bottom.

    First what keeps its place too long goes (see `_OVERLAY_MS`); then the row height and the row that hold most text
    are found, and rows of another size or far away go; last, if most text stands across the middle of the picture, rows
    that neither do so nor lie under or above one that does.
    """
    moving = _without_overlays(readings, width, sample_ms)
    rows = [Reading(r.time_ms, tuple(_joined_rows(r.boxes))) for r in moving]
    texts = [box for reading in rows for box in reading.boxes]
    if not texts:
        return rows
    row_px = _weighted_median([(b.box[3], _weight(b)) for b in texts])
    sized = [b for b in texts if _HEIGHT_RANGE[0] <= b.box[3] / row_px <= _HEIGHT_RANGE[1]]
    line_y = _most_used([(_middle_y(b), _weight(b)) for b in sized], height * 0.02)
    kept = [Reading(r.time_ms, tuple(b for b in r.boxes if _in_band(b, row_px, line_y))) for r in rows]
    in_band = [box for reading in kept for box in reading.boxes]
    centred = sum(_weight(b) for b in in_band if _crosses_middle(b, width))
    if centred < _CENTRED_SHARE * sum(_weight(b) for b in in_band):
        return kept
    return [Reading(r.time_ms, tuple(_centred(r.boxes, width))) for r in kept]


def joined_text(boxes: Sequence[TextBox]) -> str:
    """Return rows as the text of one subtitle, separated by line breaks as in a subtitle file."""
    return "\n".join(box.text for box in boxes)


def _without_overlays(readings: Sequence[Reading], width: int, sample_ms: int) -> list[Reading]:
    tolerance = _SAME_PLACE * width
    places: list[tuple[Box, list[str]]] = []
    for reading in readings:
        for found in reading.boxes:
            here = next((texts for place, texts in places if _same_place(place, found.box, tolerance)), None)
            if here is None:
                places.append((found.box, [found.text]))
            else:
                here.append(found.text)
    limit = max(_OVERLAY_MS / sample_ms, _OVERLAY_SHARE * len(readings))
    overlays = [place for place, texts in places if len(texts) > limit and (_aside(place, width) or _constant(texts))]
    return [
        Reading(r.time_ms, tuple(b for b in r.boxes if not any(_same_place(o, b.box, tolerance) for o in overlays)))
        for r in readings
    ]


def _aside(box: Box, width: int) -> bool:
    return abs(box[0] + box[2] / 2 - width / 2) > 0.03 * width


def _constant(texts: Sequence[str]) -> bool:
    """Most of them are one text; the rest may be misread."""
    return Counter(texts).most_common(1)[0][1] > 0.6 * len(texts)


def _same_place(a: Box, b: Box, tolerance: float) -> bool:
    edges = ((a[0], b[0]), (a[1], b[1]), (a[0] + a[2], b[0] + b[2]), (a[1] + a[3], b[1] + b[3]))
    return all(abs(one - other) <= tolerance for one, other in edges)


def _joined_rows(boxes: Sequence[TextBox]) -> list[TextBox]:
    """Join boxes that a detector made of the words of one row."""
    rows: list[TextBox] = []
    for box in in_reading_order(list(boxes)):
        last = rows[-1] if rows else None
        if last is not None and abs(_middle_y(last) - _middle_y(box)) < 0.5 * min(last.box[3], box.box[3]):
            gap = box.box[0] - (last.box[0] + last.box[2])
            one_size = _ONE_ROW_SIZE < last.box[3] / box.box[3] < 1 / _ONE_ROW_SIZE
            if one_size and gap < box.box[3]:
                rows[-1] = _joined(last, box)
                continue
        rows.append(box)
    return rows


def _joined(left: TextBox, right: TextBox) -> TextBox:
    blank = "" if _is_cjk(left.text[-1]) or _is_cjk(right.text[0]) else " "
    letters = len(left.text) + len(right.text)
    confidence = (left.confidence * len(left.text) + right.confidence * len(right.text)) / letters
    return TextBox(f"{left.text}{blank}{right.text}", union([left.box, right.box]), confidence)


def union(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of `boxes`."""
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return left, top, right - left, bottom - top


def _is_cjk(letter: str) -> bool:
    return "\u2e80" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef"


def _in_band(box: TextBox, row_px: float, line_y: float) -> bool:
    right_size = _HEIGHT_RANGE[0] <= box.box[3] / row_px <= _HEIGHT_RANGE[1]
    return right_size and -_ROWS_ABOVE * row_px <= _middle_y(box) - line_y <= _ROWS_BELOW * row_px


def _centred(boxes: Sequence[TextBox], width: int) -> list[TextBox]:
    centred = [b for b in boxes if _crosses_middle(b, width)]

    def covered(box: TextBox) -> bool:
        """A short row of a dialogue in one subtitle, set left: it stands over or under a centred one."""
        left, right = box.box[0], box.box[0] + box.box[2]
        return any(
            abs(_middle_y(c) - _middle_y(box)) < 1.8 * c.box[3]
            and min(right, c.box[0] + c.box[2]) - max(left, c.box[0]) > 0.8 * (right - left)
            for c in centred
        )

    return [b for b in boxes if b in centred or covered(b)]


def _crosses_middle(box: TextBox, width: int) -> bool:
    slack = 0.04 * width
    return box.box[0] - slack <= width / 2 <= box.box[0] + box.box[2] + slack


def _middle_y(box: TextBox) -> float:
    return box.box[1] + box.box[3] / 2


def _weight(box: TextBox) -> float:
    return box.confidence * len(box.text)


def _weighted_median(values: Sequence[tuple[float, float]]) -> float:
    ordered = sorted(values)
    half, passed = sum(weight for _, weight in ordered) / 2, 0.0
    for value, weight in ordered:
        passed += weight
        if passed >= half:
            return value
    return ordered[-1][0]


def _most_used(values: Sequence[tuple[float, float]], tolerance: float) -> float:
    """Return the value with the most weight within `tolerance` of it."""
    return max(values, key=lambda v: sum(weight for value, weight in values if abs(value - v[0]) <= tolerance))[0]
