"""One pass over the pictures of a proxy, for every analyser that wants them: each frame is decoded once.

A *watcher* sees every frame as it is decoded. A *follower* wants to know where shots begin, which is known a few
frames late: it sees every frame too, in order, with whether it starts a shot. Frames are held only that long, and as
long as a follower keeps them; memory does not grow with the length of the video.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final, Protocol

import av
import numpy as np
from numpy.typing import NDArray

from workers.analysers.behind import taken_before
from workers.analysers.facts import Progress, no_progress
from workers.analysers.frames import (
    Damage,
    Edges,
    Pixels,
    decoded,
    grey_part_of,
    open_video,
    part_of,
    plane_of,
    scaled,
    time_of,
    to_pixels,
)

Luma = NDArray[np.uint8]
"""Brightness, (height, width), 8 bits."""

Form = tuple[tuple[int, int] | None, str, str]
"""What a picture is asked for in: size (width, height), format, and how it is scaled; see `Picture.pixels`."""

_PROGRESS_EVERY: Final = 25
#: So many pictures are decoded before they are asked for, some 1.4 MB each at 720p, and so many handed over at once.
_BEFORE, _AT_ONCE = 16, 8
#: Where there are no more cores than this, those who look at the pictures keep them busy: one thread decodes.
_FEW_CORES: Final = 2


class Picture:
    """One decoded frame of the proxy. Holds some 1.4 MB at 720p: keep few, and let them go."""

    __slots__ = ("_forms", "_frame", "_luma", "index", "time_ms")

    def __init__(self, frame: av.VideoFrame, index: int, base: Fraction | None = None) -> None:
        """`base` is the frame's time base where that is known."""
        self._frame = frame
        self._luma: Luma | None = None
        self._forms: dict[Form, Pixels] = {}
        self.index = index
        """Which frame of the video it is, from 0."""
        self.time_ms = time_of(frame, base)

    @property
    def width(self) -> int:
        return self._frame.width

    @property
    def height(self) -> int:
        return self._frame.height

    def pixels(
        self, size: tuple[int, int] | None = None, pixel_format: str = "rgb24", interpolation: str = "AREA"
    ) -> Pixels:
        """Return the frame at a size (width, height), made once for all who ask for the same; do not write into it."""
        form = (size, pixel_format, interpolation)
        if form not in self._forms:
            self._forms[form] = to_pixels(self._frame, size, pixel_format, interpolation)
        return self._forms[form]

    def part(self, edges: Edges, size: tuple[int, int] | None = None) -> Pixels:
        """Return a part of the frame, inside it, in RGB, `frames.scaled` to a size (width, height) if any.

        Only the part is converted, unless the whole was before; do not write into it.
        """
        whole = self._forms.get((None, "rgb24", "AREA"))
        if whole is None:
            return part_of(self._frame, self.luma(), edges, size)
        return scaled(whole[edges.top : edges.bottom, edges.left : edges.right], size)

    def grey(self, edges: Edges, size: tuple[int, int] | None = None) -> Luma:
        """Return a part of the frame, grey (0 black, 255 white), scaled by area to a size (width, height) if any."""
        return grey_part_of(self._frame, self.luma(), edges, size)

    def luma(self, top: int = 0) -> Luma:
        """Return the brightness from row `top` on, at full size: a view of the decoder's memory, nothing is copied.

        The view lives as long as the picture is held; copy what must outlive it.
        """
        if self._luma is None:
            self._luma = plane_of(self._frame, 0)
        return self._luma[top:]


class Watcher(Protocol):
    """Sees every frame at once."""

    def see(self, picture: Picture) -> None: ...


class Follower(Protocol):
    """Sees every frame, some frames late, in order; the first frame of the video starts a shot too."""

    def follow(self, picture: Picture, starts_shot: bool) -> None: ...


class Cuts(Protocol):
    """Says where shots start."""

    def settle(self, picture: Picture) -> Iterable[tuple[Picture, bool]]:
        """Take the next frame; return those (earlier) frames about which is known by now whether they start a shot."""

    def settle_rest(self) -> Iterable[tuple[Picture, bool]]:
        """The video has ended: return the frames that are left."""


