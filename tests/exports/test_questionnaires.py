"""Questionnaires: the published keys are there whole, and answers become the 26 numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.personality import QUESTIONNAIRE_COLUMNS
from exports.questionnaires.instruments import Instrument, Scale, Words, all_items, instruments
from exports.questionnaires.scoring import is_finished, profile_of, scale_score, scores_of

BIG5, PF16, MBTI = instruments()
W = Words("", "")
TINY = Scale("x", W, W, W, plus=("a", "b"), minus=("c", "d"))


def scale(column: str) -> Scale:
    return next(s for instrument in instruments() for s in instrument.scales if s.column == column)


def everything(value: int) -> dict[str, int]:
    return dict.fromkeys(all_items(), value)


def test_the_questionnaires_have_as_many_statements_as_published() -> None:
    assert [len(one.scales) for one in (BIG5, PF16, MBTI)] == [5, 16, 5]
    assert {len(s.items) for s in BIG5.scales} == {10}
    assert [len(s.items) for s in PF16.scales] == [10, 13, *[10] * 14]
    assert [len(one.items) for one in (BIG5, PF16, MBTI)] == [50, 163, 30]


def test_what_two_questionnaires_ask_is_asked_once() -> None:
    shared = {i.key for i in BIG5.items} & {i.key for i in PF16.items}
    assert "am_the_life_of_the_party" in shared
    assert len(all_items()) == 50 + 163 + 30 - len(shared) == 219


@pytest.mark.parametrize(
    ("column", "plus", "minus"),
    [
        # ipip.ori.org/newBigFive5broadKey.htm and new16PFKey.htm
        ("big5_extraversion", "Start conversations.", "Have little to say."),
        ("big5_agreeableness", "Have a soft heart.", "Insult people."),
        ("big5_conscientiousness", "Follow a schedule.", "Shirk my duties."),
        ("big5_neuroticism", "Get upset easily.", "Seldom feel blue."),
        ("big5_openness", "Use difficult words.", "Do not have a good imagination."),
        ("16pf_warmth", "Cheer people up.", "Try not to think about the needy."),
        ("16pf_reasoning", "Learn quickly.", "Have a poor vocabulary."),
        ("16pf_privateness", "Bottle up my feelings.", "Show my feelings."),
        ("16pf_tension", "Get angry easily.", "Try to forgive and forget."),
    ],
)
def test_the_keys_are_those_of_the_source(column: str, plus: str, minus: str) -> None:
    texts = {item.text.en: key for key, item in all_items().items()}
    assert texts[plus] in scale(column).plus
    assert texts[minus] in scale(column).minus


def test_everything_is_said_in_both_languages() -> None:
    words = [item.text for item in all_items().values()]
    words += [item.left for item in all_items().values() if item.left]
    words += [word for one in instruments() for s in one.scales for word in (s.name, s.low, s.high)]
    assert all(word.en.isascii() and word.en and any(ord(letter) > 0x4E00 for letter in word.zh) for word in words)
    assert len({word.zh for word in words[:189]}) == len({word.en for word in words[:189]}) == 189


def test_a_score_is_the_mean_with_minus_turned_round() -> None:
    assert scale_score(TINY, {"a": 5, "b": 4, "c": 1, "d": 2}) == pytest.approx((5 + 4 + 5 + 4) / 4)
    assert scale_score(TINY, {"a": 1, "b": 1, "c": 5, "d": 5}) == 1


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ({}, None),
        ({"a": 4}, None),
        ({"a": 4, "c": 4}, 3.0),
        ({"a": 4, "b": 0, "c": 0, "d": 4}, 3.0),
        ({"a": 4, "b": 0, "c": 0, "d": 0}, None),
        ({"a": 0, "b": 0, "c": 0, "d": 0}, None),
        ({"a": 5, "b": 5, "c": 0, "other": 1}, 5.0),
    ],
)
def test_a_score_needs_half_of_the_statements(answers: dict[str, int], score: float | None) -> None:
    assert scale_score(TINY, answers) == score


def test_middle_answers_give_the_middle_everywhere() -> None:
    profile = profile_of({"ann": everything(3)})
    assert profile.numbers() == (3.0,) * 26


def test_a_person_who_fits_every_high_side_has_the_highest_numbers() -> None:
    """Statement by statement of one questionnaire: shared ones may pull two questionnaires apart."""
    for instrument in instruments():
        for one in instrument.scales:
            answers = dict.fromkeys(one.plus, 5) | dict.fromkeys(one.minus, 1)
            assert scores_of(answers)[one.column] == 5


def test_an_unfinished_questionnaire_does_not_count() -> None:
    partly = everything(5)
    del partly[BIG5.items[-1].key]
    assert not is_finished(BIG5, partly)
    profile = profile_of({"ann": partly, "ben": everything(3)})
    assert profile.finished["big5"] == ("ben",)
    assert profile.scores["big5_extraversion"] == 3
    assert profile.finished["mbti"] == ("ann", "ben")
    assert profile.scores["mbti_mind"] == pytest.approx((3 + 3) / 2)


def test_one_missing_number_leaves_a_profile_without_numbers() -> None:
    answers = everything(4) | dict.fromkeys(scale("mbti_mind").items, 0)
    profile = profile_of({"ann": answers})
    assert profile.scores["mbti_mind"] is None
    assert profile.finished["mbti"] == ("ann",)
    assert profile.numbers() is None
    assert profile_of({}).numbers() is None


def test_numbers_stand_in_the_order_of_a_release() -> None:
    answers = everything(3) | dict.fromkeys(scale("16pf_tension").plus, 5)
    numbers = profile_of({"ann": answers}).numbers()
    assert numbers is not None
    found = dict(zip(QUESTIONNAIRE_COLUMNS, numbers, strict=True))
    assert found["16pf_tension"] == pytest.approx((7 * 5 + 3 * 3) / 10)


def test_agreement_is_krippendorffs_interval_alpha_of_the_answers() -> None:
    """The formula written out: 1 - observed / expected disagreement, for two raters without gaps."""
    ann = {item.key: 1 + place % 5 for place, item in enumerate(MBTI.items)}
    ben = {item.key: 1 + (place + place // 10) % 5 for place, item in enumerate(MBTI.items)}
    a, b = (np.array([one[item.key] for item in MBTI.items], float) for one in (ann, ben))
    pooled = np.concatenate([a, b])
    expected = ((pooled[:, None] - pooled[None]) ** 2).sum() / (60 * 59)
    alpha = profile_of({"ann": ann, "ben": ben}).agreement["mbti"].value
    assert alpha == pytest.approx(1 - ((a - b) ** 2).mean() / expected)


def test_what_cannot_be_told_is_missing_not_a_zero() -> None:
    ann = {item.key: 1 + place % 5 for place, item in enumerate(MBTI.items)}
    ben = ann | {MBTI.items[0].key: 0}
    assert profile_of({"ann": ann, "ben": ben}).agreement["mbti"].value == pytest.approx(1)


def test_agreement_that_is_not_defined_is_none() -> None:
    assert profile_of({"ann": everything(3)}).agreement["big5"].value is None
    assert profile_of({"ann": everything(3), "ben": everything(3)}).agreement["big5"].value is None
    assert profile_of({"ann": everything(0), "ben": everything(0)}).agreement["big5"].value is None


@given(st.lists(st.sampled_from(range(6)), min_size=219, max_size=219), st.integers(1, 3))
def test_numbers_lie_on_the_scale_and_more_of_the_same_changes_none(values: list[int], people: int) -> None:
    answers = dict(zip(all_items(), values, strict=True))
    one = profile_of({"p0": answers}).scores
    assert all(score is None or 1 <= score <= 5 for score in one.values())
    more = profile_of({f"p{number}": answers for number in range(people)}).scores
    assert all(one[c] is None if more[c] is None else math.isclose(one[c] or 0, more[c] or 0) for c in one)


def test_neighbouring_statements_are_of_different_scales() -> None:
    def of(instrument: Instrument, key: str) -> set[str]:
        return {s.column for s in instrument.scales if key in s.items}

    keys = [item.key for item in PF16.items[:100]]
    assert all(of(PF16, a).isdisjoint(of(PF16, b)) for a, b in itertools.pairwise(keys))
