"""Clips with burned-in subtitles whose texts and frames are known: styles, backgrounds and the traps of real material.

The pictures behind are packaged test photographs (scikit-image) and drawn patterns; fonts are DejaVu (matplotlib's
package) and, where it is installed, Noto CJK.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final, cast

import av
import cv2
import numpy as np
import numpy.typing as npt
import skimage.data
from PIL import Image, ImageDraw

from benchmarks.fonts import CJK_FOLDER, font

SIZE: Final = (1280, 720)
RATE: Final = Fraction(24_000, 1001)

Pixels = npt.NDArray[np.uint8]
Scene = Callable[[int], Pixels]
"""Picture (720, 1280, 3), RGB, of a frame of the clip."""
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Style:
    """How a subtitle is drawn: sizes in pixels of 720 rows, `middle_y` is that of its last row."""

    font: str = "DejaVuSans.ttf"
    size_px: int = 40
    fill: Colour = (255, 255, 255)
    outline_px: int = 3
    outline: Colour = (0, 0, 0)
    box: Colour | None = None
    middle_y: float = 655
    fade_frames: int = 0


CJK: Final = "NotoSansCJK-Regular.ttc"
STYLES: Final[dict[str, Style]] = {
    "outlined": Style(),
    "bare": Style(outline_px=0),
    "yellow": Style(fill=(255, 230, 60), outline_px=2),
    "serif_on_box": Style(font="DejaVuSerif.ttf", outline_px=0, box=(16, 16, 16)),
    "small_italic": Style(font="DejaVuSans-Oblique.ttf", size_px=28, outline_px=2),
    "bold": Style(font="DejaVuSans-Bold.ttf", size_px=46, outline_px=4),
    "cjk": Style(font=CJK, size_px=44),
    "cjk_bare": Style(font=CJK, size_px=42, outline_px=0),
    "cjk_serif_bold": Style(font="NotoSerifCJK-Bold.ttc", size_px=44, outline_px=2),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A text on the frames [start, end); it is a subtitle unless `counts` is False (a sign, a logo, a clock)."""

    start: int
    end: int
    text: str
    style: Style = field(default_factory=Style)
    middle_x: float = SIZE[0] / 2
    counts: bool = True


def has_cjk_fonts() -> bool:
    return (CJK_FOLDER / CJK).is_file()


def make_clip(path: Path, scene: Scene, cues: Sequence[Cue], frames: int) -> Path:
    """Write the clip (H.264, RATE) with its cues burned in."""
    overlays = [_overlay(cue) for cue in cues]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "23", "preset": "veryfast", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for n in range(frames):
            picture = scene(n).copy()
            for cue, overlay in zip(cues, overlays, strict=True):
                if cue.start <= n < cue.end:
                    _burn_in(picture, overlay, _opacity(cue, n))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def time_of(frame: int) -> int:
    return round(frame * 1000 / RATE)


def photograph(name: str, *, pan: float = 0.0, brightness: float = 1.0) -> Scene:
    """A packaged photograph, 1.4 times as large as the picture; the camera moves `pan` pixels a frame."""

    def scene(n: int) -> Pixels:
        stage = _stage(name, brightness)
        spare = stage.shape[1] - SIZE[0]
        at = abs((pan * n + spare / 2) % (2 * spare) - spare)
        matrix = np.array([[1, 0, -at], [0, 1, -100]], dtype=np.float64)
        return cast(Pixels, cv2.warpAffine(stage, matrix, SIZE, flags=cv2.INTER_LINEAR))

    return scene


def plain(*colour: int) -> Scene:
    picture = np.full((SIZE[1], SIZE[0], 3), colour, dtype=np.uint8)
    return lambda _n: picture


def blinds(step_px: int = 24) -> Scene:
    """Bright thin bars that stand still: strokes that are no letters."""
    picture = np.full((SIZE[1], SIZE[0], 3), 70, dtype=np.uint8)
    for y in range(0, SIZE[1], step_px):
        picture[y : y + 4] = 220
    for x in range(40, SIZE[0], 6 * step_px):
        picture[:, x : x + 5] = 210
    return lambda _n: picture


def flashing(scene: Scene, every: int = 17, frames: int = 2) -> Scene:
    """Lightning: for some frames, again and again, the picture is nearly white."""

    def flashed(n: int) -> Pixels:
        picture = scene(n)
        return cast(Pixels, cv2.addWeighted(picture, 0.3, picture, 0.0, 170.0)) if n % every < frames else picture

    return flashed


def cut_at(*parts: tuple[int, Scene]) -> Scene:
    """Scenes one after the other: (first frame, scene), rising."""
    return lambda n: [scene for first, scene in parts if first <= n][-1](n)


@cache
def _stage(name: str, brightness: float) -> Pixels:
    picture = getattr(skimage.data, name)()
    if picture.ndim == 2:
        picture = np.dstack([picture] * 3)
    width = round(SIZE[0] * 1.4)
    height = max(round(width * picture.shape[0] / picture.shape[1]), SIZE[1] + 200)
    large = cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)
    return cast(Pixels, np.clip(large.astype(np.float32) * brightness, 0, 255).astype(np.uint8))


def _overlay(cue: Cue) -> npt.NDArray[np.float32]:
    """The drawn text, (720, 1280, 4): colour and opacity 0 to 1."""
    style = cue.style
    face = font(style.font, style.size_px)
    image = Image.new("RGBA", SIZE, (*style.outline, 0))
    draw = ImageDraw.Draw(image)
    rows = cue.text.split("\n")
    for i, row in enumerate(rows):
        y = style.middle_y - (len(rows) - 1 - i) * style.size_px * 1.3
        if style.box is not None:
            left, top, right, bottom = draw.textbbox((cue.middle_x, y), row, font=face, anchor="mm")
            draw.rectangle((left - 12, top - 8, right + 12, bottom + 8), fill=(*style.box, 255))
        draw.text(
            (cue.middle_x, y), row, font=face, anchor="mm", fill=(*style.fill, 255),
            stroke_width=style.outline_px, stroke_fill=(*style.outline, 255),
        )  # fmt: skip
    overlay = np.asarray(image).astype(np.float32)
    overlay[..., 3] /= 255
    return overlay


def _opacity(cue: Cue, n: int) -> float:
    fade = cue.style.fade_frames
    return 1.0 if fade == 0 else min(1.0, (n - cue.start + 1) / (fade + 1), (cue.end - n) / (fade + 1))


def _burn_in(picture: Pixels, overlay: npt.NDArray[np.float32], opacity: float) -> None:
    ys, xs = np.nonzero(overlay[..., 3])
    part = np.s_[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    alpha = overlay[part][..., 3:] * opacity
    picture[part] = np.round(picture[part] * (1 - alpha) + overlay[part][..., :3] * alpha).astype(np.uint8)
