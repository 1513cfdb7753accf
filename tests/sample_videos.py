"""Tiny videos whose every frame is known, made where a test needs them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from workers.analysers.ffmpeg_binary import ffmpeg_path

Picture = NDArray[np.uint8]


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg quietly; a failure shows what it said."""
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, text=True)


def write_video(
    path: Path, pictures: Iterable[Picture], *, rate: int | Fraction = 25, times_ms: Sequence[int] | None = None
) -> Path:
    """Write RGB pictures at a constant rate, or at given times."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(rate), options={"crf": "10", "preset": "ultrafast"})
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(pictures):
            if number == 0:
                stream.height, stream.width = picture.shape[:2]
                stream.codec_context.time_base = Fraction(1, 1000) if times_ms else 1 / Fraction(rate)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = times_ms[number] if times_ms else number
            frame.time_base = stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def numbered(count: int, size: tuple[int, int] = (160, 96)) -> list[Picture]:
    """Return pictures whose grey level tells their number: `number_of` reads it back."""
    return [np.full((size[1], size[0], 3), 20 + 4 * number, dtype=np.uint8) for number in range(count)]


def number_of(picture: Picture) -> int:
    return round((float(picture.mean()) - 20) / 4)


def scene(seed: int, frames: int, size: tuple[int, int] = (160, 96), drift: int = 1) -> list[Picture]:
    """Return a shot: coloured blocks under a slow pan of `drift` pixels a frame; every seed is another place."""
    random = np.random.default_rng(seed)
    blocks = random.integers(0, 256, (12, 40, 3), dtype=np.uint8)
    wide = np.kron(blocks, np.ones((size[1] // 12, 16, 1), dtype=np.uint8))
    return [wide[: size[1], number * drift : number * drift + size[0]].copy() for number in range(frames)]


FLASH_AND_TONE_S = (1.0, 1.2)


def flash_and_tone(
    path: Path,
    *options: str,
    seconds: int = 3,
    size: str = "160x96",
    video_delay_s: float = 0.0,
    audio_delay_s: float = 0.0,
) -> Path:
    """Write a black picture that is white, and a silence that sounds, from 1.0 to 1.2 s of either stream."""
    start, end = FLASH_AND_TONE_S
    ffmpeg(
        *("-itsoffset", str(video_delay_s), "-f", "lavfi", "-i"),
        f"color=black:r=25:s={size}:d={seconds},drawbox=color=white:t=fill:enable='gte(t,{start})*lt(t,{end})'",
        *("-itsoffset", str(audio_delay_s), "-f", "lavfi", "-i"),
        f"aevalsrc='0.5*sin(2*PI*1000*t)*gte(t,{start})*lt(t,{end})':d={seconds}:s=48000",
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", *options, path),
    )
    return path
