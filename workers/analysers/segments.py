"""Semantic segments: the MEmoR protocol's tiles of an episode (Shen et al., ACM MM 2020, section 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from workers.analysers.facts import Segment, Utterance

NAME: Final = "segments"
VERSION: Final = "2"

#: A silence shorter than this belongs to the utterance on its left; a longer one is a segment of its own.
VISUAL_GAP_MS: Final = 3000


def segments_of(utterances: Sequence[Utterance], duration_ms: int) -> tuple[Segment, ...]:
    """Return the segments of an episode: they tile [0, duration_ms) in order, and every utterance has exactly one.

    A gap shorter than 3 s joins the segment to its left, before the first utterance the one to its right; a gap of 3 s
    or more is a visual segment. Where utterances overlap, the earlier segment ends when the next utterance starts, and
    a gap begins when the last of them has ended; utterances with one start share the time until the next start or
    their last end in equal parts, in their order. Without any utterance the whole episode is one visual segment.

    Raises ValueError for an utterance that is not inside the episode, or for more utterances than milliseconds.
    """
    if duration_ms <= 0:
        raise ValueError(f"An episode lasts at least 1 ms, not {duration_ms}.")
    for utterance in utterances:
        if not 0 <= utterance.start_ms < utterance.end_ms <= duration_ms:
            raise ValueError(
                f"Utterance {utterance.index} ({utterance.start_ms} to {utterance.end_ms} ms) is not inside "
                f"the episode of {duration_ms} ms."
            )
    spoken = sorted(utterances, key=lambda u: (u.start_ms, u.index))
    starts = _distinct_starts(spoken, duration_ms)
    tiles: list[tuple[int, int | None]] = []  # (start, utterance)
    silent_from = 0
    for utterance, start in zip(spoken, starts, strict=True):
        # One that shares its start with others is given a later one, but nobody is silent until then.
        if min(start, utterance.start_ms) - silent_from >= VISUAL_GAP_MS:
            tiles.append((silent_from, None))
        elif not tiles:
            start = 0
        tiles.append((start, utterance.index))
        silent_from = max(silent_from, utterance.end_ms, start + 1)
    if not tiles or duration_ms - silent_from >= VISUAL_GAP_MS:
        tiles.append((silent_from, None))
    ends = [start for start, _ in tiles[1:]] + [duration_ms]
    return tuple(
        Segment(
            index=i, start_ms=start, end_ms=end, kind="visual" if utterance is None else "speech", utterance=utterance
        )
        for i, ((start, utterance), end) in enumerate(zip(tiles, ends, strict=True))
    )


def _distinct_starts(spoken: Sequence[Utterance], duration_ms: int) -> list[int]:
    """Return a start for every utterance, strictly rising, at or as near as can be to its own."""
    if len(spoken) > duration_ms:
        raise ValueError(f"{len(spoken)} utterances do not fit into {duration_ms} ms.")
    starts: list[int] = []
    for start_ms, together in groupby(spoken, key=lambda u: u.start_ms):
        group = list(together)
        later = (u.start_ms for u in spoken if u.start_ms > start_ms)
        shared_ms = min(next(later, duration_ms), max(u.end_ms for u in group)) - start_ms
        for k in range(len(group)):
            wanted = start_ms + k * shared_ms // len(group)
            starts.append(max(wanted, starts[-1] + 1 if starts else 0))
    # many utterances in the last milliseconds: make room from the end
    return [min(start, duration_ms - (len(starts) - i)) for i, start in enumerate(starts)]
