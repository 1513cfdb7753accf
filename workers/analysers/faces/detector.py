"""Faces in pictures: MTCNN (Zhang et al. 2016), three networks in a row, each judging what the one before let through.

The steps and their constants are those of facenet-pytorch, whose weights are used (`detect_face.py`, 2.6.0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.faces.boxes import Corners, moved, squared, strongest, strongest_by_smaller
from workers.analysers.faces.scene import Scene
from workers.analysers.facts import Box
from workers.analysers.frames import Edges, Pixels
from workers.nets import Floats, load_net

_WINDOW, _STRIDE = 12, 2
"""P-Net judges windows of 12 x 12 pixels, 2 apart ..."""
_SHRINK = 0.709
"""... in pictures, each smaller than the one before by this."""
_REFINED, _FINAL = 24, 48
"""Sides of the pictures R-Net and O-Net take."""
_SAME_SCALE_OVERLAP, _OVERLAP = 0.5, 0.7
_MOST_AT_ONCE = 512
_NO_WINDOW: Final = np.zeros((0, 9))

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Detection:
    """A face in the picture that was given: its box, the detector's score (0 to 1), and five points."""

    box: Box
    score: float
    points: NDArray[np.float32]
    """(5, 2), x and y: the eyes (left in the picture first), the tip of the nose, the corners of the mouth."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a candidate needs to pass each network."""

    proposal: float
    refinement: float
    output: float
    proposed_overlap: float = 0.4
    """Of candidates of P-Net that overlap more than this, one goes on ..."""
    refined_overlap: float = 0.5
    """... and of R-Net's those that overlap more than this."""


#: As facenet-pytorch has them: 194 candidates for R-Net in a frame of a sitcom, 21 for O-Net.
PUBLISHED: Final = Thresholds(0.6, 0.7, 0.7, proposed_overlap=0.7, refined_overlap=0.7)
#: A quarter of the candidates, and the same faces but for one in 100 (small, dark and blurred ones).
THOROUGH: Final = Thresholds(0.8, 0.7, 0.7)


