"""The order of the three steps, and which revision of a line counts: pure rules."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.erato.relations import FIVE
from webapp.annotation.rules import RuleError
from webapp.relationships.lines import ClipLine, check_lines, newest
from webapp.relationships.steps import (
    BACK_TO,
    DISCARDED,
    DONE,
    LINES,
    PAIR,
    RELATIONSHIP,
    Outcome,
    Standing,
    StepEvent,
    after,
    check_event,
    standing,
)

CHECKED = StepEvent("lines_done")
OURS = StepEvent("pair", (1, 2))
THEIRS = StepEvent("pair", (2, 3))
MILD = StepEvent("relationship", (1, 2), "mild")
TENSE = StepEvent("relationship", (2, 3), "tense", unsure=True, comment="He shouts.")
DISCARD = StepEvent("discard", reason="hidden_faces", words="Only backs.")
UNDISCARD = StepEvent("undiscard")


def back(step: str) -> StepEvent:
    return StepEvent("back", back_to=step)


@pytest.mark.parametrize(
    ("events", "step", "outcome"),
    [
        ([], LINES, None),
        ([CHECKED], PAIR, None),
        ([CHECKED, OURS], RELATIONSHIP, None),
        ([CHECKED, OURS, MILD], DONE, Outcome((1, 2), "mild")),
        ([CHECKED, OURS, back(LINES)], LINES, None),
        ([CHECKED, OURS, MILD, back(PAIR)], PAIR, Outcome((1, 2), "mild")),
        ([CHECKED, OURS, MILD, back(PAIR), THEIRS], RELATIONSHIP, Outcome((1, 2), "mild")),
        (
            [CHECKED, OURS, MILD, back(PAIR), THEIRS, TENSE],
            DONE,
            Outcome((2, 3), "tense", unsure=True, comment="He shouts."),
        ),
        ([DISCARD], DISCARDED, Outcome(discarded="hidden_faces", words="Only backs.")),
        ([CHECKED, DISCARD, UNDISCARD], PAIR, Outcome(discarded="hidden_faces", words="Only backs.")),
        ([CHECKED, OURS, MILD, DISCARD, UNDISCARD], DONE, Outcome((1, 2), "mild")),
        (
            [CHECKED, DISCARD, StepEvent("discard", reason="cut_off"), UNDISCARD],
            PAIR,
            Outcome(discarded="cut_off"),
        ),
    ],
)  # fmt: skip
def test_a_turn_stands_where_its_events_have_brought_it(
    events: list[StepEvent], step: str, outcome: Outcome | None
) -> None:
    now = standing(events)
    assert (now.step, now.outcome) == (step, outcome)
    assert now.is_complete == (step in (DONE, DISCARDED))


def test_the_pair_is_remembered_when_one_goes_back() -> None:
    assert standing([CHECKED, OURS, back(LINES)]).pair == (1, 2)
    assert standing([CHECKED, OURS, MILD, back(RELATIONSHIP)]).relationship == "mild"


@pytest.mark.parametrize(
    ("before", "event", "says"),
    [
        ([], OURS, "after the subtitles"),
        ([], MILD, "after the pair"),
        ([CHECKED], MILD, "after the pair"),
        ([CHECKED], CHECKED, "go back"),
        ([CHECKED, OURS], THEIRS, "go back"),
        ([CHECKED, OURS, MILD], MILD, "go back"),
        ([], back(LINES), "only go back"),
        ([CHECKED], back(RELATIONSHIP), "only go back"),
        ([CHECKED], back(DONE), "only go back"),
        ([], UNDISCARD, "not discarded"),
        ([DISCARD], CHECKED, "take that back"),
        ([CHECKED, DISCARD], back(LINES), "take that back"),
    ],
)
def test_a_step_out_of_order_is_refused(before: list[StepEvent], event: StepEvent, says: str) -> None:
    with pytest.raises(RuleError, match=says) as raised:
        check_event(standing(before), event, (1, 2, 3))
    assert raised.value.code == "wrong_step"


@pytest.mark.parametrize(
    ("before", "event", "field"),
    [
        ([CHECKED], StepEvent("pair"), "pair"),
        ([CHECKED], StepEvent("pair", (1, 4)), "pair"),
        ([CHECKED], StepEvent("pair", (2, 2)), "pair"),
        ([CHECKED, OURS], StepEvent("relationship", (1, 2), "love"), "relationship"),
        ([CHECKED, OURS], replace(MILD, comment="x" * 2001), "comment"),
        ([], StepEvent("discard"), "reason"),
        ([], StepEvent("discard", reason="other"), "words"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(before: list[StepEvent], event: StepEvent, field: str) -> None:
    with pytest.raises(RuleError) as raised:
        check_event(standing(before), event, (1, 2, 3))
    assert list(raised.value.fields) == [field]


events = st.one_of(
    st.just(CHECKED),
    st.sampled_from([OURS, THEIRS, DISCARD, UNDISCARD]),
    st.sampled_from(FIVE).map(lambda word: StepEvent("relationship", (1, 2), word)),
    st.sampled_from(BACK_TO).map(back),
)


@given(st.lists(events, max_size=25))
def test_no_event_takes_away_what_was_said(said: list[StepEvent]) -> None:
    now = Standing()
    for event in said:
        try:
            check_event(now, event, (1, 2, 3))
        except RuleError:
            continue
        then = after(now, event)
        assert now.pair is None or then.pair is not None
        assert not now.relationship or then.relationship
        assert now.outcome is None or then.outcome is not None
        assert then.step != DONE or (then.outcome is not None and then.outcome.relationship)
        assert then.step != DISCARDED or (then.outcome is not None and then.outcome.discarded)
        now = then


def line(name: str, start_ms: int, end_ms: int, text: str = "Hello.", *, removed: bool = False) -> ClipLine:
    return ClipLine(name, start_ms, end_ms, text, removed)


def test_the_newest_revision_of_a_line_counts_and_keeps_what_the_picture_said() -> None:
    found = ClipLine("found:0", 0, 1000, "He11o.", confidence=0.4, source="ocr", box=(1, 2, 3, 4))
    name = str(uuid4())
    said = [
        line("found:0", 0, 900, "Hell."),
        line(name, 900, 1500, "You!"),
        line("found:0", 0, 900, "Hello."),
        line(name, 900, 1500, "You!", removed=True),
    ]
    (now,) = newest([found], said)
    assert (now.text, now.end_ms, now.confidence, now.source, now.box, now.edited) == (
        "Hello.", 900, 0.4, "ocr", (1, 2, 3, 4), True,
    )  # fmt: skip
    assert not newest([found], [line("found:0", 0, 1000, "He11o.")])[0].edited, "it is again as it was found"


names = st.sampled_from(["found:0", "found:1", str(uuid4())])
revisions = st.builds(
    lambda name, start, length, text, removed: line(name, start, start + length, text, removed=removed),
    names, st.integers(0, 50), st.integers(1, 20), st.sampled_from(["a", "b"]), st.booleans(),
)  # fmt: skip


@given(st.lists(revisions, max_size=12))
def test_of_each_line_the_last_word_counts(said: list[ClipLine]) -> None:
    found = [line("found:0", 0, 5), line("found:1", 5, 9)]
    last = {one.name: one for one in [*found, *said]}
    assert sorted(newest(found, said), key=lambda one: one.name) == sorted(
        (one for one in last.values() if not one.removed), key=lambda one: one.name
    )


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (line("found:7", 10, 20), "no line"),
        (line("seven", 10, 20), "no line"),
        (line("found:0", 20, 20), "before it ends"),
        (line("found:0", 0, 10), "outside of the clip"),
        (line("found:0", 50, 60), "outside of the clip"),
        (line("found:0", 40, 101), "ends at 100"),
        (line("found:0", 10, 20, " "), "has words"),
        (line("found:0", 10, 20, "x" * 501), "at most 500"),
    ],
)
def test_a_line_that_cannot_be_is_refused(bad: ClipLine, says: str) -> None:
    with pytest.raises(RuleError) as raised:
        check_lines([line("found:0", 10, 20), bad], (10, 50), ["found:0"], 100)
    assert says in raised.value.fields["lines[1]"][0]


def test_a_line_may_stand_over_the_edge_of_a_clip_and_be_empty_once_it_is_removed() -> None:
    check_lines([line("found:0", 0, 11), line(str(uuid4()), 49, 60, "", removed=True)], (10, 50), ["found:0"], 100)


def test_one_change_names_a_line_once() -> None:
    with pytest.raises(RuleError) as raised:
        check_lines([line("found:0", 10, 20), line("found:0", 20, 30)], (10, 50), ["found:0"], 100)
    assert list(raised.value.fields) == ["lines"]
