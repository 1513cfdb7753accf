"""Where scenes begin: the best partition of shots into runs, by dynamic programming.

Tapaswi, Bäuml and Stiefelhagen, StoryGraphs (CVPR 2014), section 3. The k-th shot of a scene counts by how alike its
colours are to the mean of the scene's shots before it, times 1 - .5 (k / 100)^2, which keeps scenes from growing
without end; the first shot of a scene counts nothing. The best partition is found for every number of scenes up to a
fifth of the shots. Its value rises while parting brings alike shots together, and falls once every further scene only
costs a first shot: there it is taken. (A chord's elbow parts too little: of 32 generated films of eight scenes it found
all scenes of 6, the peak of 26.)
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from workers.analysers.story_segments.options import Options

Floats = NDArray[np.float64]


def find_scenes(colours: NDArray[np.float32], links: Iterable[tuple[int, int]], options: Options) -> list[int]:
    """Return the first shot of every scene, in order: 0 first, nothing for no shots.

    `colours` (shots, bins) are the shots' mean colour histograms, each with sum 1. `links` are pairs of shots (earlier,
    later) of one thread: no scene begins after the first and up to the second. Costs shots x length x (bins + scenes).
    """
    count = len(colours)
    if count < 2:
        return [0] * count
    free = _free_starts(count, links)
    longest = min(count, max(options.longest, _longest_tied(free)))
    values = _scene_values(colours.astype(np.float64), longest, options)
    most = min(max(1, int(count / options.shots_per_scene)), int(free[:count].sum()))
    totals, lengths = _partition(values, free, most)
    scenes = int(totals.argmax()) + 1
    starts, end = [], count
    for row in range(scenes - 1, -1, -1):
        end -= int(lengths[row, end])
        starts.append(end)
    return starts[::-1]


def _free_starts(count: int, links: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Return [count + 1]: whether a scene may begin at each shot; the end of the last shot is free too."""
    covered = np.zeros(count + 2, np.int64)
    for earlier, later in links:
        covered[earlier + 1] += 1
        covered[later + 1] -= 1
    return covered.cumsum()[: count + 1] == 0


def _longest_tied(free: NDArray[np.bool_]) -> int:
    """Return how many shots the longest run holds that threads keep together: it must fit into a scene."""
    return int(np.diff(np.flatnonzero(free)).max())


def _scene_values(colours: Floats, longest: int, options: Options) -> Floats:
    """Return [longest + 1, count]: what a scene of so many shots from this one on is worth; -inf past the end."""
    count, bins = colours.shape
    before = np.concatenate([np.zeros((1, bins)), colours.cumsum(axis=0)])  # sums over the shots before each
    values = np.full((longest + 1, count), -np.inf)
    values[1] = options.fresh
    for length in range(2, longest + 1):
        starts = count - length + 1  # scenes of this length begin at the shots 0 to starts - 1
        mean = (before[length - 1 : count] - before[:starts]) / (length - 1)  # (starts, bins)
        alike = np.minimum(colours[length - 1 :], mean).sum(axis=1)
        weight = 1.0 - options.decay * (min(length, options.longest) / options.longest) ** 2
        values[length, :starts] = values[length - 1, :starts] + weight * alike
    return values


def _partition(values: Floats, free: NDArray[np.bool_], most: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return the best value of 1 to `most` scenes [most], and the length of the last scene [most, count + 1]."""
    longest, count = values.shape[0] - 1, values.shape[1]
    ends = np.arange(count + 1)
    starts = ends[None, :] - np.arange(1, longest + 1)[:, None]  # (longest, count + 1)
    inside = starts >= 0
    starts = np.where(inside, starts, 0)
    allowed = inside & free[starts] & free[None, :]
    worth = np.where(allowed, np.take_along_axis(np.pad(values[1:], ((0, 0), (0, 1))), starts, axis=1), -np.inf)
    best = np.full(count + 1, -np.inf)
    best[0] = 0.0
    totals, lengths = np.empty(most), np.empty((most, count + 1), np.int64)
    for row in range(most):
        candidates = best[starts] + worth
        chosen = candidates.argmax(axis=0)
        lengths[row] = chosen + 1
        best = candidates[chosen, ends]
        totals[row] = best[count]
    return totals, lengths
