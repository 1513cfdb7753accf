"""Train and test: 80 / 20 with label distributions alike, seeded, and honest about what stands on both sides.

`paper` draws samples at random per label, as MEmoR was published: clips can then stand on both sides. `grouped` puts
every group (clip, episode or series) on one side only. Both are functions of labels, groups and seed alone.

scikit-learn is imported where it is asked: it costs a second and 80 MB, and the web's addresses import this module.
"""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np

from exports.errors import ExportError

TEST_SHARE: Final = 0.2
MODES: Final = ("grouped", "paper")
GROUPS: Final = ("clip", "episode", "series")

#: Up to this many groups every possible test set is tried (2^10), above it the folds of several shuffles.
ALL_SUBSETS_UP_TO: Final = 10
SHUFFLES: Final = 8


@dataclass(frozen=True, slots=True)
class Split:
    """Positions of samples, rising, on each side; `notes` say what a user should know before trusting scores."""

    train: tuple[int, ...]
    test: tuple[int, ...]
    notes: tuple[str, ...] = ()

    @property
    def test_share(self) -> float:
        return len(self.test) / (len(self.train) + len(self.test))


@dataclass(frozen=True, slots=True)
class Leak:
    """What stands on both sides of a split, for one kind of group."""

    kind: str
    groups: int
    shared_groups: int
    shared_samples: int
    """Test samples that share something of this kind with a train sample."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def paper_split(labels: Sequence[str], seed: int, test_share: float = TEST_SHARE) -> Split:
    """Draw `test_share` of every label's samples at random; the total is exact to half a sample, each label to one.

    Raises ExportError with fewer than two samples.
    """
    _check(len(labels))
    members: dict[str, list[int]] = {}
    for position, label in enumerate(labels):
        members.setdefault(label, []).append(position)
    draw = random.Random(seed)
    wanted = min(max(1, round(len(labels) * test_share)), len(labels) - 1)
    taken = {label: int(len(positions) * test_share) for label, positions in members.items()}
    # Largest remainder: the labels that lost most by rounding down get one more, ties by chance, until the total fits.
    # A label of one sample comes last: nothing of it would be left to train on.
    by_loss = sorted(
        members,
        key=lambda label: (
            len(members[label]) == 1,
            taken[label] - len(members[label]) * test_share,
            draw.random(),
        ),
    )
    for label in by_loss[: wanted - sum(taken.values())]:
        taken[label] += 1
    test = sorted(position for label in sorted(members) for position in draw.sample(members[label], taken[label]))
    return _split(labels, test)


def grouped_split(
    labels: Sequence[str], groups: Sequence[Hashable], seed: int, kind: str = "clip", test_share: float = TEST_SHARE
) -> Split:
    """Put whole groups into the test side so that every label's share comes as near `test_share` as found.

    `groups` holds one name per sample; `kind` names them in messages. Raises ExportError with fewer than two groups.
    """
    _check(len(labels))
    names = {name: number for number, name in enumerate(dict.fromkeys(groups))}
    if len(names) < 2:
        raise ExportError(
            f"all {len(labels)} samples are of one {kind}, so a split by {kind} leaves one side empty: "
            "group by something smaller, or use the paper split"
        )
    classes = {label: number for number, label in enumerate(sorted(set(labels)))}
    y = np.array([classes[label] for label in labels])
    of_sample = np.array([names[name] for name in groups])
    counts = np.zeros((len(names), len(classes)))
    np.add.at(counts, (of_sample, y), 1)
    total = counts.sum(axis=0)

    def cost(chosen: np.ndarray) -> float:
        """Squared distance from the wanted share, of each label and of all samples; lower is better."""
        got = counts[chosen].sum(axis=0)
        per_label = ((got - test_share * total) ** 2 / total).sum()
        return float(per_label + (got.sum() - test_share * total.sum()) ** 2 / total.sum())

    best = min(_candidates(y, of_sample, len(names), seed, test_share), key=_rounded(cost))
    return _split(labels, np.flatnonzero(np.isin(of_sample, best)).tolist())


def leak(split: Split, kind: str, members: Sequence[Collection[Hashable]]) -> Leak:
    """Return what stands on both sides; `members` holds for each sample what it is made of (its clip, its segments)."""
    train = {member for position in split.train for member in members[position]}
    test = {member for position in split.test for member in members[position]}
    return Leak(
        kind=kind,
        groups=len(train | test),
        shared_groups=len(train & test),
        shared_samples=sum(not train.isdisjoint(members[position]) for position in split.test),
    )


def _candidates(
    y: np.ndarray, of_sample: np.ndarray, group_count: int, seed: int, test_share: float
) -> Iterator[np.ndarray]:
    """Yield possible test sides as arrays of group numbers, never empty, never all; the order depends on the seed."""
    if group_count <= ALL_SUBSETS_UP_TO:
        order = random.Random(seed).sample(range(group_count), group_count)
        for size in range(1, group_count):
            yield from (np.array(chosen) for chosen in combinations(order, size))
        return
    from sklearn.model_selection import StratifiedGroupKFold

    folds = min(group_count, max(2, round(1 / test_share)))
    target = y if np.bincount(y).max() >= folds else np.zeros_like(y)  # no label reaches the folds: balance sizes only
    for shuffle in range(SHUFFLES):
        kfold = StratifiedGroupKFold(folds, shuffle=True, random_state=(seed + shuffle * 1_000_003) % 2**32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # rare labels: told in the split's notes, in our words
            parts = list(kfold.split(np.zeros((len(y), 1)), target, of_sample))
        for train, test in parts:
            if len(train) and len(test):
                yield np.unique(of_sample[test])


def _rounded(cost: Callable[[np.ndarray], float]) -> Callable[[np.ndarray], float]:
    """Return the cost without its last bits, so that equal splits tie and the seeded order decides."""
    return lambda chosen: round(cost(chosen), 9)


def _split(labels: Sequence[str], test: Sequence[int]) -> Split:
    inside = set(test)
    train = tuple(position for position in range(len(labels)) if position not in inside)
    return Split(train=train, test=tuple(sorted(inside)), notes=_notes(labels, train, tuple(sorted(inside))))


def _notes(labels: Sequence[str], train: Sequence[int], test: Sequence[int]) -> tuple[str, ...]:
    in_train, in_test = Counter(labels[i] for i in train), Counter(labels[i] for i in test)
    notes = []
    if missing := sorted(set(in_train) - set(in_test)):
        notes.append(f"no test sample of: {', '.join(missing)}")
    if missing := sorted(set(in_test) - set(in_train)):
        notes.append(f"no train sample of: {', '.join(missing)}")
    share = len(test) / len(labels)
    if abs(share - TEST_SHARE) > 0.05:
        notes.append(f"the test side holds {100 * share:.1f} % of the samples instead of {100 * TEST_SHARE:.0f} %")
    return tuple(notes)


def _check(samples: int) -> None:
    if samples < 2:
        raise ExportError(f"a split needs at least two samples, there is {samples or 'none'}")
