from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import samples as rules
from exports.emotions import PRIMARY_OF, merged
from exports.errors import ExportError
from exports.samples import build_samples
from exports.snapshot import ProjectSnapshot, StateRow
from tests.exports.factory import character, clip, episode, moment, snapshot, state, states


def alone(**changes: object) -> ProjectSnapshot:
    """The plain snapshot with a single main character."""
    return snapshot(characters=(character(1, "Ann"),), **changes)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param("joy joy anger", "joy", id="k=3: two of three"),
        pytest.param("joy joy joy", "joy", id="k=3: all"),
        pytest.param("serenity serenity absent", "serenity", id="k=3: a third who sees nobody does not undo it"),
        pytest.param("serenity serenity no_emotion", "serenity", id="k=3: nor one who sees no emotion"),
        pytest.param("serenity several serenity", "serenity", id="k=3: nor one who sees several"),
        pytest.param("ecstasy joy serenity", rules.NO_AGREEMENT, id="k=3: same primary is not the same emotion"),
        pytest.param("joy anger absent", rules.NO_AGREEMENT, id="k=3: one against one"),
        pytest.param("joy no_emotion no_emotion", rules.NO_AGREEMENT, id="k=3: one emotion, named once"),
        pytest.param("no_emotion no_emotion no_emotion", "neutral", id="k=3: neutral by all"),
        pytest.param("no_emotion no_emotion absent", rules.NOT_ALL_NEUTRAL, id="k=3: neutral needs the person there"),
        pytest.param("no_emotion no_emotion several", rules.NOT_ALL_NEUTRAL, id="k=3: neutral needs all"),
        pytest.param("several several several", rules.NOT_ALL_NEUTRAL, id="k=3: several emotions"),
        pytest.param("absent absent absent", rules.ABSENT, id="k=3: absent"),
        pytest.param("joy joy", "joy", id="k=2: both"),
        pytest.param("joy fear", rules.NO_AGREEMENT, id="k=2: one against one"),
        pytest.param("joy several", rules.NO_AGREEMENT, id="k=2: one alone"),
        pytest.param("no_emotion no_emotion", "neutral", id="k=2: neutral by both"),
        pytest.param("absent no_emotion", rules.NOT_ALL_NEUTRAL, id="k=2: absent and neutral"),
        pytest.param("joy", rules.TOO_FEW, id="k=1: one answer is never a sample"),
        pytest.param("no_emotion", rules.TOO_FEW, id="k=1: nor one neutral answer"),
        pytest.param("joy joy fear fear", rules.TIED, id="k=4: two against two"),
        pytest.param("joy joy fear anger", rules.NO_MAJORITY, id="k=4: two of four are not more than half"),
        pytest.param("joy joy fear absent", "joy", id="k=4: two of three who name one"),
        pytest.param("joy joy joy fear fear", "joy", id="k=5: three against two"),
        pytest.param("joy joy fear fear anger", rules.TIED, id="k=5: two, two and one"),
        pytest.param("joy joy fear anger grief", rules.NO_MAJORITY, id="k=5: two of five, though no other has two"),
        pytest.param("joy joy fear fear several", rules.TIED, id="k=5: two against two of four who name one"),
        pytest.param("joy joy fear several absent", "joy", id="k=5: two of three who name one"),
        pytest.param("joy joy several absent no_emotion", "joy", id="k=5: two of two who name one"),
        pytest.param("joy several several absent several", rules.NO_AGREEMENT, id="k=5: one of one is no majority"),
        pytest.param(" ".join(["no_emotion"] * 5), "neutral", id="k=5: neutral by all five"),
        pytest.param("no_emotion no_emotion no_emotion no_emotion joy", rules.NO_AGREEMENT, id="k=5: four are not all"),
    ],
)
def test_what_a_sample_needs(answers: str, expected: str) -> None:
    found, tally = build_samples(alone(states=tuple(states(1, 1, *answers.split()))))
    if expected in rules.DROP_REASONS:
        assert not found
        assert {reason: count for reason, count in tally.dropped.items() if count} == {expected: 1}
    else:
        assert [sample.label for sample in found] == [expected]
        assert (tally.kept, sum(tally.dropped.values())) == (1, 0)


def test_with_three_annotators_the_rule_is_the_published_one() -> None:
    """At least two chose the same fine-grained emotion, or all say no emotion: whatever the other one says."""
    words = ["joy", "serenity", "grief", "no_emotion", "several", "absent"]
    for answers in product(words, repeat=3):
        decision = rules.decide(states(1, 1, *answers))
        twice = [label for label in ("joy", "serenity", "grief") if answers.count(label) >= 2]
        published = twice[0] if twice else "neutral" if set(answers) == {"no_emotion"} else ""
        assert decision.label == published, answers


