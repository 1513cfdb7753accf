"""The reaction time clip: a drawn face that changes at known times, with a tone, between quiet stretches.

    python -m workers.demo.calibration DATA VIDEO

DATA is webapp/annotation/data/calibration.json, VIDEO annotation_ui/public/assets/calibration.mp4, which is part of the
application. The data file says when; the web process reads the same file to score presses. Everything is drawn here.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from workers.demo.recording import write_video

SIZE: Final = (640, 360)
RATE: Final = 50
SOUND_HZ: Final = 44_100
_TONE_S: Final = 0.25
#: The file is part of the application: hardly anything moves in it, so it can be small.
_SMALL: Final = ("-preset", "veryslow", "-crf", "30", "-g", "250", "-ac", "1", "-b:a", "48k")
#: Drawn so much larger and made small: Pillow's lines have hard edges.
_SCALE: Final = 3
_BACKDROP, _SKIN, _INK = (38, 43, 54), (245, 200, 120), (45, 38, 34)
#: First and last pitch of each expression's tone, in Hz.
_TONES: Final = {"joy": (520, 780), "surprise": (660, 990), "sadness": (440, 330), "anger": (300, 300)}

Picture = npt.NDArray[np.uint8]


def make_calibration_clip(data: Path, video: Path) -> None:
    """Write the video of a data file. Raises AnalysisError `ffmpeg_missing`."""
    values = json.loads(data.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        _write_tones(values, sound)
        write_video(_frames(values), SIZE, RATE, sound, video, _SMALL)


def _write_tones(values: dict[str, Any], path: Path) -> None:
    samples = np.zeros(values["duration_ms"] * SOUND_HZ // 1000, np.int16)
    for onset in values["onsets"]:
        tone, first = _tone(onset["expression"]), onset["time_ms"] * SOUND_HZ // 1000
        samples[first : first + tone.size] = tone
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_HZ)
        file.writeframes(samples.astype("<i2").tobytes())


def _frames(values: dict[str, Any]) -> Iterator[Picture]:
    faces = {name: _face(name) for name in ("neutral", *_TONES)}
    for frame in range(values["duration_ms"] * RATE // 1000):
        time_ms = frame * 1000 // RATE
        shown = (o for o in values["onsets"] if o["time_ms"] <= time_ms < o["time_ms"] + values["shown_ms"])
        yield faces[next(shown, {"expression": "neutral"})["expression"]]


def _tone(expression: str) -> npt.NDArray[np.int16]:
    """Return a tone that starts at once and fades away: its first sample is the onset."""
    first, last = _TONES[expression]
    time = np.arange(round(_TONE_S * SOUND_HZ)) / SOUND_HZ
    pitch = first + (last - first) * time / _TONE_S
    swing = np.sin(2 * np.pi * np.cumsum(pitch) / SOUND_HZ)
    return (swing * np.linspace(1, 0, time.size) * 12_000).astype(np.int16)


def _face(expression: str) -> Picture:
    """Draw a face: uint8 (height, width, 3), RGB."""
    width, height = SIZE[0] * _SCALE, SIZE[1] * _SCALE
    picture = Image.new("RGB", (width, height), _BACKDROP)
    draw = ImageDraw.Draw(picture)
    x, y, radius = width / 2, height / 2, height * 0.4

    def place(across: float, down: float) -> tuple[float, float]:
        return x + across * radius, y + down * radius

    def curve(points: list[tuple[float, float]], thick: float) -> None:
        dots = [place(*point) for point in points]
        draw.line(dots, fill=_INK, width=round(thick * radius), joint="curve")
        for dot in (dots[0], dots[-1]):
            end = thick * radius / 2
            draw.ellipse((dot[0] - end, dot[1] - end, dot[0] + end, dot[1] + end), fill=_INK)

    draw.ellipse((*place(-1, -1), *place(1, 1)), fill=_SKIN)
    eye = {"surprise": 0.17, "anger": 0.1}.get(expression, 0.12)
    brow = {"surprise": (-0.62, -0.62), "anger": (-0.5, -0.3), "sadness": (-0.4, -0.58)}.get(expression, (-0.5, -0.5))
    for side in (-1, 1):
        draw.ellipse((*place(side * 0.36 - eye, -0.18 - eye), *place(side * 0.36 + eye, -0.18 + eye)), fill=_INK)
        curve([(side * 0.56, brow[0]), (side * 0.18, brow[1])], 0.07)
    if expression == "surprise":
        draw.ellipse((*place(-0.2, 0.22), *place(0.2, 0.72)), fill=_INK)
    else:
        depth = {"joy": 0.32, "sadness": -0.28, "anger": -0.1}.get(expression, 0.0)
        steps = [step / 20 for step in range(-20, 21)]
        curve([(0.48 * step, 0.42 - depth / 2 + depth * math.cos(step * math.pi / 2)) for step in steps], 0.09)
    return np.asarray(picture.resize(SIZE, Image.Resampling.LANCZOS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("video", type=Path)
    options = parser.parse_args()
    make_calibration_clip(options.data, options.video)


if __name__ == "__main__":
    main()
