"""A clip's subtitle lines as people correct them: plain values and functions, no Django.

A line has a name that stays: `found:3` for the line with that number in the analysis, else a UUID that a browser made.
Of each name the newest revision counts, whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from exports.erato.clips import Span
from webapp.annotation.rules import RuleError

LONGEST_LINE: Final = 500
#: A clip lasts half a minute.
MOST_LINES: Final = 200
_FOUND: Final = "found:"


@dataclass(frozen=True, slots=True)
class ClipLine:
    """A line; times are milliseconds on the proxy, half open. `box`: where it was read, [x, y, w, h] in its pixels."""

    name: str
    start_ms: int
    end_ms: int
    text: str
    removed: bool = False
    confidence: float | None = field(default=None, compare=False)
    """How sure the machine was of the words; None for a line that people made."""
    source: str = field(default="", compare=False)
    box: tuple[int, ...] | None = field(default=None, compare=False)
    edited: bool = field(default=False, compare=False)


def found_name(index: int) -> str:
    return f"{_FOUND}{index}"


def found_index(name: str) -> int | None:
    """Return the number of a line that the analysis found; None for one that people made."""
    number = name.removeprefix(_FOUND)
    return int(number) if number != name and number.isascii() and number.isdigit() else None


def tidy(text: str) -> str:
    """Return the text of a line without needless space; rows of a subtitle stay rows."""
    return "\n".join(row for row in (" ".join(one.split()) for one in text.splitlines()) if row)


def newest(found: Iterable[ClipLine], revisions: Iterable[ClipLine]) -> list[ClipLine]:
    """Return the lines that count, by time: those found, with the revisions (oldest first) laid over them."""
    first = {line.name: line for line in found}
    lines = dict(first)
    for one in revisions:
        lines[one.name] = one
    return sorted(
        (_as_found(line, first.get(name)) for name, line in lines.items() if not line.removed),
        key=lambda line: (line.start_ms, line.end_ms, line.name),
    )


def _as_found(line: ClipLine, first: ClipLine | None) -> ClipLine:
    """Return a line with what the analysis says of it."""
    if first is None:
        return ClipLine(line.name, line.start_ms, line.end_ms, line.text, edited=True)
    return ClipLine(
        line.name, line.start_ms, line.end_ms, line.text,
        confidence=first.confidence, source=first.source, box=first.box, edited=line != first,
    )  # fmt: skip


def check_lines(lines: Sequence[ClipLine], clip: Span, known: Iterable[str], duration_ms: int) -> None:
    """Raise RuleError, which names the line and what is wrong, unless these revisions can be of the clip.

    `known`: the names of all lines that the clip has or had.
    """
    names = set(known)
    wrong: dict[str, list[str]] = {}
    for place, line in enumerate(lines):
        if problem := _problem(line, clip, names, duration_ms):
            wrong[f"lines[{place}]"] = [problem]
    if len({line.name for line in lines}) < len(lines):
        wrong["lines"] = ["Name each line once."]
    if len(names | {line.name for line in lines}) > MOST_LINES:
        wrong["lines"] = [f"A clip has at most {MOST_LINES} lines."]
    if wrong:
        raise RuleError("rule_broken", "These lines cannot be kept.", wrong)


def _problem(line: ClipLine, clip: Span, known: Iterable[str], duration_ms: int) -> str:
    if not _is_name(line.name) or (found_index(line.name) is not None and line.name not in known):
        return f"There is no line “{line.name}” in this clip."
    if not 0 <= line.start_ms < line.end_ms:
        return "A line starts before it ends."
    if line.end_ms > duration_ms:
        return f"The episode ends at {duration_ms} ms."
    if not line.removed and not (line.start_ms < clip[1] and line.end_ms > clip[0]):
        return f"The line lies outside of the clip ({clip[0]} to {clip[1]} ms)."
    if not line.removed and not line.text.strip():
        return "A line has words; delete it if nothing is said."
    if len(line.text) > LONGEST_LINE:
        return f"A line has at most {LONGEST_LINE} characters."
    return ""


def _is_name(name: str) -> bool:
    if found_index(name) is not None:
        return True
    try:
        return str(UUID(name)) == name.lower()
    except ValueError:
        return False
