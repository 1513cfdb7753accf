from __future__ import annotations

import json
import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.agreement import NO_PAIRS, ONE_VALUE, agreement
from exports.agreement_tables import render_csv, render_text
from exports.emotions import PRIMARY_OF
from exports.errors import ExportError
from tests.exports.factory import state, states

# Fleiss (1971), table 1, as reprinted in textbooks: 10 subjects, 14 raters, 5 categories, kappa 0.210.
FLEISS = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip
# Krippendorff (2011), computing alpha, example C: 4 observers, 12 units, missing answers, nominal alpha 0.743.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
FIVE = ("joy", "trust", "fear", "surprise", "sadness")


def test_fleiss_kappa_of_the_published_table() -> None:
    rows = []
    for clip, counts in enumerate(FLEISS):
        labels = [label for label, count in zip(FIVE, counts, strict=True) for _ in range(count)]
        rows += states(clip, 1, *labels)
    level = agreement(rows).level("fine_grained")
    assert level.fleiss.value == pytest.approx(0.210, abs=5e-4)
    assert (level.fleiss_answers, level.fleiss_units) == (14, 10)


def test_krippendorffs_alpha_of_the_published_table_with_missing_answers() -> None:
    rows = [
        state(clip, 1, f"observer{observer}", FIVE[value - 1])
        for observer, row in enumerate(KRIPPENDORFF)
        for clip, value in enumerate(row)
        if value is not None
    ]
    level = agreement(rows).level("primary")
    assert level.alpha.value == pytest.approx(0.743, abs=5e-4)
    assert level.units == 11  # the last unit has a single answer


def test_cohens_kappa_worked_by_hand() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5, kappa 0.4.
    cells = [("several", "several")] * 20 + [("several", "absent")] * 5
    cells += [("absent", "several")] * 10 + [("absent", "absent")] * 15
    report = agreement(row for clip, pair in enumerate(cells) for row in states(clip, 1, *pair))
    presence = report.level("presence")
    assert presence.cohen.value == pytest.approx(0.4)
    assert presence.pairs[0].kappa.value == pytest.approx(0.4)
    assert presence.percent == pytest.approx(70.0)


def test_percent_agreement_counts_pairs_of_answers() -> None:
    # Three answers, two alike: 1 of 3 pairs. Two answers, alike: 1 of 1. Together 2 of 4; one of two units unanimous.
    rows = states(1, 1, "joy", "joy", "anger") + states(2, 1, "joy", "joy")
    level = agreement(rows).level("fine_grained")
    assert level.percent == pytest.approx(50.0)
    assert level.unanimous_percent == pytest.approx(50.0)


def test_total_agreement_leaves_coefficients_undefined_with_a_reason() -> None:
    level = agreement(states(1, 1, "joy", "joy", "joy") + states(2, 1, "joy", "joy", "joy")).level("primary")
    assert level.percent == 100.0
    for coefficient in (level.alpha, level.fleiss, level.cohen):
        assert coefficient.value is None
        assert coefficient.reason == ONE_VALUE


def test_one_rater_leaves_everything_undefined() -> None:
    report = agreement([state(1, 1, "ann", "joy"), state(2, 1, "ann", "anger")])
    assert report.units_with_two_answers == 0
    for level in report.levels:
        assert level.percent is None
        assert level.alpha.reason == level.fleiss.reason == level.cohen.reason == NO_PAIRS


def test_no_answers_at_all() -> None:
    report = agreement([])
    assert report.answers == 0
    assert "No answers yet" in render_text(report)
    assert render_csv(report).count("\n") == 1 + len(report.levels)


def test_fewer_raters_than_categories() -> None:
    level = agreement(states(1, 1, "joy", "anger") + states(2, 1, "fear", "fear")).level("fine_grained")
    assert len(level.values) == 3
    assert level.percent == 50.0
    # Chance by Fleiss: shares 1/4, 1/4, 2/4 -> 0.375; (0.5 - 0.375) / (1 - 0.375) = 0.2.
    assert level.fleiss.value == pytest.approx(0.2)


def test_fleiss_takes_the_most_common_number_of_answers_only() -> None:
    rows = states(1, 1, "joy", "anger", "joy") + states(2, 1, "fear", "fear", "fear") + states(3, 1, "joy", "anger")
    level = agreement(rows).level("fine_grained")
    assert (level.fleiss_answers, level.fleiss_units, level.units) == (3, 2, 3)


def test_merging_raises_agreement_on_intensities_only() -> None:
    report = agreement(states(1, 1, "ecstasy", "joy") + states(2, 1, "serenity", "joy") + states(3, 1, "rage", "fear"))
    percents = {name: report.level(name).percent for name in ("fine_grained", "fine_grained_kept", "primary")}
    assert percents == {
        "fine_grained": pytest.approx(0.0),
        "fine_grained_kept": pytest.approx(100 / 3),  # ecstasy is joy, serenity is kept
        "primary": pytest.approx(200 / 3),
    }


def test_neutral_is_a_class_of_the_released_sets_only() -> None:
    report = agreement(states(1, 1, "no_emotion", "no_emotion", "joy"))
    assert report.level("primary").units == 0
    assert report.level("primary_set").values == {"neutral": 2, "joy": 1}


def test_reasons_are_compared_one_by_one() -> None:
    rows = [state(1, 1, "ann", "joy", ("text", "visual")), state(1, 1, "ben", "joy", ("text", "audio"))]
    report = agreement(rows)
    percents = [report.level(f"reason_{reason}").percent for reason in ("text", "audio", "visual", "context")]
    assert percents == [100.0, 0.0, 0.0, 100.0]


def test_two_rows_of_one_annotator_are_refused() -> None:
    with pytest.raises(ExportError, match="ann has two states"):
        agreement([state(1, 1, "ann", "joy"), state(1, 1, "ann", "anger")])


def test_csv_has_a_row_per_level_and_pair_and_no_formula() -> None:
    rows = [state(1, 1, "=ann", "joy"), state(1, 1, "ben", "joy"), state(1, 1, "cleo", "fear")]
    report = agreement(rows)
    text = render_csv(report)
    assert text.splitlines()[0].startswith("level,annotator_a,annotator_b,units")
    assert "presence,'=ann,ben,1" in text
    assert text.count("\nprimary,") == 1 + 3


LABELS = st.sampled_from([*PRIMARY_OF, "absent", "no_emotion", "several"])


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 2), st.sampled_from(["a", "b", "c", "d"])), LABELS, max_size=25
    )
)
def test_no_answers_ever_give_a_number_that_is_none(answers: dict[tuple[int, int, str], str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = agreement(state(*key, label) for key, label in answers.items())
    for level in report.levels:
        assert (level.percent is None) == (level.units == 0)
        for coefficient in (level.alpha, level.fleiss, level.cohen, *(pair.kappa for pair in level.pairs)):
            assert (coefficient.value is None) == bool(coefficient.reason)
            assert coefficient.value is None or math.isfinite(coefficient.value)
    json.dumps(report.as_dict(), allow_nan=False)
    assert render_text(report)
