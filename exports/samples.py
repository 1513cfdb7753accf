"""From answers to samples: which (clip, person, moment, emotion) a MEmoR release keeps, and why it drops the rest.

The rule (MEmoR protocol, samples): a sample where at least two annotators chose the same fine-grained emotion, out
of the 24 and before any merging; neutral where the character appears and all annotators, at least two, say no
emotion. The primary and the kept fine-grained label follow from the one of the 24, so both emotion sets hold the same
samples. A clip gives one sample per moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from exports.emotions import NEUTRAL, PRIMARY_OF, STATUSES, merged
from exports.errors import ExportError
from exports.snapshot import ClipRow, ProjectSnapshot, StateRow

#: An emotion needs this many annotators who chose it.
NEEDED_VOTES: Final = 2

#: Why a (clip, character) gives no sample.
TOO_LONG: Final = "clip_too_long"
NO_MOMENT: Final = "clip_without_moment"
NOT_MAIN: Final = "not_a_main_character"
TOO_FEW: Final = "fewer_than_two_answers"
CONTESTED: Final = "two_emotions_with_two_votes_each"
ABSENT: Final = "all_say_absent"
NO_AGREEMENT: Final = "no_two_agree_on_an_emotion"
DROP_REASONS: Final = (TOO_LONG, NO_MOMENT, NOT_MAIN, TOO_FEW, CONTESTED, ABSENT, NO_AGREEMENT)


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
    """What became of all answers. `asked` = `kept` + the sum of `dropped`, in (clip, character) pairs."""

    clips: int
    clips_too_long: int
    asked: int
    """(clip, character) pairs with at least one answer."""
    kept: int
    dropped: dict[str, int] = field(default_factory=dict)
    """Reason -> (clip, character) pairs; every reason is listed, also with 0."""
    samples: int = 0
    merged_moments: int = 0
    """Moments at the very millisecond of another one of the same clip: they would repeat its samples."""

    def as_dict(self) -> dict[str, Any]:
        """Return the tally as plain values, ready for JSON."""
        return asdict(self)


def build_samples(snapshot: ProjectSnapshot) -> tuple[tuple[Sample, ...], Tally]:
    """Return all samples of a project, in the order of clips, moments, characters, and what was dropped why.

    Raises ExportError for answers that contradict the protocol (unknown label, two states by one annotator).
    """
    clips = {clip.id: clip for clip in snapshot.clips}
    order = {character.id: place for place, character in enumerate(snapshot.characters)}
    main = {character.id for character in snapshot.characters if character.is_main}
    times = _moment_times(snapshot)
    asked = _answers(snapshot.states, clips, order)
    dropped = Counter(dict.fromkeys(DROP_REASONS, 0))
    samples: list[Sample] = []
    kept = 0
    for clip in snapshot.clips:
        for character_id in sorted(asked.get(clip.id, {}), key=order.__getitem__):
            states = asked[clip.id][character_id]
            reason, label, votes = _verdict(states)
            if character_id not in main:
                reason = NOT_MAIN
            if not times.get(clip.id):
                reason = NO_MOMENT
            if clip.too_long:
                reason = TOO_LONG
            if reason:
                dropped[reason] += 1
                continue
            kept += 1
            samples += [
                Sample(
                    clip_id=clip.id,
                    episode_id=clip.episode_id,
                    character_id=character_id,
                    time_ms=time_ms,
                    label=label,
                    primary=NEUTRAL if label == NEUTRAL else PRIMARY_OF[label],
                    fine_grained=NEUTRAL if label == NEUTRAL else merged(label, snapshot.fine_grained_kept),
                    votes=votes,
                    answers=len(states),
                )
                for time_ms in times[clip.id]
            ]
    places = {clip.id: place for place, clip in enumerate(snapshot.clips)}
    samples.sort(key=lambda sample: (places[sample.clip_id], sample.time_ms, order[sample.character_id]))
    tally = Tally(
        clips=len(snapshot.clips),
        clips_too_long=sum(clip.too_long for clip in snapshot.clips),
        asked=sum(len(people) for people in asked.values()),
        kept=kept,
        dropped=dict(dropped),
        samples=len(samples),
        merged_moments=len(snapshot.moments) - sum(len(found) for found in times.values()),
    )
    return tuple(samples), tally


def _verdict(states: Sequence[StateRow]) -> tuple[str, str, int]:
    """Return (why it is dropped or "", the agreed label of the 24 or neutral, its votes) for one clip and character."""
    if len(states) < NEEDED_VOTES:
        return TOO_FEW, "", 0
    votes = Counter(state.fine_grained for state in states if state.status == "one")
    agreed = [label for label, count in votes.items() if count >= NEEDED_VOTES]
    if len(agreed) > 1:  # possible from four answers on
        return CONTESTED, "", 0
    if agreed:
        return "", agreed[0], votes[agreed[0]]
    statuses = {state.status for state in states}
    if statuses == {"no_emotion"}:
        return "", NEUTRAL, len(states)
    return (ABSENT if statuses == {"absent"} else NO_AGREEMENT), "", 0


def _moment_times(snapshot: ProjectSnapshot) -> dict[int, list[int]]:
    times: dict[int, set[int]] = {}
    for moment in snapshot.moments:
        times.setdefault(moment.clip_id, set()).add(moment.time_ms)
    return {clip_id: sorted(found) for clip_id, found in times.items()}


def _answers(
    states: Sequence[StateRow], clips: dict[int, ClipRow], characters: dict[int, int]
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
