"""Which shots form a story segment, after admins joined and split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.erato.stories import Edit, ShotSpan, effective

#: Six shots of 4 s.
SHOTS = [ShotSpan(index, index * 4_000, (index + 1) * 4_000) for index in range(6)]
FOUND = (0, 8_000, 20_000)


def parts(found: tuple[int, ...] = FOUND, *edits: Edit) -> list[tuple[int, int]]:
    return [(story.first, story.last) for story in effective(SHOTS, found, edits)]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((), [(0, 1), (2, 4), (5, 5)]),
        ((Edit("join", 8_000),), [(0, 4), (5, 5)]),
        ((Edit("split", 12_000),), [(0, 1), (2, 2), (3, 4), (5, 5)]),
        ((Edit("split", 12_000), Edit("join", 12_000)), [(0, 1), (2, 4), (5, 5)]),
        ((Edit("join", 8_000), Edit("split", 8_000)), [(0, 1), (2, 4), (5, 5)]),
        ((Edit("join", 0),), [(0, 1), (2, 4), (5, 5)]),
    ],
    ids=["none", "joined", "split", "split and taken back", "joined and taken back", "the first shot begins always"],
)
def test_the_last_edit_about_a_place_counts(edits: tuple[Edit, ...], expected: list[tuple[int, int]]) -> None:
    assert parts(FOUND, *edits) == expected


def test_without_an_analysis_every_shot_stands_alone_and_can_be_joined() -> None:
    assert parts(()) == [(place, place) for place in range(6)]
    assert parts((), Edit("join", 4_000), Edit("join", 8_000)) == [(0, 2), (3, 3), (4, 4), (5, 5)]


def test_an_edit_outlives_a_newer_analysis_of_the_shots_where_a_shot_starts_near_it() -> None:
    assert parts((0,), Edit("split", 12_400)) == [(0, 2), (3, 5)]
    assert parts((0,), Edit("split", 14_000)) == [(0, 5)], "no shot starts there any more"


def test_times_are_those_of_the_shots() -> None:
    assert [(story.start_ms, story.end_ms) for story in effective(SHOTS, FOUND, ())] == [
        (0, 8_000), (8_000, 20_000), (20_000, 24_000),
    ]  # fmt: skip
    assert effective([], FOUND, [Edit("split", 4_000)]) == ()


edits_drawn = st.lists(st.builds(Edit, st.sampled_from(["join", "split"]), st.integers(0, 30_000)), max_size=12)


@given(found=st.lists(st.integers(0, 30_000), max_size=6), edits=edits_drawn)
def test_story_segments_tile_the_shots_whatever_was_edited(found: list[int], edits: list[Edit]) -> None:
    stories = effective(SHOTS, found, edits)
    assert [place for story in stories for place in range(story.first, story.last + 1)] == list(range(6))
    assert [story.index for story in stories] == list(range(len(stories)))
