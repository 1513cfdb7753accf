"""Times without sound: a span dealt out to words by their length, and utterances kept in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workers.analysers.alignment.words import compared
from workers.analysers.facts import Utterance, Word


def dealt_out(words: Sequence[str], start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """Return the words one after the other over a span, each as long as its share of letters.

    A span of fewer milliseconds than words gives empty words at its end.
    """
    weights = [len(compared(word)) + 1 for word in words]  # one more: a short word is not that short
    total, passed = sum(weights), 0
    dealt: list[Word] = []
    for word, weight in zip(words, weights, strict=True):
        begin = start_ms + (end_ms - start_ms) * passed // total
        passed += weight
        dealt.append(Word(word, begin, start_ms + (end_ms - start_ms) * passed // total))
    return tuple(dealt)


def deal_span(shares: Sequence[int], start_ms: int, end_ms: int) -> list[tuple[int, int]]:
    """Cut a span into neighbouring spans of at least 1 ms each, as long as their `shares` (positive) of the whole.

    The span must have as many milliseconds as there are shares.
    """
    total, passed, at = sum(shares), 0, start_ms
    spans: list[tuple[int, int]] = []
    for i, share in enumerate(shares):
        passed += share
        wanted = start_ms + (end_ms - start_ms) * passed // total
        until = min(max(wanted, at + 1), end_ms - (len(shares) - 1 - i))
        spans.append((at, until))
        at = until
    return spans


def parted(utterances: Sequence[Utterance], shown: Sequence[tuple[int, int]]) -> list[Utterance]:
    """End the overlaps that come from looking for a line before and after its subtitle.

    `shown[i]` is the span of the subtitle of `utterances[i]`, in the subtitles' order. Where two neighbours overlap
    though their subtitles do not, they part where the later subtitle begins, or as near to that as their times allow.
    People whose subtitles overlap may speak at once. Words are cut with their utterance.
    """
    kept = list(utterances)
    for i in range(len(kept) - 1):
        earlier, later = kept[i], kept[i + 1]
        if earlier.end_ms <= later.start_ms or shown[i][1] > shown[i + 1][0]:
            continue
        boundary = min(max(shown[i + 1][0], later.start_ms, earlier.start_ms + 1), earlier.end_ms, later.end_ms - 1)
        kept[i] = clipped(earlier, earlier.start_ms, boundary)
        kept[i + 1] = clipped(later, boundary, later.end_ms)
    return kept


def in_order(utterances: Sequence[Utterance], duration_ms: int) -> tuple[Utterance, ...]:
    """Return utterances by their start, inside [0, duration_ms), numbered; those without any time in it are dropped."""
    inside = [
        clipped(u, max(u.start_ms, 0), min(u.end_ms, duration_ms))
        for u in utterances
        if max(u.start_ms, 0) < min(u.end_ms, duration_ms)
    ]
    ordered = sorted(inside, key=lambda u: (u.start_ms, u.end_ms, u.index))
    return tuple(replace(utterance, index=i) for i, utterance in enumerate(ordered))


def clipped(utterance: Utterance, start_ms: int, end_ms: int) -> Utterance:
    """Return the utterance with new times, its words kept inside them."""

    def inside(time_ms: int) -> int:
        return min(max(time_ms, start_ms), end_ms)

    words = tuple(Word(word.text, inside(word.start_ms), inside(word.end_ms)) for word in utterance.words)
    return replace(utterance, start_ms=start_ms, end_ms=end_ms, words=words)
