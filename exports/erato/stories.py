"""Which shots form a story segment: what the analysis found, and where an admin joined or split it.

Times are integer milliseconds on the episode's proxy.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

#: A shot of a newer analysis that starts so near to where an older one started is the same.
SAME_CUT_MS: Final = 500


@dataclass(frozen=True, slots=True)
class ShotSpan:
    index: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Edit:
    """An admin's decision about the place between two shots: where the second one starts."""

    kind: Literal["join", "split"]
    at_ms: int


@dataclass(frozen=True, slots=True)
class Story:
    """Neighbouring shots that form one scene; `first` and `last` are places in the list of shots."""

    index: int
    start_ms: int
    end_ms: int
    first: int
    last: int


def effective(shots: Sequence[ShotSpan], found_ms: Sequence[int], edits: Sequence[Edit]) -> tuple[Story, ...]:
    """Return the story segments that count: they tile the shots, which tile the episode in order.

    `found_ms`: where the analysis says that story segments start; with none, every shot stands alone. `edits` in the
    order they were made: the last one about a place counts. Both are found among the shots by time, so that they
    outlive a newer analysis of the shots; what finds no shot that starts near it says nothing.
    """
    if not shots:
        return ()
    starts = [shot.start_ms for shot in shots]
    found = {place for at_ms in found_ms if (place := _place(starts, at_ms)) is not None}
    begins = found or set(range(len(shots)))
    for edit in edits:
        place = _place(starts, edit.at_ms)
        if place is None:
            continue
        if edit.kind == "split":
            begins.add(place)
        else:
            begins.discard(place)
    edges = [*sorted(begins | {0}), len(shots)]
    return tuple(
        Story(index, shots[first].start_ms, shots[after - 1].end_ms, first, after - 1)
        for index, (first, after) in enumerate(pairwise(edges))
    )


def _place(starts: Sequence[int], at_ms: int) -> int | None:
    """Return the place of the shot that starts nearest to a time, None where that is not near."""
    after = bisect_left(starts, at_ms)
    nearest = min((p for p in (after - 1, after) if 0 <= p < len(starts)), key=lambda p: abs(starts[p] - at_ms))
    return nearest if abs(starts[nearest] - at_ms) <= SAME_CUT_MS else None
