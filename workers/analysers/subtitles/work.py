"""What is done about subtitles in a process of its own: every frame's strokes are followed, and what comes and goes
like a text is read in a thread beside."""

from __future__ import annotations

import math
import os
from array import array
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.facts import SubtitleLine
from workers.analysers.ocr import choose_reader
from workers.analysers.priority import stand_back
from workers.analysers.subtitles.candidates import Ending
from workers.analysers.subtitles.lines import Film, chosen_lines
from workers.analysers.subtitles.options import Options
from workers.analysers.subtitles.reading import Reading
from workers.analysers.subtitles.strips import Cutting, Strip
from workers.analysers.subtitles.strokes import Luma, Passing, StrokeWatch, top_hat

#: The last so many of a strip's brightness at full size are kept, one of AT_ONCE frames: some 10 s, 20 MB at 720p.
_KEPT: Final = 60
#: Strokes that went within so many frames of each other went together.
_ONE_END: Final = 2
#: So many candidates may wait for the reader; then the frames wait.
_WAITING: Final = 8
#: A picture differs from the one before by so much (mean of 255), and so many times more than its neighbours, at a cut.
_CUT_STEP, _CUT_TIMES = 6.0, 3.0


@dataclass(slots=True)
class _Watched:
    """A strip and what is known of it."""

    strip: Strip
    watch: StrokeWatch
    kept: deque[tuple[int, Luma]] = field(default_factory=lambda: deque(maxlen=_KEPT))


class TextWork:
    """The Work (see `apart`) of a TextTap. It is given the size of the pictures, and the times of up to AT_ONCE."""

    def __init__(self, options: Options) -> None:
        """Load the reader. Raises what `choose_reader` raises."""
        stand_back(os.getppid())
        self._options = options
        self._reading = Reading(choose_reader(options.languages, options.engine), options.min_confidence)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="subtitles")
        self._waiting: deque[Future[None]] = deque()
        self._cutting: Cutting | None = None
        self._strips: list[_Watched] = []
        self._times = array("q")
        self._steps = array("d")
        self._points: NDArray[np.uint8] | None = None

    def take(self, arrays: Sequence[NDArray[Any]], what: tuple[tuple[int, int], Sequence[int]]) -> None:
        """Follow the strokes of the next frames. Raises what the reader raised meanwhile."""
        size, times_ms = what
        if self._cutting is None:
            self._cutting = Cutting(self._options, size)
            self._strips = [
                _Watched(strip, StrokeWatch(self._cutting.shape(strip), strip.shortest))
                for strip in self._cutting.strips
            ]
        points, *pieces = arrays
        for place, time_ms in enumerate(times_ms):
            frame = len(self._times)
            self._times.append(time_ms)
            self._note_step(points[place].copy())
            for watched, small, whole in zip(self._strips, pieces[::2], pieces[1::2], strict=True):
                every = watched.strip.every
                if place == 0:
                    watched.kept.append((frame, whole.copy()))
                if place % every == 0:
                    self._hand_over(watched, watched.watch.see(top_hat(small[place // every]), frame // every))

    def finish(self) -> tuple[SubtitleLine, ...]:
        """Return the subtitles; all frames were looked at."""
        if self._cutting is None:
            return ()
        frames = len(self._times)
        for watched in self._strips:
            self._hand_over(watched, watched.watch.end(math.ceil(frames / watched.strip.every)))
        lines = self._worker.submit(self._reading.finish)
        self._collect(0)
        found = lines.result()
        self._worker.shutdown()
        film = Film(self._times + array("q", [self._end_ms()]), self._cutting.size[0], self._is_cut)
        return chosen_lines(found, film, self._options.same_text_ratio)

    def _note_step(self, points: NDArray[np.uint8]) -> None:
        """Remember how much the whole picture differs from the one before."""
        before = points if self._points is None else self._points
        self._steps.append(float(cv2.norm(points, before, cv2.NORM_L1)) / points.size)
        self._points = points

    def _is_cut(self, frame: int) -> bool:
        """Whether the whole picture changes with a frame; the first and the end of the video count too."""
        if frame <= 1 or frame >= len(self._steps) - 1:
            return True
        around = self._steps[max(frame - 6, 1) : frame + 7]
        step = max(self._steps[frame - 1 : frame + 2])
        return step > _CUT_STEP and step > _CUT_TIMES * float(np.median(around))

    def _hand_over(self, watched: _Watched, passed: list[Passing]) -> None:
        """Give what went at one time to the reader, together."""
        assert self._cutting is not None
        every = watched.strip.every
        while passed:
            death = passed[0].death
            together = [passing for passing in passed if abs(passing.death - death) <= _ONE_END]
            passed = [passing for passing in passed if abs(passing.death - death) > _ONE_END]
            ending = Ending(
                death=min(death * every, len(self._times)),
                parts=tuple((passing.birth * every, passing.mask(watched.watch.shape)) for passing in together),
                kept=tuple(watched.kept),
                top=watched.strip.top,
                step=self._cutting.step,
                picture_rows=self._cutting.size[1],
                is_cut=self._is_cut,
            )
            self._collect(_WAITING)
            self._waiting.append(self._worker.submit(self._reading.take, ending))

    def _collect(self, leave: int) -> None:
        while len(self._waiting) > leave:
            self._waiting.popleft().result()

    def _end_ms(self) -> int:
        if len(self._times) < 2:
            return max(self._times, default=0) + 1
        return 2 * self._times[-1] - self._times[-2]
