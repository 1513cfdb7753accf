"""Standard scores of audio: MEmoR uses them, the official loader does not make them, so the release holds them made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Standardiser:
    """Column means and standard deviations (population) of the rows it was fitted on, float64 [D]."""

    mean: np.ndarray
    deviation: np.ndarray
    rows: int

    def apply(self, vectors: np.ndarray) -> np.ndarray:
        """Return float32 standard scores; a column that never changed becomes 0 on the rows it was fitted on."""
        return ((vectors - self.mean) / self.deviation).astype(np.float32)


def fit_standardiser(parts: Iterable[np.ndarray], dim: int) -> Standardiser:
    """Fit on the rows of all parts [n, D], one part in memory at a time.

    Chan's pairwise update of mean and squared distances (1979), in float64. Sums run down the rows, so the result does
    not depend on the width of the processor's vectors.
    """
    rows, mean, squares = 0, np.zeros(dim), np.zeros(dim)
    for part in parts:
        if not len(part):
            continue
        values = np.ascontiguousarray(part, np.float64)
        count = len(values)
        part_mean = values.sum(axis=0) / count
        part_squares = np.square(values - part_mean).sum(axis=0)
        delta, total = part_mean - mean, rows + count
        mean = mean + delta * (count / total)
        squares = squares + part_squares + np.square(delta) * (rows * count / total)
        rows = total
    deviation = np.sqrt(squares / rows) if rows else np.ones(dim)
    flat = deviation <= 1e-12 * np.maximum(1.0, np.abs(mean))
    return Standardiser(mean, np.where(flat, 1.0, deviation), rows)