class KnownCuts:
    """Shots that were found before: nothing is late."""

    def __init__(self, starts_ms: Iterable[int]) -> None:
        self._starts = sorted(starts_ms)
        self._next = 0

    def settle(self, picture: Picture) -> list[tuple[Picture, bool]]:
        starts = picture.index == 0
        while self._next < len(self._starts) and picture.time_ms >= self._starts[self._next]:
            self._next += 1
            starts = True
        return [(picture, starts)]

    def settle_rest(self) -> list[tuple[Picture, bool]]:
        return []


def sweep(
    video: Path,
    *,
    duration_ms: int,
    watchers: Sequence[Watcher] = (),
    followers: Sequence[Follower] = (),
    cuts: Cuts | None = None,
    damage: Damage | None = None,
    on_progress: Progress = no_progress,
) -> int:
    """Decode a video once and show every frame to all; return how many there were. `damage` counts what was not seen.

    Without `cuts` only the first frame starts a shot. Raises AnalysisError `video_unreadable`, and whatever a watcher,
    a follower or `on_progress` raises.
    """
    return show_all(
        pictures(video, damage),
        duration_ms=duration_ms,
        watchers=watchers,
        followers=followers,
        cuts=cuts,
        on_progress=on_progress,
    )


def show_all(
    passing: Iterable[Picture],
    *,
    duration_ms: int,
    watchers: Sequence[Watcher] = (),
    followers: Sequence[Follower] = (),
    cuts: Cuts | None = None,
    on_progress: Progress = no_progress,
) -> int:
    """Show every picture to all, as `sweep` does, wherever they come from; return how many there were."""
    cuts = cuts or KnownCuts(())
    count = 0
    for picture in passing:
        for watcher in watchers:
            watcher.see(picture)
        _follow(followers, cuts.settle(picture))
        count += 1
        if count % _PROGRESS_EVERY == 0:
            on_progress(min(1.0, picture.time_ms / max(1, duration_ms)), "looking at the pictures")
    _follow(followers, cuts.settle_rest())
    return count


def pictures(
    video: Path, damage: Damage | None = None, form: Form | None = None, *, from_first: bool = False
) -> Generator[Picture]:
    """Yield all frames of a video in order, decoded in a thread before they are asked for; `damage` counts the others.

    The `form` in which all are wanted is made there too, while the frame is at hand. With `from_first`, time 0 is that
    of the first frame. Raises AnalysisError `video_unreadable`.
    """
    return taken_before(_decoding(video, damage, form, from_first), _BEFORE, _AT_ONCE, "decoding")


def _decoding(video: Path, damage: Damage | None, form: Form | None, from_first: bool) -> Generator[Picture]:
    threads = (os.cpu_count() or 1) > _FEW_CORES
    with open_video(video, threads=threads, every_filter=False) as (container, stream):
        for picture in pictures_of(container, stream, video, damage=damage, from_first=from_first):
            if form is not None:
                picture.pixels(*form)
            yield picture


def pictures_of(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    path: Path | str,
    *,
    damage: Damage | None = None,
    colour_matrix: int | None = None,
    from_first: bool = False,
) -> Iterator[Picture]:
    """Yield all frames of an open video in order, with a colour matrix (ITU-T H.273) where it has none of its own.

    With `from_first`, time 0 is that of the first frame. Raises AnalysisError `video_unreadable`, which names `path`.
    """
    base: Fraction | None = None
    first: int | None = None
    for index, frame in enumerate(decoded(container, stream, path, damage)):
        if from_first and frame.pts is not None:
            first = frame.pts if first is None else first
            frame.pts -= first
        if colour_matrix is not None:
            frame.colorspace = colour_matrix
        base = base or frame.time_base
        yield Picture(frame, index, base)


def _follow(followers: Sequence[Follower], settled: Iterable[tuple[Picture, bool]]) -> None:
    for picture, starts_shot in settled:
        for follower in followers:
            follower.follow(picture, starts_shot)
