"""Which of the read texts are subtitles: rows at the places most text is at, that do not stay for ever."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz.distance import Levenshtein

from workers.analysers.facts import Box, SubtitleLine
from workers.analysers.ocr import TextBox
from workers.analysers.subtitles.reading import Line, one_row

#: A text that is there for longer than this is a logo; one at the side also if it (or others in its place: a clock, a
#: ticker's name) fill this share of the film.
_LONGEST_MS: Final = 15_000
_OVERLAY_SHARE: Final = 0.4
_OVERLAY_MS: Final = 5_000
#: At the side is what has its own strokes' middle so far (of the picture's width) from the picture's: what stands still
#: beside a line, and widens its row, makes no line one.
_ASIDE: Final = 0.03
#: Boxes whose edges differ by less than this share of the picture's width have the same place.
_SAME_PLACE: Final = 0.012
#: Rows of one place: their middles differ by less than this share of their height.
_PLACE_RANGE: Final = 0.45
#: Rows of an episode have one size; letters that reach up or down make a difference.
_SIZE_RANGE: Final = (0.45, 1.8)
#: What is read this surely, and has as many letters (a Chinese sign counts twice), is text.
_LETTERS_OF_A_TEXT, _SURE = 4, 0.85
#: A place holds at least this share of the text of the place that holds most.
_PLACE_SHARE: Final = 0.1
_CENTRED_SHARE: Final = 0.7
#: More rows than this are a card of credits, unless so many lines have them.
_FEW_ROWS, _MANY_ROWS_SHARE = 3, 0.2
#: Of two texts in one row at one time the lesser is letters of the other.
_OVERLAP: Final = 0.3
#: A text that was gone for less than this while the picture flashed is one line.
_FLASH_MS: Final = 200
_SAME_STROKES: Final = 0.6
#: Lines are looked up by stretches of so many frames: those that share none are not at one time.
_STRETCH: Final = 250
#: Texts at two places that come and go within so many frames of each other are one line.
_ONE_TIME: Final = 2
#: Short texts are also what branches and fences look like: they must be read this surely.
_SHORT_LETTERS, _SHORT_CONFIDENCE = 2, 0.9


@dataclass(frozen=True, slots=True)
class Film:
    """Times of the frames in ms, with the end of the last one; size in pixels; where the whole picture changes."""

    times: Sequence[int]
    width: int
    is_cut: Callable[[int], bool]

    def length_ms(self, line: Line) -> int:
        return self.times[line.death] - self.times[line.birth]


def chosen_lines(found: Sequence[Line], film: Film, same_text_ratio: float) -> tuple[SubtitleLine, ...]:
    """Return the subtitles among what was read, in order of their starts."""
    sure = [line for line in found if not _may_be_scenery(line)]
    lines = _centred(_in_places(_without_overlays(_one_at_a_time(sure), film)), film.width)
    lines = _without_cards(lines)
    if not any(line.own_time for line in lines):
        return ()  # everything came and went with the picture: it is part of it
    joined = _together(_without_gaps(sorted(lines, key=lambda line: (line.birth, line.death)), film, same_text_ratio))
    return tuple(
        SubtitleLine(
            index=i,
            start_ms=film.times[line.birth],
            end_ms=film.times[line.death],
            text=line.text,
            confidence=round(line.confidence, 4),
            source="ocr",
            box=union([row.box for row in line.rows]),
        )
        for i, line in enumerate(joined)
    )


def _may_be_scenery(line: Line) -> bool:
    """Branches and fences look like an r, a 7 or 一: a short text must be sure, and one that is said: I, Oh, 好."""
    letters = [letter for letter in line.text if letter.isalnum()]
    if len(letters) > _SHORT_LETTERS:
        return False
    said = len(letters) > 1 or (bool(letters) and (letters[0] in "IAO" or letters[0] >= "\u4e01"))
    begins_so = bool(letters) and not letters[0].islower()
    return not (said and begins_so and line.confidence >= _SHORT_CONFIDENCE)


def union(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of `boxes`."""
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return left, top, right - left, bottom - top


