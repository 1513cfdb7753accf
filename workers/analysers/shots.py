"""Find camera shots: hard cuts by PySceneDetect's content score, and fades through a blank picture.

The score of a frame is ContentDetector's: how much hue, saturation and luma changed since the frame before. A cut is
where it stands out from its neighbours, the idea of PySceneDetect's AdaptiveDetector, whose default threshold,
window and smallest score are kept: they hold for its authors' benchmarks (BBC, AutoShot, ClipShots), more material
than any lab's sample. Its other rules are replaced, each for a failing seen in drama:

- no shortest shot in seconds, which hides cuts near the edges of a clip and flash-like inserts (a first shot of three
  frames and an insert of three frames in the sample dialogue); two neighbouring frames still make one cut, as a frame
  blended of two shots scores twice;
- frames at the edges of the video are compared with the neighbours they have;
- repeated pictures (a variable rate made constant, animation on twos) say nothing about motion and are no neighbours;
- a picture that comes back after one or two other frames was a flash, no cut;
- the colours themselves must stand out too: in a dark picture, and where a fade reaches black, hue is noise.

Measured within 2 ms of the cut on the sample dialogue (11 marked cuts; its joins count neither way) and four odd clips
(7 cuts by eye, camera pans, a dark audience), precision / recall: AdaptiveDetector as it comes .94 / .83, with a
shortest shot of 2 frames .95 / 1.0, with threshold 2 .90 / 1.0; ContentDetector as it comes 1.0 / .78, with 2 frames
1.0 / 1.0, though it is known to cut inside pans; HashDetector .72 and HistogramDetector .61 recall; this rule
1.0 / 1.0. So small a set shows failings, not rank: of the numbers below only those were chosen here that
AdaptiveDetector does not have, and none of them is near the value where a result would change.

Dissolves are not found by any cheap score; a cut at the end of a whip pan may be missed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scenedetect import FrameTimecode
from scenedetect.detectors import ContentDetector

from workers.analysers.facts import Progress, Shot, no_progress
from workers.analysers.frames import Pixels, fit_within, iter_frames, video_length

NAME = "shots"
VERSION = "1"

_FLASH_FRAMES = 2
#: Subsampling of the picture for the comparison across a flash: exactness does not matter there.
_THUMB_STEP = 8


@dataclass(frozen=True)
class Options:
    """AdaptiveDetector calls the first three adaptive_threshold, window_width and min_content_val."""

    contrast: float = 3.0
    """How many times the mean of its neighbours a cut's score is."""
    window: int = 2
    """Neighbours looked at on either side."""
    smallest_score: float = 15.0
    """A weaker change (of 255) is no cut, however still its surroundings."""
    smallest_difference: float = 4.0
    """Nor is a smaller mean difference of the colours (of 255), whatever the score: in the dark, hue is noise."""
    reach_ms: int = 250
    """Pictures further away than this are no neighbours: stills that follow each other are cuts."""
    repeat_difference: float = 0.4
    """A frame whose colours differ by at most this (of 255) repeats the picture before it."""
    blank_luma: float = 12.0
    """A frame is blank where its mean luma is at most this ..."""
    blank_spread: float = 4.0
    """... and its standard deviation at most this: a night scene has lights."""
    blank_ms: int = 120
    """A blank of at least this length between two pictures is a fade, even where no cut stands out."""
    analysis_width: int = 320


@dataclass(frozen=True, slots=True)
class FrameScores:
    """What was measured of each frame, in order; all arrays have one entry a frame."""

    time_ms: NDArray[np.int64]
    change: NDArray[np.float64]
    """ContentDetector's score against the frame before, 0 to 255; 0 for the first."""
    blank: NDArray[np.bool_]
    differs_from: tuple[NDArray[np.float64], ...]
    """Mean absolute difference to the frame 1, 2, ... `_FLASH_FRAMES` + 1 before."""


def find_shots(video: Path, options: Options | None = None, on_progress: Progress = no_progress) -> tuple[Shot, ...]:
    """Return the shots of a video: they tile [0, duration) in order, each starts with a frame's exact time.

    `key_frame_ms` is the time of the shot's middle frame. Raises AnalysisError `video_unreadable`, and whatever
    `on_progress` raises.
    """
    options = options or Options()
    duration_ms, _, width, height = video_length(video)
    scores = measure_frames(video, fit_within(width, height, options.analysis_width), duration_ms, options, on_progress)
    shots = tile(scores.time_ms, find_cuts(scores, options), duration_ms)
    on_progress(1.0, "finding shots")
    return shots


def find_cuts(scores: FrameScores, options: Options) -> list[int]:
    """Return the indices of the frames that start a new shot, rising, without 0."""
    hard = _one_of_neighbours(_without_flashes(_standing_out(scores, options), scores), scores.change)
    return sorted({*hard, *_fades(scores, hard, options)})


