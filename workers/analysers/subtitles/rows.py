"""Rows of letters in a mask of strokes, by how many strokes each line of pixels holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from workers.analysers.subtitles.strokes import Mask

#: A line of pixels belongs to a row if it holds this share of the strokes of the fullest line.
_ROW_SHARE: Final = 0.1
#: Parts flatter than this share of the highest are dots, accents and strokes of the row beside them.
_PART_SHARE: Final = 0.5
#: Letters further apart than this many row heights do not belong to one row.
_LARGEST_GAP: Final = 2.2
#: Two rows are at least this high together, as a share of the picture's height; of their strokes at most this share
#: goes on from one to the other.
_LOWEST_PAIR, _CROSSING = 0.05, 0.35
#: What is flatter or higher than this share of the picture's height is no row of a subtitle.
LOWEST_ROW, HIGHEST_ROW = 0.012, 0.13
#: A piece of a row with fewer strokes than this share of the row's is a speck beside it.
_PIECE_SHARE: Final = 0.04


@dataclass(frozen=True, slots=True)
class Row:
    """Top, bottom, left and right in pixels of the mask, half open, and how many strokes are inside."""

    top: int
    bottom: int
    left: int
    right: int
    strokes: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def rows_of(mask: Mask, picture_rows: int, known: Sequence[tuple[int, int]] = ()) -> list[Row]:
    """Return the rows of letters from top to bottom; none where the strokes do not lie in rows.

    `picture_rows` is the height of the whole picture in pixels of the mask; `known` are spans in which one row lies:
    parts inside such a one belong together, as those of 二 do.
    """
    per_line = _sums(mask, 1)
    if not per_line.any():
        return []
    spans = _joined_parts(_spans(per_line >= max(1.0, _ROW_SHARE * float(np.sort(per_line)[-3:].mean()))))
    for span in known:
        spans = _joined_inside(spans, span)
    lowest, highest = LOWEST_ROW * picture_rows, HIGHEST_ROW * picture_rows
    smallest_pair = _LOWEST_PAIR * picture_rows
    parted = [
        part
        for span in spans
        for part in ([span] if _is_inside(span, known) else _parted(mask, per_line, span, smallest_pair, highest))
    ]
    rows = [_row(mask, top, bottom) for top, bottom in parted if lowest <= bottom - top <= highest]
    return [row for row in rows if row is not None]


def _parted(
    mask: Mask, per_line: npt.NDArray[np.int64], span: tuple[int, int], smallest_pair: float, highest: float
) -> list[tuple[int, int]]:
    """Cut what holds two rows in its middle, where it is thinnest: outlines or what is behind left a bright gap there.

    What is too high for one row holds two; what is not does where no letters go on across the gap.
    """
    top, bottom = span
    height = bottom - top
    if not smallest_pair <= height <= 2 * highest:
        return [span]
    first, last = top + round(0.38 * height), top + round(0.62 * height)
    middle = first + int(per_line[first:last].argmin())
    if per_line[middle] > 0.6 * per_line[top:bottom].mean():
        return [span]
    if height <= highest and _crossing_share(mask[top:bottom], middle - top) > _CROSSING:
        return [span]
    return [(top, middle), (middle + 1, bottom)]


def _crossing_share(part: Mask, line: int) -> float:
    """Return what share of the strokes goes on from above to below a line: nearly all of one row of letters does."""
    _, labels = cv2.connectedComponents(part, connectivity=8)
    above, below = labels[:line], labels[line + 1 :]
    crossing = np.intersect1d(above, below)
    crossing = crossing[crossing > 0]
    return float(np.isin(labels, crossing).sum() / max(1, np.count_nonzero(labels)))


def _sums(mask: Mask, axis: int) -> npt.NDArray[np.int64]:
    """How many pixels are set in each line (axis 1) or column (0): ten times as fast as numpy's count."""
    return cv2.reduce(mask, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel().astype(np.int64) // 255


def _spans(there: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    steps = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(steps[::2], steps[1::2], strict=True)]


def _joined_parts(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give flat parts (the dots of i, the strokes of 三) to the row that is nearest, if that is near."""
    while len(spans) > 1:
        highest = max(bottom - top for top, bottom in spans)
        gaps = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
        flat = [
            i
            for i, gap in enumerate(gaps)
            if min(spans[i][1] - spans[i][0], spans[i + 1][1] - spans[i + 1][0]) < _PART_SHARE * highest
            and gap <= max(2, _PART_SHARE / 2 * highest)
        ]
        if not flat:
            break
        i = min(flat, key=lambda k: gaps[k])
        spans = [*spans[:i], (spans[i][0], spans[i + 1][1]), *spans[i + 2 :]]
    return spans


def _joined_inside(spans: list[tuple[int, int]], known: tuple[int, int]) -> list[tuple[int, int]]:
    inside = [part for part in spans if _is_inside(part, [known])]
    if len(inside) < 2:
        return spans
    return sorted([(inside[0][0], inside[-1][1]), *(part for part in spans if part not in inside)])


def _is_inside(part: tuple[int, int], known: Sequence[tuple[int, int]]) -> bool:
    """Whether it lies in one of the spans, to which a pixel may be missing."""
    return any(top - 1 <= part[0] and part[1] <= bottom + 1 for top, bottom in known)


def _row(mask: Mask, top: int, bottom: int) -> Row | None:
    """Cut a row at its sides: its longest run of letters that stand close, with what else is near and no speck."""
    per_column = _sums(mask[top:bottom], 0)
    pieces = _spans(per_column > 0)
    if not pieces:
        return None
    runs: list[tuple[int, int]] = []
    for left, right in pieces:
        if runs and left - runs[-1][1] <= _LARGEST_GAP * (bottom - top):
            runs[-1] = (runs[-1][0], right)
        else:
            runs.append((left, right))
    left, right = max(runs, key=lambda run: int(per_column[run[0] : run[1]].sum()))
    inside = _sums(mask[top:bottom, left:right], 1)
    lines = np.flatnonzero(inside >= max(1.0, _PIECE_SHARE * float(inside.max())))
    return Row(top + int(lines[0]), top + int(lines[-1]) + 1, left, right, int(per_column[left:right].sum()))
