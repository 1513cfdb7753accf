"""Turn a source video into the proxy: the one form in which annotators and analysers see an episode."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import ffmpeg
from PIL import Image

from workers.analysers import freed
from workers.analysers.errors import AnalysisError
from workers.analysers.facts import Progress, Proxy, no_progress
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.frames import Pixels, first_frame_ms, key_frame_before, video_length
from workers.analysers.packet_times import ends_early
from workers.analysers.picture_pipe import Coming, PicturePipe, Viewer
from workers.analysers.probe import FORMATS, SourceFacts, probe
from workers.analysers.remux import copy_command, why_encoded

NAME = "proxy"
VERSION = "2"

VIDEO_NAME, AUDIO_NAME, POSTER_NAME = "proxy.mp4", "audio.wav", "poster.jpg"
_WORK_PREFIX = ".unfinished-proxy-"
_LEFTOVER_AGE_S = 600
#: Candidates for the poster, as shares of the episode: many start black, with a logo or a recap.
_POSTER_SHARES = (0.1, 0.25, 0.4, 0.5, 0.65)
#: Frames the picture may be held at its end beyond what sound needs: two streams never end on the same tick.
_SLACK_FRAMES = 3


@dataclass(frozen=True)
class Options:
    """How the proxy is written. Sizes in pixels, rates in Hz, bit rates in bits a second."""

    short_side: int = 720
    long_side: int = 1280
    key_frame_interval_ms: int = 2000
    quality: int = 23
    """x264's constant rate factor: 18 looks like the source, 28 is visibly worse."""
    preset: str = "ultrafast"
    """With `encoder`, in two minutes of the sample dialogue: 29 CPU seconds and 2.7 Mbit/s; superfast takes 38 seconds
    and 1.5 Mbit/s."""
    encoder: str = "deblock=0,0"
    """What the preset leaves out, and is worth its time. CABAC (`cabac=1`) is not: a file 13 % smaller costs a fifth
    more to write and a third more to decode, each time it is analysed or played."""
    audio_bit_rate: int = 160_000
    audio_rate_hz: int = 48_000
    analysis_rate_hz: int = 16_000
    copy_pictures: bool = True
    """Copy the pictures of a source that every player plays as it is, instead of encoding them."""


def make_proxy(
    source: Path,
    out_dir: Path,
    options: Options | None = None,
    on_progress: Progress = no_progress,
    viewer: Viewer | None = None,
) -> Proxy:
    """Write proxy.mp4, audio.wav (where the source has sound) and poster.jpg into `out_dir`; return what was written.

    The proxy starts at time 0 with the first picture or sound of the source, whatever the source's clock says; the
    other stream is preceded by its first picture, or by silence. It ends with the longer of the two; picture and sound
    have one length. A variable frame rate becomes a constant one by repeating pictures, pixels become square, rotated
    pictures upright, interlaced ones progressive. Length and number of frames are measured from the written file.

    The pictures of a source that obeys all this already are copied (see remux.py), else they are encoded. `viewer` sees
    them as they are encoded, or in the source while they are copied; it changes nothing of what is written, nor do its
    errors.

    Files appear under their names only when all are complete; on any error nothing of them remains, and files of an
    earlier run stay. Raises AnalysisError: those of `probe`, `transcode_failed`, `damaged` (much of the source could
    not be decoded), and whatever `on_progress` raises, after ffmpeg was stopped.
    """
    options = options or Options()
    facts = probe(source)
    on_progress(0.0, "reading the source")
    out_dir.mkdir(parents=True, exist_ok=True)
    _sweep_leftovers(out_dir)
    with tempfile.TemporaryDirectory(prefix=_WORK_PREFIX, dir=out_dir) as folder:
        work = Path(folder)
        proxy = _copied(source, work, facts, options, on_progress, viewer)
        if proxy is None:
            _encode(source, work, facts, options, on_progress, viewer)
            proxy = _measure(source, work, facts)
        _write_poster(proxy.video_path, proxy.duration_ms, work / POSTER_NAME)
        on_progress(1.0, "writing the proxy")
        return _move_into_place(proxy, out_dir)


def _sweep_leftovers(out_dir: Path) -> None:
    """Remove the folders of runs that were killed; one in which ffmpeg still writes may belong to a living worker."""
    for folder in out_dir.glob(f"{_WORK_PREFIX}*"):
        newest = max((entry.stat().st_mtime for entry in (folder, *folder.iterdir())), default=0.0)
        if time.time() - newest > _LEFTOVER_AGE_S:
            shutil.rmtree(folder, ignore_errors=True)