def tile(time_ms: NDArray[np.int64], cuts: Sequence[int], duration_ms: int) -> tuple[Shot, ...]:
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


class _ContentScore(ContentDetector):
    """ContentDetector asked for its score instead of its cuts, as AdaptiveDetector does."""

    def score(self, index: int, picture: Pixels) -> float:
        self.process_frame(FrameTimecode(index, fps=25.0), picture)  # the rate matters to its cuts only
        return float(self._frame_score or 0.0)


def measure_frames(
    video: Path, size: tuple[int, int], duration_ms: int, options: Options, on_progress: Progress
) -> FrameScores:
    """Decode a video once at a small size and measure every frame; memory grows by some 50 bytes a frame."""
    detector = _ContentScore(min_scene_len=1)
    recent: deque[NDArray[np.int16]] = deque(maxlen=_FLASH_FRAMES + 1)
    times: list[int] = []
    change: list[float] = []
    blank: list[bool] = []
    differs: list[list[float]] = [[] for _ in range(_FLASH_FRAMES + 1)]
    frames = iter_frames(video, size=size, pixel_format="bgr24")
    for index, (time_ms, picture) in enumerate(frames):
        times.append(time_ms)
        change.append(detector.score(index, picture))
        blank.append(_is_blank(picture, options))
        thumb = picture[::_THUMB_STEP, ::_THUMB_STEP].astype(np.int16)
        for back, values in enumerate(differs, start=1):
            values.append(float(np.abs(thumb - recent[-back]).mean()) if back <= len(recent) else 0.0)
        recent.append(thumb)
        if index % 50 == 0:
            on_progress(min(1.0, time_ms / max(1, duration_ms)), "finding shots")
    return FrameScores(
        time_ms=np.asarray(times, dtype=np.int64),
        change=np.asarray(change),
        blank=np.asarray(blank, dtype=bool),
        differs_from=tuple(np.asarray(values) for values in differs),
    )


def _is_blank(picture: Pixels, options: Options) -> bool:
    luma = picture[::2, ::2].mean(axis=2)
    return bool(luma.mean() <= options.blank_luma and luma.std() <= options.blank_spread)


def _standing_out(scores: FrameScores, options: Options) -> list[int]:
    """Return the frames whose change, and difference of colours, are `contrast` times the mean of their neighbours."""
    difference = scores.differs_from[0]
    distinct = np.flatnonzero(difference > options.repeat_difference)
    large = (scores.change >= options.smallest_score) & (difference >= options.smallest_difference)
    found = []
    for place, index in enumerate(distinct.tolist()):
        if not large[index]:
            continue
        before = distinct[max(0, place - options.window) : place]
        after = distinct[place + 1 : place + 1 + options.window]
        around = np.concatenate([before, after])
        near = around[np.abs(scores.time_ms[around] - scores.time_ms[index]) <= options.reach_ms]
        # Of the neighbours that are missing, those inside the video are still pictures: they changed by nothing.
        inside = min(options.window, index - 1) + min(options.window, len(scores.change) - 1 - index)
        if all(
            values[index] * max(1, inside) >= options.contrast * values[near].sum()
            for values in (scores.change, difference)
        ):
            found.append(index)
    return found


def _one_of_neighbours(cuts: Sequence[int], change: NDArray[np.float64]) -> list[int]:
    """Of two cuts on neighbouring frames keep the stronger."""
    kept: list[int] = []
    for cut in cuts:
        if kept and cut - kept[-1] == 1:
            kept[-1] = cut if change[cut] > change[kept[-1]] else kept[-1]
        else:
            kept.append(cut)
    return kept


def _without_flashes(cuts: Sequence[int], scores: FrameScores) -> list[int]:
    """Drop cuts after which the picture before them comes back within `_FLASH_FRAMES`, and those that bring it back."""

    def is_flash(cut: int) -> bool:
        alike = scores.differs_from[0][cut] / 3
        for length in range(1, _FLASH_FRAMES + 1):
            across = scores.differs_from[length]  # a frame against that before a flash of this length
            comes_back = cut + length < len(across) and across[cut + length] < alike
            brings_back = cut - length >= 1 and across[cut] < alike
            if comes_back or brings_back:
                return True
        return False

    return [cut for cut in cuts if not is_flash(cut)]


def _fades(scores: FrameScores, hard: Sequence[int], options: Options) -> list[int]:
    """Return the middle of each blank between two pictures that no hard cut enters or leaves."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], scores.blank, [False]]).astype(np.int8)))
    found = []
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        if first == 0 or after == len(scores.blank):
            continue  # a black start or end belongs to the shot beside it
        long_enough = scores.time_ms[after] - scores.time_ms[first] >= options.blank_ms
        if long_enough and not any(first <= cut <= after for cut in hard):
            found.append(int(first + after) // 2)
    return found
