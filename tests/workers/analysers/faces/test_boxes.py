"""Which of overlapping boxes stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.faces.boxes import moved, squared, strongest, strongest_by_smaller


def overlap(a: list[float], b: list[float]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - width * height)


boxes = st.builds(
    lambda x, y, w, h: [x, y, x + w, y + h],
    *(st.integers(0, 100).map(float) for _ in range(2)),
    *(st.integers(1, 60).map(float) for _ in range(2)),
)


@given(st.lists(boxes, max_size=20), st.randoms())
def test_a_box_stays_unless_a_better_one_that_stays_covers_it(found: list[list[float]], random) -> None:
    scores = np.array(random.sample(range(1, 101), len(found)), dtype=np.float64)
    kept = strongest(np.array(found, dtype=np.float64).reshape(-1, 4), scores, 0.5)
    assert list(scores[kept]) == sorted(scores[kept], reverse=True)
    for place, box in enumerate(found):
        covered = any(scores[other] > scores[place] and overlap(found[other], box) > 0.5 for other in kept)
        assert covered == (place not in kept)


def test_a_small_box_inside_a_large_one_goes_only_when_counted_by_the_smaller() -> None:
    corners = np.array([[0, 0, 100, 100], [40, 40, 60, 60]], dtype=np.float64)
    scores = np.array([0.9, 0.8])
    assert strongest(corners, scores, 0.7) == [0, 1]
    assert strongest_by_smaller(corners, scores, 0.7) == [0]


def test_a_square_has_the_same_middle_and_the_longer_side() -> None:
    (square,) = squared(np.array([[10, 20, 30, 80]], dtype=np.float64))
    assert square.tolist() == [-10, 20, 50, 80]


@pytest.mark.parametrize(("more", "expected"), [(0, [11, 20, 20, 65]), (1, [11.1, 20, 20, 64.9])])
def test_edges_move_by_shares_of_the_size(more: float, expected: list[float]) -> None:
    (box,) = moved(np.array([[10.0, 20, 20, 70]]), np.array([[0.1, 0, 0, -0.1]], dtype=np.float32), more)
    assert box == pytest.approx(expected)
