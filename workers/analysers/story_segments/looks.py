"""How shots look: colours over all of a shot, points of its first and last picture. Seen while the video passes by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.colours import COLOUR_DIM, colour_shares
from workers.analysers.errors import AnalysisError
from workers.analysers.frames import fit_within
from workers.analysers.npz import Rows, StoredRows, read_npz, write_npz
from workers.analysers.spill import Spill, Spilled, SpilledRows
from workers.analysers.story_segments.options import LooksOptions
from workers.analysers.sweep import Picture

NAME: Final = "shot_looks.npz"
_COLOURS_SIZE: Final = (128, 64)
_ORB_BYTES: Final = 32
#: How much (of 255) a corner stands out at least: half of OpenCV's default, for dark rooms.
_CONTRAST: Final = 10
_STEP: Final = "shot_looks"
#: So many views are held that were read: the neighbours of a shot are compared with several.
_RECENT: Final = 64

Ints = NDArray[np.int32]


class View(NamedTuple):
    """Points of one picture: `points` float32 [K, 2] in its pixels, `descriptors` uint8 [K, 32]."""

    points: NDArray[np.float32]
    descriptors: NDArray[np.uint8]
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """R looked-at pictures of an episode, in order of time."""

    time_ms: NDArray[np.int32]
    """[R]"""
    colours: NDArray[np.float32]
    """[R, 216], each with sum 1"""
    views: Sequence[View]
    """R; without points where the picture is neither the first nor the last of its shot."""


@dataclass(frozen=True, slots=True, eq=False)
class ShotLooks:
    """The same by shot, N of them."""

    colours: NDArray[np.float32]
    """[N, 216]: means over the shot's pictures."""
    first: Sequence[View]
    last: Sequence[View]


class _Kept(Sequence[View]):
    """Views whose points stay on disk: few are held at a time, whatever the length of the episode."""

    def __init__(self, until: Ints, points: Rows, descriptors: Rows, size: tuple[int, int]) -> None:
        """`until` [R] says of each view where its points end."""
        self._until = until
        self._points, self._descriptors = points, descriptors
        self._size = size
        self._recent = lru_cache(maxsize=_RECENT)(self._read)

    def __len__(self) -> int:
        return len(self._until)

    def __getitem__(self, row: Any) -> Any:
        return self._recent(range(len(self))[row])

    def _read(self, row: int) -> View:
        span = int(self._until[row - 1]) if row else 0, int(self._until[row])
        return View(self._points.rows(*span), self._descriptors.rows(*span), *self._size)


class _Chosen(Sequence[View]):
    """Some of the views, by their rows."""

    def __init__(self, views: Sequence[View], rows: Sequence[int]) -> None:
        self._views, self._rows = views, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: Any) -> Any:
        return self._views[self._rows[place]]


def _laid_out(views: Iterable[View]) -> tuple[Ints, Rows, Rows]:
    """Return the points and the descriptors of all views, one view's after the other's, and where each view's end."""
    until, points, descriptors = [], SpilledRows(2), SpilledRows(_ORB_BYTES, np.uint8)
    for view in views:
        points.put(view.points)
        descriptors.put(view.descriptors)
        until.append(points.shape[0])
    return np.array(until, np.int32), points, descriptors


def no_view(width: int, height: int) -> View:
    return View(np.zeros((0, 2), np.float32), np.zeros((0, _ORB_BYTES), np.uint8), width, height)


