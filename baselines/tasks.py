"""What is predicted: one class, or several intensities; with its loss and its scores.

All scores are over a whole split at once, as published; the official MEmoR test script averages over batches of 8,
which is another number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class ClassScore:
    name: str
    support: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ClassScores:
    samples: int
    micro_f1: float
    """Accuracy; MMIN's WA."""
    macro_f1: float
    """Over all classes, with zero for what cannot be computed."""
    weighted_f1: float
    """By true support."""
    ua: float
    """Mean recall of the classes that are there."""
    per_class: tuple[ClassScore, ...]
    absent: tuple[str, ...]
    """Classes without a sample here: they count as 0 in macro-F1, and are not dropped."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Classes:
    """One class out of several: cross-entropy, F1 scores."""

    names: tuple[str, ...]

    @property
    def kind(self) -> str:
        return "classes"

    def loss(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Return the mean loss of a model's outputs (n, C)."""
        return nn.functional.cross_entropy(outputs, labels)

    def finish(self, outputs: Tensor) -> np.ndarray:
        """Return probabilities [n, C], float64."""
        probabilities: np.ndarray = outputs.double().softmax(dim=1).cpu().numpy()
        return probabilities

    def score(self, labels: np.ndarray, said: np.ndarray) -> ClassScores:
        return score_classes(labels, said.argmax(axis=1), self.names)

    def constant(self, labels: np.ndarray, count: int) -> np.ndarray:
        """Return what somebody says [count, C] who knows only the train labels: the most frequent class."""
        most = np.bincount(labels, minlength=len(self.names)).argmax()
        return np.tile(np.eye(len(self.names))[most], (count, 1))


@dataclass(frozen=True, slots=True)
class IntensityScore:
    name: str
    mae: float
    acc2: float
    """After rounding, whether it is there at all (zero or not). Rounding makes 1/3 nothing."""
    presence: float
    """The same without rounding the label: intensity above 0 against prediction of at least half a step, 1/6."""
    acc_rounded: float
    """Rounded to whole numbers inside the range, exactly equal: the 4-class accuracy of [0, 3], Acc7 of [-3, 3]."""
    pearson: float
    """0 where one of the two never changes."""


@dataclass(frozen=True, slots=True)
class IntensityScores:
    samples: int
    mae: float
    acc2: float
    presence: float
    acc_rounded: float
    pearson: float
    per_class: tuple[IntensityScore, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Intensities:
    """Several intensities at once: mean absolute error. What is said is brought into the range only when scored."""

    names: tuple[str, ...]
    low: float = 0.0
    high: float = 3.0

    @property
    def kind(self) -> str:
        return "intensities"

    def loss(self, outputs: Tensor, labels: Tensor) -> Tensor:
        return (outputs - labels).abs().mean()

    def finish(self, outputs: Tensor) -> np.ndarray:
        """Return intensities inside the range [n, C], float64."""
        values: np.ndarray = outputs.double().clamp(self.low, self.high).cpu().numpy()
        return values

    def score(self, labels: np.ndarray, said: np.ndarray) -> IntensityScores:
        each = tuple(self._one(name, labels[:, k], said[:, k]) for k, name in enumerate(self.names))

        def mean(measure: str) -> float:
            return float(np.mean([getattr(one, measure) for one in each]))

        return IntensityScores(
            len(labels), mean("mae"), mean("acc2"), mean("presence"), mean("acc_rounded"), mean("pearson"), each
        )

    def constant(self, labels: np.ndarray, count: int) -> np.ndarray:
        """Return what somebody says [count, C] who knows only the train labels: their medians."""
        return np.tile(np.median(labels, axis=0), (count, 1))

    def _one(self, name: str, true: np.ndarray, said: np.ndarray) -> IntensityScore:
        true_round, said_round = (np.rint(np.clip(values, self.low, self.high)) for values in (true, said))
        varied = true.std() > 0 and said.std() > 0
        return IntensityScore(
            name=name,
            mae=float(np.abs(true - said).mean()),
            acc2=float(((true_round != 0) == (said_round != 0)).mean()),
            presence=float(((np.abs(true) > 1e-6) == (np.abs(said) >= 1 / 6)).mean()),
            acc_rounded=float((true_round == said_round).mean()),
            pearson=float(np.corrcoef(true, said)[0, 1]) if varied else 0.0,
        )


Task = Classes | Intensities
Scores = ClassScores | IntensityScores


def score_classes(labels: np.ndarray, predicted: np.ndarray, names: Sequence[str]) -> ClassScores:
    """Return the scores of class numbers [n] against class numbers [n]."""
    each = precision_recall_fscore_support(labels, predicted, labels=range(len(names)), zero_division=0)
    precision, recall, f1, support = (np.asarray(part) for part in each)
    there = support > 0
    return ClassScores(
        samples=len(labels),
        micro_f1=float((labels == predicted).mean()),
        macro_f1=float(f1.mean()),
        weighted_f1=float(np.average(f1, weights=support)),
        ua=float(recall[there].mean()),
        per_class=tuple(
            ClassScore(name, int(support[k]), float(precision[k]), float(recall[k]), float(f1[k]))
            for k, name in enumerate(names)
        ),
        absent=tuple(name for k, name in enumerate(names) if not there[k]),
    )


def confusion(labels: np.ndarray, predicted: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return counts [C, C]: row = true class, column = predicted class."""
    matrix: np.ndarray = confusion_matrix(labels, predicted, labels=range(len(names)))
    return matrix
