"""The frames in which a burned-in subtitle appears and goes: by its strokes, not by reading every frame.

Bright thin strokes are what a white top-hat leaves of the brightness. Those that stay through all looked-at frames of a
line are its letters (the picture behind moves); the line is on screen while most of them are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from workers.analysers.facts import Box
from workers.analysers.frames import Pixels, iter_frames

#: Brightness above the surroundings (of 255) from which on a pixel belongs to a stroke.
_STROKE_CONTRAST: Final = 60
#: A pixel is a letter's if it is a stroke in this share of the line's looked-at frames.
_STEADY_SHARE: Final = 0.8
#: Fewer steady pixels than this are no text (dark letters): then the looked-at frames' times stay.
_MIN_STEADY_PX: Final = 60
#: The letters must be this much more there inside a line than outside of it to tell where it begins.
_MIN_STEP: Final = 0.15
_MARGIN_PX: Final = 4

Mask = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line known at looked-at frames: first and last with it, and the neighbours without it (None: none there)."""

    before_ms: int | None
    first_ms: int
    last_ms: int
    after_ms: int | None
    box: Box
    row_px: float


@dataclass(slots=True)
class _Evidence:
    """Stroke masks of one line, packed to bits, in the frames where it may begin or end; counts of those inside."""

    line: SeenLine
    shape: tuple[int, int] = (0, 0)
    inside: npt.NDArray[np.uint32] | None = None
    inside_frames: int = 0
    opening: list[tuple[int, Mask]] = field(default_factory=list)
    closing: list[tuple[int, Mask]] = field(default_factory=list)


def find_edges(
    video: Path, lines: Sequence[SeenLine], duration_ms: int, on_share: Callable[[float], None]
) -> list[tuple[int, int]]:
    """Return (start_ms, end_ms) for every line, to the frame; `lines` are ordered by their first looked-at frame.

    A start is the time of the first frame with the text, an end that of the first frame without it. Decodes the video
    once. Raises AnalysisError `video_unreadable`.
    """
    edges: list[tuple[int, int]] = []
    active: list[_Evidence] = []
    upcoming = list(reversed(lines))
    for time_ms, pixels in iter_frames(video):
        while upcoming and time_ms >= _opens(upcoming[-1]):
            active.append(_Evidence(upcoming.pop()))
        while active and time_ms > _closes(active[0].line, duration_ms):
            edges.append(_edges_of(active.pop(0), duration_ms))
        for evidence in active:
            _look(evidence, time_ms, pixels)
        on_share(min(time_ms / duration_ms, 1.0))
    edges += [_edges_of(evidence, duration_ms) for evidence in active]
    # lines that lie after the last decoded frame cannot be: they were seen in a frame
    return edges


def _opens(line: SeenLine) -> int:
    return line.first_ms if line.before_ms is None else line.before_ms


def _closes(line: SeenLine, duration_ms: int) -> int:
    return duration_ms if line.after_ms is None else line.after_ms


def _look(evidence: _Evidence, time_ms: int, pixels: Pixels) -> None:
    line = evidence.line
    mask = strokes(pixels, line.box, line.row_px)
    if evidence.inside is None:
        evidence.inside = np.zeros(mask.shape, dtype=np.uint32)
    if line.first_ms <= time_ms <= line.last_ms:
        evidence.inside += mask
        evidence.inside_frames += 1
    if time_ms <= line.first_ms:
        evidence.opening.append((time_ms, np.packbits(mask)))
    if time_ms >= line.last_ms:
        evidence.closing.append((time_ms, np.packbits(mask)))


def strokes(pixels: Pixels, box: Box, row_px: float) -> Mask:
    """Return a mask (0 or 1) of the bright thin strokes in a box and a small margin; `row_px` is a row's height."""
    left, top, width, height = box
    y, x = max(int(top) - _MARGIN_PX, 0), max(int(left) - _MARGIN_PX, 0)
    part = pixels[y : int(top + height) + _MARGIN_PX, x : int(left + width) + _MARGIN_PX]
    luma = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    side = max(int(row_px * 0.5) | 1, 5)
    hat = cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, cv2.getStructuringElement(cv2.MORPH_RECT, (side, side)))
    mask: Mask = (hat > _STROKE_CONTRAST).astype(np.uint8)
    return mask


def _edges_of(evidence: _Evidence, duration_ms: int) -> tuple[int, int]:
    line = evidence.line
    fallback = line.first_ms, (duration_ms if line.after_ms is None else line.after_ms)
    if evidence.inside is None or evidence.inside_frames == 0:
        return fallback
    steady = evidence.inside >= _STEADY_SHARE * evidence.inside_frames
    count = int(steady.sum())
    if count < _MIN_STEADY_PX:
        return fallback

    def presence(packed: Mask) -> float:
        mask = np.unpackbits(packed, count=steady.size).reshape(steady.shape)
        return float(mask[steady].sum()) / count

    opening = [(time_ms, presence(mask)) for time_ms, mask in evidence.opening]
    closing = [(time_ms, presence(mask)) for time_ms, mask in evidence.closing]
    start = _first_with(opening, known_without=line.before_ms is not None)
    gone = _first_with(closing[::-1], known_without=line.after_ms is not None)
    last = max(time_ms for time_ms, _ in closing if time_ms <= gone)
    end = next((time_ms for time_ms, _ in closing if time_ms > last), duration_ms)
    return start, end


def _first_with(presences: Sequence[tuple[int, float]], *, known_without: bool) -> int:
    """Walk back from the last entry, where the text is, and return the time of the earliest that still has it.

    `known_without`: the first entry is a looked-at frame without the text, so half-way between the two tells; else
    the text may be in all of them, and six tenths of its letters must be there.
    """
    inside = presences[-1][1]
    outside = presences[0][1] if known_without else 0.2 * inside
    if inside - outside < _MIN_STEP:
        return presences[-1][0]
    limit = (inside + outside) / 2
    earliest = presences[-1][0]
    for time_ms, share in reversed(presences):
        if share < limit:
            break
        earliest = time_ms
    return earliest
