"""Faces in one picture: MTCNN (Zhang et al. 2016), whose weights facenet-pytorch carries."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from workers.analysers.faces.options import Options
from workers.analysers.facts import Box
from workers.analysers.frames import Pixels, fit_within
from workers.analysers.torch_compat import prepare_torchvision


@dataclass(frozen=True, slots=True)
class Detection:
    """A face in the picture that was given: its box, the detector's score (0 to 1), and five points."""

    box: Box
    score: float
    points: NDArray[np.float32]
    """(5, 2), x and y: the eyes (left in the picture first), the tip of the nose, the corners of the mouth."""


class FaceDetector:
    """MTCNN, loaded once; on the GPU where there is one."""

    def __init__(self, options: Options) -> None:
        prepare_torchvision()
        from facenet_pytorch import MTCNN

        self._options = options
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._net = MTCNN(keep_all=True, min_face_size=options.smallest_face, device=device)

    def detect(self, picture: Pixels) -> list[Detection]:
        """Return the faces of an RGB picture of any size, surest first, boxes cut to the picture."""
        height, width = picture.shape[:2]
        size = fit_within(width, height, self._options.detection_side)
        if min(size) <= self._options.smallest_face:
            return []  # MTCNN has no scale at which it could look
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if size != (width, height) else picture
        scale = np.array([width / size[0], height / size[1]])
        found = [
            Detection(
                _inside(box.reshape(2, 2) * scale, width, height), float(score), (point * scale).astype(np.float32)
            )
            for box, score, point in self._run(np.asarray(small, dtype=np.uint8))
            if score >= self._options.unsure_score
        ]
        found = [face for face in found if min(face.box[2:]) >= 1]
        return sorted(found, key=lambda face: (-face.score, face.box))

    def _run(self, picture: Pixels) -> list[tuple[NDArray[np.float64], float, NDArray[np.float64]]]:
        """Return (x1, y1, x2, y2), score and (5, 2) points of each face."""
        try:
            boxes, scores, points = self._net.detect(picture, landmarks=True)
        except RuntimeError as error:
            # All candidates of the first net lay outside the picture: facenet-pytorch joins an empty list.
            if "non-empty list" in str(error):
                return []
            raise
        if boxes is None:
            return []
        return list(zip(boxes.astype(np.float64), scores, points.astype(np.float64), strict=True))


def _inside(corners: NDArray[np.float64], width: int, height: int) -> Box:
    """Return (x, y, width, height) of two corners, cut to the picture, to a hundredth of a pixel."""
    (left, top), (right, bottom) = np.clip(corners, 0, [width, height])
    return (round(float(left), 2), round(float(top), 2), round(float(right - left), 2), round(float(bottom - top), 2))
