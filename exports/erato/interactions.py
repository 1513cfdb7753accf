"""Interactions that people marked: what is odd about one, and which of several people's are the same.

Times are integer milliseconds on the episode's proxy; spans are half open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exports.erato.clips import ClipRules, Span

#: Marks of two people that share more than this of what both cover (intersection over union) are one interaction.
SAME_SHARE: Final = 0.5


def warnings_of(span: Span, stories: Sequence[Span], rules: ClipRules) -> tuple[str, ...]:
    """Return what is to be said of an interaction at once: `too_short` or `too_long` (rule 2), `leaves_story` (rule 1).

    None of it forbids the interaction: its clip is made and dropped, and an admin may restore it.
    """
    start, end = span
    found = []
    if end - start < rules.shortest_ms:
        found.append("too_short")
    if end - start > rules.longest_ms:
        found.append("too_long")
    if stories and not any(first <= start and end <= last for first, last in stories):
        found.append("leaves_story")
    return tuple(found)


def share_of(one: Span, other: Span) -> float:
    """Return the intersection of two spans over their union (0 to 1)."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, both) / (one[1] - one[0] + other[1] - other[0] - max(0, both))


def distinct(per_person: Sequence[Sequence[Span]]) -> list[Span]:
    """Return the interactions of an episode, in order, where several people looked for them.

    What a person marked is compared with what those before him or her marked: where more than half of it is shared, the
    earlier mark stands. One person's marks are never compared with each other: that one saw two.
    """
    kept: list[Span] = []
    for marks in per_person:
        new = [mark for mark in marks if all(share_of(mark, known) <= SAME_SHARE for known in kept)]
        kept += dict.fromkeys(new)
    return sorted(kept)
