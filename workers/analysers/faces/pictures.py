"""Pictures of single faces: judged, cut out of the frame, and shown to people."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.errors import AnalysisError
from workers.analysers.faces.detector import Detection
from workers.analysers.faces.scene import Scene
from workers.analysers.facts import Box, FaceBox
from workers.analysers.frames import Edges, Pixels, by_area

#: Around the box, as a share of its longer side: landmarks are found better with hair and chin.
_CHIP_MARGIN = 0.5
#: A cut-out is scaled down to this: no embedder looks at more than 160 pixels of face.
_CHIP_LARGEST = 400
_SHARPNESS_SIDE = 96
#: The margin people see around a face, so that hair and chin help to know who it is.
_SHOWN_MARGIN = 0.35
_JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one look at a face is worth."""

    face: FaceBox
    side: float
    """Shorter side of the face in the proxy."""
    sharpness: float
    frontality: float

    @property
    def quality(self) -> float:
        """Score x size x sharpness x frontality: which of a person's pictures tells most."""
        size = min(self.side, 160.0)  # beyond what an embedder looks at, larger is not better
        return float(self.face.score * size * np.log1p(self.sharpness) * (0.25 + self.frontality))

    @property
    def clearness(self) -> float:
        """0 to 1: how well the expression can be read. A frontal, sharp face of 64 pixels has its score."""
        sharp = min(1.0, self.sharpness / 24)
        return float(self.face.score * min(1.0, self.side / 64) * sharp * (0.25 + 0.75 * self.frontality))


@dataclass(frozen=True, slots=True, eq=False)
class FaceChip:
    """One face cut out of its frame, with a margin; `box` is in pixels of the cut-out."""

    judgement: Judgement
    pixels: Pixels
    box: Box


def judge(scene: Scene, time_ms: int, detection: Detection) -> Judgement:
    """Say what a detected face in its picture is worth."""
    return Judgement(
        face=FaceBox(time_ms=time_ms, box=detection.box, score=round(min(1.0, detection.score), 4)),
        side=min(detection.box[2:]),
        sharpness=sharpness(scene, detection.box),
        frontality=frontality(detection.points),
    )


def cut_out(scene: Scene, judgement: Judgement) -> FaceChip:
    """Cut a judged face out of its picture."""
    x, y, width, height = judgement.face.box
    margin = _CHIP_MARGIN * max(width, height)
    left, top = max(0, int(x - margin)), max(0, int(y - margin))
    right = min(scene.width, int(np.ceil(x + width + margin)))
    bottom = min(scene.height, int(np.ceil(y + height + margin)))
    pixels = scene.part(Edges(left, top, right, bottom))
    share = min(1.0, _CHIP_LARGEST / max(pixels.shape[:2]))
    if share < 1.0:
        how = cv2.INTER_LINEAR if share > 0.5 else cv2.INTER_AREA
        pixels = np.asarray(cv2.resize(pixels, None, fx=share, fy=share, interpolation=how), dtype=np.uint8)
    else:
        pixels = pixels.copy()  # a view would keep the whole frame alive
    return FaceChip(judgement, pixels, ((x - left) * share, (y - top) * share, width * share, height * share))


def cut_grey(scene: Scene, box: Box, side: int) -> NDArray[np.uint8]:
    """Return a face as a grey square of `side` pixels; what a square around it lacks is repeated from its edge."""
    x, y, width, height = box
    half = (width + height) / 4  # boxes are higher than wide; squares from the brows to the chin are wanted
    left, top = round(x + width / 2 - half), round(y + height / 2 - half)
    square = max(2, round(2 * half))
    right, bottom = left + square, top + square
    inside = Edges(max(0, left), max(0, top), min(scene.width, right), min(scene.height, bottom))
    missing = inside.top - top, bottom - inside.bottom, inside.left - left, right - inside.right
    if not any(missing):
        return scene.grey(inside, (side, side))
    whole = cv2.copyMakeBorder(scene.grey(inside), *missing, cv2.BORDER_REPLICATE)
    return by_area(np.asarray(whole, dtype=np.uint8), (side, side))


def sharpness(scene: Scene, box: Box) -> float:
    """Return the variance of the Laplacian of the face, at a fixed size; below about 12 an eye sees blur."""
    x, y, width, height = (round(value) for value in box)
    left, top = max(0, x), max(0, y)
    right, bottom = min(scene.width, x + max(1, width)), min(scene.height, y + max(1, height))
    if right <= left or bottom <= top:
        return 0.0
    grey = scene.grey(Edges(left, top, right, bottom), (_SHARPNESS_SIDE, _SHARPNESS_SIDE))
    _, deviation = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return float(deviation[0, 0]) ** 2


def frontality(points: NDArray[np.float32]) -> float:
    """Return 1 where the nose stands between the eyes, 0 where it stands beside one of them: a profile.

    `points` are a Detection's: the eyes, the nose, the corners of the mouth.
    """
    first, second, nose = points[0], points[1], points[2]
    between = second - first
    length = float(between @ between)
    if length <= 0:
        return 0.0
    along = float((nose - first) @ between) / length  # 0 at the first eye, 1 at the second, however the head is tilted
    return max(0.0, 1 - 2 * abs(along - 0.5))


def shown_picture(chip: FaceChip, size: int) -> bytes:
    """Return a square JPEG of `size` pixels of one face, with as much of a margin as its cut-out holds."""
    height, width = chip.pixels.shape[:2]
    x, y, box_width, box_height = chip.box
    side = max(1, min(width, height, round(max(box_width, box_height) * (1 + 2 * _SHOWN_MARGIN))))
    left = min(max(0, round(x + box_width / 2 - side / 2)), width - side)
    top = min(max(0, round(y + box_height / 2 - side / 2)), height - side)
    cut = chip.pixels[top : top + side, left : left + side]
    shown = cv2.resize(cut, (size, size), interpolation=cv2.INTER_AREA if side > size else cv2.INTER_CUBIC)
    made, jpeg = cv2.imencode(".jpg", cv2.cvtColor(shown, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    if not made:
        raise AnalysisError("picture_unwritable", f"A face of {size} pixels could not be written as a JPEG.")
    return bytes(jpeg)
