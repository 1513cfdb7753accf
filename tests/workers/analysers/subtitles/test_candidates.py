"""Arithmetic on candidates for text that stands for slower functions of libraries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.ocr import RowText, TextBox
from workers.analysers.subtitles.candidates import _LETTER_BRIGHTNESS, _brightness_of_letters, _middle_x
from workers.analysers.subtitles.reading import Reading, _agreed, _in_place
from workers.analysers.subtitles.rows import Row


@given(st.lists(st.integers(0, 255), min_size=1, max_size=60), st.lists(st.integers(0, 255), max_size=20))
def test_letters_are_half_as_bright_as_the_90th_percentile_of_their_strokes(
    inside: list[int], beside: list[int]
) -> None:
    small = np.array([inside + beside], dtype=np.uint8)
    mask = np.array([[255] * len(inside) + [0] * len(beside)], dtype=np.uint8)
    assert _brightness_of_letters(small, mask) == int(_LETTER_BRIGHTNESS * np.percentile(inside, 90))


def test_no_stroke_has_no_brightness() -> None:
    assert _brightness_of_letters(np.full((1, 3), 90, np.uint8), np.zeros((1, 3), np.uint8)) == 255


def test_the_middle_of_a_text_is_that_of_most_of_its_strokes() -> None:
    own = np.zeros((30, 200), np.uint8)
    own[10:20, 40:120:2] = 255
    row = Row(10, 20, 30, 200, 400)
    assert _middle_x(own, [row]) == pytest.approx(79.5, abs=2)
    own[12:14, 190:195] = 255  # a speck far at one side
    assert _middle_x(own, [row]) == pytest.approx(79.5, abs=3)
    own[25:30] = 255  # what is in no row
    assert _middle_x(own, [row]) == pytest.approx(79.5, abs=3)
    assert _middle_x(np.zeros_like(own), [row, Row(20, 28, 50, 100, 0)]) == 115.0


@pytest.mark.parametrize(
    ("readings", "chosen"),
    [
        ([("Now..", 0.97), ("Now.", 0.9), ("Now.", 0.95)], ("Now.", 0.95)),
        ([("I  do", 0.9), ("I do", 0.8), ("l do", 0.99)], ("I  do", 0.9)),
        ([("Now..", 0.97), ("Now.", 0.98), ("Now!", 0.95)], ("Now.", 0.98)),
        ([("", 1.0), ("", 1.0), ("No", 0.6)], ("No", 0.6)),
        ([("", 0.7), ("", 0.0), ("", 0.9)], ("", 0.7)),
    ],
)
def test_what_most_readings_say_is_believed_before_what_one_is_surer_of(
    readings: list[tuple[str, float]], chosen: tuple[str, float]
) -> None:
    assert _agreed([RowText(*reading) for reading in readings]) == RowText(*chosen)


class Said:
    """A reader that says what it is told to."""

    name, languages = "said", frozenset({"en"})

    def __init__(self, rows: list[RowText], box: RowText) -> None:
        self.rows, self.box = rows, box
        self.looked_for = 0

    def read(self, image: object) -> list[TextBox]:
        self.looked_for += 1
        return [TextBox(self.box.text, (0, 0, 9, 9), self.box.confidence)]

    def read_rows(self, rows: Sequence[object]) -> list[RowText]:
        return [self.rows.pop(0) for _ in rows]


@pytest.mark.parametrize(
    ("rows", "said", "looks"),
    [
        ([("Now.", 0.99)], "Now.", 0),
        ([("No w.", 0.9), ("Now.", 0.95)], "Now.", 0),
        ([("Now..", 0.97), ("Now.", 0.9)], "Now.", 1),
    ],
)
def test_text_is_looked_for_anew_only_where_two_readings_of_a_row_part(
    rows: list[tuple[str, float]], said: str, looks: int
) -> None:
    reader = Said([RowText(*row) for row in rows], RowText("Now.", 0.8))
    picture = np.zeros((20, 60), np.uint8)
    read = Reading(reader, 0.5)._text(picture, picture, at_home=True)
    assert read is not None
    assert (read.text, reader.looked_for, reader.rows) == (said, looks, [])


def row_with_edges(above: int) -> tuple[Row, np.ndarray]:
    """Letters in the lines 20 to 34, and `above` strokes of an edge in line 8."""
    mask = np.zeros((60, 200), np.uint8)
    mask[20:34, 40:120:4] = 255
    mask[8, 40 : 40 + above] = 255
    return Row(8, 34, 40, 120, int(np.count_nonzero(mask))), mask


def test_a_row_that_is_too_high_is_cut_to_where_rows_are_known_to_be() -> None:
    row, mask = row_with_edges(60)
    assert [(found.top, found.bottom) for found in _in_place(row, mask, 360, [(17, 36)])] == [(8, 34)], "not whole"
    assert [(found.top, found.bottom) for found in _in_place(row, mask, 360, [(18, 34)])] == [(20, 34)]
    assert _in_place(row, mask, 360, []) == [row]
    assert _in_place(row, mask, 360, [(8, 32)]) == [row], "it is hardly higher"


def test_a_row_with_as_much_outside_of_the_known_place_is_two() -> None:
    mask = np.zeros((60, 200), np.uint8)
    mask[6:18, 40:120:4] = mask[20:34, 40:120:4] = 255
    row = Row(6, 34, 40, 120, int(np.count_nonzero(mask)))
    assert _in_place(row, mask, 360, [(18, 34)]) == [row]
