"""From the script and the length of each spoken line to frames: pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.film.script import Shot, is_short

RATE: Final = 25
_LEAD: Final = 22
_TAIL: Final = 30
_SHORT_FRAMES: Final = 24
_SILENT_FRAMES: Final = 85
_FRAMES_A_LETTER: Final = 6
"""How long a line that nobody speaks stays, a Chinese character."""
_LINGER: Final = 6
_LEAST: Final = 18
_CROSSED: Final = 14


@dataclass(frozen=True, slots=True)
class Line:
    """Text on the frames [start, end)."""

    shot: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """`starts[i]` is the frame that shot i starts with: of a join that is no cut its middle frame."""

    starts: tuple[int, ...]
    frames: int
    lines: tuple[Line, ...]

    def ends(self) -> tuple[int, ...]:
        return (*self.starts[1:], self.frames)


def make_plan(script: Sequence[Shot], spoken_s: Sequence[float | None]) -> Plan:
    """Lay the shots out; `spoken_s[i]` is the length of the speech of shot i, None where nobody speaks."""
    starts: list[int] = []
    lines: list[Line] = []
    frame = 0
    pending = 0  # frames that the line before stands into this shot
    for number, (shot, seconds) in enumerate(zip(script, spoken_s, strict=True)):
        starts.append(frame)
        first = frame + max(_LEAD, pending + 4, math.ceil(shot.join.frames / 2) + shot.join.hold)
        length = _length(shot, seconds)
        pending = 0
        if length == 0:
            frame = first + (_SHORT_FRAMES - _LEAD if is_short(number) else _SILENT_FRAMES)
            continue
        lines.append(Line(number, shot.text, first, first + length))
        next_join = script[number + 1].join.frames if number + 1 < len(script) else 0
        if shot.crosses:
            pending = _CROSSED
            frame = first + length - _CROSSED
        else:
            frame = first + length + _TAIL + next_join // 2
    return Plan(tuple(starts), frame, tuple(lines))


def _length(shot: Shot, seconds: float | None) -> int:
    if seconds is not None:
        return math.ceil(seconds * RATE) + _LINGER
    return _FRAMES_A_LETTER * len(shot.text) + _LEAST if shot.text else 0


def frame_ms(frame: int) -> int:
    return round(frame * 1000 / RATE)
