"""From answers to samples: which (clip, person, moment, emotion) a MEmoR release keeps, and why it drops the rest.

The rule (MEmoR protocol, samples), for one character in one clip. Of the annotators who say *one* emotion, more than
half, and at least two, must have chosen the same one of the 24 fine-grained labels, before any merging: that label is
the sample's. Where nobody says one emotion, and all annotators, at least two, say *no* emotion, the label is neutral.
With three annotators this is the published rule, "at least two the same". How many votes a label needs:

    say one emotion    1    2    3    4    5
    votes needed       -    2    2    3    3

A tie is no sample. The primary and the kept fine-grained label follow from the one of the 24, so both emotion sets
hold the same samples. A clip gives one sample per moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from exports.emotions import NEUTRAL, PRIMARY_OF, STATUSES, merged
from exports.errors import ExportError
from exports.snapshot import ProjectSnapshot, StateRow

#: An emotion needs this many annotators who chose it, and neutral this many who say so.
NEEDED_VOTES: Final = 2

#: Why a (clip, character) gives no sample.
TOO_LONG: Final = "clip_too_long"
NO_MOMENT: Final = "clip_without_moment"
NOT_MAIN: Final = "not_a_main_character"
UNANSWERED: Final = "no_answer_yet"
TOO_FEW: Final = "fewer_than_two_answers"
ABSENT: Final = "all_say_absent"
NOT_ALL_NEUTRAL: Final = "nobody_names_one_emotion"
NO_AGREEMENT: Final = "no_two_agree_on_an_emotion"
TIED: Final = "tied_emotions"
NO_MAJORITY: Final = "no_majority_for_an_emotion"
DROP_REASONS: Final = (
    TOO_LONG, NO_MOMENT, NOT_MAIN, UNANSWERED, TOO_FEW, ABSENT, NOT_ALL_NEUTRAL, NO_AGREEMENT, TIED, NO_MAJORITY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """What the answers about one character in one clip come to: a label, or the reason why there is none."""

    label: str = ""
    """One of the 24, or `neutral`; "" where there is none."""
    reason: str = ""
    """One of DROP_REASONS; "" with a label."""
    votes: int = 0
    """Of the label; without one, of the emotion that most annotators chose."""
    named: int = 0
    """Answers that say one emotion."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about one character in one clip, and what it stands on."""

    clip_id: int
    episode_id: int
    character_id: int
    decision: Decision
    states: tuple[StateRow, ...]
    times_ms: tuple[int, ...]
    """The clip's moments, rising, each time once; with a label each gives a sample."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing to learn: what this character feels at this moment of this clip."""

    clip_id: int
    episode_id: int
    character_id: int
    time_ms: int
    """The moment, on the episode's proxy."""
    label: str
    """One of the 24, or `neutral`: what the annotators agreed on."""
    primary: str
    fine_grained: str
    """The label after the project's mapping."""
    votes: int
    answers: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of all answers. `pairs` = `kept` + the sum of `dropped`."""

    clips: int
    clips_too_long: int
    pairs: int
    """(clip, character): every main character in every clip of the series, and whoever else was answered for."""
    kept: int
    kept_unfinished: int
    """Of the kept: pairs with fewer answers than the project wants, so that the next one can change them."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Reason -> pairs; every reason is listed, also with 0."""
    samples: int = 0
    merged_moments: int = 0
    """Moments at the very millisecond of another one of the same clip: they would repeat its samples."""

    def as_dict(self) -> dict[str, Any]:
        """Return the tally as plain values, ready for JSON."""
        return asdict(self)


def decide(states: Sequence[StateRow]) -> Decision:
    """Return what the answers of different annotators about one character in one clip come to."""
    if len(states) < NEEDED_VOTES:
        return Decision(reason=TOO_FEW if states else UNANSWERED, named=sum(state.status == "one" for state in states))
    chosen = Counter(state.fine_grained for state in states if state.status == "one")
    if not chosen:
        statuses = {state.status for state in states}
        if statuses == {"no_emotion"}:
            return Decision(label=NEUTRAL, votes=len(states))
        return Decision(reason=ABSENT if statuses == {"absent"} else NOT_ALL_NEUTRAL)
    named = chosen.total()
    (label, votes), *others = chosen.most_common()
    if votes < NEEDED_VOTES:
        return Decision(reason=NO_AGREEMENT, votes=votes, named=named)
    if 2 * votes > named:
        return Decision(label=label, votes=votes, named=named)
    is_tied = others[0][1] == votes
    return Decision(reason=TIED if is_tied else NO_MAJORITY, votes=votes, named=named)


