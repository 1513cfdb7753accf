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
Ints = NDArray[np.int64]


def find_scenes(colours: NDArray[np.float32], links: Iterable[tuple[int, int]], options: Options) -> list[int]:
    """Return the first shot of every scene, in order: 0 first, nothing for no shots.

    `colours` (shots, bins) are the shots' mean colour histograms, each with sum 1. `links` are pairs of shots (earlier,
    later) of one thread: no scene begins after the first and up to the second. Only the places where one may begin are
    looked at: costs places x length x (bins + scenes).
    """
    count = len(colours)
    if count < 2:
        return [0] * count
    free = _free_starts(count, links)
    places = np.flatnonzero(free)
    longest = min(count, max(options.longest, int(np.diff(places).max())))  # what threads tie must fit into a scene
    most = min(max(_fewest(places, longest), int(count / options.shots_per_scene)), len(places) - 1)
    totals, steps = _partition(_scene_values(colours.astype(np.float64), places, longest, options), most)
    scenes = int(totals.argmax()) + 1
    starts, end = [], len(places) - 1
    for row in range(scenes - 1, -1, -1):
        end -= int(steps[row, end])
        starts.append(int(places[end]))
    return starts[::-1]


def _free_starts(count: int, links: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Return [count + 1]: whether a scene may begin at each shot; the end of the last shot is free too."""
    covered = np.zeros(count + 2, np.int64)
    for earlier, later in links:
        covered[earlier + 1] += 1
        covered[later + 1] -= 1
    return covered.cumsum()[: count + 1] == 0


def _fewest(places: Ints, longest: int) -> int:
    """Return how many scenes there are at least, if none is longer than `longest`: each begins as late as it may."""
    place = scenes = 0
    while place < len(places) - 1:
        place = int(np.searchsorted(places, places[place] + longest, side="right")) - 1
        scenes += 1
    return scenes


def _scene_values(colours: Floats, places: Ints, longest: int, options: Options) -> Floats:
    """Return [W, P]: what a scene is worth that ends at each of the P places and begins W or fewer places before.

    Row w is of scenes that begin w + 1 places before; -inf where there is none, or where it is longer than `longest`.
    """
    count, bins = colours.shape
    before = np.concatenate([np.zeros((1, bins)), colours.cumsum(axis=0)])  # sums over the shots before each
    place_of = np.full(count + 1, -1)
    place_of[places] = np.arange(len(places))
    within = np.arange(len(places)) - np.searchsorted(places, places - longest)
    values = np.full((int(within.max()), len(places)), -np.inf)
    running = np.full(len(places), options.fresh)
    for length in range(1, longest + 1):
        starts = places[: np.searchsorted(places, count - length, side="right")]
        if length > 1:
            last = starts + length - 1
            mean = (before[last] - before[starts]) / (length - 1)  # (starts, bins)
            alike = np.minimum(colours[last], mean).sum(axis=1)
            weight = 1.0 - options.decay * (min(length, options.longest) / options.longest) ** 2
            running[: len(starts)] += weight * alike
        ends = place_of[starts + length]
        begun = np.flatnonzero(ends >= 0)
        values[ends[begun] - begun - 1, ends[begun]] = running[begun]
    return values


def _partition(values: Floats, most: int) -> tuple[Floats, Ints]:
    """Return the best value of 1 to `most` scenes [most], and how many places the last one takes [most, P]."""
    reach, count = values.shape
    ends = np.arange(count)
    starts = np.maximum(ends[None, :] - np.arange(1, reach + 1)[:, None], 0)  # where there is none, the value is -inf
    best = np.full(count, -np.inf)
    best[0] = 0.0
    totals, steps = np.empty(most), np.empty((most, count), np.int64)
    for row in range(most):
        candidates = best[starts] + values
        chosen = candidates.argmax(axis=0)
        steps[row] = chosen + 1
        best = candidates[chosen, ends]
        totals[row] = best[-1]
    return totals, steps