class FaceDetector:
    """Finds faces in RGB pictures; the networks are loaded once for a process."""

    def __init__(self) -> None:
        self._proposal = load_net("mtcnn-proposal")
        self._refinement = load_net("mtcnn-refinement")
        self._output = load_net("mtcnn-output")

    def detect(self, picture: Pixels, smallest: float, limits: Thresholds = THOROUGH) -> list[Detection]:
        """Return the faces of a picture whose shorter side is at least `smallest` pixels, surest first."""
        return self.detect_batch([picture], smallest, limits)[0]

    def detect_batch(
        self, pictures: Sequence[Pixels], smallest: float, limits: Thresholds = THOROUGH
    ) -> list[list[Detection]]:
        """Return the faces of each of several pictures of one size, surest first; boxes are cut to the picture."""
        if not pictures:
            return []
        halves = [_Halves(picture) for picture in pictures]
        proposals = self._propose(halves, smallest, limits)
        return self._decide(halves, self._refine(halves, proposals, limits), limits)

    def follow(self, scene: Scene, boxes: Sequence[Box]) -> list[Detection | None]:
        """Return for each place the face that is there, if one is: the last network alone, at a fraction of the cost.

        A face may stand beside its place by some tenths of its size.
        """
        if not boxes:
            return []
        corners = np.array([[x, y, x + width, y + height] for x, y, width, height in boxes], dtype=np.float64)
        whole, source = squared(corners), _Parts(scene)
        moves, points, scores = self._judge([source], [whole])
        found: list[Detection | None] = [None] * len(boxes)
        for place in np.flatnonzero(scores > THOROUGH.output):
            box = moved(whole[place : place + 1], moves[place : place + 1], 1)[0]
            found[place] = _detection(box, scores[place], _points(whole[place], points[place]), source)
        return found

    def _propose(self, pictures: Sequence[_Halves], smallest: float, limits: Thresholds) -> list[Corners]:
        """P-Net: return candidates as squares, for each picture."""
        height, width = pictures[0].height, pictures[0].width
        scale = _WINDOW / smallest
        found: list[list[NDArray[np.float64]]] = [[] for _ in pictures]
        while min(height, width) * scale >= _WINDOW:
            size = (int(width * scale + 1), int(height * scale + 1))
            source = [picture.resized(size) for picture in pictures]
            moves, scores = self._proposal.run(_planar(source))
            for number in range(len(pictures)):
                rows = _windows(scores[number], moves[number], scale, limits.proposal)
                if len(rows):  # at most sizes there are none
                    found[number].append(rows[strongest(rows[:, :4], rows[:, 4], _SAME_SCALE_OVERLAP)])
            scale *= _SHRINK
        return [
            _proposals(np.concatenate(levels) if levels else _NO_WINDOW, limits.proposed_overlap) for levels in found
        ]

    def _refine(self, pictures: Sequence[_Halves], candidates: Sequence[Corners], limits: Thresholds) -> list[Corners]:
        """R-Net: return the candidates that are left, better placed, as squares."""
        candidates = [_with_pixels(picture, corners) for picture, corners in zip(pictures, candidates, strict=True)]
        crops = _crops(pictures, candidates, _REFINED)
        moves, scores = _in_parts(self._refinement.run, crops, (np.zeros((0, 4)), np.zeros(0)))
        result = []
        for corners, picked in _by_picture(candidates):
            move, score = moves[picked], scores[picked].astype(np.float64)
            good = score > limits.refinement
            corners, move, score = corners[good], move[good], score[good]
            kept = strongest(corners, score, limits.refined_overlap)
            result.append(squared(moved(corners[kept], move[kept], 1)))
        return result

    def _judge(self, pictures: Sequence[_Source], candidates: Sequence[Corners]) -> tuple[Floats, Floats, Floats]:
        """O-Net: return moves (N, 4), points (N, 10) and scores (N,) of all candidates."""
        crops = _crops(pictures, candidates, _FINAL)
        nothing = (np.zeros((0, 4)), np.zeros((0, 10)), np.zeros(0))
        moves, points, scores = _in_parts(self._output.run, crops, nothing)
        return moves, points, scores

    def _decide(
        self, pictures: Sequence[_Halves], candidates: Sequence[Corners], limits: Thresholds
    ) -> list[list[Detection]]:
        candidates = [_with_pixels(picture, corners) for picture, corners in zip(pictures, candidates, strict=True)]
        moves, points, scores = self._judge(pictures, candidates)
        result = []
        for picture, (corners, picked) in zip(pictures, _by_picture(candidates), strict=True):
            score = scores[picked].astype(np.float64)
            good = np.flatnonzero(score > limits.output)
            boxes = moved(corners[good], moves[picked][good], 1)
            faces = [
                _detection(boxes[n], score[good[n]], _points(corners[good[n]], points[picked][good[n]]), picture)
                for n in strongest_by_smaller(boxes, score[good], _OVERLAP)
            ]
            result.append([face for face in faces if face is not None])
        return result


class _Source(Protocol):
    """Gives parts of a picture at a size."""

    width: int
    height: int

    def cut(self, edges: tuple[int, int, int, int], size: tuple[int, int]) -> Pixels:
        """Return a part of the picture (left, top, right, bottom) at a size (width, height)."""


class _Parts:
    """Parts of a scene, each made by itself: for few of them."""

    def __init__(self, scene: Scene) -> None:
        self.width, self.height = scene.width, scene.height
        self._scene = scene

    def cut(self, edges: tuple[int, int, int, int], size: tuple[int, int]) -> Pixels:
        left, top, right, bottom = edges
        left, top = min(left, self.width - 1), min(top, self.height - 1)
        return self._scene.part(Edges(left, top, max(left + 1, right), max(top + 1, bottom)), size)


