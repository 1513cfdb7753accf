"""The weekly cross-check, with percentages computed by hand."""

from __future__ import annotations

import time
from datetime import date, timedelta

from exports.erato.weekly import agreement_of, weekly_agreement
from tests.exports.erato.factory import MONDAY, answer


def test_a_week_by_hand() -> None:
    """Four clips, three of them answered twice, one three times.

    clip 1: anna hostile, ben hostile                 same five, same three
    clip 2: anna hostile, ben tense                   differs in five, same three
    clip 3: anna mild, cleo neutral                   differs in both
    clip 4: anna mild, ben mild, cleo intimate        anna-ben same; anna-cleo, ben-cleo the same of three only
    """
    clips = [
        (answer("anna", "hostile"), answer("ben", "hostile")),
        (answer("anna", "hostile"), answer("ben", "tense")),
        (answer("anna", "mild"), answer("cleo", "neutral")),
        (answer("anna", "mild"), answer("ben", "mild"), answer("cleo", "intimate")),
        (answer("anna", "mild"),),
    ]
    found = agreement_of(clips)
    assert found.clips == 4
    assert (found.five.same, found.five.pairs) == (2, 6)
    assert (found.three.same, found.three.pairs) == (5, 6)
    three, five = found.by_annotator["anna"]  # clips 1, 2, 3, 4 (twice)
    assert (three.same, three.pairs, five.same, five.pairs) == (4, 5, 2, 5)
    three, five = found.by_annotator["cleo"]  # clip 3, clip 4 (twice)
    assert (three.same, three.pairs, five.same, five.pairs) == (2, 3, 0, 3)
    # Answers "hostile", one for each pair they are in: 2 in clip 1, 1 in clip 2; the two of clip 1 meet the same.
    assert (found.by_category["hostile"].same, found.by_category["hostile"].pairs) == (2, 3)
    # "mild": 1 in clip 3; in clip 4 two with each other and two with cleo.
    assert (found.by_category["mild"].same, found.by_category["mild"].pairs) == (2, 5)
    # negative: all 4 answers of clips 1 and 2.
    assert (found.by_category["negative"].same, found.by_category["negative"].pairs) == (4, 4)
    assert found.five.value == 100 * 2 / 6


def test_a_clip_belongs_to_the_week_of_its_first_answer() -> None:
    sunday, next_monday = MONDAY + timedelta(days=6), MONDAY + timedelta(days=7)
    weeks = weekly_agreement(
        [
            (answer("ben", "mild", day=next_monday), answer("anna", "mild", day=sunday)),
            (answer("anna", "mild", day=next_monday), answer("ben", "tense", day=next_monday)),
            (answer("anna", "mild", day=MONDAY - timedelta(days=30)),),
        ]
    )
    assert [(week.monday, week.agreement.five.value) for week in weeks] == [(MONDAY, 100), (next_monday, 0)]


def test_weeks_go_on_over_the_new_year() -> None:
    pair = (answer("anna", "mild", day=date(2026, 1, 1)), answer("ben", "mild", day=date(2026, 1, 2)))
    assert [week.monday for week in weekly_agreement([pair])] == [date(2025, 12, 29)]


def test_nothing_shared_is_no_percentage() -> None:
    assert weekly_agreement([(answer("anna", "mild"),)]) == []
    assert agreement_of([]).five.value is None


def test_all_of_the_published_dataset_takes_no_time() -> None:
    words = ("hostile", "tense", "neutral", "mild", "intimate")
    clips = []
    for n in range(31_182):
        day = MONDAY + timedelta(days=n % 300)
        own = [answer(f"a{(n + k) % 30}", words[(n * 7 + k * (n % 3)) % 5], day=day) for k in range(1 if n % 5 else 3)]
        clips.append(tuple(own))
    began = time.process_time()
    weeks = weekly_agreement(clips)
    assert time.process_time() - began < 2
    assert sum(week.agreement.clips for week in weeks) == 6237
