"""Pictures of single faces: cut out of the frame, judged, and shown to people."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workers.analysers.faces.detector import Detection
from workers.analysers.facts import Box, FaceBox
from workers.analysers.frames import Pixels, grab_frame

#: Around the box, as a share of its longer side: landmarks are found better with hair and chin.
_CHIP_MARGIN = 0.5
#: A cut-out is scaled down to this: no embedder looks at more than 160 pixels of face.
_CHIP_LARGEST = 400
_SHARPNESS_SIDE = 96
#: The margin people see around a face, so that hair and chin help to know who it is.
_SHOWN_MARGIN = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class FaceChip:
    """One face cut out of its frame, with a margin; `box` and `points` are in pixels of the cut-out."""

    face: FaceBox
    pixels: Pixels
    box: Box
    points: NDArray[np.float32]
    side: float
    """Shorter side of the face in the proxy."""
    sharpness: float
    frontality: float

    @property
    def quality(self) -> float:
        """Score x size x sharpness x frontality: which of a person's pictures tells most."""
        size = min(self.side, 160.0)  # beyond what an embedder looks at, larger is not better
        return self.face.score * size * np.log1p(self.sharpness) * (0.25 + self.frontality)


def cut_out(picture: Pixels, time_ms: int, detection: Detection) -> FaceChip:
    """Cut a detected face out of its RGB picture and judge it."""
    x, y, width, height = detection.box
    margin = _CHIP_MARGIN * max(width, height)
    left, top = max(0, int(x - margin)), max(0, int(y - margin))
    right = min(picture.shape[1], int(np.ceil(x + width + margin)))
    bottom = min(picture.shape[0], int(np.ceil(y + height + margin)))
    pixels = picture[top:bottom, left:right]
    share = min(1.0, _CHIP_LARGEST / max(pixels.shape[:2]))
    if share < 1.0:
        smaller = cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        pixels = np.asarray(smaller, dtype=np.uint8)
    box = ((x - left) * share, (y - top) * share, width * share, height * share)
    return FaceChip(
        face=FaceBox(time_ms=time_ms, box=detection.box, score=round(min(1.0, detection.score), 4)),
        pixels=np.ascontiguousarray(pixels).copy(),  # a view would keep the whole frame alive
        box=box,
        points=(detection.points - [left, top]).astype(np.float32) * np.float32(share),
        side=min(width, height),
        sharpness=sharpness(pixels, box),
        frontality=frontality(detection.points),
    )


def sharpness(pixels: Pixels, box: Box) -> float:
    """Return the variance of the Laplacian of the face, at a fixed size; below about 12 an eye sees blur."""
    x, y, width, height = (round(value) for value in box)
    face = pixels[max(0, y) : y + max(1, height), max(0, x) : x + max(1, width)]
    if face.size == 0:
        return 0.0
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, (_SHARPNESS_SIDE, _SHARPNESS_SIDE), interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


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


def face_picture(video: Path, face: FaceBox, size: int = 160) -> bytes:
    """Return a square JPEG of `size` pixels of one face, with a margin around it that stays inside the picture.

    Raises AnalysisError `video_unreadable`.
    """
    picture = grab_frame(video, face.time_ms)
    height, width = picture.shape[:2]
    x, y, box_width, box_height = face.box
    side = max(1, min(width, height, round(max(box_width, box_height) * (1 + 2 * _SHOWN_MARGIN))))
    left = min(max(0, round(x + box_width / 2 - side / 2)), width - side)
    top = min(max(0, round(y + box_height / 2 - side / 2)), height - side)
    shown = Image.fromarray(picture[top : top + side, left : left + side])
    jpeg = io.BytesIO()
    shown.resize((size, size), Image.Resampling.LANCZOS).save(jpeg, format="JPEG", quality=88)
    return jpeg.getvalue()