def test_who_was_not_answered_for_has_a_verdict_too() -> None:
    found, tally = build_samples(snapshot(states=tuple(states(1, 1, "joy", "joy"))))
    assert [sample.character_id for sample in found] == [1]
    assert (tally.pairs, tally.dropped[rules.UNANSWERED]) == (2, 1)  # Ann and Ben; the guest is not asked about


def test_a_kept_pair_with_fewer_answers_than_k_is_counted_as_unfinished() -> None:
    answers = states(1, 1, "joy", "joy") + states(1, 2, "joy", "joy", "absent")
    tally = build_samples(snapshot(states=tuple(answers)))[1]
    assert (tally.kept, tally.kept_unfinished) == (2, 1)


def test_a_verdict_holds_the_answers_it_stands_on() -> None:
    answers = tuple(states(1, 1, "joy", "joy", "grief"))
    (verdict,) = rules.judge(alone(states=answers))
    assert verdict.states == answers
    assert verdict.decision == rules.Decision(label="joy", votes=2, named=3)
    assert verdict.times_ms == (5000,)


def test_both_sets_follow_from_the_label_of_the_24() -> None:
    found, _ = build_samples(
        snapshot(states=tuple(states(1, 1, "ecstasy", "ecstasy") + states(1, 2, "boredom", "boredom")))
    )
    assert [(s.label, s.primary, s.fine_grained) for s in found] == [
        ("ecstasy", "joy", "joy"),
        ("boredom", "disgust", "boredom"),
    ]


def test_the_projects_own_mapping_decides_what_is_kept() -> None:
    project = snapshot(fine_grained_kept=("ecstasy",), states=tuple(states(1, 1, "ecstasy", "ecstasy")))
    assert build_samples(project)[0][0].fine_grained == "ecstasy"


def test_a_clip_gives_one_sample_per_moment_and_person() -> None:
    one = episode(1)
    only = clip(1, one, 0, 2)
    project = snapshot(
        episodes=(one,),
        clips=(only,),
        moments=(moment("m1", only, 5000), moment("m2", only, 4500), moment("m3", only, 5000, "a1")),
        states=tuple(states(1, 2, "joy", "joy") + states(1, 1, "fear", "fear")),
    )
    found, tally = build_samples(project)
    assert [(s.time_ms, s.character_id) for s in found] == [(4500, 1), (4500, 2), (5000, 1), (5000, 2)]
    assert tally.merged_moments == 1  # two annotators, one millisecond


def test_too_long_clips_are_left_out_and_counted() -> None:
    one = episode(1)
    long, short = clip(1, one, 0, 9, too_long=True), clip(2, one, 0, 2)
    project = snapshot(
        clips=(long, short),
        moments=(moment("m1", long), moment("m2", short)),
        states=tuple(states(1, 1, "joy", "joy") + states(1, 2, "joy", "joy") + states(2, 1, "joy", "joy")),
    )
    found, tally = build_samples(project)
    assert [sample.clip_id for sample in found] == [2]
    assert (tally.clips_too_long, tally.dropped[rules.TOO_LONG]) == (1, 2)


def test_a_clip_without_moments_and_a_guest_give_no_samples() -> None:
    without = build_samples(alone(moments=(), states=tuple(states(1, 1, "joy", "joy"))))[1]
    guest = build_samples(snapshot(states=tuple(states(1, 3, "joy", "joy"))))[1]
    assert without.dropped[rules.NO_MOMENT] == guest.dropped[rules.NOT_MAIN] == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (StateRow(1, 1, "ann", "one", "joy", "grief", ()), "no pair of the wheel"),
        (StateRow(1, 1, "ann", "perhaps", "", "", ()), "unknown status"),
        (StateRow(9, 1, "ann", "absent", "", "", ()), "does not hold"),
    ],
)
def test_answers_against_the_protocol_are_refused(row: StateRow, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        build_samples(snapshot(states=(row,)))


def test_a_second_state_of_the_same_annotator_is_refused() -> None:
    with pytest.raises(ExportError, match="twice"):
        build_samples(snapshot(states=(state(1, 1, "ann", "joy"), state(1, 1, "ann", "joy"))))


@given(st.lists(st.sampled_from([*PRIMARY_OF, "absent", "no_emotion", "several"]), max_size=6))
def test_every_pair_is_kept_or_dropped_for_one_reason(answers: list[str]) -> None:
    found, tally = build_samples(alone(states=tuple(states(1, 1, *answers))))
    assert tally.pairs == tally.kept + sum(tally.dropped.values()) == 1
    for sample in found:
        if sample.label == "neutral":
            assert set(answers) == {"no_emotion"}
            assert len(answers) >= 2
        else:
            named = [answer for answer in answers if answer in PRIMARY_OF]
            assert answers.count(sample.label) >= 2
            assert 2 * named.count(sample.label) > len(named)
            assert sample.primary == PRIMARY_OF[sample.label]
            assert sample.fine_grained == merged(sample.label)
