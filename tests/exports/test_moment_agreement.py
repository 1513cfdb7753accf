"""Agreement on moments: matching worked by hand, and what must hold of any two lists of times."""

from __future__ import annotations

from itertools import permutations

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.moment_agreement import MarkedEpisode, MomentPair, matched_moments, moment_agreement
from exports.moment_gamma import episode_gamma, mean_gamma

TIMES = st.lists(st.integers(0, 60), max_size=5)


@pytest.mark.parametrize(
    ("first", "second", "matched"),
    [
        ([1_000], [3_000], [(1_000, 3_000)]),
        ([1_000], [3_001], []),
        ([], [1_000], []),
        ([1_000, 1_500], [1_200], [(1_000, 1_200)]),
        # The nearest pair first (3,000 with 2,900) would leave 4,800 alone: two matches are better than one.
        ([1_000, 3_000], [2_900, 4_800], [(1_000, 2_900), (3_000, 4_800)]),
        # Two ways to match two: 100 + 100 ms beats 1,100 + 900 ms.
        ([1_000, 2_000], [1_100, 2_100], [(1_000, 1_100), (2_000, 2_100)]),
    ],
    ids=["exactly the tolerance", "a millisecond more", "nothing", "one to one", "as many as can be", "nearest"],
)
def test_moments_are_matched(first: list[int], second: list[int], matched: list[tuple[int, int]]) -> None:
    assert matched_moments(first, second, 2_000) == matched


@given(TIMES, TIMES, st.integers(0, 20))
def test_no_other_matching_is_larger_or_of_the_same_size_and_nearer(
    first: list[int], second: list[int], tolerance: int
) -> None:
    found = matched_moments(first, second, tolerance)
    short, long = sorted((first, second), key=len)
    best = max(
        (len(kept), -sum(kept))
        for order in permutations(long, len(short))
        for kept in [[abs(a - b) for a, b in zip(short, order, strict=True) if abs(a - b) <= tolerance]]
    )
    assert (len(found), -sum(abs(a - b) for a, b in found)) == best
    swapped = matched_moments(second, first, tolerance)
    assert (len(swapped), sum(abs(a - b) for a, b in swapped)) == (len(found), sum(abs(a - b) for a, b in found))


EPISODES = [
    MarkedEpisode(1, 60_000, {"ann": [10_000, 30_000, 50_000], "ben": [10_500, 31_000], "cleo": [40_000]}),
    MarkedEpisode(2, 60_000, {"ann": [5_000], "ben": [5_300, 20_000]}),
    MarkedEpisode(3, 60_000, {"ann": [1_000]}),
]


def test_precision_recall_and_f1_are_those_worked_by_hand() -> None:
    found = moment_agreement(EPISODES, 2_000)
    assert (found.episodes, found.annotators) == (2, ("ann", "ben", "cleo"))
    ann_ben, ann_cleo, ben_cleo = found.pairs
    assert ann_ben == MomentPair(("ann", "ben"), 2, 4, 4, 3, 500)  # 500, 1,000 and 300 ms later
    assert (ann_ben.precision, ann_ben.recall, ann_ben.f1) == (0.75, 0.75, 0.75)
    assert (ann_cleo.first_moments, ann_cleo.matched, ann_cleo.f1, ann_cleo.offset_ms) == (3, 0, 0.0, None)
    assert ben_cleo.f1 == 0.0
    assert found.f1 == pytest.approx(0.25)
    assert found.precision == pytest.approx(0.25)


def test_precision_and_recall_differ_where_one_marks_more() -> None:
    episode = MarkedEpisode(1, 60_000, {"ann": [10_000], "ben": [10_000, 30_000, 50_000, 55_000]})
    (pair,) = moment_agreement([episode], 1_000).pairs
    assert (pair.precision, pair.recall, pair.f1) == (0.25, 1.0, 0.4)


def test_who_marks_nothing_is_no_division_by_zero() -> None:
    nothing = moment_agreement([MarkedEpisode(1, 60_000, {"ann": [], "ben": []})], 2_000)
    assert (nothing.pairs[0].precision, nothing.pairs[0].recall, nothing.f1) == (None, None, None)
    assert (nothing.alpha.value, nothing.alpha.reason) == (
        None,
        "all answers are the same, so chance agreement is total",
    )
    one = moment_agreement([MarkedEpisode(1, 60_000, {"ann": [5_000], "ben": []})], 2_000)
    assert (one.pairs[0].precision, one.pairs[0].recall, one.f1) == (None, 0.0, 0.0)


def test_one_annotator_alone_agrees_with_nobody() -> None:
    found = moment_agreement(EPISODES[2:], 2_000)
    assert (found.episodes, found.pairs, found.f1, found.alpha.value) == (0, (), None, None)
    assert found.alpha.reason == "no episode was marked by two annotators"


def test_alpha_is_that_of_steps_written_out() -> None:
    # Tolerance 2 s, steps of 1 s, an episode of 10 s: ann marks the steps from 1 to 5 s, ben those from 2 to 6 s.
    found = moment_agreement([MarkedEpisode(1, 10_000, {"ann": [3_000], "ben": [4_000]})], 2_000)
    ann = [int(1 <= step < 5) for step in range(10)]
    ben = [int(2 <= step < 6) for step in range(10)]
    expected = krippendorff.alpha(reliability_data=[ann, ben], level_of_measurement="nominal")
    # By hand: 2 of 10 steps differ, 8 of 20 values are marks, 12 not: 1 - (20 - 1) x 2 / (8 x 12).
    assert expected == pytest.approx(1 - 38 / 96)
    assert found.alpha.value == pytest.approx(1 - 38 / 96)


def test_moments_that_overlap_and_reach_over_the_ends_mark_a_step_once() -> None:
    # Of 10 steps of 1 s, ann's moments mark those before 3 s and the last two; ben's the same.
    same = {"ann": [0, 1_000, 10_000], "ben": [1_000, 10_000]}
    assert moment_agreement([MarkedEpisode(1, 10_000, same)], 2_000).alpha.value == pytest.approx(1.0)


@pytest.mark.parametrize(("tolerance", "f1"), [(300, 0.0), (500, 0.4), (1_000, 0.8)])
def test_a_wider_tolerance_matches_more(tolerance: int, f1: float) -> None:
    (pair, *_) = moment_agreement(EPISODES[:1], tolerance).pairs
    assert pair.f1 == pytest.approx(f1)


def test_gamma_is_one_for_the_same_moments_less_for_nearby_ones_and_repeatable() -> None:
    times = [5_000, 21_000, 33_000, 48_000, 52_500]
    same = MarkedEpisode(1, 60_000, {"ann": times, "ben": times})
    near = MarkedEpisode(2, 60_000, {"ann": times, "ben": [time + 700 for time in times]})
    assert episode_gamma(same, 2_000).value == pytest.approx(1.0, abs=1e-6)
    found = episode_gamma(near, 2_000).value
    assert found is not None
    assert 0.5 < found < 1.0
    assert episode_gamma(near, 2_000).value == found, "its random annotations are the same every time"
    assert mean_gamma([same, near], 2_000).value == pytest.approx((1.0 + found) / 2, abs=1e-6)


def test_gamma_says_where_it_is_not_defined() -> None:
    assert mean_gamma(EPISODES[2:], 2_000).reason == "no episode was marked by two annotators"
    silent = MarkedEpisode(1, 60_000, {"ann": [5_000], "ben": []})
    assert mean_gamma([silent], 2_000).reason == "an annotator marked nothing"
