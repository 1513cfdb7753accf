"""Arithmetic on boxes; `corners` are (N, 4) arrays of x1, y1, x2, y2."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.facts import Box

Corners = NDArray[np.float64]


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return float(shared / (a[2] * a[3] + b[2] * b[3] - shared))


def farthest_edge(a: Box, b: Box) -> float:
    """Return by how much that edge differs which differs most between two boxes."""
    right, bottom = a[0] + a[2] - b[0] - b[2], a[1] + a[3] - b[1] - b[3]
    return max(abs(a[0] - b[0]), abs(a[1] - b[1]), abs(right), abs(bottom))


def strongest(corners: Corners, scores: NDArray[np.float64], limit: float) -> list[int]:
    """Return which boxes stay, of scores above 0, best first: one goes when its intersection over union with a better
    one is above `limit`."""
    sizes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)  # x, y, width, height
    kept: Sequence[int] = cv2.dnn.NMSBoxes(sizes, scores, 0.0, limit)  # type: ignore[arg-type]
    return list(kept)


def strongest_by_smaller(corners: Corners, scores: NDArray[np.float64], limit: float) -> list[int]:
    """Return the same where an overlap is the share of the smaller box, counted in whole pixels (with the pixel at the
    end), as MTCNN does after its last network."""
    order = np.argsort(-scores, kind="stable")
    x1, y1, x2, y2 = corners[order].T
    width = np.minimum(x2[:, None], x2[None]) - np.maximum(x1[:, None], x1[None]) + 1
    height = np.minimum(y2[:, None], y2[None]) - np.maximum(y1[:, None], y1[None]) + 1
    areas = (x2 - x1 + 1) * (y2 - y1 + 1)
    smaller = np.maximum(np.minimum(areas[:, None], areas[None]), 1e-9)
    covers = np.maximum(width, 0) * np.maximum(height, 0) / smaller > limit  # (N, N)
    alive = np.ones(len(order), dtype=bool)
    kept = []
    for place in range(len(order)):
        if alive[place]:
            kept.append(int(order[place]))
            alive &= ~covers[place]
    return kept


def squared(corners: Corners) -> Corners:
    """Return squares of each box's longer side around its middle."""
    x1, y1, x2, y2 = corners.T
    side = np.maximum(x2 - x1, y2 - y1)
    left, top = x1 + (x2 - x1 - side) / 2, y1 + (y2 - y1 - side) / 2
    return np.stack([left, top, left + side, top + side], axis=1)


def moved(corners: Corners, shares: NDArray[np.float32], more: float) -> Corners:
    """Move each edge by a share (N, 4) of its box's size, which counts `more` (0 or 1) pixels."""
    x1, y1, x2, y2 = corners.T
    width, height = x2 - x1 + more, y2 - y1 + more
    return corners + shares * np.stack([width, height, width, height], axis=1)
