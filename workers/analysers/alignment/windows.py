"""Windows of the sound in which known words are looked for, one after the other; many of them with all cores.

pocketsphinx holds Python's lock while it listens, so that threads would wait for each other: other cores are used by
processes (`helper.py`), each with a run of the windows. A window's result
does not depend on the ones before it, so neither does it on how they are dealt out.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workers.analysers.alignment.forced import ForcedAligner, Heard, SpokenSpan
from workers.analysers.facts import Progress
from workers.analysers.sound import open_recording

logger = logging.getLogger(__name__)

#: A process takes 0.4 s to be ready, in which another hears half a minute: less than this is not worth one.
_LEAST_MS: Final = 60_000
_POLL_S: Final = 0.05
_ROOT: Final = Path(__file__).resolve().parents[3]
_PROGRAM: Final = "workers.analysers.alignment.helper"
#: Files of the folder that a process is given.
ASKED, ANSWERED = "windows.json", "heard.json"


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
        helpers = [stack.enter_context(_Helper(audio, run)) for run in others]
        found = hear_here(aligner, audio, own, on_progress)
        for run, helper in zip(others, helpers, strict=True):
            answer = helper.wait(on_progress)
            found += hear_here(aligner, audio, run, on_progress) if answer is None else answer
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


class _Helper:
    """Context manager: another process that hears windows; it ends with this one, however this one ends."""

    def __init__(self, audio: Path, windows: Sequence[Window]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="affectory-hear-")
        asked = [[window.start_ms, window.end_ms, window.words] for window in windows]
        Path(self._folder.name, ASKED).write_text(json.dumps({"audio": str(audio.resolve()), "windows": asked}))
        self._process = subprocess.Popen(
            [sys.executable, "-m", _PROGRAM, self._folder.name],
            cwd=_ROOT,
            stdin=subprocess.PIPE,  # which closes when this process ends: see `helper.py`
            stdout=subprocess.DEVNULL,
        )

    def __enter__(self) -> _Helper:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def wait(self, on_progress: Progress) -> list[Found | None] | None:
        """Return what it heard; None where it did not come to its end, for whatever reason."""
        while self._process.poll() is None:
            on_progress(1.0, "aligning speech")
            time.sleep(_POLL_S)
        answer = Path(self._folder.name, ANSWERED)
        if self._process.returncode != 0 or not answer.is_file():
            logger.warning("A process that aligned speech ended with %s: done again here", self._process.returncode)
            return None
        return [None if one is None else _found(*one) for one in json.loads(answer.read_text())]


def _found(spans: list[list[int]], log_score: float, wide: bool) -> Found:
    return Found(Heard(tuple(SpokenSpan(start, end) for start, end in spans), log_score), wide)
