"""The reaction time that presses give, on a clip worked out by hand: two practice onsets, then ten that count."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.annotation.reaction import CalibrationClip, calibration_clip, corrected, reaction_time

CLIP = CalibrationClip("test", "", 60_000, 2, tuple(range(4_000, 52_000, 4_000)))
"""Onsets at 4, 8, 12, ... 48 s; those at 4 and 8 s are practice."""


def pressing(*delays_ms: int) -> list[int]:
    """Presses after the counted onsets, one each."""
    return [onset + delay for onset, delay in zip(CLIP.counted_ms, delays_ms, strict=False)]


def test_delay_and_spread_are_median_and_scaled_deviation_worked_by_hand() -> None:
    # Sorted: 300 320 340 360 380 400 420 440 460 900. Median 390. Distances: 90 70 50 30 10 10 30 50 70 510; their
    # median is 50, times 1.4826 is 74.13. Mean 432, squares sum to 267,160 - the standard deviation is 172 (n - 1).
    found = reaction_time(pressing(300, 320, 340, 360, 380, 400, 420, 440, 460, 900), CLIP)
    assert (found.delay_ms, found.spread_ms, found.deviation_ms) == (390, 74, 172)
    assert (found.hits, found.discarded, found.problems) == (10, 0, ())


def test_presses_that_answer_nothing_are_discarded_and_practice_is_neither() -> None:
    practice = [4_400, 4_500, 8_050]
    extra = [12_099, 16_400, 16_900, 22_001]  # 99 ms after an onset; a second one at 16 s; 2,001 ms after one
    found = reaction_time([*practice, *pressing()[:0], *extra, 24_100, 30_000], CLIP)
    # 24,100 is 100 ms after 24 s: just no anticipation. 30,000 is exactly 2 s after 28 s: just not too late.
    assert found.delays_ms == (None, 400, None, 100, 2_000, None, None, None, None, None)
    assert found.discarded == 3


def test_before_the_first_onset_nothing_counts() -> None:
    assert reaction_time([0, 3_999], CLIP).discarded == 0
    no_practice = CalibrationClip("test", "", 60_000, 0, (4_000,))
    assert reaction_time([3_999], no_practice).discarded == 1


def test_nobody_who_never_presses_has_a_delay() -> None:
    found = reaction_time([], CLIP)
    assert (found.delay_ms, found.spread_ms, found.deviation_ms, found.hits) == (None, None, None, 0)
    assert found.problems == ("too_few_hits",)


@pytest.mark.parametrize(
    ("presses", "problems"),
    [
        (pressing(*[400] * 8), ()),
        (pressing(*[400] * 7), ("too_few_hits",)),
        (pressing(100, 100, 100, 1_900, 1_900, 1_900, 1_000, 200, 1_800, 1_000), ("too_much_spread",)),
        ([*pressing(*[400] * 10), *(onset + 900 for onset in CLIP.counted_ms[:5])], ()),
        ([*pressing(*[400] * 10), *(onset + 900 for onset in CLIP.counted_ms[:6])], ("too_many_discarded",)),
    ],
    ids=["eight are enough", "seven are not", "here and there", "a third discarded", "more than a third"],
)
def test_a_bad_run_says_what_is_wrong_with_it(presses: list[int], problems: tuple[str, ...]) -> None:
    assert reaction_time(presses, CLIP).problems == problems


@given(st.lists(st.integers(0, 60_000), max_size=60))
def test_every_press_after_practice_is_a_hit_or_discarded(presses: list[int]) -> None:
    found = reaction_time(presses, CLIP)
    assert found.hits + found.discarded == sum(press >= CLIP.onsets_ms[CLIP.practice] for press in presses)
    assert found == reaction_time(presses[::-1], CLIP), "their order does not matter"
    if found.delay_ms is not None:
        assert 100 <= found.delay_ms <= 2_000


@given(st.integers(100, 900))
def test_somebody_who_is_always_as_late_is_found_out(delay: int) -> None:
    found = reaction_time(pressing(*[delay] * 10), CLIP)
    assert (found.delay_ms, found.spread_ms, found.problems) == (delay, 0, ())


def test_a_delay_is_more_of_a_faster_video_and_never_leads_before_the_start() -> None:
    assert corrected(10_000, 400, 1.0) == 9_600
    assert corrected(10_000, 400, 2.0) == 9_200
    assert corrected(10_000, 401, 0.5) == 9_800  # 200.5 rounds to the even 200
    assert corrected(300, 400, 1.0) == 0


def test_the_applications_own_clip_leaves_time_for_every_answer() -> None:
    clip = calibration_clip()
    assert len(clip.counted_ms) == 12
    edges = (*clip.onsets_ms, clip.duration_ms)
    assert min(later - earlier for earlier, later in pairwise(edges)) > 2_000