class _Halves:
    """A picture and its halves, made when they are needed: scaling a part down from a size near costs least."""

    def __init__(self, picture: Pixels) -> None:
        self.height, self.width = picture.shape[:2]
        self._levels = [picture]

    def _level(self, number: int) -> Pixels:
        while len(self._levels) <= number:
            above = self._levels[-1]
            half = (max(1, above.shape[1] // 2), max(1, above.shape[0] // 2))
            self._levels.append(np.asarray(cv2.resize(above, half, interpolation=cv2.INTER_AREA), dtype=np.uint8))
        return self._levels[number]

    def resized(self, size: tuple[int, int]) -> Pixels:
        """Return the whole picture at a size (width, height)."""
        return self.cut((0, 0, self.width, self.height), size)

    def cut(self, edges: tuple[int, int, int, int], size: tuple[int, int]) -> Pixels:
        """Return a part of the picture (left, top, right, bottom) at a size (width, height)."""
        left, top, right, bottom = edges
        shrink = min((right - left) / size[0], (bottom - top) / size[1])
        number = max(0, int(np.log2(shrink))) if shrink > 0 else 0
        pixels, share = self._level(number), 2**number
        x1, y1 = min(left // share, pixels.shape[1] - 1), min(top // share, pixels.shape[0] - 1)
        part = pixels[y1 : max(y1 + 1, bottom // share), x1 : max(x1 + 1, right // share)]
        return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _planar(pictures: Sequence[Pixels]) -> Floats:
    """Return pictures of one size as (N, 3, height, width), 0 to 255."""
    return np.asarray(cv2.dnn.blobFromImages(list(pictures)), dtype=np.float32)


def _windows(scores: Floats, moves: Floats, scale: float, limit: float) -> NDArray[np.float64]:
    """Return (N, 9) of the windows that pass: corners in the picture, score, moves."""
    rows, columns = np.nonzero(scores >= limit)
    if not len(rows):
        return _NO_WINDOW
    starts = np.stack([columns, rows], axis=1) * _STRIDE
    left_top, right_bottom = np.floor((starts + 1) / scale), np.floor((starts + _WINDOW) / scale)
    return np.concatenate([left_top, right_bottom, scores[rows, columns, None], moves[:, rows, columns].T], axis=1)


def _proposals(rows: NDArray[np.float64], overlap: float) -> Corners:
    rows = rows[strongest(rows[:, :4], rows[:, 4], overlap)]
    return squared(moved(rows[:, :4], rows[:, 5:9].astype(np.float32), 0))


def _with_pixels(picture: _Source, corners: Corners) -> Corners:
    """Leave out candidates that lie outside the picture."""
    (left, top, right, bottom), height, width = _pixel_edges(corners), picture.height, picture.width
    inside = (np.minimum(right, width) > np.maximum(left, 0)) & (np.minimum(bottom, height) > np.maximum(top, 0))
    return corners[inside]


def _pixel_edges(corners: Corners) -> tuple[NDArray[np.int64], ...]:
    """Return the first pixels and the ones behind the last, as MTCNN counts them: from 1, both ends within."""
    left, top, right, bottom = np.trunc(corners).astype(np.int64).T
    return left - 1, top - 1, right, bottom


def _crops(pictures: Sequence[_Source], candidates: Sequence[Corners], side: int) -> list[Pixels]:
    """Cut candidates out, in the order of pictures; what lies outside a picture is left out, not filled."""
    crops = []
    for picture, corners in zip(pictures, candidates, strict=True):
        left, top, right, bottom = _pixel_edges(corners)
        edges = zip(
            left.clip(0), top.clip(0), right.clip(1, picture.width), bottom.clip(1, picture.height), strict=True
        )
        crops += [picture.cut((int(x1), int(y1), int(x2), int(y2)), (side, side)) for x1, y1, x2, y2 in edges]
    return crops


def _in_parts(run, crops: Sequence[Pixels], nothing: tuple[NDArray, ...]) -> tuple[Floats, ...]:  # type: ignore[no-untyped-def]
    """Run a network on crops of one size, so many at once that memory holds them."""
    parts = [run(_planar(crops[at : at + _MOST_AT_ONCE])) for at in range(0, len(crops), _MOST_AT_ONCE)]
    return tuple(np.concatenate(outputs) for outputs in zip(*parts, strict=True)) if parts else nothing


def _by_picture(candidates: Sequence[Corners]) -> list[tuple[Corners, slice]]:
    """Return each picture's candidates with their place among all."""
    ends = np.cumsum([len(corners) for corners in candidates])
    return [(corners, slice(end - len(corners), end)) for corners, end in zip(candidates, ends.tolist(), strict=True)]


def _points(square: NDArray[np.float64], shares: Floats) -> NDArray[np.float32]:
    """Return O-Net's points (10,) of a square as (5, 2) in the picture."""
    left, top, right, bottom = square
    xs = left + shares[:5] * (right - left + 1) - 1
    ys = top + shares[5:] * (bottom - top + 1) - 1
    return np.stack([xs, ys], axis=1).astype(np.float32)


def _detection(
    corners: NDArray[np.float64], score: float, points: NDArray[np.float32], picture: _Source
) -> Detection | None:
    """Return a face cut to the picture, to a hundredth of a pixel; None where nothing of it is left."""
    height, width = picture.height, picture.width
    (left, top), (right, bottom) = np.clip(corners.reshape(2, 2), 0, [width, height])
    if min(right - left, bottom - top) < 1:
        return None
    box = (round(float(left), 2), round(float(top), 2), round(float(right - left), 2), round(float(bottom - top), 2))
    return Detection(box, float(score), points)