def proxy_size(width: int, height: int, options: Options) -> tuple[int, int]:
    """Return the proxy's (width, height): the shape kept, within both limits, even as H.264 needs, never enlarged."""
    share = min(1.0, options.short_side / min(width, height), options.long_side / max(width, height))
    if share == 1.0:
        return max(2, width // 2 * 2), max(2, height // 2 * 2)
    return max(2, round(width * share / 2) * 2), max(2, round(height * share / 2) * 2)


def _frames_of(duration_ms: int, rate: Fraction) -> int:
    return max(1, round(duration_ms * rate / 1000))


def _whole_frames(facts: SourceFacts) -> int:
    """Return how many frames the proxy has: enough for the pictures and for the last sound."""
    pictures = _frames_of(facts.video_end_ms, facts.frame_rate)
    sound = -(-facts.audio_end_ms * facts.frame_rate // 1000)  # rounded up
    return max(pictures, int(sound)) if sound - pictures > 1 else pictures


def _encode(
    source: Path, work: Path, facts: SourceFacts, options: Options, on_progress: Progress, viewer: Viewer | None
) -> None:
    with PicturePipe(viewer, _coming(facts, options)) if viewer else nullcontext() as pipe:
        command = _command(source, work, facts, options, pipe)
        doing = "transcoding and looking at the pictures" if pipe else "transcoding"
        _run_ffmpeg(command, source, facts, doing, on_progress, pipe)


def _coming(facts: SourceFacts, options: Options) -> Coming:
    width, height = proxy_size(facts.width, facts.height, options)
    duration_ms = round(_whole_frames(facts) / facts.frame_rate * 1000)
    return Coming(width, height, facts.frame_rate, duration_ms, facts.colour_matrix)


def _command(
    source: Path, work: Path, facts: SourceFacts, options: Options, pipe: PicturePipe | None = None
) -> list[str]:
    rate, frames = facts.frame_rate, _whole_frames(facts)
    held = max(0, frames - _frames_of(facts.video_end_ms, rate)) + _SLACK_FRAMES
    width, height = proxy_size(facts.width, facts.height, options)
    media = ffmpeg.input(f"file:{source}", format_whitelist=FORMATS)
    picture = (
        media[str(facts.video_index)]
        .filter("bwdif", mode="send_frame", deint="interlaced")
        .filter("fps", fps=str(rate), start_time=0)
        .filter("scale", width, height, flags="bicubic", out_range="tv")
        .filter("setsar", 1)
        .filter("format", "yuv420p")
        .filter("tpad", stop=held, stop_mode="clone")
        .filter("trim", end_frame=frames)
    )
    video_options: dict[str, Any] = {
        "c:v": "libx264",
        "preset": options.preset,
        "x264-params": options.encoder,
        "crf": options.quality,
        "r": str(rate),
        "g": max(1, round(rate * options.key_frame_interval_ms / 1000)),
        "video_track_timescale": _timescale(rate),
    }
    common: dict[str, Any] = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact", "flags": "+bitexact"}
    mp4 = {"movflags": "+faststart", "format": "mp4", **common, **video_options}
    video_path = f"file:{work / VIDEO_NAME}"
    seen = None
    if pipe is not None:
        parted = picture.filter_multi_output("split", 2)
        picture, seen = parted[0], parted[1]
    if not facts.audio:
        outputs = [picture.output(video_path, **mp4)]
    else:
        sound = (
            media[str(facts.audio[0].index)]
            .filter("aresample", options.audio_rate_hz, **{"async": 1}, first_pts=0)
            .filter("apad")
            .filter("atrim", end=f"{float(frames / rate):.6f}")
            .filter_multi_output("asplit", 2)
        )
        aac = {"c:a": "aac", "b:a": options.audio_bit_rate, "ac": 2}
        wav = {"c:a": "pcm_s16le", "ac": 1, "ar": options.analysis_rate_hz, "format": "wav", **common}
        outputs = [
            ffmpeg.output(picture, sound[0], video_path, **mp4, **aac),
            sound[1].output(f"file:{work / AUDIO_NAME}", **wav),
        ]
    if pipe is not None and seen is not None:
        outputs.append(seen.output(pipe.url, format="rawvideo", **{"c:v": "rawvideo", "r": str(rate)}))
    whole = ffmpeg.merge_outputs(*outputs)
    whole = whole.global_args("-hide_banner", "-nostdin", "-loglevel", "error", "-nostats", "-progress", "pipe:1")
    command: list[str] = ffmpeg.compile(whole, cmd=ffmpeg_path(), overwrite_output=True)
    return command


def _timescale(rate: Fraction) -> int:
    """Return ticks a second in which every frame time is a whole number, fine enough for players (at least 10,000)."""
    return rate.numerator * max(1, -(-10_000 // rate.numerator))


def _copied(
    source: Path, work: Path, facts: SourceFacts, options: Options, on_progress: Progress, viewer: Viewer | None
) -> Proxy | None:
    """Copy the pictures where that gives a whole proxy; None where they have to be encoded."""
    if not options.copy_pictures or why_encoded(facts, options.long_side, options.short_side):
        return None
    coming = _coming_copied(source, facts) if viewer else None
    freed.give_back()  # what was held of all packets: an hour has 250,000
    if viewer is None or coming is None:
        return _copy(source, work, facts, options, on_progress)
    viewer.look_beside(source, coming)
    proxy = None
    try:
        proxy = _copy(source, work, facts, options, on_progress)
    finally:
        if proxy is None:
            viewer.drop()
    return proxy


def _coming_copied(source: Path, facts: SourceFacts) -> Coming | None:
    """Return what the proxy's pictures will be where those of a source are copied; None where that cannot be told."""
    try:
        duration_ms, frames, width, height = video_length(source, from_first=True)
    except AnalysisError:
        return None
    if (width, height) != (facts.width, facts.height):  # another stream's than the one that is copied
        return None
    return Coming(width, height, facts.frame_rate, duration_ms, facts.colour_matrix, frames)


def _copy(source: Path, work: Path, facts: SourceFacts, options: Options, on_progress: Progress) -> Proxy | None:
    """Copy pictures that may be copied; None where that does not give a whole proxy."""
    command = copy_command(
        source,
        work / VIDEO_NAME,
        work / AUDIO_NAME,
        facts,
        aac={"c:a": "aac", "b:a": options.audio_bit_rate, "ac": 2, "ar": options.audio_rate_hz},
        wav_format={"c:a": "pcm_s16le", "ac": 1, "ar": options.analysis_rate_hz, "format": "wav"},
    )
    try:
        _run_ffmpeg(command, source, facts, "copying", on_progress)
        proxy = _measure(source, work, facts)
    except AnalysisError:
        return None  # what cannot be copied whole may still be decoded
    frame_ms = 1000 / facts.frame_rate
    starts_at_0 = first_frame_ms(proxy.video_path) == 0
    whole = abs(proxy.duration_ms - (facts.video_end_ms - facts.video_start_ms)) <= frame_ms
    return replace(proxy, copied=True) if starts_at_0 and whole else None


def _run_ffmpeg(
    command: list[str],
    source: Path,
    facts: SourceFacts,
    doing: str,
    on_progress: Progress,
    pipe: PicturePipe | None = None,
) -> None:
    whole_us = _whole_frames(facts) / facts.frame_rate * 1_000_000
    share = 0.0
    with tempfile.TemporaryFile() as complaints:  # a file, not a pipe: nobody has to read it while ffmpeg runs
        inherited = pipe.handed_over if pipe else ()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True, pass_fds=inherited)
        try:
            if pipe is not None:
                pipe.start()
            assert process.stdout is not None
            for line in process.stdout:
                key, _, value = line.strip().partition("=")
                if key == "out_time_us" and value.lstrip("-").isdigit():  # else nothing is written yet, or all is
                    share = min(0.98, max(0.0, int(value) / float(whole_us)))
                elif key == "progress":
                    on_progress(share, doing)
            status = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        if status != 0:
            raise AnalysisError(
                "transcode_failed", f"ffmpeg could not convert {source.name}: {_last_complaint(complaints)}"
            )


def _last_complaint(complaints: IO[bytes]) -> str:
    complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, complaints.tell() - 4000))
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it gave no reason"


def _measure(source: Path, work: Path, facts: SourceFacts) -> Proxy:
    video, audio = work / VIDEO_NAME, work / AUDIO_NAME
    duration_ms, frame_count, width, height = video_length(video)
    if ends_early(duration_ms, facts.video_end_ms):
        raise AnalysisError(
            "damaged",
            f"Only {duration_ms / 1000:.1f} s of {source.name}'s {facts.video_end_ms / 1000:.1f} s can be decoded: "
            "the file is damaged. Bring another copy.",
        )
    return Proxy(
        video_path=video,
        audio_path=audio if facts.audio else None,
        poster_path=work / POSTER_NAME,
        duration_ms=duration_ms,
        frame_rate=facts.frame_rate,
        frame_count=frame_count,
        width=width,
        height=height,
    )


def _write_poster(video: Path, duration_ms: int, poster: Path) -> None:
    """Write the candidate with the most contrast: neither black nor a blank card."""
    pictures = [key_frame_before(video, int(duration_ms * share)) for share in _POSTER_SHARES]
    Image.fromarray(max(pictures, key=_contrast)).save(poster, format="JPEG", quality=85)


def _contrast(picture: Pixels) -> float:
    return float(picture[::4, ::4].std())


def _move_into_place(proxy: Proxy, out_dir: Path) -> Proxy:
    """Give the finished files their names, the video last: where it stands, the others belong to it."""
    poster = proxy.poster_path.replace(out_dir / POSTER_NAME)
    audio = None
    if proxy.audio_path is not None:
        audio = proxy.audio_path.replace(out_dir / AUDIO_NAME)
    else:
        (out_dir / AUDIO_NAME).unlink(missing_ok=True)
    video = proxy.video_path.replace(out_dir / VIDEO_NAME)
    return replace(proxy, video_path=video, audio_path=audio, poster_path=poster)
