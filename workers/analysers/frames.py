"""Pictures of a video with their true times: as a stream in bounded memory, or one at a time."""

from __future__ import annotations

import bisect
import functools
import threading
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from workers.analysers.errors import AnalysisError

Pixels = NDArray[np.uint8]
"""A picture, (height, width, 3), 8 bits a channel."""

#: Further ahead than this it is cheaper to seek to a key frame than to decode what lies between.
_SEEK_AHEAD_MS = 4000


class Frame(NamedTuple):
    time_ms: int
    """When the frame appears: its presentation time, rounded to milliseconds."""
    pixels: Pixels


@contextmanager
def open_video(
    path: Path, *, threads: bool = True, every_filter: bool = True
) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    """Open a video for decoding. Raises AnalysisError `video_unreadable` naming the file.

    Several `threads` have a picture sooner, for a sixth more work. Without `every_filter`, pictures that are
    predicted from both sides are not smoothed at the edges of their blocks: a seventh less work. Where others are
    predicted from them, that difference goes on until the next key frame; of a sitcom's pictures it is .15 of 255 on
    average.
    """
    try:
        container = av.open(f"file:{path}", metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as error:
        raise AnalysisError(
            "video_unreadable", f"The video {path} cannot be opened ({error}). Run the proxy step again."
        ) from error
    with container:
        if not container.streams.video:
            raise AnalysisError("video_unreadable", f"{path} holds no video stream. Run the proxy step again.")
        stream = container.streams.video[0]
        # "AUTO" because the default threads slices only, of which many encoders write one.
        stream.thread_type = "AUTO" if threads else "NONE"
        if not every_filter:
            stream.codec_context.options = {"skip_loop_filter": "bidir"}
        yield container, stream


@contextmanager
def open_raw_pictures(
    descriptor: int, size: tuple[int, int], rate: Fraction
) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    """Open a pipe of raw pictures: 8 bits, 4:2:0, (width, height), so many a second; nothing of it is copied.

    The descriptor stays open. Raises AnalysisError `video_unreadable` where the pipe ends before a whole picture.
    """
    form = {"pixel_format": "yuv420p", "video_size": f"{size[0]}x{size[1]}", "framerate": str(rate)}
    try:
        container = av.open(f"pipe:{descriptor}", format="rawvideo", options=form)
    except (av.error.FFmpegError, ValueError) as error:
        raise AnalysisError("video_unreadable", f"No raw pictures come through the pipe ({error}).") from error
    with container:
        yield container, container.streams.video[0]


def video_length(path: Path, *, from_first: bool = False) -> tuple[int, int, int, int]:
    """Return (duration in ms, number of frames, width, height) of a video of constant rate, from its packets' times.

    The duration is that from time 0 on, or from the first picture on.
    """
    with open_video(path) as (container, stream):
        ticks = array("q", (p.pts for p in container.demux(stream) if p.pts is not None and not p.is_discard))
        if not ticks:
            raise AnalysisError("video_unreadable", f"The video {path} has no frames. Run the proxy step again.")
        last_frame_s = 1 / stream.average_rate if stream.average_rate else Fraction(0)
        passed = max(ticks) - (min(ticks) if from_first else 0)
        end_s = passed * (stream.time_base or Fraction(0)) + last_frame_s
        return round(end_s * 1000), len(ticks), stream.codec_context.width, stream.codec_context.height


def first_frame_ms(video: Path) -> int:
    """Return when the first picture appears. Raises AnalysisError `video_unreadable`."""
    with open_video(video) as (container, stream):
        return next((time_of(frame) for frame in decoded(container, stream, video)), 0)


def iter_frames(
    video: Path,
    *,
    every_ms: int = 0,
    also_at_ms: Sequence[int] = (),
    size: tuple[int, int] | None = None,
    pixel_format: str = "rgb24",
    start_ms: int = 0,
    end_ms: int | None = None,
) -> Iterator[Frame]:
    """Decode a video once, in order, holding one frame at a time.

    With `every_ms`, of all frames only the first at or after each multiple of it is given (0: all of them); besides,
    the first at or after each of `also_at_ms`. No frame is given twice. `size` is (width, height) to scale to,
    `pixel_format` "rgb24" or "bgr24". Frames before `start_ms`, and from `end_ms` on, are left out.
    Raises AnalysisError `video_unreadable`.
    """
    extra = sorted(also_at_ms)
    next_extra = bisect.bisect_left(extra, start_ms)
    due_ms = start_ms
    with open_video(video) as (container, stream):
        if start_ms > 0:
            _seek(container, stream, start_ms)
        for frame in decoded(container, stream, video):
            time_ms = time_of(frame)
            if time_ms < start_ms:
                continue
            if end_ms is not None and time_ms >= end_ms:
                return
            is_extra = next_extra < len(extra) and time_ms >= extra[next_extra]
            if time_ms >= due_ms or is_extra:
                if time_ms >= due_ms and every_ms > 0:
                    due_ms = (time_ms // every_ms + 1) * every_ms
                next_extra = bisect.bisect_right(extra, time_ms)
                yield Frame(time_ms, to_pixels(frame, size, pixel_format))


class FrameGrabber:
    """Pictures at chosen times of one video, which stays open: use it as a context manager, with rising times if any.

    The picture at a time is the one on the screen then: the last that appears at or before it (before the first frame
    it is the first).
    """

    def __init__(self, video: Path) -> None:
        self._video = video
        self._opened = open_video(video)
        self._container, self._stream = self._opened.__enter__()
        self._frames: Iterator[av.VideoFrame] = iter(())
        self._current: av.VideoFrame | None = None
        self._following: av.VideoFrame | None = None

    def __enter__(self) -> FrameGrabber:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        self._frames = iter(())
        self._opened.__exit__(None, None, None)

    def grab(self, time_ms: int, size: tuple[int, int] | None = None, pixel_format: str = "rgb24") -> Pixels:
        """Return the picture on the screen at `time_ms`. Raises AnalysisError `video_unreadable`."""
        here_ms = time_of(self._current) if self._current is not None else None
        if here_ms is None or time_ms < here_ms or time_ms > here_ms + _SEEK_AHEAD_MS:
            _seek(self._container, self._stream, time_ms)
            self._frames = decoded(self._container, self._stream, self._video)
            self._current, self._following = next(self._frames, None), next(self._frames, None)
        while self._following is not None and time_of(self._following) <= time_ms:
            self._current, self._following = self._following, next(self._frames, None)
        if self._current is None:
            raise AnalysisError(
                "video_unreadable", f"{self._video} has no picture at {time_ms} ms. Run the proxy step again."
            )
        return to_pixels(self._current, size, pixel_format)


def grab_frame(video: Path, time_ms: int, size: tuple[int, int] | None = None) -> Pixels:
    """Return the picture (RGB) on the screen at `time_ms`. For several pictures of a video use FrameGrabber."""
    with FrameGrabber(video) as grabber:
        return grabber.grab(time_ms, size)


def key_frame_before(video: Path, time_ms: int) -> Pixels:
    """Return the key frame (RGB) at or before a time: one frame is decoded, not all from there to the time.

    Raises AnalysisError `video_unreadable`.
    """
    with open_video(video) as (container, stream):
        stream.thread_type = "NONE"  # threads would decode some frames ahead
        _seek(container, stream, time_ms)
        for frame in decoded(container, stream, video):
            return to_pixels(frame, None, "rgb24")
    raise AnalysisError("video_unreadable", f"{video} has no picture at {time_ms} ms. Run the proxy step again.")


def fit_within(width: int, height: int, long_side: int) -> tuple[int, int]:
    """Return a size of the same shape whose longer side is at most `long_side`; never larger than the given one."""
    share = min(1.0, long_side / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def to_pixels(
    frame: av.VideoFrame, size: tuple[int, int] | None, pixel_format: str, interpolation: str = "AREA"
) -> Pixels:
    """Return a decoded frame as an array, scaled to (width, height); `interpolation` is one of swscale's."""
    width, height = size or (frame.width, frame.height)
    # One thread: swscale's default spreads each small picture over all cores, which costs more than it gains.
    scaled = _scalers.to(width, height, pixel_format, interpolation).reformat(
        frame, width=width, height=height, format=pixel_format, interpolation=interpolation, threads=1
    )
    return cast(Pixels, scaled.to_ndarray())


class _Scalers(threading.local):
    """What a thread scales with, by the form it makes: made anew for each frame, it costs a sixth of the scaling."""

    def __init__(self) -> None:
        self._of: defaultdict[tuple[object, ...], VideoReformatter] = defaultdict(VideoReformatter)

    def to(self, *form: object) -> VideoReformatter:
        return self._of[form]


_scalers: Final = _Scalers()


class Edges(NamedTuple):
    """A part of a picture: pixels [left, right) x [top, bottom)."""

    left: int
    top: int
    right: int
    bottom: int


def part_of(frame: av.VideoFrame, luma: Pixels, edges: Edges, size: tuple[int, int] | None = None) -> Pixels:
    """Return a part of a decoded frame as RGB, `scaled` to a size (width, height) if any, without converting the whole.

    `luma` is its plane 0, which its caller has at hand.
    Colours are those of `to_pixels` but for rounding and for chroma at edges, which is interpolated. Formats other than
    4:2:0 of 8 bits are converted whole.
    """
    left, top, right, bottom = edges
    if frame.format.name not in _HALF_CHROMA or frame.colorspace not in _CHROMA_SHARES:
        return scaled(to_pixels(frame, None, "rgb24")[top:bottom, left:right], size)
    x, y = left // 2, top // 2
    chroma = [plane_of(frame, plane)[y : (bottom + 1) // 2, x : (right + 1) // 2] for plane in (1, 2)]
    if size is not None and 2 * size[0] <= right - left and 2 * size[1] <= bottom - top:
        # Each plane is scaled by itself: fewer pixels are read, and only the few that are left are converted.
        whole = [plane.astype(np.float32) for plane in (luma[top:bottom, left:right], *chroma)]
        few = _rgb_of(frame, [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in whole])
        return np.clip(np.rint(few), 0, 255).astype(np.uint8)
    luma = luma[2 * y : bottom, 2 * x : right]
    height, width = luma.shape
    doubled = (2 * chroma[0].shape[1], 2 * chroma[0].shape[0])
    large = [cv2.resize(plane, doubled, interpolation=cv2.INTER_LINEAR)[:height, :width] for plane in chroma]
    rgb = np.asarray(_rgb_of(frame, [luma, *large]), dtype=np.uint8)
    return scaled(rgb[top - 2 * y :, left - 2 * x :], size)


def scaled(pixels: Pixels, size: tuple[int, int] | None) -> Pixels:
    """Return a picture at a size (width, height) if any: by area where it shrinks both ways, else interpolated."""
    if size is None:
        return pixels
    shrinks = pixels.shape[0] > size[1] and pixels.shape[1] > size[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def _rgb_of(frame: av.VideoFrame, planes: Sequence[Any]) -> NDArray[Any]:
    """Return luma, Cb and Cr of one size and type as RGB, of that type."""
    return cv2.transform(cv2.merge(planes), _to_rgb(frame.colorspace, _is_full_range(frame)))


def grey_part_of(frame: av.VideoFrame, luma: Pixels, edges: Edges, size: tuple[int, int] | None = None) -> Pixels:
    """Return the brightness of a part of a decoded frame, black 0 and white 255, scaled by area to a size.

    It is the video's own luma: no colour is looked at. Without a size (width, height) it may be a view, for as long as
    the frame is held; with one, it is spread from black to white when it is scaled.
    """
    left, top, right, bottom = edges
    if frame.format.name not in _HALF_CHROMA:
        return grey_of(part_of(frame, luma, edges), size)
    grey = by_area(luma[top:bottom, left:right], size)
    return grey if _is_full_range(frame) else np.asarray(cv2.LUT(grey, _TO_FULL_RANGE), dtype=np.uint8)


def grey_of(rgb: Pixels, size: tuple[int, int] | None = None) -> Pixels:
    """Return the brightness of an RGB picture, scaled by area to a size (width, height)."""
    return by_area(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8), size)


def by_area(grey: Pixels, size: tuple[int, int] | None) -> Pixels:
    """Return a grey picture scaled by area to a size (width, height), if any."""
    return grey if size is None else np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _is_full_range(frame: av.VideoFrame) -> bool:
    return frame.color_range == _FULL_RANGE or frame.format.name == "yuvj420p"


#: Kr and Kb of ITU-T H.273's matrix coefficients: unspecified (as 601), BT.709, BT.470 BG, SMPTE 170M.
_CHROMA_SHARES: Final = {2: (0.299, 0.114), 1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114)}
_FULL_RANGE: Final = 2
_HALF_CHROMA: Final = ("yuv420p", "yuvj420p")
#: Luma of limited range, 16 to 235, as 0 to 255.
_TO_FULL_RANGE: Final = np.rint(np.clip((np.arange(256) - 16) * 255 / 219, 0, 255)).astype(np.uint8)


@functools.cache
def _to_rgb(colorspace: int, full_range: bool) -> NDArray[np.float64]:
    """Return (3, 4): red, green and blue from luma, Cb, Cr and 1, 8 bits each (ITU-T H.273)."""
    red, blue = _CHROMA_SHARES[colorspace]
    green = 1 - red - blue
    luma, chroma, black = (1.0, 1.0, 0) if full_range else (255 / 219, 255 / 224, 16)
    matrix = np.array(
        [
            [luma, 0, 2 * (1 - red) * chroma],
            [luma, -2 * blue * (1 - blue) / green * chroma, -2 * red * (1 - red) / green * chroma],
            [luma, 2 * (1 - blue) * chroma, 0],
        ]
    )
    return np.hstack([matrix, -matrix @ np.array([[black], [128], [128]])])


def plane_of(frame: av.VideoFrame, number: int) -> NDArray[np.uint8]:
    """Return a plane (luma, Cb, Cr) as (height, width): a view, for as long as the frame is held."""
    plane = frame.planes[number]
    rows = np.frombuffer(cast(Any, plane), dtype=np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]


@dataclass(slots=True)
class Damage:
    """How many packets gave no picture, and how many pictures the decoder had to guess in part."""

    packets: int = 0
    pictures: int = 0

    def __bool__(self) -> bool:
        return bool(self.packets or self.pictures)


def decoded(
    container: av.container.InputContainer, stream: av.VideoStream, path: Path | str, damage: Damage | None = None
) -> Iterator[av.VideoFrame]:
    """Yield the frames that have a time, from where the container stands; a packet that cannot be decoded is left out.

    `damage` counts what was left out or guessed. Raises AnalysisError `video_unreadable` where the file breaks off.
    """
    damage = damage if damage is not None else Damage()
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                damage.packets += 1
                continue
            for frame in frames:
                damage.pictures += frame.is_corrupt
                if frame.pts is not None:
                    yield frame
    except av.error.FFmpegError as error:
        raise AnalysisError(
            "video_unreadable", f"The video {path} cannot be read to its end ({error}). Run the proxy step again."
        ) from error


def _seek(container: av.container.InputContainer, stream: av.VideoStream, time_ms: int) -> None:
    """Stand on the last key frame at or before a time."""
    ticks = Fraction(time_ms, 1000) / (stream.time_base or Fraction(1, av.time_base))
    container.seek(int(ticks), stream=stream, backward=True, any_frame=False)


def time_of(frame: av.VideoFrame, base: Fraction | None = None) -> int:
    """Return when a frame appears, in milliseconds; a half is rounded to the even one, as `round` does.

    `base` is its time base where that is known: asking each frame costs more than the rest.
    """
    base = base or frame.time_base
    if base is None:
        return 0
    # In whole numbers, because every frame is asked: fractions reduce themselves at each step.
    ms, rest = divmod((frame.pts or 0) * base.numerator * 1000, base.denominator)
    return ms + (2 * rest > base.denominator or (2 * rest == base.denominator and ms % 2))
