"""Which tracks are the same person: average linkage over embeddings, with pairs that must not be linked.

Two faces in one picture are two people, whatever their distance. Sure tracks (large, sharp, frontal) decide who there
is; poor ones may join somebody afterwards, or stay without identity. One wrong link ruins two people, a missing one
costs a click: thresholds are cautious.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from workers.analysers.faces.options import Options

#: Far enough that the mean over a group with one forbidden pair exceeds every threshold.
_FORBIDDEN = 1e6
#: A poor track joins only where the second nearest person is further away by this share of the distance allowed.
_CLEAR_MARGIN = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """What decides about a track. `look_times_ms` are the looks at which its face was seen."""

    shot_index: int
    look_times_ms: frozenset[int]
    embeddings: NDArray[np.float32]
    """(pictures, dimensions), best picture first; no pictures where the face is too small."""
    sure: bool
    seen_ms: int


def group(
    candidates: Sequence[Candidate], link_distance: float, join_distance: float, options: Options
) -> list[int | None]:
    """Return for each track the number of its person (0, 1, ... by falling screen time), None for nobody.

    No two tracks that share a look get one person.
    """
    deciding = _deciding(candidates, options)
    members = _cluster([candidates[index] for index in deciding], link_distance)
    people = [[deciding[place] for place in cluster] for cluster in members]
    _join_poor(candidates, people, join_distance)
    people = [p for p in people if sum(candidates[i].seen_ms for i in p) >= options.shortest_identity_ms]
    people.sort(key=lambda p: (-sum(candidates[i].seen_ms for i in p), min(p)))
    result: list[int | None] = [None] * len(candidates)
    for number, person in enumerate(people):
        for index in person:
            result[index] = number
    return result


def _deciding(candidates: Sequence[Candidate], options: Options) -> list[int]:
    sure = [i for i, track in enumerate(candidates) if track.sure and len(track.embeddings)]
    longest = sorted(sure, key=lambda i: (-candidates[i].seen_ms, i))[: options.largest_clustering]
    return sorted(longest)


def _cluster(tracks: Sequence[Candidate], link_distance: float) -> list[list[int]]:
    """Group sure tracks by average linkage; returns the places of each group's tracks."""
    if len(tracks) < 2:
        return [[place] for place in range(len(tracks))]
    labels = fcluster(linkage(_distances(tracks), method="average"), t=link_distance, criterion="distance")
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def _distances(tracks: Sequence[Candidate]) -> NDArray[np.float64]:
    """Return (pairs,), in SciPy's condensed order and precision, where nothing has to be copied to be clustered.

    Of two tracks it is the mean distance of all pairs of pictures; forbidden where they share a look.
    """
    square = _distances_to_all(tracks)
    for first, second in _together(tracks):
        square[first, second] = square[second, first] = _FORBIDDEN
    condensed = np.empty(len(tracks) * (len(tracks) - 1) // 2)
    end = 0
    for row in range(len(tracks) - 1):
        start, end = end, end + len(tracks) - 1 - row
        # the same number twice, but for rounding
        condensed[start:end] = (square[row, row + 1 :] + square[row + 1 :, row]) / 2
    return condensed


def _distances_to_all(tracks: Sequence[Candidate]) -> NDArray[np.float32]:
    """Return (tracks, tracks): the mean distance of all pairs of pictures of two."""
    counts = [len(track.embeddings) for track in tracks]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    pictures = np.concatenate([track.embeddings for track in tracks]).astype(np.float32)
    result: NDArray[np.float32] = np.zeros((len(tracks), len(tracks)), dtype=np.float32)
    for row, track in enumerate(tracks):
        to_all = np.sqrt(np.maximum(0, _squared_distances(track.embeddings.astype(np.float32), pictures)))
        result[row] = np.add.reduceat(to_all.mean(axis=0), starts) / counts
    return result


def _squared_distances(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    squared: NDArray[np.float32] = (a * a).sum(1)[:, None] + (b * b).sum(1)[None, :] - 2 * a @ b.T
    return squared


def _together(tracks: Sequence[Candidate]) -> list[tuple[int, int]]:
    """Return the pairs that were seen in one look."""
    by_shot: dict[int, list[int]] = {}
    for place, track in enumerate(tracks):
        by_shot.setdefault(track.shot_index, []).append(place)
    return [
        (first, second)
        for places in by_shot.values()
        for number, first in enumerate(places)
        for second in places[number + 1 :]
        if tracks[first].look_times_ms & tracks[second].look_times_ms
    ]


def _join_poor(candidates: Sequence[Candidate], people: list[list[int]], join_distance: float) -> None:
    """Add the tracks that belong to nobody yet to the person they clearly resemble; changes `people`."""
    taken = {index for person in people for index in person}
    poor = [i for i, track in enumerate(candidates) if i not in taken and len(track.embeddings)]
    if not people or not poor:
        return
    known = [np.concatenate([candidates[i].embeddings for i in person]) for person in people]
    for index in sorted(poor, key=lambda i: (-candidates[i].seen_ms, i)):
        track = candidates[index]
        distances = [float(np.sqrt(np.maximum(0, _squared_distances(track.embeddings, k))).mean()) for k in known]
        order = np.argsort(distances, kind="stable")
        nearest = int(order[0])
        second = distances[order[1]] if len(order) > 1 else float("inf")
        clear = second - distances[nearest] >= _CLEAR_MARGIN * join_distance
        alone = not any(track.look_times_ms & candidates[i].look_times_ms for i in people[nearest])
        if distances[nearest] <= join_distance and clear and alone:
            people[nearest].append(index)
