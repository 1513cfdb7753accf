"""Lines looked up by time and place are what comparing all with all finds; overlays are told by their own strokes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.facts import Box
from workers.analysers.ocr import TextBox
from workers.analysers.subtitles.lines import (
    Film,
    _at_one_time,
    _one_at_a_time,
    _overlap,
    _same_place,
    _share_a_row,
    _together,
    _with_those_in_its_place,
    _without_overlays,
)
from workers.analysers.subtitles.reading import Line
from workers.analysers.subtitles.strokes import Packed

#: Few numbers, so that many lines meet; some far apart.
frames = st.one_of(st.integers(0, 12), st.integers(240, 260), st.integers(2000, 2005))


def a_line(birth: int, length: int, box: Box, strokes: int) -> Line:
    mask = np.zeros((8, 8), dtype=np.uint8)
    mask.ravel()[:strokes] = 255
    return Line(birth, birth + length, (TextBox("word", box, 0.9),), True, box[0] + box[2] / 2, Packed.of(mask))


lines = st.lists(
    st.builds(
        a_line,
        frames,
        st.sampled_from([1, 5, 30, 700]),
        st.tuples(
            *(st.sampled_from([0.0, 3.0, 9.9, 10.0, 19.0, 40.0, 300.0]) for _ in range(2)), st.just(50.0), st.just(20.0)
        ),
        st.integers(0, 64),
    ),
    max_size=25,
)


@given(lines)
def test_of_lines_in_one_row_at_one_time_one_stays(found: list[Line]) -> None:
    kept: list[Line] = []
    for line in sorted(found, key=lambda line: (-line.strokes.count * line.confidence, line.birth)):
        if not any(
            _overlap(line, other) > 0.3 * min(line.death - line.birth, other.death - other.birth)
            and _share_a_row(line, other)
            for other in kept
        ):
            kept.append(line)
    assert _one_at_a_time(found) == kept


@given(lines)
def test_lines_of_one_place_are_those_whose_edges_are_near(found: list[Line]) -> None:
    for line, here in _with_those_in_its_place(found, 10.0):
        assert here == [other for other in found if _same_place(line.rows[0].box, other.rows[0].box, 10.0)]


@given(lines)
def test_texts_that_come_and_go_together_are_one_line(found: list[Line]) -> None:
    ordered = sorted(found, key=lambda line: (line.birth, line.death))
    together = _together(ordered)
    assert sum(len(line.rows) for line in together) == len(found)
    assert [(line.birth, line.death) for line in together] == [(line.birth, line.death) for line in _firsts(ordered)]


def _firsts(ordered: Sequence[Line]) -> list[Line]:
    """Return the lines that no line before them, which is none's twin itself, is a twin of."""
    firsts: list[Line] = []
    for line in ordered:
        if not any(_at_one_time(first, line) for first in firsts):
            firsts.append(line)
    return firsts


@given(st.lists(st.booleans(), min_size=64, max_size=64), st.lists(st.booleans(), min_size=64, max_size=64))
def test_packed_masks_know_what_they_have_in_common(one: list[bool], other: list[bool]) -> None:
    masks = [np.array(bits, dtype=np.uint8).reshape(8, 8) * 255 for bits in (one, other)]
    packed = [Packed.of(mask) for mask in masks]
    assert [pack.count for pack in packed] == [sum(one), sum(other)]
    assert packed[0].in_common(packed[1]) == sum(a and b for a, b in zip(one, other, strict=True))
    assert packed[0].in_common(Packed.of(np.full((4, 16), 255, dtype=np.uint8))) == 0


@pytest.mark.parametrize(("middle_x", "stays"), [(640.0, True), (900.0, False)])
def test_what_fills_a_place_at_the_side_is_an_overlay_by_its_own_strokes(middle_x: float, *, stays: bool) -> None:
    """As many texts as a film has, in rows that something beside them makes as wide: those of a clock are off too."""
    box = (500.0, 600.0, 700.0, 40.0)
    found = [
        replace(a_line(24 * n, 24, box, 60), middle_x=middle_x, rows=(TextBox(f"word {n}", box, 0.9),))
        for n in range(20)
    ]
    film = Film(times=[n * 40 for n in range(481)], width=1280, is_cut=lambda _: False)
    assert bool(_without_overlays(found, film)) is stays
