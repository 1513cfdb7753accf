"""The film's pictures: portraits on packaged photographs under a moving camera, with text burned in."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

import cv2
import numpy as np
import numpy.typing as npt
import skimage.data
from PIL import Image, ImageDraw

from benchmarks.film.people import Pixels, portrait
from benchmarks.film.plan import RATE, Line, Plan
from benchmarks.film.script import STYLES, Actor, Shot
from benchmarks.fonts import font

SIZE: Final = (1280, 720)
_STAGE: Final = (1920, 1080)
Box = tuple[float, float, float, float]

_CHINESE_FROM: Final = "\u4e00"
_BASE_Y: Final = 655
_GRAIN: Final = 1.5


@dataclass(frozen=True, slots=True)
class Style:
    latin: str
    chinese: str
    size: int
    fill: tuple[int, int, int] = (255, 255, 255)
    outline: int = 0
    box: bool = False


LETTERS: Final[dict[str, Style]] = {
    "bold": Style("DejaVuSans-Bold.ttf", "NotoSansCJK-Bold.ttc", 42, outline=4),
    "yellow": Style("DejaVuSans.ttf", "NotoSansCJK-Regular.ttc", 40, fill=(255, 230, 60), outline=2),
    "serif_on_box": Style("DejaVuSerif.ttf", "NotoSerifCJK-Bold.ttc", 38, box=True),
    "small": Style("DejaVuSans-Oblique.ttf", "NotoSansCJK-Regular.ttc", 30, outline=2),
}
assert tuple(LETTERS) == STYLES


@dataclass(frozen=True, slots=True)
class Overlay:
    """Colour (h, w, 3) and opacity (h, w, 1) of a text, and where its top left is."""

    colour: npt.NDArray[np.floating]
    opacity: npt.NDArray[np.floating]
    x: int
    y: int


def is_chinese(text: str) -> bool:
    return any(letter >= _CHINESE_FROM for letter in text)


def render(script: Sequence[Shot], plan: Plan, frames: Iterable[int]) -> Iterator[Pixels]:
    """Yield the pictures of frames in order, RGB (720, 1280, 3)."""
    grain = _grain()
    for frame in frames:
        current = bisect.bisect_right(plan.starts, frame) - 1
        picture = _joined(script, plan, current, frame)
        picture = cast(Pixels, cv2.add(picture, grain[frame % len(grain)], dtype=cv2.CV_8U))
        for overlay in _texts(script, plan, frame):
            _burn_in(picture, overlay)
        yield picture


def face_boxes(shot: Shot, frames: int) -> dict[str, tuple[Box, Box]]:
    """Return where each face is in the first and in the last frame of a shot, in pixels; between, it moves evenly."""
    views = _view(shot, frames, 0), _view(shot, frames, frames - 1)
    boxes = {}
    for actor in shot.actors:
        x, y, w, h = _on_stage(actor)[1]
        first, last = (((x - left) / scale, (y - top) / scale, w / scale, h / scale) for scale, left, top in views)
        boxes[actor.name] = (first, last)
    return boxes


def soft_span(shot: Shot, start: int) -> tuple[int, int]:
    """Return the frames [first, after) over which a shot that begins softly comes."""
    half = (shot.join.frames + shot.join.hold) // 2
    return start - half, start - half + shot.join.frames + shot.join.hold


def _joined(script: Sequence[Shot], plan: Plan, current: int, frame: int) -> Pixels:
    for number in (current, current + 1):
        if number in (0, len(script)) or script[number].join.kind == "cut":
            continue
        first, after = soft_span(script[number], plan.starts[number])
        if first <= frame < after:
            return _blend(script, plan, number, frame, (frame - first + 1) / (after - first + 1))
    return _seen(script, plan, current, frame)


def _blend(script: Sequence[Shot], plan: Plan, number: int, frame: int, share: float) -> Pixels:
    join = script[number].join
    if join.kind == "dissolve":
        old, new = _seen(script, plan, number - 1, frame), _seen(script, plan, number, frame)
        return cast(Pixels, cv2.addWeighted(old, 1 - share, new, share, 0))
    ramp = join.frames / 2
    done = share * (join.frames + join.hold + 1)
    level = max(0.0, 1 - done / ramp, 1 - (join.frames + join.hold + 1 - done) / ramp)
    side = number - 1 if done < ramp + join.hold / 2 else number
    picture = _seen(script, plan, side, frame)
    return cast(Pixels, cv2.addWeighted(picture, level, picture, 0, (1 - level) * join.colour))


def _seen(script: Sequence[Shot], plan: Plan, number: int, frame: int) -> Pixels:
    """What the camera of a shot sees at a frame, which may lie a little outside of the shot."""
    shot, start = script[number], plan.starts[number]
    frames = plan.ends()[number] - start
    scale, left, top = _view(shot, frames, frame - start)
    screen_to_stage = np.array([[scale, 0.0, left], [0.0, scale, top]])
    seen = cv2.warpAffine(
        _stage(shot), screen_to_stage, SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT,
    )  # fmt: skip
    if 0 <= frame - start - frames // 2 < shot.flash:
        return cast(Pixels, cv2.addWeighted(seen, 0.15, seen, 0, 210))
    return cast(Pixels, seen)


def _view(shot: Shot, frames: int, frame: int) -> tuple[float, float, float]:
    """Return the scale, left and top of the stage's part that is seen."""
    share = frame / max(1, frames - 1)
    scale = 1 / (1 + (shot.zoom - 1) * share)
    x = _STAGE[0] / 2 + shot.pan * (frame - (frames - 1) / 2)
    return scale, x - SIZE[0] * scale / 2, (_STAGE[1] - SIZE[1] * scale) / 2


