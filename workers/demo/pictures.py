"""What the demo's cameras see: public-domain portraits on blurred backdrops, with gentle pans and zooms.

Sources, all inside installed packages:
- `grace_hopper.jpg` (matplotlib sample data): Grace Hopper, photograph of the United States Navy, public domain.
- `astronaut` (scikit-image): Eileen Collins, photograph of NASA, public domain.
- `rocket` and `coffee` (scikit-image): CC0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

import cv2
import matplotlib
import numpy as np
import numpy.typing as npt
import skimage.data
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from workers.demo.plan import Plan
from workers.demo.script import HEIGHT, JUNE, NORA, WIDTH

_STAGE_SIZE: Final = (1600, 900)
_FONT_PX: Final = 42
_OUTLINE_PX: Final = 4
_ROW_PX: Final = 54
_BOTTOM_MARGIN_PX: Final = 40

Picture = npt.NDArray[np.uint8]
"""(height, width, 3), RGB."""

#: Where the camera stands: centre x, centre y and width of the seen part of the stage; its height follows from 16:9.
View = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """A stage, and the view at the first and at the last frame of a shot; `people` are those on screen."""

    stage: str
    first: View
    last: View
    people: tuple[str, ...]


CAMERAS: Final[dict[str, Camera]] = {
    "two": Camera("both", (800, 450, 1600), (810, 440, 1500), (NORA, JUNE)),
    "two_close": Camera("both", (770, 420, 1330), (830, 410, 1330), (NORA, JUNE)),
    "nora": Camera("nora", (800, 420, 1400), (770, 410, 1330), (NORA,)),
    "nora_near": Camera("nora", (760, 400, 1120), (790, 395, 1060), (NORA,)),
    "june": Camera("june", (830, 330, 1120), (800, 320, 1040), (JUNE,)),
    "june_wide": Camera("june", (780, 440, 1560), (820, 430, 1480), (JUNE,)),
    "launch_pad": Camera("rocket", (760, 480, 1500), (840, 420, 1350), ()),
    "coffee": Camera("coffee", (800, 450, 1300), (800, 450, 1480), ()),
}


def render(plan: Plan) -> Iterator[Picture]:
    """Yield every frame of the episode in order: uint8 (HEIGHT, WIDTH, 3), RGB, subtitles burned in."""
    stages = {name: np.asarray(stage) for name, stage in _stages().items()}
    overlays = [_overlay(subtitle.text) for subtitle in plan.subtitles]
    for shot in plan.shots:
        camera = CAMERAS[shot.camera]
        steps = max(shot.end_frame - shot.start_frame - 1, 1)
        for frame in range(shot.start_frame, shot.end_frame):
            picture = _look(stages[camera.stage], camera, (frame - shot.start_frame) / steps)
            for subtitle, overlay in zip(plan.subtitles, overlays, strict=True):
                if subtitle.start_frame <= frame < subtitle.end_frame:
                    _burn_in(picture, overlay)
            yield picture


def _look(stage: Picture, camera: Camera, share: float) -> Picture:
    """Return what the camera sees after `share` (0 to 1) of its shot; views move by parts of a pixel."""
    x, y, width = (a + (b - a) * share for a, b in zip(camera.first, camera.last, strict=True))
    scale = width / WIDTH
    left = min(max(x - width / 2, 0.0), _STAGE_SIZE[0] - width)
    top = min(max(y - HEIGHT * scale / 2, 0.0), _STAGE_SIZE[1] - HEIGHT * scale)
    screen_to_stage = np.array([[scale, 0.0, left], [0.0, scale, top]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(stage, screen_to_stage, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cast(Picture, seen)


def _burn_in(picture: Picture, overlay: Image.Image) -> None:
    lowest = Image.fromarray(picture[HEIGHT - overlay.height :])
    lowest.paste(overlay, (0, 0), overlay)
    picture[HEIGHT - overlay.height :] = np.asarray(lowest)


def _stages() -> dict[str, Image.Image]:
    nora = Image.open(f"{matplotlib.get_data_path()}/sample_data/grace_hopper.jpg").convert("RGB")
    june = Image.fromarray(skimage.data.astronaut())
    both = Image.new("RGB", _STAGE_SIZE)
    both.paste(nora.resize((800, 900), box=(0, 0, 512, 576)), (0, 0))
    both.paste(june.resize((800, 900), box=(0, 0, 455, 512)), (800, 0))
    return {
        "nora": _on_backdrop(nora),
        "june": _on_backdrop(june),
        "both": both,
        "rocket": _covering(Image.fromarray(skimage.data.rocket())),
        "coffee": _covering(Image.fromarray(skimage.data.coffee())),
    }


def _covering(picture: Image.Image) -> Image.Image:
    """Scale a picture so that it covers the stage, and cut what stands over."""
    scale = max(_STAGE_SIZE[0] / picture.width, _STAGE_SIZE[1] / picture.height)
    width, height = _STAGE_SIZE[0] / scale, _STAGE_SIZE[1] / scale
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    return picture.resize(_STAGE_SIZE, Image.Resampling.BICUBIC, box=(left, top, left + width, top + height))


def _on_backdrop(portrait: Image.Image) -> Image.Image:
    """Put the whole portrait in the middle of a stage filled with its own blur, its side edges faded."""
    stage = _covering(portrait).filter(ImageFilter.GaussianBlur(60))
    width = round(portrait.width * _STAGE_SIZE[1] / portrait.height)
    sharp = portrait.resize((width, _STAGE_SIZE[1]), Image.Resampling.BICUBIC)
    ramp = np.minimum(np.arange(width), np.arange(width)[::-1]).clip(0, 80) * 255 // 80
    mask = Image.fromarray(np.tile(ramp.astype(np.uint8), (_STAGE_SIZE[1], 1)))
    stage.paste(sharp, ((_STAGE_SIZE[0] - width) // 2, 0), mask)
    return stage


def _overlay(text: str) -> Image.Image:
    """Return the lowest part of the screen, transparent, its rows centred, white with black outline."""
    height = _ROW_PX * len(text.splitlines()) + _BOTTOM_MARGIN_PX
    overlay = Image.new("RGBA", (WIDTH, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(overlay)
    font = _font()
    for row, words in enumerate(text.splitlines()):
        draw.text(
            (WIDTH / 2, (row + 0.5) * _ROW_PX), words, font=font, anchor="mm", fill="white",
            stroke_width=_OUTLINE_PX, stroke_fill="black",
        )  # fmt: skip
    return overlay


def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans-Bold.ttf", _FONT_PX)
