"""Scores over a whole split at once: single-label classes, so micro-F1 is accuracy.

Macro-F1 is over all classes of the set with zero for what cannot be computed, as published; classes without a sample
are listed, not dropped. (The official test script averages scores over batches of 8, which is another number.)
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from torch import nn

from baselines.batch import Batch


@dataclass(frozen=True, slots=True)
class ClassScore:
    name: str
    support: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Scores:
    samples: int
    micro_f1: float
    macro_f1: float
    weighted_f1: float
    """By true support."""
    per_class: tuple[ClassScore, ...]
    absent: tuple[str, ...]
    """Classes without a sample here: they count as 0 in macro-F1."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    labels: np.ndarray
    """int64 [n]"""
    probabilities: np.ndarray
    """float64 [n, C]"""
    loss: float
    """Mean cross-entropy."""

    @property
    def predicted(self) -> np.ndarray:
        return self.probabilities.argmax(axis=1)


@torch.no_grad()
def predict(model: nn.Module, batches: Iterable[Batch], device: torch.device) -> Predictions:
    """Run a model over all batches, in their order; at least one."""
    was_training = model.training
    model.eval()
    labels, probabilities = [], []
    loss, count = 0.0, 0
    for batch in batches:
        logits = model(batch.to(device)).double().cpu()
        loss += float(nn.functional.cross_entropy(logits, batch.label, reduction="sum"))
        count += len(batch)
        labels.append(batch.label.numpy())
        probabilities.append(logits.softmax(dim=1).numpy())
    model.train(was_training)
    return Predictions(np.concatenate(labels), np.concatenate(probabilities), loss / count)


def score(labels: np.ndarray, predicted: np.ndarray, classes: Sequence[str]) -> Scores:
    """Return the scores of class numbers [n] against class numbers [n]."""
    numbers = range(len(classes))
    each = precision_recall_fscore_support(labels, predicted, labels=numbers, zero_division=0)
    precision, recall, f1, support = (np.asarray(part) for part in each)
    return Scores(
        samples=len(labels),
        micro_f1=float((labels == predicted).mean()),
        macro_f1=float(f1.mean()),
        weighted_f1=float(np.average(f1, weights=support)),
        per_class=tuple(
            ClassScore(name, int(support[k]), float(precision[k]), float(recall[k]), float(f1[k]))
            for k, name in enumerate(classes)
        ),
        absent=tuple(name for k, name in enumerate(classes) if not support[k]),
    )


def confusion(labels: np.ndarray, predicted: np.ndarray, classes: Sequence[str]) -> np.ndarray:
    """Return counts [C, C]: row = true class, column = predicted class."""
    matrix: np.ndarray = confusion_matrix(labels, predicted, labels=range(len(classes)))
    return matrix


def write_confusion_csv(path: Path, matrix: np.ndarray, classes: Sequence[str]) -> None:
    """Write the matrix with class names: rows true, columns predicted."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["true \\ predicted", *classes])
        writer.writerows([name, *map(int, row)] for name, row in zip(classes, matrix, strict=True))


def draw_confusion(path: Path, matrix: np.ndarray, classes: Sequence[str], title: str) -> None:
    """Draw the matrix as PNG: colour is the share of the true class, the number is the count."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    size = 2.5 + 0.45 * len(classes)
    figure = Figure(figsize=(size, size), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(classes)), classes, rotation=90)
    axes.set_yticks(range(len(classes)), classes)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.set_title(title)
    for row, column in np.argwhere(matrix > 0):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, str(matrix[row, column]), ha="center", va="center", color=colour, fontsize=8)
    figure.savefig(path, dpi=150)
