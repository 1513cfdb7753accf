"""What a release is made of, as plain values: clips with their people, lines and answers.

Every time is an integer number of milliseconds on the episode's proxy; spans are half open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from exports.erato.relations import FIVE
from exports.errors import ExportError

Span = tuple[int, int]
Pair = tuple[int, int]
"""Two identities, the smaller number first."""


@dataclass(frozen=True, slots=True)
class Person:
    """An identity in a clip. `spans`: where the face is followed, in any order; they may overlap and leave the clip."""

    identity: int
    name: str
    """The character's, "" if unknown."""
    spans: tuple[Span, ...]
    faces: tuple[str, ...] = ()
    """Names of face pictures in the media storage, the best first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A subtitle line as it was corrected."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one annotator says of one clip: the last revision."""

    annotator: str
    pair: Pair
    relationship: str
    """One of FIVE."""
    day: date


@dataclass(frozen=True, slots=True)
class EratoClip:
    name: str
    """Unique in the release; letters, digits, `_` and `-` alone."""
    series: str
    episode: str
    """Unique in its series."""
    start_ms: int
    end_ms: int
    shots: int
    """Shots that the clip touches."""
    people: tuple[Person, ...]
    lines: tuple[Line, ...]
    answers: tuple[Answer, ...]
    consensus: tuple[Pair, str] | None = None
    """What annotators agreed on in a discussion; it stands above their answers."""
    discarded: str = ""
    """Why annotators discarded the clip, "" if they did not, or more of them chose a relationship."""
    restored: bool = False
    """An admin keeps the clip although its length or number of people would drop it."""

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class ClipRules:
    """Clips outside of these are dropped. The defaults are the published ones; limits themselves are allowed."""

    fewest_people: int = 2
    most_people: int = 6
    shortest_ms: int = 5_000
    longest_ms: int = 35_000
    candidates: int = 3
    """So many people, by screen time, are offered as the pair."""


#: Why a clip is no sample; the first that holds is given.
DROPS: Final = (
    "discarded",
    "too_short",
    "too_long",
    "too_few_people",
    "too_many_people",
    "no_answer",
    "no_majority_for_a_pair",
    "no_majority_for_a_relationship",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The pair and relationship of a clip, or why there is none; `votes` of `answers` say so (a consensus: all)."""

    pair: Pair | None = None
    relationship: str = ""
    votes: int = 0
    answers: int = 0
    reason: str = ""


def merged(spans: Sequence[Span], within: Span) -> list[Span]:
    """Return the union of spans inside `within`: in order, apart from each other, none empty."""
    found: list[Span] = []
    for start, end in sorted((max(start, within[0]), min(end, within[1])) for start, end in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def length_ms(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)


def screen_times(clip: EratoClip) -> dict[int, int]:
    """Return who is seen in a clip for how long (ms), longest first; equal ones by identity. Unseen people are out."""
    times = {p.identity: length_ms(merged(p.spans, (clip.start_ms, clip.end_ms))) for p in clip.people}
    return dict(sorted(((who, ms) for who, ms in times.items() if ms), key=lambda item: (-item[1], item[0])))


def candidates(clip: EratoClip, rules: ClipRules) -> tuple[int, ...]:
    """Return the identities seen longest, at most `rules.candidates`, longest first."""
    return tuple(screen_times(clip))[: rules.candidates]


def drop_of(duration_ms: int, people: int, rules: ClipRules) -> str:
    """Return why a clip of this length, in which so many people are seen, is dropped (one of DROPS); "" if it stays."""
    outside = {
        "too_short": duration_ms < rules.shortest_ms,
        "too_long": duration_ms > rules.longest_ms,
        "too_few_people": people < rules.fewest_people,
        "too_many_people": people > rules.most_people,
    }
    return next((reason for reason, holds in outside.items() if holds), "")


def why_dropped(clip: EratoClip, rules: ClipRules) -> str:
    """Return why a clip is not labelled (one of DROPS), "" if it is: its length, its people, or an annotator."""
    if clip.discarded:
        return "discarded"
    return "" if clip.restored else drop_of(clip.duration_ms, len(screen_times(clip)), rules)


def decide(clip: EratoClip) -> Decision:
    """Return what a clip's answers say together.

    A consensus stands. Else more than half of all answers must be about one pair, and more than half of those must
    choose one relationship: with one answer it is that answer, with two both must say the same.
    """
    count = len(clip.answers)
    if clip.consensus:
        return Decision(*clip.consensus, votes=count, answers=count)
    if not count:
        return Decision(reason="no_answer")
    pair, of_pair = Counter(answer.pair for answer in clip.answers).most_common(1)[0]
    if 2 * of_pair <= count:
        return Decision(answers=count, reason="no_majority_for_a_pair")
    said = Counter(answer.relationship for answer in clip.answers if answer.pair == pair)
    relationship, votes = said.most_common(1)[0]
    if 2 * votes <= of_pair:
        return Decision(answers=count, reason="no_majority_for_a_relationship")
    return Decision(pair, relationship, votes, count)


def check_clip(clip: EratoClip) -> None:
    """Raise ExportError, which names the clip, if its rows do not fit together."""
    people = [person.identity for person in clip.people]
    said = [(answer.pair, answer.relationship) for answer in clip.answers]
    said += [clip.consensus] if clip.consensus else []
    annotators = [answer.annotator for answer in clip.answers]
    spans = [(clip.start_ms, clip.end_ms), *((line.start_ms, line.end_ms) for line in clip.lines)]
    spans += [span for person in clip.people for span in person.spans]
    problem = ""
    if not clip.name or not all(c.isascii() and (c.isalnum() or c in "_-") for c in clip.name):
        problem = "its name must be of ASCII letters, digits, _ and -"
    elif wrong := [span for span in spans if not span[0] < span[1]]:
        problem = f"something in it ends before it starts: {wrong[0][0]} to {wrong[0][1]} ms"
    elif len(set(people)) < len(people):
        problem = "an identity is in it twice"
    elif strange := [pair for pair, _ in said if pair[0] >= pair[1] or not set(pair) <= set(people)]:
        problem = f"{strange[0]} is no pair of its people, the smaller number first"
    elif unknown := [word for _, word in said if word not in FIVE]:
        problem = f"{unknown[0]!r} is no relationship: use one of {', '.join(FIVE)}"
    elif len(set(annotators)) < len(annotators):
        problem = "an annotator answered twice: give the last revision only"
    if problem:
        raise ExportError(f"clip {clip.name!r} of {clip.series} / {clip.episode}: {problem}")
