"""How far annotators agree on the moments of an episode (MEmoR protocol, moments).

Moments are points in time, so two annotators never press in the same millisecond: moments of two people are the same
where they lie within a tolerance. They are matched one to one, as many as can be, and of all ways to match that many
the one with the least distance (the assignment problem, solved by SciPy).

The chance-corrected coefficient is Krippendorff's alpha over time: each moment stands for the tolerance around it, the
episode is looked at in steps of half the tolerance, and each step was marked by an annotator or was not.
Gamma (Mathet et al., 2015), which aligns before it compares, is in `exports.moment_gamma`.

SciPy is imported where it is asked, because the web's addresses import this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from statistics import median
from typing import Any, Final

import krippendorff
import numpy as np

from exports.agreement import NO_PAIRS, ONE_VALUE, Coefficient

NO_EPISODES: Final = "no episode was marked by two annotators"
STEPS_PER_TOLERANCE: Final = 2


@dataclass(frozen=True, slots=True)
class MarkedEpisode:
    """The moments of everybody who finished an episode, in ms; somebody who marked nothing has an empty list."""

    id: int
    duration_ms: int
    moments: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class MomentPair:
    """Two annotators over the episodes that both finished. The first is the reference.

    `precision` is the share of the second's moments that the first has too, `recall` the share of the first's that the
    second has, 0 to 1; None where the one in question marked nothing.
    """

    annotators: tuple[str, str]
    episodes: int
    first_moments: int
    second_moments: int
    matched: int
    offset_ms: int | None
    """Median of second minus first over matched moments: above 0 the second presses later."""

    @property
    def precision(self) -> float | None:
        return self.matched / self.second_moments if self.second_moments else None

    @property
    def recall(self) -> float | None:
        return self.matched / self.first_moments if self.first_moments else None

    @property
    def f1(self) -> float | None:
        """Twice the matched of all moments: the harmonic mean of precision and recall."""
        both = self.first_moments + self.second_moments
        return 2 * self.matched / both if both else None


@dataclass(frozen=True, slots=True)
class MomentAgreement:
    tolerance_ms: int
    episodes: int
    """Episodes with at least two annotators; everything below is about these."""
    annotators: tuple[str, ...]
    pairs: tuple[MomentPair, ...]
    precision: float | None
    """Means over the pairs where they are defined."""
    recall: float | None
    f1: float | None
    alpha: Coefficient

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        pairs = [
            asdict(pair) | {"precision": pair.precision, "recall": pair.recall, "f1": pair.f1} for pair in self.pairs
        ]
        return asdict(self) | {"pairs": pairs}


def moment_agreement(episodes: Iterable[MarkedEpisode], tolerance_ms: int) -> MomentAgreement:
    """Return how far annotators agree on moments, over all episodes that two or more of them finished."""
    shared = [episode for episode in episodes if len(episode.moments) >= 2]
    annotators = sorted({name for episode in shared for name in episode.moments})
    found = (_pair(shared, pair, tolerance_ms) for pair in combinations(annotators, 2))
    pairs = tuple(pair for pair in found if pair.episodes)
    return MomentAgreement(
        tolerance_ms=tolerance_ms,
        episodes=len(shared),
        annotators=tuple(annotators),
        pairs=pairs,
        precision=_mean(pair.precision for pair in pairs),
        recall=_mean(pair.recall for pair in pairs),
        f1=_mean(pair.f1 for pair in pairs),
        alpha=_alpha(shared, tolerance_ms),
    )


def matched_moments(first: Sequence[int], second: Sequence[int], tolerance_ms: int) -> list[tuple[int, int]]:
    """Return pairs of moments no more than the tolerance apart, one to one, as many as can be, by time."""
    if not first or not second:
        return []
    from scipy.optimize import linear_sum_assignment

    distance = np.abs(np.subtract.outer(np.asarray(first, np.int64), np.asarray(second, np.int64)))
    # Farther apart than all that could ever be saved by shorter distances: never chosen at the cost of a match.
    never = (tolerance_ms + 1) * (min(distance.shape) + 1)
    rows, columns = linear_sum_assignment(np.where(distance <= tolerance_ms, distance, never))
    pairs = [(first[row], second[column]) for row, column in zip(rows, columns, strict=True)]
    return sorted(pair for pair in pairs if abs(pair[0] - pair[1]) <= tolerance_ms)


def _pair(episodes: Sequence[MarkedEpisode], names: tuple[str, str], tolerance_ms: int) -> MomentPair:
    both = [(one.moments[names[0]], one.moments[names[1]]) for one in episodes if set(names) <= set(one.moments)]
    matches = [match for first, second in both for match in matched_moments(first, second, tolerance_ms)]
    offsets = [second - first for first, second in matches]
    return MomentPair(
        annotators=names,
        episodes=len(both),
        first_moments=sum(len(first) for first, _ in both),
        second_moments=sum(len(second) for _, second in both),
        matched=len(matches),
        offset_ms=round(median(offsets)) if offsets else None,
    )


def _mean(values: Iterable[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None


def _alpha(episodes: Sequence[MarkedEpisode], tolerance_ms: int) -> Coefficient:
    if not episodes:
        return Coefficient(None, NO_EPISODES)
    counts = np.concatenate([_step_counts(episode, tolerance_ms) for episode in episodes])
    if not len(counts):
        return Coefficient(None, NO_PAIRS)
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        return Coefficient(None, ONE_VALUE)
    return Coefficient(float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")))


def _step_counts(episode: MarkedEpisode, tolerance_ms: int) -> np.ndarray:
    """Return how many annotators marked each step of an episode and how many did not: [steps, 2]."""
    step_ms = max(tolerance_ms // STEPS_PER_TOLERANCE, 1)
    middles = np.arange(step_ms / 2, episode.duration_ms, step_ms)
    marked = np.zeros(len(middles), np.int64)
    for moments in episode.moments.values():
        times = np.asarray(moments, np.int64)
        begun, ended = (np.searchsorted(middles, times + shift) for shift in (-tolerance_ms, tolerance_ms))
        changes = np.bincount(begun, minlength=len(middles) + 1) - np.bincount(ended, minlength=len(middles) + 1)
        marked += changes.cumsum()[:-1] > 0
    return np.stack([marked, len(episode.moments) - marked], axis=1)
