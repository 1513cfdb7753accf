"""Scores against gold answers, the threshold, and the draw of a cross-check: worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.erato.training import Said, Score, differ, draw, has_passed, score

PAIR, OTHER = (1, 2), (1, 3)


def test_answers_are_compared_in_five_and_in_three_categories() -> None:
    answers = [
        (Said(PAIR, "mild"), Said(PAIR, "mild")),  # the same
        (Said(PAIR, "intimate"), Said(PAIR, "mild")),  # positive both, so the same in three only
        (Said(PAIR, "neutral"), Said(PAIR, "mild")),  # different
        (Said(OTHER, "mild"), Said(PAIR, "mild")),  # another pair: different in both
        (Said(), Said(PAIR, "mild")),  # discarded
        (Said(PAIR, "tense"), None),  # nothing to compare with yet
    ]
    assert score(answers) == Score(answered=6, judged=5, same_five=1, same_three=2)
    assert score(answers).percent == 20.0
    assert score([]).percent is None


@pytest.mark.parametrize(
    ("result", "total", "threshold", "passed"),
    [
        (Score(10, 10, 8, 9), 10, 80, True),
        (Score(10, 10, 7, 10), 10, 80, False),
        (Score(9, 9, 9, 9), 10, 80, False),
        (Score(10, 9, 9, 9), 10, 80, False),
        (Score(0, 0, 0, 0), 0, 0, False),
        (Score(3, 3, 2, 2), 3, 67, False),
        (Score(3, 3, 2, 2), 3, 66, True),
        (Score(3, 3, 0, 0), 3, 0, True),
    ],
    ids=[
        "enough",
        "one too few",
        "a clip left",
        "not all judged",
        "no clips",
        "66.7 of 67",
        "66.7 of 66",
        "no threshold",
    ],
)
def test_the_training_is_over_when_all_is_answered_and_enough_is_right(
    result: Score, total: int, threshold: int, passed: bool
) -> None:
    assert has_passed(result, total, threshold) is passed


def test_another_pair_is_another_answer() -> None:
    assert not differ([Said(PAIR, "mild"), Said(PAIR, "mild")])
    assert differ([Said(PAIR, "mild"), Said(OTHER, "mild")])
    assert differ([Said(PAIR, "mild"), Said()])
    assert not differ([])


clips = st.lists(st.integers(1, 10_000), unique=True, min_size=1, max_size=80)
percents = st.integers(1, 100)


@given(clips, percents, st.integers(0, 50))
def test_a_draw_takes_its_share_of_ones_clips(tasks: list[int], percent: int, seed: int) -> None:
    drawn = draw(tasks, percent=percent, seed=seed, week="2026-11-16", annotator=7)
    assert set(drawn) <= set(tasks)
    assert len(drawn) == len(set(drawn)) >= 1
    assert abs(len(drawn) - len(tasks) * percent / 100) <= (0.5 if len(tasks) * percent >= 50 else 1)


@given(clips, percents, st.integers(0, 50), st.randoms())
def test_the_same_seed_gives_the_same_draw_in_any_order(tasks: list[int], percent: int, seed: int, by: object) -> None:
    shuffled = sorted(tasks, key=lambda _: by.random())  # type: ignore[attr-defined]
    one = draw(tasks, percent=percent, seed=seed, week="2026-11-16", annotator=7)
    assert draw(shuffled, percent=percent, seed=seed, week="2026-11-16", annotator=7) == one


def test_another_seed_week_or_annotator_gives_another_draw() -> None:
    tasks = list(range(200))
    base = {"percent": 10, "seed": 1, "week": "2026-11-16", "annotator": 7}
    one = draw(tasks, **base)
    for change in ({"seed": 2}, {"week": "2026-11-23"}, {"annotator": 8}):
        assert draw(tasks, **{**base, **change}) != one
    assert len(one) == 20
