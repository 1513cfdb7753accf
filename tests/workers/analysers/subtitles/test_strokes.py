"""Strokes that come, stay and go, and the rows they lie in, in masks drawn by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from workers.analysers.subtitles.rows import rows_of
from workers.analysers.subtitles.strokes import Luma, Mask, Passing, StrokeWatch

SHAPE = (60, 200)
#: (left, right) of the letters of one text that another has too, and of those that each has alone.
COMMON, FIRST, SECOND = [(60, 64), (70, 74)], [(80, 82), (86, 88), (92, 94)], [(83, 85), (89, 91), (95, 97)]


def letters(*parts: Sequence[tuple[int, int]]) -> Luma:
    hat = np.zeros(SHAPE, dtype=np.uint8)
    for left, right in (span for part in parts for span in part):
        hat[20:38, left:right] = 200
    return hat


def passed(*times: tuple[int, Luma]) -> list[Passing]:
    """Show pictures for so many frames each, one after the other; return what passed."""
    watch, found, frame = StrokeWatch(SHAPE), [], 0
    for frames, hat in times:
        for _ in range(frames):
            found += watch.see(hat, frame)
            frame += 1
    return found + watch.end(frame)


def times_and_counts(found: Sequence[Passing]) -> list[tuple[int, int, int]]:
    return sorted((passing.birth, passing.death, passing.count) for passing in found)


def test_strokes_that_two_texts_have_in_common_belong_to_both() -> None:
    one, other = letters(COMMON, FIRST), letters(COMMON, SECOND)
    sizes = [int(np.count_nonzero(hat)) for hat in (one, other)]
    found = passed((10, letters()), (20, one), (20, other), (10, letters()))
    assert times_and_counts(found) == [(10, 30, sizes[0]), (30, 50, sizes[1])]


@pytest.mark.parametrize("gap", [1, 2])
def test_a_gap_too_short_to_be_seen_parts_them_too(gap: int) -> None:
    one, other = letters(COMMON, FIRST), letters(COMMON, SECOND)
    found = passed((10, letters()), (20, one), (gap, letters()), (20, other), (10, letters()))
    assert [passing.death for passing in found] == [30, 50 + gap]
    assert [passing.count for passing in found] == [int(np.count_nonzero(hat)) for hat in (one, other)]


def test_a_text_that_stays_while_the_scene_changes_is_not_parted() -> None:
    scene = [(150, 154), (160, 164)]
    text = letters(COMMON, FIRST)
    found = passed((10, letters(scene)), (20, np.maximum(text, letters(scene))), (20, text), (10, letters()))
    assert (10, 50, int(np.count_nonzero(text))) in times_and_counts(found)


def test_a_text_that_flickers_is_not_parted() -> None:
    """Some of its strokes go for good and others come near by: less than another text would bring."""
    whole = letters([(40 + 6 * i, 44 + 6 * i) for i in range(16)])
    less, speck = whole.copy(), whole.copy()
    less[20:24, 40:44] = 0
    speck[20:24, 40:44] = 0
    speck[41:44, 60:70] = 200
    found = passed((10, letters()), (20, whole), (20, np.maximum(less, speck)), (10, letters()))
    assert [passing.death for passing in found if passing.birth == 10 and passing.count > 500] == [50]


def flat_letter() -> Mask:
    """二."""
    mask = np.zeros(SHAPE, dtype=np.uint8)
    mask[22:24, 100:116] = 255
    mask[35:38, 98:118] = 255
    return mask


def test_parts_of_a_flat_letter_are_one_row_where_text_lives() -> None:
    assert [(row.top, row.bottom) for row in rows_of(flat_letter(), 200)] == [(35, 38)]
    assert [(row.top, row.bottom) for row in rows_of(flat_letter(), 200, [(18, 42)])] == [(22, 38)]


def test_a_row_is_not_cut_where_text_lives() -> None:
    """A thin line parts 口 from 心 in 嗯; of two known rows each stays one."""
    mask = np.zeros((80, 200), dtype=np.uint8)
    for top in (10, 40):
        mask[top : top + 11, 60:80:2] = 255
        mask[top + 12 : top + 20, 60:80:2] = 255
    known = [(7, 33), (37, 63)]
    assert [(row.top, row.bottom) for row in rows_of(mask, 360, known)] == [(10, 30), (40, 60)]
