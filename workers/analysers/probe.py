"""What a source file is, measured before anything expensive is done with it; what cannot be used is refused here.

Headers are not believed where they matter: every packet of the file is read once (not decoded), so that duration, frame
rate and completeness are what the file holds, not what it promises.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Disposition

from workers.analysers.errors import AnalysisError
from workers.analysers.packet_times import PacketTimes, ends_early, frame_rate_of, is_constant, read_packet_times

#: Demuxers that may open a source. Others (playlists, `concat` scripts, image sequences) could read files and
#: addresses that the person who brought the file may not see.
FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,flv,ogg,asf,mxf,rm,dv,nut,wtv,"
    "mp3,wav,flac,aac"
)
#: Longer than any episode or film: times, memory and disk are planned for hours, not days.
MAX_DURATION_MS = 12 * 3600 * 1000
#: How many damaged video packets are skipped in search of the first picture (a recording may start inside a GOP).
_FIRST_FRAME_PACKETS = 1000
#: Of ITU-T H.273's matrix coefficients; 0 is that of red, green and blue, which no proxy keeps.
_MATRIX_UNSPECIFIED = 2


@dataclass(frozen=True, slots=True)
class AudioStream:
    """One audio stream; `index` counts all streams of the file from 0, as ffmpeg's `-map 0:N` does."""

    index: int
    codec: str
    sample_rate_hz: int
    channels: int
    language: str


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source file that can be used. Sizes are in square pixels, upright, as a player shows them."""

    container: str
    duration_ms: int
    """From the container's start to the end of picture and sound: measured, as headers may be missing or wrong."""
    video_index: int
    video_end_ms: int
    """When the last picture leaves the screen, counted from the container's start: measured."""
    audio_end_ms: int
    """When the chosen audio stream ends, 0 without one: measured."""
    frame_rate: Fraction
    """Frames a second: the constant rate, or for a variable one the rate of its short frame intervals."""
    constant_rate: bool
    width: int
    height: int
    rotation_degrees: int
    """How far the stored picture is turned counter-clockwise for display: 0, 90, 180 or 270."""
    codec: str
    pixel_format: str
    square_pixels: bool
    interlaced: bool
    """By its first picture."""
    colour_matrix: int
    """ITU-T H.273's matrix coefficients, by its first picture; 2 where it does not say, or is not made of luma."""
    video_start_ms: float
    """When the first picture appears, counted from the container's start, to the microsecond."""
    audio_start_ms: float
    key_gap_ms: int
    """Longest time without a key frame."""
    video_bit_rate: int
    """Bits a second, measured."""
    audio: tuple[AudioStream, ...]
    """All audio streams, the one a player would choose first."""


@dataclass(frozen=True, slots=True)
class _Display:
    """How the first picture is to be shown; sizes in square pixels, upright."""

    width: int
    height: int
    rotation_degrees: int
    pixel_format: str
    square_pixels: bool
    interlaced: bool
    colour_matrix: int