def _one_at_a_time(lines: Sequence[Line]) -> list[Line]:
    """Of texts that share a row at one time keep the one with most strokes of its own."""
    kept: list[Line] = []
    kept_in: defaultdict[int, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (-line.strokes.count * line.confidence, line.birth)):
        stretches = range(line.birth // _STRETCH, line.death // _STRETCH + 1)
        shorter = line.death - line.birth
        if not any(_overlap(line, other) > _OVERLAP * min(shorter, other.death - other.birth)
                   and _share_a_row(line, other) for stretch in stretches for other in kept_in[stretch]):  # fmt: skip
            kept.append(line)
            for stretch in stretches:
                kept_in[stretch].append(line)
    return kept


def _overlap(a: Line, b: Line) -> int:
    return min(a.death, b.death) - max(a.birth, b.birth)


def _share_a_row(a: Line, b: Line) -> bool:
    return any(one_row(one.box, other.box) for one in a.rows for other in b.rows)


def _without_overlays(lines: Sequence[Line], film: Film) -> list[Line]:
    """Drop logos, clocks and the like: by how long a text, or at the side a place, is on screen."""
    film_ms = film.times[-1] - film.times[0]
    limit = max(_OVERLAY_MS, _OVERLAY_SHARE * film_ms)
    kept: list[Line] = []
    for line, here in _with_those_in_its_place(lines, _SAME_PLACE * film.width):
        same = sum(film.length_ms(other) for other in here if other.text == line.text)
        aside = abs(line.middle_x - film.width / 2) > _ASIDE * film.width
        longest = max(film.length_ms(line), same if same > limit else 0)
        if longest <= _LONGEST_MS and not (aside and sum(film.length_ms(other) for other in here) > limit):
            kept.append(line)
    return kept


def _with_those_in_its_place(lines: Sequence[Line], tolerance: float) -> Iterator[tuple[Line, list[Line]]]:
    """Yield each line with all lines whose boxes have its place, itself among them."""
    boxes = [union([row.box for row in line.rows]) for line in lines]
    # By squares as wide as the tolerance: one in the same place is in the same one or the next.
    squares = [tuple(int(edge // tolerance) for edge in (x, y, x + width)) for x, y, width, _ in boxes]
    lines_in: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, square in enumerate(squares):
        lines_in[square].append(place)
    for line, box, square in zip(lines, boxes, squares, strict=True):
        around = itertools.product(*((edge - 1, edge, edge + 1) for edge in square))
        near = sorted(place for beside in around for place in lines_in.get(beside, ()))
        yield line, [lines[place] for place in near if _same_place(box, boxes[place], tolerance)]


def _same_place(a: Box, b: Box, tolerance: float) -> bool:
    edges = ((a[0], b[0]), (a[1], b[1]), (a[0] + a[2], b[0] + b[2]), (a[1] + a[3], b[1] + b[3]))
    return all(abs(one - other) <= tolerance for one, other in edges)


@dataclass(slots=True)
class _Place:
    middle: float
    height: float
    weight: float
    own_time: bool

    def holds(self, row: TextBox) -> bool:
        near = abs(_middle(row) - self.middle) <= _PLACE_RANGE * self.height
        return near and _SIZE_RANGE[0] <= row.box[3] / self.height <= _SIZE_RANGE[1]


def _in_places(lines: Sequence[Line]) -> list[Line]:
    """Keep lines of which a row is where most text is, with those of their rows that have the size."""
    places: list[_Place] = []
    for line in sorted(lines, key=lambda line: -line.weight):
        for row in line.rows:
            place = next((place for place in places if place.holds(row)), None)
            if place is None:
                place = _Place(_middle(row), row.box[3], 0.0, own_time=False)
                places.append(place)
            place.weight += row.confidence * len(row.text)
            place.own_time = place.own_time or (line.own_time and _is_text(row))
    most = max((place.weight for place in places if place.own_time), default=0.0)
    good = [place for place in places if place.own_time and place.weight >= _PLACE_SHARE * most]
    kept: list[Line] = []
    for line in lines:
        inside = [row for row in line.rows if any(place.holds(row) for place in good)]
        if inside:
            kept.append(replace(line, rows=tuple(r for r in line.rows if r in inside or _belongs(r, inside))))
    return kept


def _is_text(row: TextBox) -> bool:
    """Whether a reading is enough to say that text lives here: a sure one, of some letters."""
    letters = sum(2 if letter >= "\u2e80" else 1 for letter in row.text if letter.isalnum())
    return letters >= _LETTERS_OF_A_TEXT and row.confidence >= _SURE


def _belongs(row: TextBox, others: Sequence[TextBox]) -> bool:
    """Whether a row stands over or under one of the others and has its size: what is far away or tiny does not."""
    return len("".join(row.text.split())) > 1 and any(
        abs(_middle(row) - _middle(other)) <= 2.6 * other.box[3]
        and min(row.box[0] + row.box[2], other.box[0] + other.box[2]) > max(row.box[0], other.box[0])
        and _SIZE_RANGE[0] <= row.box[3] / other.box[3] <= _SIZE_RANGE[1]
        for other in others
    )


def _centred(lines: Sequence[Line], width: int) -> list[Line]:
    """Where most text stands across the middle, drop lines that do not."""
    centred = [line for line in lines if any(_crosses_middle(row.box, width) for row in line.rows)]
    if sum(line.weight for line in centred) < _CENTRED_SHARE * sum(line.weight for line in lines):
        return list(lines)
    return centred


def _crosses_middle(box: Box, width: int) -> bool:
    slack = 0.04 * width
    return box[0] - slack <= width / 2 <= box[0] + box[2] + slack


def _without_cards(lines: Sequence[Line]) -> list[Line]:
    high = [line for line in lines if len(line.rows) > _FEW_ROWS]
    return list(lines) if len(high) >= _MANY_ROWS_SHARE * len(lines) else [line for line in lines if line not in high]


def _without_gaps(lines: Sequence[Line], film: Film, ratio: float) -> list[Line]:
    """Join neighbours that are one text: parted by a flash, or by nothing and made of the same strokes."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and _is_one(before, line, film, ratio):
            better = before if before.weight >= line.weight else line
            joined[-1] = replace(better, birth=before.birth, death=max(before.death, line.death))
        else:
            joined.append(line)
    return joined


def _is_one(before: Line, line: Line, film: Film, ratio: float) -> bool:
    if not _share_a_row(before, line):
        return False
    likeness = Levenshtein.normalized_similarity("".join(before.text.split()), "".join(line.text.split()))
    gap = line.birth - before.death
    flashed = film.is_cut(before.death) and film.is_cut(line.birth)
    near = gap <= 1 or (flashed and film.times[line.birth] - film.times[before.death] <= _FLASH_MS)
    return near and (likeness == 1.0 or (likeness >= ratio and _same_strokes(before, line)))


def _same_strokes(a: Line, b: Line) -> bool:
    return a.strokes.in_common(b.strokes) >= _SAME_STROKES * min(a.strokes.count, b.strokes.count)


def _at_one_time(a: Line, b: Line) -> bool:
    return abs(a.birth - b.birth) <= _ONE_TIME and abs(a.death - b.death) <= _ONE_TIME


def _together(lines: Sequence[Line]) -> list[Line]:
    """Make one line of texts, by their births, at different places that come and go together: two languages, top and
    bottom."""
    joined: list[Line] = []
    for line in lines:
        first = bisect_left(joined, line.birth - _ONE_TIME, key=lambda other: other.birth)
        twin = next((i for i in range(first, len(joined)) if _at_one_time(joined[i], line)), None)
        if twin is None:
            joined.append(line)
        else:
            rows = sorted((*joined[twin].rows, *line.rows), key=_middle)
            joined[twin] = replace(joined[twin], rows=tuple(rows))
    return joined


def _middle(row: TextBox) -> float:
    return row.box[1] + row.box[3] / 2
