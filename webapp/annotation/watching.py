"""What of an episode was watched (MEmoR protocol, moments): plain values and functions, no Django.

A span is half open, `[start_ms, end_ms)`, on the proxy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

WatchedSpan = tuple[int, int]

#: A player tells its time in steps, and stops a little before the end: less than this between two spans, before the
#: first or after the last was not skipped by anybody.
SMALLEST_GAP_MS: Final = 1_000


def merged(spans: Iterable[Sequence[int]], duration_ms: int) -> list[WatchedSpan]:
    """Return the union of spans, in order and apart from one another, cut to the episode."""
    inside = sorted((max(start, 0), min(end, duration_ms)) for start, end in spans)
    union: list[WatchedSpan] = []
    for start, end in inside:
        if end <= start:
            continue
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((start, end))
    return union


def unwatched(spans: Iterable[Sequence[int]], duration_ms: int) -> list[WatchedSpan]:
    """Return the parts of the episode that nobody could have seen, in order; [] when all of it was watched."""
    gaps: list[WatchedSpan] = []
    last = 0
    for start, end in [*merged(spans, duration_ms), (duration_ms, duration_ms)]:
        if start - last >= SMALLEST_GAP_MS:
            gaps.append((last, start))
        last = max(last, end)
    return gaps


def watched_ms(spans: Iterable[Sequence[int]], duration_ms: int) -> int:
    """Return how much was watched; what is no gap counts as watched, so that a whole episode is all of it."""
    return duration_ms - sum(end - start for start, end in unwatched(spans, duration_ms))


def clock(ms: int) -> str:
    """Return a time as people read it, e.g. `21:07`."""
    return f"{ms // 60_000:02d}:{ms // 1000 % 60:02d}"
