"""The worked example: five people with known screen times; everything is computed on paper, here in the comments.

The clip runs from 100 s to 120 s (20 s), in seconds from the start of the episode:

    person  face spans                    inside the clip, united       on screen
    1       98-104, 103-107, 112-116      100-107, 112-116              7 + 4 = 11 s   (the first begins earlier)
    2       105-113                       105-113                       8 s
    3       116-119                       116-119                       3 s
    4       118-125                       118-120                       2 s            (it ends after the clip)
    5       90-99, 121-130                nothing                       0 s            (not in the clip)

People seen: 4. Candidates: 1, 2, 3.

    pair   appearance ratio   both on screen                IoM               mode
    1, 2   8/11               105-107 and 112-113 = 3 s     3/8               partly
    1, 3   3/11               none (116 is a border)        0/3 = 0           apart
    3, 4   2/3                118-119 = 1 s                 1/2               partly
    2, 6   (6: 106-108) 2/8   106-108 = 2 s                 2/2 = 1           together

Lines: 101-104, 103-105 (overlapping), 119-123 (leaves the clip): united 101-105 and 119-120 = 5 s; 5/20 = 0.25.
"""

from __future__ import annotations

import pytest

from exports.erato.clips import ClipRules, Line, candidates, decide, screen_times, why_dropped
from exports.erato.measures import measure
from tests.exports.erato.factory import answer, clip, person

S = 1000
PEOPLE = (
    person(1, (98 * S, 104 * S), (112 * S, 116 * S), (103 * S, 107 * S)),
    person(2, (105 * S, 113 * S)),
    person(3, (116 * S, 119 * S)),
    person(4, (118 * S, 125 * S)),
    person(5, (90 * S, 99 * S), (121 * S, 130 * S)),
)
LINES = (Line(101 * S, 104 * S, "a"), Line(103 * S, 105 * S, "b"), Line(119 * S, 123 * S, "c"))
EXAMPLE = clip(people=PEOPLE, lines=LINES)


def test_screen_times_and_candidates() -> None:
    assert screen_times(EXAMPLE) == {1: 11 * S, 2: 8 * S, 3: 3 * S, 4: 2 * S}
    assert list(screen_times(EXAMPLE)) == [1, 2, 3, 4]
    assert candidates(EXAMPLE, ClipRules()) == (1, 2, 3)


@pytest.mark.parametrize(
    ("pair", "ratio", "iom", "mode"),
    [((1, 2), 8 / 11, 3 / 8, "partly"), ((1, 3), 3 / 11, 0, "apart"), ((3, 4), 2 / 3, 1 / 2, "partly")],
)
def test_appearance_ratio_and_interaction(pair: tuple[int, int], ratio: float, iom: float, mode: str) -> None:
    numbers = measure(EXAMPLE, pair)
    assert (numbers.appearance_ratio, numbers.iom, numbers.interaction) == (ratio, iom, mode)


def test_somebody_who_is_seen_only_with_the_other_is_together() -> None:
    numbers = measure(clip(people=(*PEOPLE, person(6, (106 * S, 108 * S)))), (2, 6))
    assert (numbers.appearance_ratio, numbers.iom, numbers.interaction) == (2 / 8, 1, "together")


def test_somebody_who_is_never_seen_makes_no_number() -> None:
    numbers = measure(EXAMPLE, (1, 5))
    assert (numbers.appearance_ratio, numbers.iom, numbers.interaction) == (None, None, "unknown")


def test_the_other_numbers() -> None:
    numbers = measure(EXAMPLE, (1, 2))
    assert (numbers.subtitle_ratio, numbers.duration_ms, numbers.shots, numbers.people) == (0.25, 20 * S, 4, 4)


def people(count: int) -> tuple:
    return tuple(person(number, (100 * S, 101 * S)) for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"people": people(1)}, "too_few_people"),
        ({"people": people(2)}, ""),
        ({"people": people(6)}, ""),
        ({"people": people(7)}, "too_many_people"),
        ({"people": people(7), "restored": True}, ""),
        ({"end_ms": 104_999}, "too_short"),
        ({"end_ms": 105_000, "people": people(2)}, ""),
        ({"end_ms": 135_000}, ""),
        ({"end_ms": 135_001}, "too_long"),
        ({"end_ms": 104_999, "people": people(1), "discarded": "black picture"}, "discarded"),
        ({"restored": True, "discarded": "black picture"}, "discarded"),
    ],
)
def test_drops(values: dict, reason: str) -> None:
    assert why_dropped(clip(**values), ClipRules()) == reason


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ([], (None, "", "no_answer")),
        ([((1, 2), "mild")], ((1, 2), "mild", "")),
        ([((1, 2), "mild"), ((1, 2), "mild")], ((1, 2), "mild", "")),
        ([((1, 2), "mild"), ((1, 2), "tense")], (None, "", "no_majority_for_a_relationship")),
        ([((1, 2), "mild"), ((1, 3), "mild")], (None, "", "no_majority_for_a_pair")),
        ([((1, 2), "mild"), ((1, 2), "mild"), ((1, 3), "tense")], ((1, 2), "mild", "")),
        ([((1, 2), "mild"), ((1, 2), "tense"), ((1, 2), "hostile")], (None, "", "no_majority_for_a_relationship")),
        ([((1, 2), "mild"), ((1, 2), "tense"), ((1, 3), "tense")], (None, "", "no_majority_for_a_relationship")),
    ],
)
def test_majority(said: list, result: tuple) -> None:
    answers = tuple(answer(f"a{number}", word, pair) for number, (pair, word) in enumerate(said))
    decision = decide(clip(people=PEOPLE, answers=answers))
    assert (decision.pair, decision.relationship, decision.reason) == result


def test_a_consensus_stands_above_the_answers() -> None:
    answers = (answer("anna", "mild"), answer("ben", "tense"))
    decision = decide(clip(answers=answers, consensus=((1, 2), "neutral")))
    assert (decision.pair, decision.relationship, decision.reason) == ((1, 2), "neutral", "")
