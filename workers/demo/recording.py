"""Write sound and pictures into a file, always the same way."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import wave
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from workers.analysers.ffmpeg_binary import ffmpeg_path

_SPEECH_PEAK: Final = 18_000
_ROOM_TONE: Final = 12.0


def write_soundtrack(
    spoken: Iterable[tuple[int, npt.NDArray[np.int16]]], sample_count: int, sample_rate_hz: int, path: Path
) -> None:
    """Mix spoken lines (first sample, samples) over a quiet room tone: digital silence would be easier than any real
    episode. Mono WAV."""
    sound = np.random.default_rng(seed=0).normal(0.0, _ROOM_TONE, sample_count)
    for first, samples in spoken:
        loudest = np.abs(samples.astype(np.int32)).max()
        sound[first : first + samples.size] += samples * (_SPEECH_PEAK / loudest)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate_hz)
        file.writeframes(sound.round().astype("<i2").tobytes())


def write_video(
    pictures: Iterable[npt.NDArray[np.uint8]],
    size: tuple[int, int],
    rate: Fraction | int,
    soundtrack: Path,
    path: Path,
    encoding: Sequence[str] = (),
) -> None:
    """Write RGB pictures of a size (width, height) and a soundtrack as H.264 and AAC; `encoding` are options of ffmpeg
    that replace ours. Raises AnalysisError `ffmpeg_missing`, and RuntimeError where ffmpeg fails."""
    frame_rate = Fraction(rate)
    # Two threads and bit-exact flags: x264 gives the same bytes only for the same number of threads.
    command = [
        ffmpeg_path(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}",
        "-r", f"{frame_rate.numerator}/{frame_rate.denominator}", "-i", "pipe:0", "-i", str(soundtrack),
        "-c:v", "libx264", "-preset", "superfast", "-crf", "20", "-pix_fmt", "yuv420p", "-threads", "2", "-g", "48",
        "-c:a", "aac", "-b:a", "128k", "-ar", "44100", "-ac", "2",
        "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-fflags", "+bitexact", "-map_metadata", "-1",
        "-movflags", "+faststart", *encoding, str(path),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors)
        assert process.stdin is not None
        with process, contextlib.suppress(BrokenPipeError):  # a broken pipe: ffmpeg stopped, its message is read below
            for picture in pictures:
                process.stdin.write(picture.tobytes())
        if process.returncode != 0:
            errors.seek(0)
            raise RuntimeError(f"ffmpeg could not write {path.name}: {errors.read().decode(errors='replace').strip()}")
