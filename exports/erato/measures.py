"""The published statistics of one clip (ERATO, rule 6). Their definitions are in docs/formats.md too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.erato.clips import EratoClip, Pair, Span, length_ms, merged, screen_times


@dataclass(frozen=True, slots=True)
class Measures:
    """Numbers of one sample; ratios are 0 to 1. None where a person of the pair is never seen."""

    duration_ms: int
    shots: int
    people: int
    appearance_ratio: float | None
    iom: float | None
    subtitle_ratio: float

    @property
    def interaction(self) -> str:
        """How the two share the picture: `apart`, `partly`, `together`, or `unknown`."""
        if self.iom is None:
            return "unknown"
        return "apart" if self.iom == 0 else "together" if self.iom == 1 else "partly"


def measure(clip: EratoClip, pair: Pair) -> Measures:
    """Return the numbers of a clip and its pair; the pair's order changes nothing."""
    within = (clip.start_ms, clip.end_ms)
    spans = {person.identity: merged(person.spans, within) for person in clip.people}
    one, other = (spans[identity] for identity in pair)
    return Measures(
        duration_ms=clip.duration_ms,
        shots=clip.shots,
        people=len(screen_times(clip)),
        appearance_ratio=appearance_ratio(one, other),
        iom=intersection_over_minimum(one, other),
        subtitle_ratio=length_ms(merged([(line.start_ms, line.end_ms) for line in clip.lines], within))
        / clip.duration_ms,
    )


def appearance_ratio(one: Sequence[Span], other: Sequence[Span]) -> float | None:
    """Return the shorter over the longer total screen time of merged spans; None where one is never seen."""
    shorter, longer = sorted((length_ms(one), length_ms(other)))
    return shorter / longer if shorter else None


def intersection_over_minimum(one: Sequence[Span], other: Sequence[Span]) -> float | None:
    """Return IoM of merged spans: the time both are seen over the shorter screen time; None where one is never seen."""
    shorter = min(length_ms(one), length_ms(other))
    return _shared_ms(one, other) / shorter if shorter else None


def _shared_ms(one: Sequence[Span], other: Sequence[Span]) -> int:
    shared, here, there = 0, 0, 0
    while here < len(one) and there < len(other):
        shared += max(0, min(one[here][1], other[there][1]) - max(one[here][0], other[there][0]))
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1
    return shared
