"""Where two people may interact: runs of shots of the same two faces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.erato.clips import ClipRules
from exports.erato.stories import ShotSpan, Story, effective
from exports.erato.suggestions import Suggestion, suggestions

Spans = Sequence[tuple[int, int]]


def shots_of(lengths_s: Sequence[int]) -> list[ShotSpan]:
    starts = [sum(lengths_s[:place]) * 1000 for place in range(len(lengths_s))]
    return [
        ShotSpan(index, start, start + length * 1000)
        for index, (start, length) in enumerate(zip(starts, lengths_s, strict=True))
    ]


def seen_in(shots: Sequence[ShotSpan], who: str) -> dict[int, list[tuple[int, int]]]:
    """`"A B AB - C"`: who is seen in each shot, throughout."""
    people: dict[int, list[tuple[int, int]]] = {}
    for shot, letters in zip(shots, who.split(), strict=True):
        for letter in letters.strip("-"):
            people.setdefault(ord(letter) - ord("A"), []).append((shot.start_ms, shot.end_ms))
    return people


def found(who: str, lengths_s: Sequence[int], *, scenes_ms: Sequence[int] = (0,)) -> list[tuple[int, int, str]]:
    shots = shots_of(lengths_s)
    rows = suggestions(shots, effective(shots, scenes_ms, ()), seen_in(shots, who), ClipRules())
    return [(one.start_ms, one.end_ms, "".join(chr(65 + person) for person in one.people)) for one in rows]


@pytest.mark.parametrize(
    ("who", "lengths_s", "expected"),
    [
        ("A B A B", [3, 3, 3, 3], [(0, 12_000, "AB")]),
        ("AB AB", [4, 4], [(0, 8_000, "AB")]),
        ("A A A", [4, 4, 4], []),
        ("A B", [2, 2], []),
        ("A B", [3, 2], [(0, 5_000, "AB")]),
        ("A - B", [3, 3, 3], [(0, 9_000, "AB")]),
        ("A - - B", [3, 3, 3, 3], []),
        ("- A B -", [3, 3, 3, 3], [(3_000, 9_000, "AB")]),
        ("A B ABC A B", [4, 4, 4, 4, 4], [(0, 8_000, "AB"), (12_000, 20_000, "AB")]),
        ("A B C B C", [4, 4, 4, 4, 4], [(4_000, 20_000, "BC")]),
        ("ABC ABC", [10, 10], []),
    ],
    ids=[
        "they alternate", "they share the screen", "one alone", "under 5 s", "5 s", "one look aside",
        "two looks aside", "edges show them", "a third parts them", "the longest run is taken first", "three",
    ],
)  # fmt: skip
def test_a_run_of_two_people_is_suggested(
    who: str, lengths_s: Sequence[int], expected: list[tuple[int, int, str]]
) -> None:
    assert found(who, lengths_s) == expected


def test_a_run_ends_with_its_story_segment() -> None:
    assert found("A B A B", [4, 4, 4, 4], scenes_ms=(0, 8_000)) == [(0, 8_000, "AB"), (8_000, 16_000, "AB")]


def test_a_long_run_is_cut_at_the_shots_nearest_to_equal_parts() -> None:
    # 60 s are two parts of about 30 s: the cut at 28 s is nearer than that at 35 s.
    assert found("A B A B", [20, 8, 7, 25]) == [(0, 28_000, "AB"), (28_000, 60_000, "AB")]


def test_a_long_shot_without_cuts_is_parted_equally() -> None:
    assert found("AB", [80]) == [(0, 26_667, "AB"), (26_667, 53_334, "AB"), (53_334, 80_000, "AB")]


def test_a_part_that_shows_one_of_them_only_is_left_out() -> None:
    assert found("A B A", [20, 10, 34]) == [(0, 30_000, "AB")]


def test_a_glance_at_a_third_face_does_not_part_two_people() -> None:
    shots = shots_of([5, 4])
    people: Mapping[int, Spans] = {0: [(0, 5_000)], 1: [(5_000, 9_000)], 2: [(0, 999), (7_000, 7_800)]}
    stories = effective(shots, (0,), ())
    assert suggestions(shots, stories, people, ClipRules()) == [], "800 ms are a fifth of the second shot"
    people = {**people, 2: [(0, 999), (7_000, 7_400), (7_600, 7_999)]}
    assert suggestions(shots, stories, people, ClipRules()) == [Suggestion(0, 9_000, (0, 1))]
    assert Suggestion(0, 9_000, (0, 1)).key == "0-9000"


letters = st.lists(st.sampled_from(["A", "B", "C", "AB", "BC", "-"]), min_size=1, max_size=20)


@given(who=letters, lengths=st.data())
def test_suggestions_stay_inside_the_rules_and_apart(who: list[str], lengths: st.DataObject) -> None:
    seconds = lengths.draw(st.lists(st.integers(1, 50), min_size=len(who), max_size=len(who)))
    rows = found(" ".join(who), seconds, scenes_ms=(0, 60_000))
    assert all(5_000 <= end - start <= 35_000 for start, end, _ in rows)
    assert all(before[1] <= after[0] for before, after in pairwise(rows))


def test_nothing_is_suggested_of_an_episode_without_shots() -> None:
    assert suggestions([], [], {0: [(0, 5_000)]}, ClipRules()) == []
    assert suggestions(shots_of([9]), [Story(0, 0, 9_000, 0, 0)], {}, ClipRules()) == []
