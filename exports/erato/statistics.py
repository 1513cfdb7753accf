"""What an ERATO release holds, in numbers: the tables and histograms of the paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from exports.erato.measures import Measures
from exports.erato.relations import FIVE, THREE, THREE_OF_FIVE
from exports.splits import Split

#: Upper ends are in the next bin, but for the last one.
DURATION_EDGES_MS: Final = (0, *range(5_000, 35_001, 5_000))
SHOT_EDGES: Final = (0, 1, 2, 3, 4, 5, 6, 8, 11, 16, 21)
RATIO_EDGES: Final = tuple(tenth / 10 for tenth in range(11))
INTERACTIONS: Final = ("apart", "partly", "together", "unknown")


@dataclass(frozen=True, slots=True)
class SampleNumbers:
    """What statistics need of one sample."""

    name: str
    series: str
    episode: tuple[str, str]
    """Series and title."""
    relationship: str
    votes: int
    answers: int
    measures: Measures


def erato_statistics(samples: Sequence[SampleNumbers], split: Split, dropped: Counter[str]) -> dict[str, Any]:
    """Return the statistics of a release as plain values; every category is listed, also with 0."""
    sides = dict.fromkeys(split.train, "train") | dict.fromkeys(split.test, "test")

    def count(names: Iterable[str], of: Sequence[str]) -> dict[str, dict[str, int]]:
        found = {name: {"train": 0, "test": 0, "all": 0} for name in names}
        for position, name in enumerate(of):
            for side in (sides[position], "all"):
                found[name][side] += 1
        return found

    numbers = [sample.measures for sample in samples]
    series = [sample.series for sample in samples]
    return {
        "clips": {"train": len(split.train), "test": len(split.test), "all": len(samples)},
        "episodes": len({sample.episode for sample in samples}),
        "total_ms": sum(one.duration_ms for one in numbers),
        "five": count(FIVE, [sample.relationship for sample in samples]),
        "three": count(THREE, [THREE_OF_FIVE[sample.relationship] for sample in samples]),
        "series": count(sorted(set(series)), series),
        "interaction": count(INTERACTIONS, [one.interaction for one in numbers]),
        "interaction_examples": interaction_examples(samples),
        "duration_ms": histogram([one.duration_ms for one in numbers], DURATION_EDGES_MS),
        "shots": histogram([one.shots for one in numbers], SHOT_EDGES),
        "people": dict(sorted(Counter(str(one.people) for one in numbers).items())),
        "appearance_ratio": histogram([one.appearance_ratio for one in numbers], RATIO_EDGES),
        "iom": histogram([one.iom for one in numbers], RATIO_EDGES),
        "subtitle_ratio": histogram([one.subtitle_ratio for one in numbers], RATIO_EDGES),
        "answers": dict(sorted(Counter(f"{one.votes} of {one.answers}" for one in samples).items())),
        "dropped": {reason: dropped[reason] for reason in sorted(dropped)},
        "split": {"test_share": round(split.test_share, 6), "notes": list(split.notes)},
    }


def interaction_examples(samples: Sequence[SampleNumbers]) -> dict[str, str]:
    """Return the name of a clip for each interaction mode there is (the paper's Figure 3).

    Of the clips most annotators agree on, the one of the median duration: neither a glimpse nor a long talk.
    """
    found = {}
    for mode in INTERACTIONS:
        shown = [sample for sample in samples if sample.measures.interaction == mode]
        most = max((sample.votes for sample in shown), default=0)
        sure = [sample for sample in shown if sample.votes == most]
        by_length = sorted(sure, key=lambda sample: (sample.measures.duration_ms, sample.name))
        if by_length:
            found[mode] = by_length[(len(by_length) - 1) // 2].name
    return found


def histogram(values: Iterable[float | None], edges: Sequence[float]) -> dict[str, Any]:
    """Return mean, median, and counts between edges; what lies beyond the last edge counts in the last bin."""
    known = [value for value in values if value is not None]
    if not known:
        return {"known": 0, "mean": None, "median": None, "edges": list(edges), "counts": [0] * (len(edges) - 1)}
    counts, _ = np.histogram(np.clip(known, edges[0], edges[-1]), edges)
    return {
        "known": len(known),
        "mean": round(float(np.mean(known)), 6),
        "median": round(float(np.median(known)), 6),
        "edges": list(edges),
        "counts": counts.tolist(),
    }
