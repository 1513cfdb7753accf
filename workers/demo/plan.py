"""From the script and the length of each spoken line to frames and times: pure arithmetic, no picture, no sound.

A frame `n` is shown from `n / FRAME_RATE` seconds on; `frame_ms` rounds that to whole milliseconds.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from workers.demo.script import FRAME_RATE, Line, ShotScript

#: A subtitle stays this many frames after its last word, if the next one does not come sooner.
_LINGER_FRAMES: Final = 6
_FRAMES_BETWEEN_SUBTITLES: Final = 2
_SUBTITLE_COLUMNS: Final = 40


@dataclass(frozen=True, slots=True)
class PlannedShot:
    camera: str
    start_frame: int
    end_frame: int


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line and where its audible speech lies in the soundtrack, in samples."""

    line: Line
    start_sample: int
    end_sample: int


@dataclass(frozen=True, slots=True)
class PlannedSubtitle:
    """Text burned into frames `start_frame` to `end_frame - 1`; rows are separated by line breaks."""

    text: str
    start_frame: int
    end_frame: int
    line_indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    shots: tuple[PlannedShot, ...]
    lines: tuple[PlannedLine, ...]
    subtitles: tuple[PlannedSubtitle, ...]
    sample_rate_hz: int

    @property
    def frame_count(self) -> int:
        return self.shots[-1].end_frame


def frame_ms(frame: int) -> int:
    return round(frame * 1000 / FRAME_RATE)


def make_plan(script: Sequence[ShotScript], line_samples: Sequence[int], sample_rate_hz: int) -> Plan:
    """Lay the script out in time. `line_samples[i]` is the length of the i-th line's speech."""
    shots: list[PlannedShot] = []
    lines: list[PlannedLine] = []
    frame = 0
    for shot in script:
        at = frame / FRAME_RATE + Fraction(str(shot.lead_s))
        for line in shot.lines:
            start = round(at * sample_rate_hz)
            end = start + line_samples[len(lines)]
            lines.append(PlannedLine(line, start, end))
            at = Fraction(end, sample_rate_hz) + Fraction(str(shot.tail_s))
        end_frame = math.ceil(at * FRAME_RATE)
        shots.append(PlannedShot(shot.camera, frame, end_frame))
        frame = end_frame
    return Plan(tuple(shots), tuple(lines), _subtitles(lines, sample_rate_hz), sample_rate_hz)


def _subtitles(lines: Sequence[PlannedLine], sample_rate_hz: int) -> tuple[PlannedSubtitle, ...]:
    groups: list[list[int]] = []
    for i, planned in enumerate(lines):
        if planned.line.joins_previous_subtitle:
            groups[-1].append(i)
        else:
            groups.append([i])
    starts = [math.floor(lines[g[0]].start_sample * FRAME_RATE / sample_rate_hz) for g in groups]
    ends = [math.ceil(lines[g[-1]].end_sample * FRAME_RATE / sample_rate_hz) + _LINGER_FRAMES for g in groups]
    limits = [start - _FRAMES_BETWEEN_SUBTITLES for start in starts[1:]] + [ends[-1]]
    return tuple(
        PlannedSubtitle(_rows([lines[i].line.text for i in group]), start, min(end, limit), tuple(group))
        for group, start, end, limit in zip(groups, starts, ends, limits, strict=True)
    )


def _rows(texts: Sequence[str]) -> str:
    """One speaker: wrapped rows. Several in one subtitle: a row each, with the usual dash."""
    if len(texts) > 1:
        return "\n".join(f"- {text}" for text in texts)
    # balanced rows, as subtitlers make them
    row_count = math.ceil(len(texts[0]) / _SUBTITLE_COLUMNS)
    return "\n".join(textwrap.wrap(texts[0], math.ceil(len(texts[0]) / row_count) + 4))
