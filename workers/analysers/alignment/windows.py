"""Windows of the sound in which known words are looked for, one after the other; many of them with all cores.

pocketsphinx holds Python's lock while it listens, so that threads would wait for each other: other cores are used by
processes. They get some windows at a time, from the end, and this one hears them from the beginning until all are heard
or asked for: all end at once. A window's result does not depend on the ones before it, so neither does it on how they
are dealt out.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from workers.analysers.alignment.forced import ForcedAligner, Heard
from workers.analysers.apart import Apart
from workers.analysers.facts import Progress, no_progress
from workers.analysers.sound import open_recording

logger = logging.getLogger(__name__)

#: A process takes 0.4 s to be ready, in which another hears half a minute: less than this is not worth one.
_LEAST_MS: Final = 60_000
#: So much sound is dealt out at a time, and so many parts of it may wait in a process.
_PART_MS: Final = 8_000
_WAITING: Final = 2


@dataclass(frozen=True, slots=True)
class Window:
    """Look for `words`, lower-case, in the sound of [start_ms, end_ms)."""

    start_ms: int
    end_ms: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was heard in a window, by the default search or only by the wide one."""

    heard: Heard
    wide: bool


def hear(aligner: ForcedAligner, audio: Path, windows: Sequence[Window], on_progress: Progress) -> list[Found | None]:
    """Return what was heard in each window; None where even the wide search finds no way.

    Uses a process a core where there is enough to hear. Raises AnalysisError `audio_unreadable`, and what
    `on_progress` raises.
    """
    parts = _parts(windows)
    heard: dict[int, list[Found | None]] = {}
    left = deque(range(len(parts)))

    def hear_part(number: int) -> None:
        later = sum(len(parts[other]) for other in left)

        def progress(share: float, doing: str) -> None:
            on_progress((len(windows) - later - (1 - share) * len(parts[number])) / len(windows), doing)

        heard[number] = hear_here(aligner, audio, parts[number], progress)

    with ExitStack() as stack:
        sound_ms = sum(window.end_ms - window.start_ms for window in windows)
        count = max(1, min(os.cpu_count() or 1, sound_ms // _LEAST_MS)) - 1
        helpers = [_Helper(stack.enter_context(_asked(audio))) for _ in range(count)]
        while left:
            for helper in helpers:
                while left and helper.has_room():
                    helper.give(number := left.pop(), parts[number])
            if left:
                hear_part(left.popleft())
        for helper in helpers:
            heard |= helper.finish(meanwhile=lambda: on_progress(1.0, "aligning speech"))
        for number in range(len(parts)):
            if number not in heard:  # who should have heard it was lost
                hear_part(number)
    return [found for number in range(len(parts)) for found in heard[number]]


def _parts(windows: Sequence[Window]) -> list[list[Window]]:
    """Part the windows, in order, each part with some _PART_MS of sound."""
    parts: list[list[Window]] = []
    held_ms = _PART_MS
    for window in windows:
        if held_ms >= _PART_MS:
            parts.append([])
            held_ms = 0
        parts[-1].append(window)
        held_ms += window.end_ms - window.start_ms
    return parts


class _Helper:
    """A process that hears parts, and which it was given. One that is lost takes no more, and has heard nothing."""

    def __init__(self, apart: Apart[list[list[Found | None]]]) -> None:
        self._apart = apart
        self._given: list[int] = []
        self._is_lost = False

    def has_room(self) -> bool:
        try:
            return not self._is_lost and self._apart.has_room()
        except RuntimeError:
            self._lose()
            return False

    def give(self, number: int, windows: Sequence[Window]) -> None:
        self._given.append(number)
        self._apart.give(windows)

    def finish(self, meanwhile: Callable[[], None]) -> dict[int, list[Found | None]]:
        """Return what was heard in each part, by its number.

        The process is not kept: its model is loaded in a moment, and takes 60 MB.
        """
        if self._is_lost:
            return {}
        try:
            return dict(zip(self._given, self._apart.finish(meanwhile, keep=False), strict=True))
        except RuntimeError:
            self._lose()
            return {}

    def _lose(self) -> None:
        logger.warning("A process that aligned speech came to nothing: done again here", exc_info=True)
        self._is_lost = True


def hear_here(
    aligner: ForcedAligner, audio: Path, windows: Sequence[Window], on_progress: Progress
) -> list[Found | None]:
    """Return what was heard in each window, by this process alone."""
    found: list[Found | None] = []
    with open_recording(audio) as recording:
        for window in windows:
            sound = recording.read(window.start_ms, window.end_ms)
            heard, wide = aligner.align(sound, window.words, wide=False), False
            if heard is None:
                heard, wide = aligner.align(sound, window.words, wide=True), True
            found.append(None if heard is None else Found(heard, wide))
            on_progress(len(found) / len(windows), "aligning speech")
    return found


class Hearing:
    """The Work (see `apart`) of another process: it is given windows."""

    def __init__(self, audio: Path) -> None:
        self._audio = audio
        self._aligner = ForcedAligner()
        self._heard: list[list[Found | None]] = []

    def take(self, arrays: Sequence[NDArray[Any]], windows: Sequence[Window]) -> None:
        assert not arrays
        self._heard.append(hear_here(self._aligner, self._audio, windows, no_progress))

    def finish(self) -> list[list[Found | None]]:
        """Return what was heard, by what was taken."""
        return self._heard


def _asked(audio: Path) -> Apart[list[list[Found | None]]]:
    """Start a process that hears windows."""
    apart: Apart[list[list[Found | None]]] = Apart(f"{__name__}:Hearing", audio.resolve())
    apart.lay_out((), slots=_WAITING)
    return apart
