"""Segments: the 3 s rule of the MEmoR protocol, worked by hand, and what must hold for any utterances."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.facts import Utterance
from workers.analysers.segments import segments_of


def said(*spans: tuple[int, int]) -> list[Utterance]:
    return [
        Utterance(
            index=i,
            speaker="A",
            text="Yes.",
            start_ms=start,
            end_ms=end,
            words=(),
            timing="aligned",
            speaker_certain=True,
        )
        for i, (start, end) in enumerate(spans)
    ]


def tiles(duration_ms: int, *spans: tuple[int, int]) -> list[tuple[int, int, int | None]]:
    return [(s.start_ms, s.end_ms, s.utterance) for s in segments_of(said(*spans), duration_ms)]


@pytest.mark.parametrize(
    ("duration_ms", "spans", "expected"),
    [
        (10_000, [(0, 4000), (4000, 10_000)], [(0, 4000, 0), (4000, 10_000, 1)]),
        (10_000, [(0, 4000), (6999, 10_000)], [(0, 6999, 0), (6999, 10_000, 1)]),
        (10_000, [(0, 4000), (7000, 10_000)], [(0, 4000, 0), (4000, 7000, None), (7000, 10_000, 1)]),
        (10_000, [(2999, 10_000)], [(0, 10_000, 0)]),
        (10_000, [(3000, 10_000)], [(0, 3000, None), (3000, 10_000, 0)]),
        (10_000, [(0, 7001)], [(0, 10_000, 0)]),
        (10_000, [(0, 7000)], [(0, 7000, 0), (7000, 10_000, None)]),
        (10_000, [], [(0, 10_000, None)]),
        (500, [], [(0, 500, None)]),
        (10_000, [(0, 5000), (4000, 10_000)], [(0, 4000, 0), (4000, 10_000, 1)]),
        (10_000, [(0, 9000), (2000, 3000)], [(0, 2000, 0), (2000, 10_000, 1)]),
        (10_000, [(0, 4000), (0, 6000)], [(0, 3000, 0), (3000, 6000, 1), (6000, 10_000, None)]),
        (6002, [(0, 1), (0, 6002)], [(0, 3001, 0), (3001, 6002, 1)]),
        (3, [(2, 3), (2, 3), (2, 3)], [(0, 1, 0), (1, 2, 1), (2, 3, 2)]),
    ],
    ids=[
        "utterances that touch", "a gap under 3 s joins the left", "a gap of 3 s is visual",
        "a first gap under 3 s joins the right", "a first gap of 3 s is visual",
        "a last gap under 3 s joins the left", "a last gap of 3 s is visual",
        "nobody speaks", "nobody speaks in a short video",
        "the next utterance cuts the earlier", "no gap while somebody still speaks",
        "one start is shared", "nobody is silent while one start is shared", "no room at the end",
    ],
)  # fmt: skip
def test_segments_follow_the_rule(
    duration_ms: int, spans: list[tuple[int, int]], expected: list[tuple[int, int, int | None]]
) -> None:
    assert tiles(duration_ms, *spans) == expected


def test_kinds_say_whether_somebody_speaks() -> None:
    assert [s.kind for s in segments_of(said((4000, 9000)), 10_000)] == ["visual", "speech"]


@pytest.mark.parametrize("span", [(-1, 5), (5, 5), (9000, 10_001)])
def test_an_utterance_outside_the_episode_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not inside"):
        segments_of(said(span), 10_000)


@st.composite
def episodes(draw: st.DrawFn) -> tuple[list[Utterance], int]:
    duration = draw(st.integers(20, 60_000))
    starts = draw(st.lists(st.integers(0, duration - 1), max_size=20))
    return said(*[(start, draw(st.integers(start + 1, duration))) for start in starts]), duration


@given(episodes())
def test_segments_tile_the_episode_and_every_utterance_has_one(episode: tuple[list[Utterance], int]) -> None:
    utterances, duration = episode
    segments = segments_of(utterances, duration)
    assert segments[0].start_ms == 0
    assert segments[-1].end_ms == duration
    assert all(a.end_ms == b.start_ms for a, b in itertools.pairwise(segments))
    assert all(s.start_ms < s.end_ms for s in segments)
    assert [s.index for s in segments] == list(range(len(segments)))
    assert sorted(s.utterance for s in segments if s.utterance is not None) == [u.index for u in utterances]


@given(episodes())
def test_a_visual_segment_is_a_silence_of_three_seconds_or_a_whole_silent_episode(
    episode: tuple[list[Utterance], int],
) -> None:
    utterances, duration = episode
    for segment in segments_of(utterances, duration):
        if segment.kind == "visual" and utterances:
            assert segment.end_ms - segment.start_ms >= 3000
            assert all(u.end_ms <= segment.start_ms or u.start_ms >= segment.end_ms for u in utterances)
