"""What people correct in the dialogue, laid over what an analysis found of it: pure functions.

A correction says of one line what is said, by whom and when. It hangs on the line as it was found when somebody first
looked at it (its *anchor*); a newer analysis may find the line a little elsewhere, or in other words, and the
correction goes with it. One that finds no line is reported, never dropped.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: A line may be found so much earlier or later than its anchor ...
NEAR_MS = 5_000
#: ... if nearly all of the text agrees; less will do of lines that share some or much of their time.
SAME_TEXT = 0.85
CLOSE_TEXT, SIMILAR_TEXT = 0.6, 0.3
MUCH_TIME = 0.5
#: Further away, only the very same words will do, and only if they are that many letters: "Yeah." is everywhere.
FAR_MS = 60_000
TELLING_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken line; `speaker` is the name in the transcript or of a character, "" if unknown."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str

    @property
    def key(self) -> str:
        """The name of the line under which its corrections are kept."""
        parts = [self.start_ms, self.end_ms, self.text, self.speaker]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Correction:
    """The last word on one line."""

    anchor: Line
    said: Line | None
    """None: nobody says this."""
    added: bool = False
    """Whether the analysis never had it: it stands for itself."""


@dataclass(frozen=True, slots=True)
class Attached:
    of_line: Mapping[int, str]
    """Place of a found line -> key of its correction."""
    lost: tuple[str, ...]
    """Corrections that found no line, by their anchors' time."""


def attach(found: Sequence[Line], corrections: Mapping[str, Correction]) -> Attached:
    """Give every correction the found line it is about, each line at most one: the likeliest pairs first."""
    wanted = {key: correction.anchor for key, correction in corrections.items() if not correction.added}
    by_start = sorted(range(len(found)), key=lambda place: found[place].start_ms)
    starts = [found[place].start_ms for place in by_start]
    pairs = []
    for key, anchor in wanted.items():
        first = bisect_left(starts, anchor.start_ms - FAR_MS)
        last = bisect_right(starts, anchor.start_ms + FAR_MS)
        for place in by_start[first:last]:
            worth = likeness(anchor, found[place])
            if worth > 0:
                pairs.append((-worth, abs(anchor.start_ms - found[place].start_ms), place, key))
    of_line: dict[int, str] = {}
    settled: set[str] = set()
    for _, _, place, key in sorted(pairs):
        if place not in of_line and key not in settled:
            of_line[place] = key
            settled.add(key)
    lost = sorted((anchor.start_ms, key) for key, anchor in wanted.items() if key not in settled)
    return Attached(of_line, tuple(key for _, key in lost))


def likeness(anchor: Line, found: Line) -> float:
    """Return how likely a found line is the one that was corrected: 0 if not at all, 3 if nothing has changed."""
    if (anchor.start_ms, anchor.text) == (found.start_ms, found.text):
        return 3.0
    apart = abs(anchor.start_ms - found.start_ms)
    one, other = _plain(anchor.text), _plain(found.text)
    if apart > NEAR_MS:
        return 0.5 * (1 - apart / FAR_MS) if one == other and len(one) >= TELLING_LETTERS else 0.0
    together = _shared_time(anchor, found)
    alike = SequenceMatcher(None, one, other, autojunk=False).ratio()
    enough = SIMILAR_TEXT if together >= MUCH_TIME else CLOSE_TEXT if together > 0 else SAME_TEXT
    return 0.5 + alike + together / 2 if alike >= enough else 0.0


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _shared_time(one: Line, other: Line) -> float:
    """Return the intersection of two spans over their union."""
    both = min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms)
    either = max(one.end_ms, other.end_ms) - min(one.start_ms, other.start_ms)
    return max(both, 0) / either