class LooksTap:
    """Follows the pictures of a sweep: the first and last of every shot, and one every so often between."""

    def __init__(self, options: LooksOptions) -> None:
        self._options = options
        self._orb: Any = cv2.ORB_create(nfeatures=options.points, fastThreshold=_CONTRAST)  # type: ignore[attr-defined]
        self._starts: list[int] = []
        self._times: list[int] = []
        self._colours: list[NDArray[np.float32]] = []
        self._size = (0, 0)
        self._waiting: list[Spilled | tuple[Spilled, Spilled]] = []
        """Of each look its view's points and descriptors; or, of one inside a shot, the picture to find them in."""
        self._spill = Spill()
        self._before: Picture | None = None
        """The picture before this one: the last of its shot, if this one starts another."""

    def follow(self, picture: Picture, starts_shot: bool) -> None:
        if starts_shot:
            self._look(self._before, at_edge=True)
            self._starts.append(picture.time_ms)
        if starts_shot or picture.time_ms >= self._times[-1] + self._options.every_ms:
            self._look(picture, at_edge=starts_shot)
        self._before = picture

    def finish(self, soft_cuts_ms: Sequence[int] = ()) -> Looks:
        """Return what was seen. `soft_cuts_ms` begin shots that were not known while the pictures passed by."""
        self._look(self._before, at_edge=True)
        self._before = None
        starts = sorted({*self._starts, *soft_cuts_ms})
        shots = [bisect_right(starts, time) for time in self._times]
        edges = {row for row in range(len(shots)) if row == 0 or shots[row] != shots[row - 1]}
        edges |= {row - 1 for row in edges if row} | {len(shots) - 1}
        return Looks(
            np.array(self._times, np.int32),
            np.array(self._colours, np.float32).reshape(-1, COLOUR_DIM),
            _Kept(*_laid_out(self._recalled(row, at_edge=row in edges) for row in range(len(shots))), self._size),
        )

    def _look(self, picture: Picture | None, *, at_edge: bool) -> None:
        """Take a picture. Inside a shot its points are not looked for: only a soft cut beside it asks for them."""
        if picture is None or (self._times and picture.time_ms <= self._times[-1]):
            return
        size = fit_within(picture.width, picture.height, self._options.colours_width)
        self._times.append(picture.time_ms)
        small = cv2.resize(picture.pixels(size, "bgr24", "FAST_BILINEAR"), _COLOURS_SIZE, interpolation=cv2.INTER_AREA)
        self._colours.append(colour_shares(np.asarray(small, np.uint8)))
        self._size = fit_within(picture.width, picture.height, self._options.view_width)
        grey = np.asarray(cv2.resize(picture.luma(), self._size, interpolation=cv2.INTER_AREA), np.uint8)
        if at_edge:
            view = self._view(grey)
            self._waiting.append((self._spill.put(view.points.tobytes()), self._spill.put(view.descriptors.tobytes())))
        else:
            self._waiting.append(self._spill.put(grey.tobytes()))

    def _view(self, grey: NDArray[np.uint8]) -> View:
        width, height = self._size
        above = np.zeros((height, width), np.uint8)
        above[: round(height * (1 - self._options.captions))] = 255
        found, descriptors = self._orb.detectAndCompute(grey, above)
        if descriptors is None:
            return no_view(width, height)
        return View(np.array([point.pt for point in found], np.float32), descriptors, width, height)

    def _recalled(self, row: int, *, at_edge: bool) -> View:
        waiting = self._waiting[row]
        if not at_edge:
            return no_view(*self._size)
        if isinstance(waiting, Spilled):
            return self._view(np.frombuffer(waiting.read(), np.uint8).reshape(self._size[::-1]))
        points, descriptors = (kept.read() for kept in waiting)
        return View(
            np.frombuffer(points, np.float32).reshape(-1, 2),
            np.frombuffer(descriptors, np.uint8).reshape(-1, _ORB_BYTES),
            *self._size,
        )


def looks_of_shots(looks: Looks, spans_ms: Sequence[tuple[int, int]]) -> ShotLooks:
    """Return the looks of shots, each from start to end (ms); one that no picture was seen of takes the nearest.

    Raises AnalysisError `arrays_unreadable` where there are shots but no picture was seen at all.
    """
    if spans_ms and not len(looks.time_ms):
        raise AnalysisError(
            "arrays_unreadable", "No picture of the shots was looked at. Run the shot_looks step again."
        )
    colours = np.zeros((len(spans_ms), COLOUR_DIM), np.float32)
    first, last = [], []
    for shot, (start, end) in enumerate(spans_ms):
        low, high = np.searchsorted(looks.time_ms, [start, end])
        if low == high:
            low = int(np.abs(looks.time_ms.astype(np.int64) - start).argmin())
            high = low + 1
        colours[shot] = looks.colours[low:high].mean(axis=0)
        first.append(int(low))
        last.append(int(high) - 1)
    return ShotLooks(colours, _Chosen(looks.views, first), _Chosen(looks.views, last))


def write_looks(looks: Looks, path: Path) -> None:
    """Write the file; equal looks give equal bytes. It appears whole or not at all. Raises OSError."""
    until, points, descriptors = _laid_out(looks.views)
    arrays: dict[str, NDArray[Any] | Rows] = {
        "time_ms": looks.time_ms,
        "colours": looks.colours,
        "points_until": until,
        "point": points,
        "descriptor": descriptors,
    }
    size = [looks.views[0].width, looks.views[0].height] if looks.views else [0, 0]
    write_npz(path, arrays, {"size": size})


def read_looks(path: Path) -> Looks:
    """Read what `write_looks` wrote; views are read when they are asked for, as long as the file is there.

    Raises AnalysisError `arrays_unreadable`.
    """
    arrays, meta = read_npz(path, {"time_ms": 1, "colours": 2, "points_until": 1}, _STEP)
    points, descriptors = (StoredRows(path, name, 2, _STEP) for name in ("point", "descriptor"))
    rows, until = len(arrays["time_ms"]), arrays["points_until"]
    found = int(until[-1]) if len(until) else 0
    shapes = {
        "colours": (arrays["colours"].shape, (rows, COLOUR_DIM)),
        "points_until": (until.shape, (rows,)),
        "point": (points.shape, (found, 2)),
        "descriptor": (descriptors.shape, (found, _ORB_BYTES)),
    }
    for name, (shape, expected) in shapes.items():
        if shape != expected:
            raise AnalysisError(
                "arrays_unreadable",
                f"{path}: {name} is {list(shape)}, not {list(expected)}. Run the {_STEP} step again.",
            )
    width, height = (int(value) for value in meta["size"])
    return Looks(arrays["time_ms"], arrays["colours"], _Kept(until, points, descriptors, (width, height)))
