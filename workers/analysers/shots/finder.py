"""The shots of a video, found while its pictures pass by."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from workers.analysers.facts import Progress, Shot, no_progress
from workers.analysers.frames import fit_within, video_length
from workers.analysers.shots.joins import Joins
from workers.analysers.shots.measures import FrameScores, Measurer
from workers.analysers.shots.options import Options
from workers.analysers.shots.rules import HardCuts
from workers.analysers.sweep import Form, Picture, sweep

#: So many pictures are measured together, some 1.4 MB each at 720p.
LOT: Final = 8


class ShotFinder:
    """The `Cuts` of a sweep: tells hard cuts while pictures pass by, all shots at the end.

    A picture is held until it is known whether it starts a shot: until `LOT` of them were measured together, those
    beside a cut up to three frames longer, and where pictures repeat up to `reach_ms` and one frame longer (7 frames at
    25 a second, 16 at 60). Dissolves and fades have no frame on which a shot starts and are sure only when they are
    over: they are told by `soft_cuts_ms` after the last picture.
    """

    def __init__(self, options: Options, size: tuple[int, int], duration_ms: int) -> None:
        """Make a finder for a video of a size (width, height) in pixels and a length."""
        self.form: Final[Form] = (fit_within(*size, options.analysis_width), "bgr24", "FAST_BILINEAR")
        """What it wants every picture in."""
        self._duration_ms = duration_ms
        self._measurer = Measurer(options)
        self._hard = HardCuts(options)
        self._joins = Joins(options)
        self._held: deque[Picture] = deque()
        self._lot: list[Picture] = []
        self._times = array("q")  # 8 bytes a frame: 0.9 MB for an hour
        self._hard_frames: list[int] = []
        self._soft_frames: list[int] = []

    def settle(self, picture: Picture) -> list[tuple[Picture, bool]]:
        """See `Cuts.settle`."""
        self._lot.append(picture)
        return self._look() if len(self._lot) >= LOT else []

    def settle_rest(self) -> list[tuple[Picture, bool]]:
        """See `Cuts.settle_rest`."""
        settled = [*self._look(), *self._release(self._hard.end())]
        self._soft_frames = self._joins.end(self._hard_frames, self._times)
        return settled

    def _look(self) -> list[tuple[Picture, bool]]:
        """Look at the pictures that have come together."""
        lot, self._lot = self._lot, []
        if not lot:
            return []
        small = [picture.pixels(*self.form) for picture in lot]
        times = [picture.time_ms for picture in lot]
        self._joins.see(small, lot[0].index, times)
        rows = self._measurer.measure(small, times)
        self._times.extend(times)
        self._held.extend(lot)
        return self._release([settled for row in rows for settled in self._hard.add(row)])

    @property
    def soft_cuts_ms(self) -> tuple[int, ...]:
        """When the shots start that begin in the middle of a dissolve or fade; empty before `settle_rest`."""
        return tuple(self._times[frame] for frame in self._soft_frames)

    def closed_shots(self) -> tuple[Shot, ...]:
        """Return the shots that have ended so far. Later more have, and one may be parted by a dissolve."""
        starts = self._starts()
        return tile(self._times[: starts[-1]], starts[:-1], self._times[starts[-1]]) if starts else ()

    def finish(self) -> tuple[Shot, ...]:
        """Return all shots: they tile [0, duration) in order, each starts with a frame's exact time."""
        return tile(self._times, self._starts(), self._duration_ms)

    def _starts(self) -> list[int]:
        return sorted({*self._hard_frames, *self._soft_frames})

    def _release(self, settled: Sequence[tuple[FrameScores, bool]]) -> list[tuple[Picture, bool]]:
        pictures = []
        for row, cut in settled:
            if cut:
                self._hard_frames.append(row.index)
            self._joins.tell(row, starts_shot=cut)
            pictures.append((self._held.popleft(), cut or row.index == 0))
        return pictures


def find_shots(video: Path, options: Options | None = None, on_progress: Progress = no_progress) -> tuple[Shot, ...]:
    """Return the shots of a video: they tile [0, duration) in order, each starts with a frame's exact time.

    `key_frame_ms` is the time of the shot's middle frame. Raises AnalysisError `video_unreadable`, and whatever
    `on_progress` raises.
    """
    duration_ms, _, width, height = video_length(video)
    finder = ShotFinder(options or Options(), (width, height), duration_ms)
    sweep(video, duration_ms=duration_ms, cuts=finder, on_progress=on_progress)
    on_progress(1.0, "finding shots")
    return finder.finish()


def tile(time_ms: Sequence[int], cuts: Sequence[int], duration_ms: int) -> tuple[Shot, ...]:
    """Make shots of the frame indices that start one (without the first), up to the end of the video."""
    starts = [0, *cuts]
    ends = [*cuts, len(time_ms)]
    times = [0, *(int(time_ms[cut]) for cut in cuts), duration_ms]
    return tuple(
        Shot(
            index=index,
            start_ms=times[index],
            end_ms=times[index + 1],
            key_frame_ms=int(time_ms[(first + last) // 2]),
        )
        for index, (first, last) in enumerate(zip(starts, ends, strict=True))
    )