def judge(snapshot: ProjectSnapshot) -> tuple[Verdict, ...]:
    """Return a verdict on every main character of every clip, and on whoever else was answered for.

    In the order of clips, then of characters. Episodes may lack their segments and faces. Raises ExportError for
    answers that contradict the protocol (unknown label, two states by one annotator).
    """
    order = {character.id: place for place, character in enumerate(snapshot.characters)}
    main = {character.id for character in snapshot.characters if character.is_main}
    cast: dict[str, list[int]] = {}
    for character in snapshot.characters:
        if character.is_main:
            cast.setdefault(character.series, []).append(character.id)
    series = {episode.id: episode.series for episode in snapshot.episodes}
    times = _moment_times(snapshot)
    given = _answers(snapshot.states, {clip.id for clip in snapshot.clips}, order)
    verdicts = []
    for clip in snapshot.clips:
        answers = given.get(clip.id, {})
        people = {*cast.get(series.get(clip.episode_id, ""), ()), *answers}
        for character_id in sorted(people, key=order.__getitem__):
            states = answers.get(character_id, [])
            decision = decide(states)
            if character_id not in main:
                decision = Decision(reason=NOT_MAIN)
            if clip.id not in times:
                decision = Decision(reason=NO_MOMENT)
            if clip.too_long:
                decision = Decision(reason=TOO_LONG)
            verdicts.append(
                Verdict(
                    clip_id=clip.id,
                    episode_id=clip.episode_id,
                    character_id=character_id,
                    decision=decision,
                    states=tuple(states),
                    times_ms=times.get(clip.id, ()),
                )
            )
    return tuple(verdicts)


def build_samples(snapshot: ProjectSnapshot) -> tuple[tuple[Sample, ...], Tally]:
    """Return all samples of a project, in the order of clips, moments, characters, and what was dropped why.

    Raises ExportError as `judge` does.
    """
    verdicts = judge(snapshot)
    kept = [verdict for verdict in verdicts if verdict.decision.label]
    samples = [
        _sample(verdict, time_ms, snapshot.fine_grained_kept) for verdict in kept for time_ms in verdict.times_ms
    ]
    clips = {clip.id: place for place, clip in enumerate(snapshot.clips)}
    order = {character.id: place for place, character in enumerate(snapshot.characters)}
    samples.sort(key=lambda sample: (clips[sample.clip_id], sample.time_ms, order[sample.character_id]))
    moments = {(moment.clip_id, moment.time_ms) for moment in snapshot.moments}
    tally = Tally(
        clips=len(snapshot.clips),
        clips_too_long=sum(clip.too_long for clip in snapshot.clips),
        pairs=len(verdicts),
        kept=len(kept),
        kept_unfinished=sum(len(verdict.states) < snapshot.answers_per_clip for verdict in kept),
        dropped=count_reasons(verdict.decision for verdict in verdicts),
        samples=len(samples),
        merged_moments=len(snapshot.moments) - len(moments),
    )
    return tuple(samples), tally


def count_reasons(decisions: Iterable[Decision]) -> dict[str, int]:
    """Return reason -> decisions without a label; every reason is listed, also with 0."""
    found = Counter(dict.fromkeys(DROP_REASONS, 0))
    found.update(decision.reason for decision in decisions if decision.reason)
    return dict(found)


def _sample(verdict: Verdict, time_ms: int, kept: tuple[str, ...]) -> Sample:
    label = verdict.decision.label
    return Sample(
        clip_id=verdict.clip_id,
        episode_id=verdict.episode_id,
        character_id=verdict.character_id,
        time_ms=time_ms,
        label=label,
        primary=NEUTRAL if label == NEUTRAL else PRIMARY_OF[label],
        fine_grained=NEUTRAL if label == NEUTRAL else merged(label, kept),
        votes=verdict.decision.votes,
        answers=len(verdict.states),
    )


def _moment_times(snapshot: ProjectSnapshot) -> dict[int, tuple[int, ...]]:
    times: dict[int, set[int]] = {}
    for moment in snapshot.moments:
        times.setdefault(moment.clip_id, set()).add(moment.time_ms)
    return {clip_id: tuple(sorted(found)) for clip_id, found in times.items()}


def _answers(
    states: Sequence[StateRow], clips: set[int], characters: dict[int, int]
) -> dict[int, dict[int, list[StateRow]]]:
    """Return clip -> character -> its states, checked."""
    found: dict[int, dict[int, list[StateRow]]] = {}
    seen: set[tuple[int, int, str]] = set()
    for state in states:
        where = f"the state of character {state.character_id} in clip {state.clip_id} by {state.annotator}"
        if state.clip_id not in clips or state.character_id not in characters:
            raise ExportError(f"{where} names a clip or character that the snapshot does not hold")
        if (key := (state.clip_id, state.character_id, state.annotator)) in seen:
            raise ExportError(f"{where} is there twice: a snapshot holds the last revision only")
        seen.add(key)
        if state.status not in STATUSES:
            raise ExportError(f"{where} has the unknown status {state.status!r}: use one of {', '.join(STATUSES)}")
        if state.status == "one" and PRIMARY_OF.get(state.fine_grained) != state.primary:
            raise ExportError(f"{where} is {state.primary!r} / {state.fine_grained!r}, which is no pair of the wheel")
        found.setdefault(state.clip_id, {}).setdefault(state.character_id, []).append(state)
    return found
