"""Windows of the sound in which known words are looked for, one after the other; many of them with all cores.

pocketsphinx holds Python's lock while it listens, so that threads would wait for each other: other cores are used by
processes, each with a run of the windows. A window's result does not depend on the ones before it, so neither does it
on how they are dealt out.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
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
    own, *others = _runs(windows, os.cpu_count() or 1)
    with ExitStack() as stack:
        helpers = [stack.enter_context(_asked(audio, run)) for run in others]
        found = hear_here(aligner, audio, own, on_progress)
        for run, helper in zip(others, helpers, strict=True):
            try:
                found += helper.finish(meanwhile=lambda: on_progress(1.0, "aligning speech"))
            except RuntimeError:
                logger.warning("A process that aligned speech came to nothing: done again here", exc_info=True)
                found += hear_here(aligner, audio, run, on_progress)
    return found


def _runs(windows: Sequence[Window], cores: int) -> list[list[Window]]:
    """Part the windows into at most `cores` runs, in order, with about as much sound each; at least one run."""
    total = sum(window.end_ms - window.start_ms for window in windows)
    count = max(1, min(cores, total // _LEAST_MS))
    runs: list[list[Window]] = [[] for _ in range(count)]
    passed = 0
    for window in windows:
        runs[min(passed * count // max(total, 1), count - 1)].append(window)
        passed += window.end_ms - window.start_ms
    return runs


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
        self._found: list[Found | None] = []

    def take(self, arrays: Sequence[NDArray[Any]], windows: Sequence[Window]) -> None:
        assert not arrays
        self._found += hear_here(ForcedAligner(), self._audio, windows, no_progress)

    def finish(self) -> list[Found | None]:
        return self._found


def _asked(audio: Path, windows: Sequence[Window]) -> Apart[list[Found | None]]:
    """Start a process that hears windows. It is not kept: its model is loaded in a moment, and takes 60 MB."""
    apart: Apart[list[Found | None]] = Apart(f"{__name__}:Hearing", audio.resolve(), keep=False)
    apart.lay_out((), slots=1)
    apart.give(windows)
    return apart
