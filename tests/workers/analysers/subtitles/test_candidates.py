"""Arithmetic on candidates for text that stands for slower functions of libraries."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.subtitles.candidates import _LETTER_BRIGHTNESS, _brightness_of_letters


@given(st.lists(st.integers(0, 255), min_size=1, max_size=60), st.lists(st.integers(0, 255), max_size=20))
def test_letters_are_half_as_bright_as_the_90th_percentile_of_their_strokes(
    inside: list[int], beside: list[int]
) -> None:
    small = np.array([inside + beside], dtype=np.uint8)
    mask = np.array([[255] * len(inside) + [0] * len(beside)], dtype=np.uint8)
    assert _brightness_of_letters(small, mask) == int(_LETTER_BRIGHTNESS * np.percentile(inside, 90))


def test_no_stroke_has_no_brightness() -> None:
    assert _brightness_of_letters(np.full((1, 3), 90, np.uint8), np.zeros((1, 3), np.uint8)) == 255
