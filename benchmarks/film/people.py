"""Six people out of two portraits: the two themselves, and four made from them by pulling their features about.

Sources, inside installed packages: `astronaut` (scikit-image; Eileen Collins, NASA) and `grace_hopper.jpg` (matplotlib;
United States Navy), both public domain. The other four look like nobody. How far each feature is pulled was found by
climbing until dlib's embedding put each pair at least .69 apart, where .6 already means two people.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, cast

import cv2
import matplotlib
import numpy as np
import numpy.typing as npt
import skimage.data
from PIL import Image

Pixels = npt.NDArray[np.uint8]
"""(height, width, 3), RGB."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Features:
    """Where the features of a portrait are, in its pixels; `face` is its box (x, y, width, height)."""

    left_eye: Point
    right_eye: Point
    nose: Point
    mouth: Point
    left_jaw: Point
    right_jaw: Point
    left_brow: Point
    right_brow: Point
    face: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pulled:
    """How the features of a portrait are changed: shifts in distances of the eyes, sizes as factors."""

    eyes_apart: float = 0.0
    eyes: float = 1.0
    nose: tuple[float, float] = (1.0, 1.0)
    mouth: tuple[float, float] = (1.0, 1.0)
    jaw: float = 0.0
    brows: float = 0.0
    mouth_down: float = 0.0
    nose_down: float = 0.0


@dataclass(frozen=True, slots=True)
class Tone:
    """Share of grey, gamma, and how much green (once) and blue (twice) are taken away."""

    grey: float = 0.0
    gamma: float = 1.0
    warmth: float = 0.0


@dataclass(frozen=True, slots=True)
class Portrait:
    pixels: Pixels
    face: tuple[float, float, float, float]
    """The box of the face in `pixels`."""


_COLLINS: Final = Features(
    *((187, 164), (274, 168), (231, 215), (226, 252), (144, 236), (311, 245), (182, 141), (283, 147)),
    face=(150, 108, 160, 196),
)
_HOPPER: Final = Features(
    *((109, 116), (196, 111), (158, 157), (157, 200), (76, 189), (237, 183), (97, 92), (205, 84)),
    face=(76, 68, 160, 184),
)

PEOPLE: Final = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay")
_LOOKS: Final[dict[str, tuple[Features, Pulled, Tone]]] = {
    "Ada": (_COLLINS, Pulled(), Tone()),
    "Ben": (_HOPPER, Pulled(), Tone()),
    "Cleo": (_COLLINS, Pulled(-0.13, 0.72, (0.62, 1.49), (0.58, 1.75), -0.01, 0.14, -0.01, -0.02), Tone(1.0, 0.85)),
    "Dora": (
        _COLLINS,
        Pulled(-0.13, 1.24, (0.92, 0.83), (1.39, 0.78), -0.09, -0.16, -0.13, -0.11),
        Tone(0.0, 1.7, 0.12),
    ),
    "Emil": (_COLLINS, Pulled(-0.07, 1.48, (0.95, 1.2), (1.07, 0.71), 0.13, -0.14, 0.13, -0.05), Tone(0.0, 0.75)),
    "Fay": (_HOPPER, Pulled(0.13, 0.68, (0.62, 0.87), (0.73, 1.48), 0.13, -0.17, -0.07, -0.04), Tone(0.5, 1.35, -0.03)),
}


@cache
def portrait(name: str) -> Portrait:
    """Return one of PEOPLE."""
    features, pulled, tone = _LOOKS[name]
    return Portrait(_toned(_pull(_source(features), features, pulled), tone), features.face)


def _source(features: Features) -> Pixels:
    if features is _COLLINS:
        head = skimage.data.astronaut()[20:240, 110:340]
        return cast(Pixels, cv2.resize(head, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    hopper = Image.open(f"{matplotlib.get_data_path()}/sample_data/grace_hopper.jpg").convert("RGB")
    return np.asarray(hopper)[80:400, 110:430].copy()


def _pull(picture: Pixels, features: Features, pulled: Pulled) -> Pixels:
    eyes = float(np.hypot(*np.subtract(features.right_eye, features.left_eye)))
    for eye, side in ((features.left_eye, -1), (features.right_eye, 1)):
        picture = _shift(picture, eye, 0.6 * eyes, (side * pulled.eyes_apart * eyes, 0))
    for eye in (features.left_eye, features.right_eye):
        picture = _stretch(picture, eye, 0.45 * eyes, (pulled.eyes, pulled.eyes))
    picture = _stretch(picture, features.nose, 0.5 * eyes, pulled.nose)
    picture = _shift(picture, features.nose, 0.6 * eyes, (0, pulled.nose_down * eyes))
    picture = _shift(picture, features.mouth, 0.6 * eyes, (0, pulled.mouth_down * eyes))
    picture = _stretch(picture, features.mouth, 0.6 * eyes, pulled.mouth)
    for jaw, side in ((features.left_jaw, -1), (features.right_jaw, 1)):
        picture = _shift(picture, jaw, 0.8 * eyes, (side * pulled.jaw * eyes, 0))
    for brow in (features.left_brow, features.right_brow):
        picture = _shift(picture, brow, 0.5 * eyes, (0, pulled.brows * eyes))
    return picture


def _shift(picture: Pixels, at: Point, radius: float, by: Point) -> Pixels:
    x, y, near = _around(picture, at, radius)
    return _remap(picture, x - near * by[0], y - near * by[1])


def _stretch(picture: Pixels, at: Point, radius: float, factors: Point) -> Pixels:
    x, y, near = _around(picture, at, radius)
    return _remap(picture, x - near * (x - at[0]) * (1 - 1 / factors[0]), y - near * (y - at[1]) * (1 - 1 / factors[1]))


_Grid = npt.NDArray[np.floating]


def _around(picture: Pixels, at: Point, radius: float) -> tuple[_Grid, _Grid, _Grid]:
    """Return x, y and nearness (1 at the point, 0 from the radius on) of every pixel."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    near = np.clip(1 - ((x - at[0]) ** 2 + (y - at[1]) ** 2) / radius**2, 0, 1) ** 2
    return x, y, near


def _remap(picture: Pixels, x: _Grid, y: _Grid) -> Pixels:
    moved = cv2.remap(
        picture, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return cast(Pixels, moved)


def _toned(picture: Pixels, tone: Tone) -> Pixels:
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    mixed = picture * (1 - tone.grey) + grey * tone.grey
    curved = 255 * (mixed / 255) ** tone.gamma * np.array([1, 1 - tone.warmth, 1 - 2 * tone.warmth])
    return np.clip(curved, 0, 255).astype(np.uint8)