@lru_cache(maxsize=3)
def _stage(shot: Shot) -> Pixels:
    stage = _place(shot.place).copy()
    for actor in shot.actors:
        (left, top, width, height), _ = _on_stage(actor)
        picture = cv2.resize(portrait(actor.name).pixels, (width, height), interpolation=cv2.INTER_AREA)
        y, x = np.mgrid[-1 : 1 : complex(height), -1 : 1 : complex(width)]
        opacity = np.clip((1.02 - np.maximum(np.abs(x), np.abs(y) * (y < 0))) * 8, 0, 1)[..., None]
        part = np.s_[top : top + height, left : left + width]
        opacity = opacity[: stage[part].shape[0]]
        stage[part] = stage[part] * (1 - opacity) + picture[: len(opacity)] * opacity
    return np.clip(stage * shot.light, 0, 255).astype(np.uint8)


def _on_stage(actor: Actor) -> tuple[tuple[int, int, int, int], Box]:
    """Return where on the stage an actor's portrait is, and the face."""
    look = portrait(actor.name)
    high, wide = look.pixels.shape[:2]
    height = round(actor.height * SIZE[1])
    width = round(height * wide / high * actor.narrow)
    left = round((_STAGE[0] - SIZE[0]) / 2 + actor.x * SIZE[0] - width / 2)
    top = round((_STAGE[1] - SIZE[1]) / 2 + actor.y * SIZE[1] - height / 2)
    x, y, w, h = look.face
    sx, sy = width / wide, height / high
    return (left, top, width, height), (left + x * sx, top + y * sy, w * sx, h * sy)


@lru_cache(maxsize=8)
def _place(name: str) -> Pixels:
    photograph = getattr(skimage.data, name)()
    if photograph.ndim == 2:
        photograph = np.dstack([photograph] * 3)
    scale = max(_STAGE[0] / photograph.shape[1], _STAGE[1] / photograph.shape[0])
    large = cv2.resize(photograph, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return cast(Pixels, cv2.GaussianBlur(large[: _STAGE[1], : _STAGE[0]], (0, 0), 2.5))


def _grain() -> list[npt.NDArray[np.int8]]:
    random = np.random.default_rng(3)
    return [random.normal(0, _GRAIN, (SIZE[1], SIZE[0], 3)).astype(np.int8) for _ in range(5)]


def _texts(script: Sequence[Shot], plan: Plan, frame: int) -> Iterator[Overlay]:
    yield text_overlay("ACTV", LETTERS["bold"], (1180, 60))
    seconds = 71_990 + frame // RATE
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if 10 * RATE <= frame < plan.frames - 20 * RATE:
        yield text_overlay(clock, LETTERS["small"], (110, 60))
    for line in plan.lines:
        if line.start <= frame < line.end:
            yield from _rows(line, LETTERS[script[line.shot].style])


def rows_of(text: str) -> list[str]:
    """Two rows where one would be too long."""
    if len(text) <= 40 or " " not in text:
        return [text]
    middle = min((i for i, letter in enumerate(text) if letter == " "), key=lambda i: abs(i - len(text) / 2))
    return [text[:middle], text[middle + 1 :]]


def _rows(line: Line, style: Style) -> Iterator[Overlay]:
    rows = rows_of(line.text)
    for place, row in enumerate(rows):
        yield text_overlay(row, style, (SIZE[0] // 2, round(_BASE_Y - (len(rows) - 1 - place) * style.size * 1.35)))


@lru_cache(maxsize=16)
def text_overlay(text: str, style: Style, middle: tuple[int, int]) -> Overlay:
    """Draw a text around a point of the picture."""
    face = font(style.chinese if is_chinese(text) else style.latin, style.size)
    image = Image.new("RGBA", (SIZE[0], 2 * style.size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    at = (SIZE[0] / 2, style.size)
    if style.box:
        left, top, right, bottom = draw.textbbox(at, text, font=face, anchor="mm")
        draw.rectangle((left - 14, top - 8, right + 14, bottom + 8), fill=(16, 16, 16, 255))
    draw.text(
        at, text, font=face, anchor="mm", fill=(*style.fill, 255), stroke_width=style.outline, stroke_fill="black"
    )
    x0, y0, x1, y1 = image.getbbox() or (0, 0, 1, 1)
    drawn = np.asarray(image.crop((x0, y0, x1, y1))).astype(np.float32)
    opacity = drawn[..., 3:] / 255
    return Overlay(drawn[..., :3] * opacity, opacity, middle[0] - SIZE[0] // 2 + x0, middle[1] - style.size + y0)


def _burn_in(picture: Pixels, overlay: Overlay) -> None:
    height, width = overlay.opacity.shape[:2]
    part = np.s_[overlay.y : overlay.y + height, overlay.x : overlay.x + width]
    picture[part] = np.round(picture[part] * (1 - overlay.opacity) + overlay.colour)
