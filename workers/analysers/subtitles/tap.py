"""Subtitles out of a sweep: a thread follows every frame's strokes, and what comes and goes like a text is read in
another."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from workers.analysers.behind import Behind
from workers.analysers.facts import SubtitleLine
from workers.analysers.ocr import choose_reader
from workers.analysers.subtitles.candidates import Ending
from workers.analysers.subtitles.lines import Film, chosen_lines
from workers.analysers.subtitles.options import Options
from workers.analysers.subtitles.reading import Reading
from workers.analysers.subtitles.strokes import Luma, Passing, StrokeWatch, strokes, working_step
from workers.analysers.sweep import Picture

#: A strip's brightness is kept every so many frames, the last so many times: some 10 s, 20 MB at 720p.
_KEEP_EVERY: Final = 4
_KEPT: Final = 60
#: Strokes that went within so many frames of each other went together.
_ONE_END: Final = 2
#: So many candidates may wait for the reader; then the frames wait, of which some 1.4 MB each are held at 720p.
_WAITING: Final = 8
_FRAMES_WAITING: Final = 16
#: The thread takes so many frames at once, if as many wait: fewer hand-overs.
_AT_ONCE: Final = 4
#: A picture differs from the one before by so much (mean of 255), and so many times more than its neighbours, at a cut.
_CUT_STEP, _CUT_TIMES = 6.0, 3.0


@dataclass(slots=True)
class _Strip:
    """A part of the picture in which text is looked for: pixels from `top` to `bottom`."""

    top: int
    bottom: int
    every: int
    """How many-th frame is looked at."""
    watch: StrokeWatch
    kept: deque[tuple[int, Luma]] = field(default_factory=lambda: deque(maxlen=_KEPT))


class TextTap:
    """A watcher of a sweep: `see` every picture, then `finish` once."""

    def __init__(self, options: Options | None = None) -> None:
        """Load the reader. Raises AnalysisError `options_invalid`, and those of `choose_reader`."""
        self._work = _Work(options or Options())
        self._behind = Behind("text", self._work.look_at, waiting=_FRAMES_WAITING, at_once=_AT_ONCE)

    def see(self, picture: Picture) -> None:
        """Take the next frame. Waits while the thread is far behind; raises what went wrong there."""
        self._behind.give(picture)

    def finish(self) -> tuple[SubtitleLine, ...]:
        """Return the subtitles in order, `source="ocr"`; an empty tuple where none is burned in."""
        self._behind.finish()
        return self._work.lines()


class _Work:
    """What the thread does; it knows nothing of the tap, so that a forgotten tap is found to be so."""

    def __init__(self, options: Options) -> None:
        options.check()
        self._options = options
        self._reading = Reading(
            choose_reader(self._options.languages, self._options.engine), self._options.min_confidence
        )
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="subtitles")
        self._waiting: deque[Future[None]] = deque()
        self._strips: list[_Strip] = []
        self._step = 1
        self._times: list[int] = []
        self._steps: list[float] = []
        self._small: npt.NDArray[np.uint8] | None = None

    def look_at(self, pictures: Sequence[Picture]) -> None:
        """Follow the strokes of the next frames. Raises what the reader raised meanwhile."""
        for picture in pictures:
            self._see(picture)

    def _see(self, picture: Picture) -> None:
        if not self._strips:
            self._cut_strips(picture.width, picture.height)
        luma = picture.luma()
        frame = len(self._times)
        self._times.append(picture.time_ms)
        self._note_step(luma)
        for strip in self._strips:
            part = luma[strip.top : strip.bottom]
            if frame % _KEEP_EVERY == 0:
                strip.kept.append((frame, part.copy()))
            if frame % strip.every == 0:
                self._hand_over(strip, strip.watch.see(strokes(part, self._step), frame // strip.every))

    def lines(self) -> tuple[SubtitleLine, ...]:
        """Return the subtitles; all frames were looked at."""
        frames = len(self._times)
        for strip in self._strips:
            self._hand_over(strip, strip.watch.end(math.ceil(frames / strip.every)))
        lines = self._worker.submit(self._reading.finish)
        self._collect(0)
        found = lines.result()
        self._worker.shutdown()
        film = Film([*self._times, self._end_ms()], self._size[0], self._is_cut)
        return chosen_lines(found, film, self._options.same_text_ratio)

    def _cut_strips(self, width: int, height: int) -> None:
        self._step = working_step(height)
        self._size = (width, height)
        upper = math.floor(self._options.upper_area * height)
        lower = math.floor((1 - self._options.lower_area) * height)
        # Few subtitles stand at the top: every other frame tells well enough when.
        for top, bottom, every, shortest in ((0, upper, 2, 5), (lower, height, 1, 8)):
            shape = ((bottom - top) // self._step, width // self._step)
            if min(shape) > 0:
                self._strips.append(_Strip(top, bottom, every, StrokeWatch(shape, shortest)))

    def _note_step(self, luma: Luma) -> None:
        """Remember how much the whole picture differs from the one before."""
        small = np.ascontiguousarray(luma[8::32, 8::16])
        before = small if self._small is None else self._small
        self._steps.append(float(cv2.norm(small, before, cv2.NORM_L1)) / small.size)
        self._small = small

    def _is_cut(self, frame: int) -> bool:
        """Whether the whole picture changes with a frame; the first and the end of the video count too."""
        if frame <= 1 or frame >= len(self._steps) - 1:
            return True
        around = self._steps[max(frame - 6, 1) : frame + 7]
        step = max(self._steps[frame - 1 : frame + 2])
        return step > _CUT_STEP and step > _CUT_TIMES * float(np.median(around))

    def _hand_over(self, strip: _Strip, passed: list[Passing]) -> None:
        """Give what went at one time to the reader, together."""
        while passed:
            death = passed[0].death
            together = [passing for passing in passed if abs(passing.death - death) <= _ONE_END]
            passed = [passing for passing in passed if abs(passing.death - death) > _ONE_END]
            ending = Ending(
                death=min(death * strip.every, len(self._times)),
                parts=tuple((passing.birth * strip.every, passing.mask(strip.watch.shape)) for passing in together),
                kept=tuple(strip.kept),
                top=strip.top,
                step=self._step,
                picture_rows=self._size[1],
                is_cut=self._is_cut,
            )
            self._collect(_WAITING)
            self._waiting.append(self._worker.submit(self._reading.take, ending))

    def _collect(self, leave: int) -> None:
        while len(self._waiting) > leave:
            self._waiting.popleft().result()

    def _end_ms(self) -> int:
        if len(self._times) < 2:
            return (self._times or [0])[0] + 1
        return 2 * self._times[-1] - self._times[-2]
