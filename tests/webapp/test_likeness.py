"""Faces compared with known faces: worked by hand."""

from __future__ import annotations

import math

import pytest

from webapp.corpus.likeness import Likeness, rank, suggested

DLIB = "dlib-resnet-v1-128"
FACE = [1.0, 0.0]


def at(distance: float) -> list[float]:
    """A direction at that distance from FACE on the unit circle, made longer: only directions count."""
    angle = 2 * math.asin(distance / 2)
    return [3 * math.cos(angle), 3 * math.sin(angle)]


def test_the_similarity_is_that_of_the_nearest_known_face() -> None:
    ranked = rank(FACE, {7: [at(0.66), at(0.165)], 8: [at(0.33)], 9: [at(1.0)]}, DLIB)
    assert [one.character for one in ranked] == [7, 8, 9]
    assert [one.similarity for one in ranked] == pytest.approx([0.75, 0.5, 0.0], abs=1e-4)


def test_what_cannot_be_compared_is_left_out() -> None:
    assert rank([], {7: [FACE]}, DLIB) == []
    assert rank([0.0, 0.0], {7: [FACE]}, DLIB) == []
    assert rank(FACE, {7: [[1.0, 0.0, 0.0], []], 8: []}, DLIB) == []


@pytest.mark.parametrize(
    ("similarities", "expected"),
    [([], None), ([0.49], None), ([0.5], 1), ([0.8, 0.74], 1), ([0.8, 0.76], None)],
    ids=["nobody", "unlike", "alike enough", "clearly", "two alike"],
)
def test_only_a_clear_likeness_is_suggested(similarities: list[float], expected: int | None) -> None:
    ranked = [Likeness(number, value) for number, value in enumerate(similarities, start=1)]
    assert suggested(ranked) == expected
