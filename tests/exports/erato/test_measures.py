"""What always holds for the numbers of a clip, its people and the split."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.erato.clips import ClipRules, EratoClip, Line, candidates, check_clip, merged, why_dropped
from exports.erato.measures import appearance_ratio, intersection_over_minimum, measure
from exports.erato.splits import split_samples
from exports.erato.statistics import SampleNumbers, erato_statistics, histogram, interaction_examples
from exports.errors import ExportError
from exports.splits import Split
from tests.exports.erato.factory import answer, clip, person

WITHIN = (0, 40)
SPANS = st.lists(st.tuples(st.integers(-5, 45), st.integers(1, 15)).map(lambda at: (at[0], at[0] + at[1])), max_size=6)


def instants(spans: list[tuple[int, int]]) -> set[int]:
    return {t for start, end in spans for t in range(start, end) if WITHIN[0] <= t < WITHIN[1]}


@given(SPANS)
def test_a_union_holds_every_instant_once_and_in_order(spans: list[tuple[int, int]]) -> None:
    found = merged(spans, WITHIN)
    assert instants(found) == instants(spans)
    assert all(a[1] < b[0] for a, b in pairwise(found))


@given(SPANS, SPANS)
def test_ratios_are_what_instants_say_symmetric_and_between_0_and_1(one: list, other: list) -> None:
    a, b = instants(one), instants(other)
    here, there = merged(one, WITHIN), merged(other, WITHIN)
    ratio, iom = appearance_ratio(here, there), intersection_over_minimum(here, there)
    assert (ratio, iom) == (appearance_ratio(there, here), intersection_over_minimum(there, here))
    if not a or not b:
        assert (ratio, iom) == (None, None)
        return
    assert ratio == min(len(a), len(b)) / max(len(a), len(b))
    assert iom == len(a & b) / min(len(a), len(b))
    assert 0 < ratio <= 1
    assert 0 <= iom <= 1


@given(st.lists(SPANS, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_people_spans_and_lines_changes_nothing(spans: list, shuffler: random.Random) -> None:
    people = [person(number, *own) for number, own in enumerate(spans)]
    lines = [Line(start, end, "x") for own in spans for start, end in own]
    plain = clip(start_ms=0, end_ms=40, people=tuple(people), lines=tuple(lines))
    shuffler.shuffle(people)
    shuffler.shuffle(lines)
    turned = tuple(person(one.identity, *reversed(one.spans)) for one in people)
    other = clip(start_ms=0, end_ms=40, people=turned, lines=tuple(lines))
    rules = ClipRules(shortest_ms=1)
    assert measure(plain, (0, 1)) == measure(other, (0, 1)) == measure(other, (1, 0))
    assert candidates(plain, rules) == candidates(other, rules)
    assert why_dropped(plain, rules) == why_dropped(other, rules)
    assert 0 <= measure(plain, (0, 1)).subtitle_ratio <= 1


def test_people_seen_equally_long_stand_by_their_number() -> None:
    people = tuple(person(number, (100_000, 105_000)) for number in (4, 2, 9, 7))
    assert candidates(clip(people=people), ClipRules()) == (2, 4, 7)


def samples(kinds: list[tuple[str, int]]) -> list[SampleNumbers]:
    numbers = measure(clip(), (1, 2))
    return [
        SampleNumbers(f"c{place}", "S", ("S", f"e{episode}"), word, 1, 1, numbers)
        for place, (word, episode) in enumerate(kinds)
    ]


KINDS = st.lists(st.tuples(st.sampled_from(["hostile", "mild", "neutral"]), st.integers(0, 12)), min_size=5)


@settings(max_examples=40)
@given(KINDS, st.integers(0, 10**6), st.sampled_from(["clip", "episode"]))
def test_a_split_covers_every_clip_once(kinds: list[tuple[str, int]], seed: int, group_by: str) -> None:
    if group_by == "episode" and len({episode for _, episode in kinds}) < 2:
        return
    split = split_samples(samples(kinds), group_by, seed)
    assert sorted(split.train + split.test) == list(range(len(kinds)))
    assert split == split_samples(samples(kinds), group_by, seed)
    if group_by == "episode":
        assert not {kinds[n][1] for n in split.train} & {kinds[n][1] for n in split.test}


def test_a_fifth_of_each_category_is_the_test_set() -> None:
    kinds = [("hostile", 0)] * 50 + [("mild", 0)] * 25 + [("neutral", 0)] * 200
    test = [kinds[n][0] for n in split_samples(samples(kinds), "clip", 1).test]
    assert [test.count(word) for word in ("hostile", "mild", "neutral")] == [10, 5, 40]


def test_an_unknown_grouping_is_told() -> None:
    with pytest.raises(ExportError, match="'scene' is not known"):
        split_samples(samples([("mild", 1)] * 4), "scene", 1)


def test_statistics_list_every_category_and_count_drops() -> None:
    found = erato_statistics(
        samples([("mild", 1), ("mild", 2), ("tense", 2)]), Split((0, 2), (1,)), Counter(too_long=2)
    )
    assert found["five"]["mild"] == {"train": 1, "test": 1, "all": 2}
    assert found["five"]["intimate"] == {"train": 0, "test": 0, "all": 0}
    assert found["three"]["negative"]["all"] == 1
    assert (found["episodes"], found["total_ms"], found["dropped"]) == (2, 60_000, {"too_long": 2})
    # The plain clip: 10 s and 5 s on screen, never together; one line of 2 s in 20 s.
    assert found["interaction"]["apart"]["all"] == 3
    assert found["appearance_ratio"]["mean"] == 0.5
    assert found["subtitle_ratio"]["counts"] == [0, 3, 0, 0, 0, 0, 0, 0, 0, 0]


def test_an_interaction_mode_is_shown_by_a_clip_of_middle_length_that_most_agreed_on() -> None:
    def sample(name: str, seconds: int, votes: int, iom: float) -> SampleNumbers:
        numbers = replace(samples([("mild", 1)])[0].measures, duration_ms=1_000 * seconds, iom=iom)
        return SampleNumbers(name, "S", ("S", "E"), "mild", votes, 3, numbers)

    made = [
        sample("glimpse", 5, 3, 0), sample("middle", 12, 3, 0), sample("long", 30, 3, 0), sample("doubtful", 11, 2, 0),
        sample("both", 9, 1, 1),
    ]  # fmt: skip
    assert interaction_examples(made) == {"apart": "middle", "together": "both"}


def test_a_histogram_counts_borders_upwards_and_what_lies_beyond_at_the_end() -> None:
    found = histogram([0, 1, 1.5, 2, 9, None], (0, 1, 2, 3))
    assert (found["counts"], found["known"], found["median"]) == ([1, 2, 2], 5, 1.5)
    assert histogram([None], (0, 1))["mean"] is None


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (clip(name="a b"), "ASCII letters"),
        (clip(end_ms=100_000), "ends before it starts"),
        (clip(people=(person(1), person(1))), "twice"),
        (clip(answers=(answer("anna", "mild", (2, 1)),)), "no pair of its people"),
        (clip(answers=(answer("anna", "mild", (1, 9)),)), "no pair of its people"),
        (clip(answers=(answer("anna", "fond"),)), "'fond' is no relationship"),
        (clip(consensus=((1, 2), "fond")), "'fond' is no relationship"),
        (clip(answers=(answer("anna", "mild"), answer("anna", "tense"))), "answered twice"),
    ],
)
def test_rows_that_do_not_fit_together_are_refused(broken: EratoClip, words: str) -> None:
    with pytest.raises(ExportError, match=words):
        check_clip(broken)
    check_clip(clip())
