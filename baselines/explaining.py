"""Why a model said what it said of one sample: what each modality, and each thing recorded, speaks for.

Modalities: Shapley values (Shapley 1953), exact over all choices of modalities. Things: LIME (Ribeiro et al. 2016) with
the kernel AMuSE uses. A thing is one vector that is there: a person's face in a segment, an utterance's sound, its
words. Each of many copies of the sample lacks some of them; a ridge regression, near copies weighted more, gives every
thing a weight: above zero it speaks for what the model said. Nothing is asked of the model but its answers: no
gradients, no layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import Ridge

from baselines.data.batches import Batch, CellBatch
from baselines.data.corpus import Side
from baselines.evaluation import Judge
from baselines.models.base import Attention, Model

PERTURBATIONS = 1000
KERNEL_WIDTH = 0.25
MOST = 6
"""Things shown of each modality."""


@dataclass(frozen=True, slots=True)
class Thing:
    modality: str
    place: tuple[int, ...]
    """In the grid of the sample: (person, segment), (utterance,) or (step,)."""
    weight: float
    """In probability of the predicted class, or in intensity."""


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    key: tuple[Any, ...]
    true: str
    said: dict[str, float]
    """Class -> probability, or name -> intensity."""
    explained: str
    """The class (or intensity) that the weights speak for."""
    modalities: dict[str, float]
    """Shapley values: their sum is what was said minus what is said where nothing is known."""
    things: tuple[Thing, ...]
    """The weightiest of each modality."""
    words: tuple[tuple[str, float], ...]
    """In the order they were said, with their weights; empty where the words are not known."""
    attention: dict[str, Attention]
    """Of a batch of one."""


def explain(
    judge: Judge, model: Model, side: Side, item: int, row: int = 0, seed: int = 0, perturbations: int = PERTURBATIONS
) -> Explanation:
    """Explain what a model says of the `row`th scored thing of an item of a side (0 where an item has one)."""
    sample = side.items[item]
    batch = side.collate([sample])

    def answers(kept: dict[str, np.ndarray]) -> np.ndarray:
        """Return what is said [n, C] of n copies; `kept` [n, K] says which vectors each has."""
        return _answers(judge, model, side, sample, kept, row)

    names = list(batch.features)
    counts = {name: len(batch.features[name].rows) for name in names}
    whole = answers({name: np.ones((1, counts[name]), bool) for name in names})[0]
    explained = int(whole.argmax())
    place = next(number for number, at in enumerate(scored_rows(side)) if at == (item, row))
    with torch.no_grad():
        attention = model.attention(judge.view(batch.to(judge.device)))
    return Explanation(
        key=side.keys[place],
        true=_true(judge, batch.label[row]),
        said=dict(zip(judge.task.names, whole.tolist(), strict=True)),
        explained=judge.task.names[explained],
        modalities=_shapley(names, counts, answers, explained),
        things=_lime(batch, counts, answers, explained, seed, perturbations),
        words=_words(judge, model, side, item, row, explained, seed, perturbations),
        attention=attention,
    )


def _answers(judge: Judge, model: Model, side: Side, sample: Any, kept: dict[str, np.ndarray], row: int) -> np.ndarray:
    copies = len(next(iter(kept.values())))
    said = []
    for first in range(0, copies, judge.batch_size):
        part = {name: mask[first : first + judge.batch_size] for name, mask in kept.items()}
        size = len(next(iter(part.values())))
        batch = side.collate([sample] * size)
        scored = len(batch.label) // size
        features = {}
        for name, modality in batch.features.items():
            mask = modality.mask.clone()
            mask[modality.mask] = torch.from_numpy(part[name].reshape(-1))
            features[name] = modality.keep(mask)
        found = judge.predict(model, [replace(batch, features=features)]).said
        said.append(found.reshape(size, scored, -1)[:, row])
    return np.concatenate(said)


def _shapley(names: Sequence[str], counts: dict[str, int], answers: Any, explained: int) -> dict[str, float]:
    """Return the exact values: every order in which modalities could come to be known counts the same."""
    subsets = [kept for size in range(len(names) + 1) for kept in combinations(names, size)]
    masks = {
        name: np.array([[name in kept] * counts[name] for kept in subsets]).reshape(len(subsets), -1) for name in names
    }
    value = dict(zip(subsets, answers(masks)[:, explained].tolist(), strict=True))
    n = len(names)
    shares = {}
    for name in names:
        others = [other for other in names if other != name]
        total = 0.0
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for kept in combinations(others, size):
                together = tuple(one for one in names if one in kept or one == name)
                total += weight * (value[together] - value[kept])
        shares[name] = total
    return shares


def _lime(
    batch: Batch, counts: dict[str, int], answers: Any, explained: int, seed: int, perturbations: int
) -> tuple[Thing, ...]:
    total = sum(counts.values())
    if not total:
        return ()
    draw = np.random.default_rng(seed)
    bits = draw.random((perturbations, total)) < draw.random((perturbations, 1))  # from few to nearly all
    bits[0] = True
    bounds = np.cumsum([0, *counts.values()])
    masks = {name: bits[:, bounds[k] : bounds[k + 1]] for k, name in enumerate(counts)}
    weights = lime_weights(bits, answers(masks)[:, explained])
    things: list[Thing] = []
    for k, name in enumerate(counts):
        places = batch.features[name].mask[0].nonzero().tolist()
        own = [Thing(name, tuple(p), float(w)) for p, w in zip(places, weights[bounds[k] : bounds[k + 1]], strict=True)]
        things += sorted(own, key=lambda thing: -abs(thing.weight))[:MOST]
    return tuple(things)


def _words(
    judge: Judge, model: Model, side: Side, item: int, row: int, explained: int, seed: int, perturbations: int
) -> tuple[tuple[str, float], ...]:
    words = side.wording.words(item, row) if side.wording else ()
    if side.wording is None or len(words) < 2:
        return tuple((word, 0.0) for word in words)
    bits = np.random.default_rng(seed).random((perturbations, len(words))) < 0.5
    bits[0] = True
    said = []
    for first in range(0, perturbations, judge.batch_size):
        copies = side.wording.without(item, row, bits[first : first + judge.batch_size])
        found = judge.predict(model, [side.collate(copies)]).said
        said.append(found.reshape(len(copies), -1, found.shape[1])[:, row, explained])
    weights = lime_weights(bits, np.concatenate(said))
    return tuple((word, float(weight)) for word, weight in zip(words, weights, strict=True))


def lime_weights(bits: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Return the weight of each bit [K] from copies [n, K] and what was said of them [n].

    Ridge (1) with the kernel exp(-D^2 / 0.25^2), D the cosine distance to the whole sample.
    """
    alike = np.sqrt(bits.mean(axis=1))  # cosine of a row of bits and the row of ones
    kernel = np.exp(-((1 - alike) ** 2) / KERNEL_WIDTH**2)
    coefficients: np.ndarray = Ridge(alpha=1.0).fit(bits.astype(float), said, sample_weight=kernel).coef_
    return coefficients


def scored_rows(side: Side) -> Iterator[tuple[int, int]]:
    """Yield (item, row in it) of everything that is scored, in the order of the side's keys."""
    for item in range(len(side)):
        count = 1 if side.item_labels is not None else len(side.collate([side.items[item]]).label)
        for row in range(count):
            yield item, row


def name_of(batch: Batch, place: tuple[int, ...]) -> str:
    """Return a thing's place in words."""
    if isinstance(batch, CellBatch):
        target = place == (int(batch.target_person[0]), int(batch.target_segment[0]))
        return f"person {place[0] + 1}, segment {place[1] + 1}" + (" (asked for)" if target else "")
    return " ".join([f"utterance {place[0] + 1}", *(f"part {part + 1}" for part in place[1:])])


def _true(judge: Judge, label: torch.Tensor) -> str:
    if judge.task.kind == "classes":
        return judge.task.names[int(label)]
    return ", ".join(f"{name} {value:.2f}" for name, value in zip(judge.task.names, label.tolist(), strict=True))
