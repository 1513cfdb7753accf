"""What the MEmoR protocol allows: plain values and functions, no Django.

The rule numbers are those of docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from exports.emotions import REASONS, STATUSES, WHEEL

#: Rule 4: a window of 10 s centred on the moment; clips of 30 s and more are kept, marked as too long.
HALF_WINDOW_MS: Final = 5_000
LONGEST_CLIP_MS: Final = 30_000


class RuleError(Exception):
    """Something the protocol does not allow. `code` is for programs, `message` for people, `fields` says where."""

    def __init__(self, code: str, message: str, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields or {}


class LeaseLost(RuleError):
    """The turn is not the annotator's any more."""

    def __init__(self, message: str = "This turn has gone back to the queue; what you sent before is kept.") -> None:
        super().__init__("lease_lost", message)


class Span(Protocol):
    """Anything with a place in order and a half-open span."""

    @property
    def index(self) -> int: ...
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ClipSpan:
    first_segment: int
    last_segment: int
    start_ms: int
    end_ms: int

    @property
    def too_long(self) -> bool:
        """Rule 4: only clips shorter than 30 s stay."""
        return self.end_ms - self.start_ms >= LONGEST_CLIP_MS


def clip_around(moment_ms: int, segments: Sequence[Span]) -> ClipSpan:
    """Return the clip of a moment: all segments that cross the 10 s window centred on it (rule 4).

    `segments` tile the episode in order. Raises RuleError for a moment outside of it.
    """
    if not segments or not segments[0].start_ms <= moment_ms <= segments[-1].end_ms:
        end_ms = segments[-1].end_ms if segments else 0
        raise RuleError("outside_episode", f"The moment {moment_ms} ms lies outside of the episode (0 to {end_ms} ms).")
    start, end = moment_ms - HALF_WINDOW_MS, moment_ms + HALF_WINDOW_MS
    inside = [s for s in segments if s.end_ms > start and s.start_ms < end]
    return ClipSpan(inside[0].index, inside[-1].index, inside[0].start_ms, inside[-1].end_ms)


@dataclass(frozen=True, slots=True)
class StateAnswer:
    """What an annotator says of one character in one clip (rule 5)."""

    status: str
    primary: str = ""
    fine_grained: str = ""
    reasons: tuple[str, ...] = field(default=())


def check_state(answer: StateAnswer) -> None:
    """Raise RuleError unless the answer is complete and consistent (rule 5)."""
    wrong: dict[str, list[str]] = {}
    if answer.status not in STATUSES:
        wrong["status"] = [f"Choose one of {', '.join(STATUSES)}."]
    elif answer.status != "one":
        for name in ("primary", "fine_grained", "reasons"):
            if getattr(answer, name):
                wrong[name] = [f"Leave this empty: it is asked for one emotion only, not for “{answer.status}”."]
    else:
        unknown = [reason for reason in answer.reasons if reason not in REASONS]
        if unknown or not answer.reasons:
            wrong["reasons"] = [f"Choose at least one of {', '.join(REASONS)}."]
        if len(set(answer.reasons)) != len(answer.reasons):
            wrong["reasons"] = ["Name each reason once."]
        if answer.primary not in WHEEL:
            wrong["primary"] = [f"Choose one of {', '.join(WHEEL)}."]
        elif answer.fine_grained not in WHEEL[answer.primary]:
            wrong["fine_grained"] = [f"Choose one of {', '.join(WHEEL[answer.primary])}."]
    if wrong:
        raise RuleError("rule_broken", "The answer is not complete.", wrong)


def missing_answers(characters: Iterable[tuple[int, str]], answered: Iterable[int]) -> list[str]:
    """Return the names of characters, given as (id, name), that have no answer yet (rule 5: every main character)."""
    have = set(answered)
    return [name for pk, name in characters if pk not in have]
