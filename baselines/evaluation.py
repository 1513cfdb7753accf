"""What a model says of a side of the split, and what it is worth: all together, by group, under missing modalities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader

from baselines.data.batches import Batch
from baselines.data.corpus import Side
from baselines.data.views import View
from baselines.models.base import Model
from baselines.tasks import ClassScores, Scores, Task


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    labels: np.ndarray
    """[n], or [n, K]"""
    said: np.ndarray
    """float64 [n, C]: probabilities, or intensities inside their range"""
    loss: float
    """Mean, of what the model itself gave out."""
    groups: dict[str, list[str]]
    """Breakdown -> the group of each row."""


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """How batches of some data become a model's input, and its output a statement."""

    task: Task
    view: View
    device: torch.device
    batch_size: int = 64

    def batches(self, side: Side) -> Iterable[Batch]:
        return DataLoader(side.items, self.batch_size, collate_fn=side.collate)

    @torch.no_grad()
    def predict(self, model: Model, batches: Iterable[Batch], keep: Sequence[str] | None = None) -> Predictions:
        """Run a model over all batches, in their order; at least one. `keep`: as if only these had been recorded."""
        was_training = model.training
        model.eval()
        labels, outputs = [], []
        groups: dict[str, list[str]] = defaultdict(list)
        for batch in batches:
            for name, members in batch.groups().items():
                groups[name] += members
            given = batch if keep is None else batch.keep(keep)
            outputs.append(model(self.view(given.to(self.device))).float().cpu())
            labels.append(batch.label)
        model.train(was_training)
        label, output = torch.cat(labels), torch.cat(outputs)
        loss = float(self.task.loss(output.double(), label))
        return Predictions(label.numpy(), self.task.finish(output), loss, dict(groups))

    def measures(self, found: Sequence[Predictions]) -> dict[str, float]:
        """Return the numbers an epoch can be chosen by, of several predictions counted together."""
        labels, said = (np.concatenate([getattr(one, name) for one in found]) for name in ("labels", "said"))
        return {"loss": float(np.mean([one.loss for one in found])), **headline(self.task.score(labels, said))}

    def under_patterns(self, model: Model, side: Side) -> list[Predictions]:
        """Return the predictions under each of the patterns a model is chosen by; only one where it has none."""
        return [self.predict(model, self.batches(side), pattern) for pattern in model.patterns or (None,)]


def headline(scores: Scores) -> dict[str, float]:
    """Return the scores that are single numbers."""
    return {name: value for name, value in scores.as_dict().items() if isinstance(value, float)}


def by_group(task: Task, found: Predictions) -> dict[str, dict[str, dict[str, float]]]:
    """Return breakdown -> group -> its scores (MEmoR's Tables 5 and 6 and Figure 5: speakers, what is there)."""
    tables: dict[str, dict[str, dict[str, float]]] = {}
    for name, members in found.groups.items():
        which = np.array(members)
        tables[name] = {}
        for group in sorted(set(members)):
            inside = which == group
            scores = task.score(found.labels[inside], found.said[inside])
            tables[name][group] = {"samples": int(inside.sum()), **headline(scores)}
    return tables


def conditions(modalities: Sequence[str]) -> list[tuple[str, ...]]:
    """Return all choices of modalities, from one to all: MMIN's six conditions and the full one for three."""
    return [kept for size in range(1, len(modalities) + 1) for kept in combinations(modalities, size)]


def under_conditions(judge: Judge, model: Model, side: Side, modalities: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return `audio+text` -> scores where only these modalities are given."""
    found = {}
    for kept in conditions(modalities):
        said = judge.predict(model, judge.batches(side), kept)
        found["+".join(kept)] = headline(judge.task.score(said.labels, said.said))
    return found


def constant_scores(task: Task, train_labels: np.ndarray, labels: np.ndarray) -> Scores:
    """Return what saying always the same is worth: the most frequent class of training, or its median."""
    return task.score(labels, task.constant(train_labels, len(labels)))


def main_number(scores: Mapping[str, Any]) -> str:
    """Return which score a report leads with."""
    return "weighted_f1" if "weighted_f1" in scores else "mae"


def is_classes(scores: Scores) -> bool:
    return isinstance(scores, ClassScores)
