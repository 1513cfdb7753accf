"""The MEmoR protocol as plain functions: clips around moments (rule 4), states (rule 5)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.emotions import REASONS
from webapp.annotation.rules import ClipSpan, RuleError, StateAnswer, check_state, clip_around, missing_answers


@dataclass(frozen=True)
class Tile:
    index: int
    start_ms: int
    end_ms: int


def tiles(*edges_ms: int) -> list[Tile]:
    return [Tile(index, start, end) for index, (start, end) in enumerate(itertools.pairwise(edges_ms))]


@pytest.mark.parametrize(
    ("moment_ms", "edges_ms", "first", "last"),
    [
        pytest.param(10_000, (0, 4_000, 8_000, 12_000, 16_000, 20_000), 1, 3, id="window 5 to 15 s crosses three"),
        pytest.param(10_000, (0, 5_000, 15_000, 20_000), 1, 1, id="touching the window is not crossing it"),
        pytest.param(10_000, (0, 5_001, 14_999, 20_000), 0, 2, id="one millisecond inside is crossing it"),
        pytest.param(0, (0, 4_999, 5_000, 9_000), 0, 1, id="at the very start half the window is left"),
        pytest.param(9_000, (0, 4_000, 4_001, 9_000), 1, 2, id="at the very end half the window is left"),
        pytest.param(10_000, (0, 60_000), 0, 0, id="one segment is the whole clip"),
        pytest.param(1_500, (0, 1_000, 2_000, 3_000), 0, 2, id="an episode shorter than the window"),
    ],
)
def test_a_clip_is_all_segments_that_cross_the_window(
    moment_ms: int, edges_ms: tuple[int, ...], first: int, last: int
) -> None:
    assert clip_around(moment_ms, tiles(*edges_ms)) == ClipSpan(first, last, edges_ms[first], edges_ms[last + 1])


@given(
    st.lists(st.integers(1, 9_000), min_size=1, max_size=40),
    st.integers(0, 10**6),
)
def test_a_clip_equals_what_looking_at_every_millisecond_gives(lengths: list[int], at: int) -> None:
    edges = [0, *itertools.accumulate(lengths)]
    moment = at % (edges[-1] + 1)
    segments = tiles(*edges)
    window = range(max(0, moment - 5_000), min(edges[-1], moment + 5_000))  # half open, cut to the episode
    owner = {ms: tile.index for tile in segments for ms in (tile.start_ms, tile.end_ms - 1)}
    crossed = {owner[ms] for ms in window if ms in owner}
    crossed |= {tile.index for tile in segments if tile.start_ms <= window.start and window.stop <= tile.end_ms}
    clip = clip_around(moment, segments)
    assert set(range(clip.first_segment, clip.last_segment + 1)) == crossed
    assert (clip.start_ms, clip.end_ms) == (edges[min(crossed)], edges[max(crossed) + 1])


@pytest.mark.parametrize(
    ("length_ms", "too_long"),
    [(29_999, False), (30_000, True), (30_001, True)],
    ids=["just shorter", "exactly 30 s", "longer"],
)
def test_only_clips_shorter_than_30_s_stay(length_ms: int, too_long: bool) -> None:
    assert ClipSpan(0, 0, 1_000, 1_000 + length_ms).too_long is too_long


@pytest.mark.parametrize("moment_ms", [-1, 20_001, 10**12], ids=["before", "just after", "far after"])
def test_a_moment_outside_of_the_episode_has_no_clip(moment_ms: int) -> None:
    with pytest.raises(RuleError, match="outside of the episode") as refused:
        clip_around(moment_ms, tiles(0, 20_000))
    assert refused.value.code == "outside_episode"


def test_an_episode_without_segments_has_no_clips() -> None:
    with pytest.raises(RuleError):
        clip_around(0, [])


#: Plutchik's wheel as the protocol prints it, written out once more by hand.
ALLOWED_LABELS = {
    *itertools.product(["joy"], ["serenity", "joy", "ecstasy"]),
    *itertools.product(["trust"], ["acceptance", "trust", "admiration"]),
    *itertools.product(["fear"], ["apprehension", "fear", "terror"]),
    *itertools.product(["surprise"], ["distraction", "surprise", "amazement"]),
    *itertools.product(["sadness"], ["pensiveness", "sadness", "grief"]),
    *itertools.product(["disgust"], ["boredom", "disgust", "loathing"]),
    *itertools.product(["anger"], ["annoyance", "anger", "rage"]),
    *itertools.product(["anticipation"], ["interest", "anticipation", "vigilance"]),
}  # fmt: skip
PRIMARIES = sorted({primary for primary, _ in ALLOWED_LABELS})
FINES = sorted({fine for _, fine in ALLOWED_LABELS})
REASON_SETS = [picked for size in range(5) for picked in itertools.combinations(REASONS, size)]


def is_allowed(answer: StateAnswer) -> bool:
    if answer.status == "one":
        return (answer.primary, answer.fine_grained) in ALLOWED_LABELS and len(answer.reasons) >= 1
    return answer.status in {"absent", "no_emotion", "several"} and answer == StateAnswer(answer.status)


def is_accepted(answer: StateAnswer) -> bool:
    try:
        check_state(answer)
    except RuleError:
        return False
    return True


def test_exactly_the_answers_of_the_protocol_are_accepted() -> None:
    accepted = 0
    for status, primary, fine, reasons in itertools.product(
        ["absent", "no_emotion", "several", "one", "", "neutral", "ONE"],
        ["", *PRIMARIES, "neutral", "Joy"],
        ["", *FINES, "neutral"],
        REASON_SETS,
    ):
        answer = StateAnswer(status, primary, fine, reasons)
        assert is_accepted(answer) == is_allowed(answer), answer
        accepted += is_allowed(answer)
    assert accepted == 3 + 24 * 15  # three without emotion; 24 labels with every set of reasons but the empty one


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        pytest.param(StateAnswer("absent", reasons=("text",)), {"reasons"}, id="absent with a reason"),
        pytest.param(StateAnswer("several", "joy", "joy"), {"primary", "fine_grained"}, id="several with a label"),
        pytest.param(StateAnswer("one"), {"primary", "reasons"}, id="one with nothing"),
        pytest.param(StateAnswer("one", "joy", "fear", ("text",)), {"fine_grained"}, id="fine of another primary"),
        pytest.param(StateAnswer("one", "joy", "", ("text",)), {"fine_grained"}, id="no fine-grained label"),
        pytest.param(StateAnswer("one", "joy", "joy", ("text", "smell")), {"reasons"}, id="an unknown reason"),
        pytest.param(StateAnswer("one", "joy", "joy", ("text", "text")), {"reasons"}, id="a reason twice"),
        pytest.param(StateAnswer("maybe"), {"status"}, id="an unknown status"),
    ],
)
def test_a_refusal_names_the_fields_that_are_wrong(answer: StateAnswer, fields: set[str]) -> None:
    with pytest.raises(RuleError) as refused:
        check_state(answer)
    assert set(refused.value.fields) == fields


def test_every_main_character_needs_an_answer() -> None:
    assert missing_answers([(1, "Rachel"), (2, "Joanna")], [2, 3]) == ["Rachel"]
    assert missing_answers([(1, "Rachel")], [1]) == []
