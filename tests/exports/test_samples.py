from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import samples as rules
from exports.emotions import PRIMARY_OF, merged
from exports.errors import ExportError
from exports.samples import build_samples
from exports.snapshot import StateRow
from tests.exports.factory import clip, episode, moment, snapshot, state, states


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(("joy", "joy", "anger"), "joy", id="two of three"),
        pytest.param(("serenity", "serenity", "absent"), "serenity", id="a third who sees nobody does not undo it"),
        pytest.param(("ecstasy", "joy", "serenity"), rules.NO_AGREEMENT, id="same primary is not the same emotion"),
        pytest.param(("no_emotion", "no_emotion", "no_emotion"), "neutral", id="neutral by all"),
        pytest.param(("no_emotion", "no_emotion"), "neutral", id="neutral by two"),
        pytest.param(("no_emotion", "no_emotion", "joy"), rules.NO_AGREEMENT, id="neutral needs all"),
        pytest.param(("no_emotion", "no_emotion", "absent"), rules.NO_AGREEMENT, id="neutral needs the person there"),
        pytest.param(("several", "several", "several"), rules.NO_AGREEMENT, id="several emotions"),
        pytest.param(("absent", "absent", "absent"), rules.ABSENT, id="absent"),
        pytest.param(("joy",), rules.TOO_FEW, id="one answer"),
        pytest.param(("no_emotion",), rules.TOO_FEW, id="one neutral answer"),
        pytest.param(("joy", "joy", "fear", "fear"), rules.CONTESTED, id="two against two"),
        pytest.param(("joy", "joy", "joy", "fear", "fear"), rules.CONTESTED, id="three against two"),
        pytest.param(("joy", "joy", "fear", "anger"), "joy", id="two of four"),
    ],
)
def test_what_a_sample_needs(answers: tuple[str, ...], expected: str) -> None:
    found, tally = build_samples(snapshot(states=tuple(states(1, 1, *answers))))
    if expected in rules.DROP_REASONS:
        assert not found
        assert tally.dropped[expected] == 1
        assert sum(tally.dropped.values()) == 1
    else:
        assert [sample.label for sample in found] == [expected]
        assert tally.kept == 1


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
    without = build_samples(snapshot(moments=(), states=tuple(states(1, 1, "joy", "joy"))))[1]
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


@settings(deadline=None)
@given(st.lists(st.sampled_from([*PRIMARY_OF, "absent", "no_emotion", "several"]), max_size=6))
def test_every_answered_pair_is_kept_or_dropped_for_one_reason(answers: list[str]) -> None:
    project = snapshot(states=tuple(states(1, 1, *answers)))
    found, tally = build_samples(project)
    assert tally.asked == tally.kept + sum(tally.dropped.values()) == (1 if answers else 0)
    for sample in found:
        if sample.label == "neutral":
            assert set(answers) == {"no_emotion"}
            assert len(answers) >= 2
        else:
            assert answers.count(sample.label) >= 2
            assert sample.primary == PRIMARY_OF[sample.label]
            assert sample.fine_grained == merged(sample.label)
