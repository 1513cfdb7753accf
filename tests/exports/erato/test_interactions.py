"""What is said of an interaction at once, and which marks of several people are the same."""

from __future__ import annotations

import pytest

from exports.erato.clips import ClipRules
from exports.erato.interactions import distinct, share_of, warnings_of

STORIES = [(0, 20_000), (20_000, 60_000)]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((1_000, 5_999), ("too_short",)),
        ((1_000, 6_000), ()),
        ((20_000, 55_000), ()),
        ((20_000, 55_001), ("too_long",)),
        ((18_000, 26_000), ("leaves_story",)),
        ((18_000, 21_000), ("too_short", "leaves_story")),
        ((20_000, 60_000), ("too_long",)),
    ],
)
def test_limits_are_allowed_and_story_segments_are_not_left(span: tuple[int, int], expected: tuple[str, ...]) -> None:
    assert warnings_of(span, STORIES, ClipRules()) == expected


def test_the_limits_are_those_of_the_project_and_an_episode_without_story_segments_is_not_left() -> None:
    assert warnings_of((0, 4_000), [], ClipRules(shortest_ms=3_000, longest_ms=3_500)) == ("too_long",)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [((0, 10), (0, 10), 1.0), ((0, 10), (10, 20), 0.0), ((0, 10), (5, 15), 1 / 3), ((0, 20), (5, 15), 0.5)],
)
def test_the_share_of_two_spans_is_their_intersection_over_their_union(
    one: tuple[int, int], other: tuple[int, int], share: float
) -> None:
    assert share_of(one, other) == pytest.approx(share)
    assert share_of(other, one) == pytest.approx(share)


def test_what_two_people_marked_alike_is_one_interaction_and_the_earlier_mark_stands() -> None:
    first = [(0, 10_000), (30_000, 40_000)]
    second = [(1_000, 11_000), (36_000, 46_000), (50_000, 58_000)]  # 9/11 of both; 4/16 of both; new
    assert distinct([first, second]) == [(0, 10_000), (30_000, 40_000), (36_000, 46_000), (50_000, 58_000)]


def test_what_one_person_marked_twice_stays_two_unless_it_is_the_very_same() -> None:
    assert distinct([[(0, 10_000), (500, 10_000), (0, 10_000)]]) == [(0, 10_000), (500, 10_000)]
    assert distinct([]) == []