@contextmanager
def open_source(path: Path) -> Iterator[av.container.InputContainer]:
    """Open a media file for reading, only by the demuxers in FORMATS. Raises AnalysisError in a reader's words."""
    if not path.exists():
        raise AnalysisError("file_missing", f"There is no file {path}.")
    if not path.is_file():
        raise AnalysisError("not_a_file", f"{path} is not a file. Name one video file.")
    if path.stat().st_size == 0:
        raise AnalysisError("file_empty", f"{path.name} is empty (0 bytes): it was probably not copied. Copy it again.")
    try:
        container = av.open(f"file:{path}", mode="r", options={"format_whitelist": FORMATS}, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as error:
        raise _why_it_cannot_be_opened(path, error) from error
    with container:
        yield container


def probe(path: Path) -> SourceFacts:
    """Measure a source video.

    Raises AnalysisError: `file_missing`, `not_a_file`, `file_empty`, `file_unreadable`, `not_a_video` (text, image or
    an unknown format), `no_video_stream` (audio only), `unsupported_codec`, `no_frames` (no picture can be decoded),
    `truncated` (its index is missing, or it holds clearly less than it declares), `too_long` (over 12 hours).
    """
    with open_source(path) as container:
        video = _video_stream(path, container)
        display = _first_picture(path, container, video)
        codec = str(video.codec_context.name)
        video_index = int(video.index)
        audio = _audio_streams(container)
    with open_source(path) as container:  # afresh: decoding has consumed packets, and not every file can seek
        times = read_packet_times(container)
        container_name = str(container.format.name)
        declared_end_ms = _declared_end_ms(container)
    pictures = times[video_index]
    if pictures.count == 0:
        raise _no_frames(path)
    sound = times.get(audio[0].index) if audio else None
    duration_ms = max(pictures.end_ms, sound.end_ms if sound else 0)
    _refuse_unusable_length(path, duration_ms, declared_end_ms, times, video_index)
    return SourceFacts(
        container=container_name,
        duration_ms=duration_ms,
        video_index=video_index,
        video_end_ms=pictures.end_ms,
        audio_end_ms=sound.end_ms if sound else 0,
        frame_rate=frame_rate_of(pictures),
        constant_rate=is_constant(pictures),
        width=display.width,
        height=display.height,
        rotation_degrees=display.rotation_degrees,
        codec=codec,
        pixel_format=display.pixel_format,
        square_pixels=display.square_pixels,
        interlaced=display.interlaced,
        colour_matrix=display.colour_matrix,
        video_start_ms=round(pictures.start_ms, 3),
        audio_start_ms=round(sound.start_ms, 3) if sound else 0.0,
        key_gap_ms=round(pictures.key_gap_ms),
        video_bit_rate=round(pictures.bytes * 8000 / max(1.0, pictures.end_ms - pictures.start_ms)),
        audio=audio,
    )


def _why_it_cannot_be_opened(path: Path, error: Exception) -> AnalysisError:
    if isinstance(error, PermissionError):
        return AnalysisError("file_unreadable", f"{path.name} may not be read by this process. Check its permissions.")
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":  # an MP4 or MOV by its signature, whose index usually stands at the end
        return AnalysisError(
            "truncated",
            f"{path.name} is an MP4 whose index (moov atom) is missing: it was cut off while being recorded or copied. "
            "Copy it again from where it was made.",
        )
    return AnalysisError(
        "not_a_video",
        f"{path.name} is not a video in a known format. Bring an MP4, MOV, MKV, WebM, AVI, MPEG or TS file.",
    )


def _video_stream(path: Path, container: av.container.InputContainer) -> av.VideoStream:
    """Return the stream a player would show; the cover picture of a song is none."""
    moving = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not moving:
        raise AnalysisError("no_video_stream", f"{path.name} has no video stream, only sound. Bring the video file.")
    best = container.streams.best("video")
    chosen = best if best in moving else moving[0]
    if chosen.codec_context is None:
        raise AnalysisError(
            "unsupported_codec",
            f"The video stream of {path.name} is in a codec that cannot be decoded here, or it is encrypted. "
            "Convert it to H.264 first.",
        )
    return chosen


def _first_picture(path: Path, container: av.container.InputContainer, stream: av.VideoStream) -> _Display:
    """Decode one picture; return how it is displayed."""
    try:
        for tried, packet in enumerate(container.demux(stream)):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                frames = []
            if frames:
                return _display_of(frames[0], stream)
            if tried >= _FIRST_FRAME_PACKETS:
                break
    except av.error.FFmpegError:
        pass  # the file ends in rubbish before the first picture: the same answer
    raise _no_frames(path)


def _display_of(frame: av.VideoFrame, stream: av.VideoStream) -> _Display:
    aspect = stream.sample_aspect_ratio or Fraction(1)  # of one stored pixel; 0 or None is unknown
    width, height = max(1, round(frame.width * aspect)), frame.height
    rotation = round(frame.rotation / 90) * 90 % 360
    if rotation in (90, 270):
        width, height = height, width
    return _Display(
        width,
        height,
        rotation,
        str(frame.format.name),
        aspect == 1,
        bool(frame.interlaced_frame),
        int(frame.colorspace) or _MATRIX_UNSPECIFIED,
    )


def _audio_streams(container: av.container.InputContainer) -> tuple[AudioStream, ...]:
    usable = [s for s in container.streams.audio if s.codec_context is not None]
    best = container.streams.best("audio")
    usable.sort(key=lambda stream: stream is not best and stream.index != getattr(best, "index", -1))
    return tuple(
        AudioStream(
            index=stream.index,
            codec=str(stream.codec_context.name),
            sample_rate_hz=stream.codec_context.sample_rate or 0,
            channels=stream.codec_context.channels or 0,
            language=stream.language or "",
        )
        for stream in usable
    )


def _refuse_unusable_length(
    path: Path, duration_ms: int, declared_end_ms: int | None, times: dict[int, PacketTimes], video_index: int
) -> None:
    if duration_ms > MAX_DURATION_MS:
        raise AnalysisError(
            "too_long",
            f"{path.name} lasts {duration_ms / 3_600_000:.1f} hours; at most {MAX_DURATION_MS // 3_600_000} are taken. "
            "Cut it into episodes.",
        )
    held = times[video_index]
    whole_ms = held.declared_ms
    if whole_ms is None and declared_end_ms is not None:  # Matroska declares one end, that of its longest stream
        held = max(times.values(), key=lambda stream: stream.end_ms)
        whole_ms = declared_end_ms
    if whole_ms is not None and ends_early(held.end_ms, whole_ms):
        raise AnalysisError(
            "truncated",
            f"{path.name} ends early: it declares {whole_ms / 1000:.1f} s but holds {held.end_ms / 1000:.1f} s. "
            "It was probably cut off while being copied: copy it again. If this is all there is, give it a true "
            "index with `ffmpeg -i IN -c copy OUT` and bring that file.",
        )


def _declared_end_ms(container: av.container.InputContainer) -> int | None:
    """Return the end by the container's header, counted from the container's start."""
    if not container.duration:
        return None
    # Matroska's duration is the last time stamp, also where the first is not 0; FLV and AVI start at 0.
    return round((container.duration - max(0, container.start_time or 0)) / 1000)


def _no_frames(path: Path) -> AnalysisError:
    return AnalysisError(
        "no_frames", f"No picture can be decoded from {path.name}: it is damaged or encrypted. Bring another copy."
    )
