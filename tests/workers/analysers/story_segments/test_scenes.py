"""Where scenes begin: known partitions, threads, and what always holds."""

from __future__ import annotations

import time
import tracemalloc
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from workers.analysers.story_segments.options import Options
from workers.analysers.story_segments.scenes import find_scenes

Colours = NDArray[np.float32]


def pure(*bins: int) -> Colours:
    """Shots of one colour each."""
    return np.eye(8, dtype=np.float32)[list(bins)]


def film(lengths: list[int], seed: int = 0) -> tuple[Colours, list[tuple[int, int]], list[int]]:
    """Scenes of so many shots: A-B-A-B between two views of one place, then a wide view; 60 % of links are found."""
    random = np.random.default_rng(seed)
    colours, links, starts = [], [], []
    for length in lengths:
        starts.append(len(colours))
        place = random.dirichlet(np.full(216, 0.12))
        views = [0.5 * place + 0.5 * random.dirichlet(np.full(216, 0.12)) for _ in range(3)]
        seen: dict[int, int] = {}
        for shot in range(length):
            view = 2 if shot == length - 1 else shot % 2
            if view in seen and random.random() < 0.6:
                links.append((seen[view], len(colours)))
            seen[view] = len(colours)
            colours.append(0.85 * views[view] + 0.15 * random.dirichlet(np.full(216, 0.12)))
    return np.array(colours, np.float32), links, starts


def best_by_trying_all(colours: Colours, links: list[tuple[int, int]], options: Options) -> float:
    """Return the value of the best partition, by the definition alone."""
    count = len(colours)
    free = [shot for shot in range(1, count) if not any(a < shot <= b for a, b in links)]
    most = max(1, int(count / options.shots_per_scene))
    values = [
        value_of([0, *cuts], colours, options)
        for cut_count in range(most)
        for cuts in combinations(free, cut_count)
        if all(b - a <= options.longest for a, b in pairwise([0, *cuts, count]))
    ]
    return max(values)


def value_of(starts: list[int], colours: Colours, options: Options) -> float:
    total = 0.0
    for first, after in pairwise([*starts, len(colours)]):
        for k in range(2, after - first + 1):
            mean = colours[first : first + k - 1].astype(float).mean(axis=0)
            decay = 1 - options.decay * (k / options.longest) ** 2
            total += decay * np.minimum(colours[first + k - 1], mean).sum()
    return total


def test_no_shots_and_one_shot() -> None:
    assert find_scenes(np.zeros((0, 216), np.float32), [], Options()) == []
    assert find_scenes(pure(0), [], Options()) == [0]


def test_two_places_are_two_scenes() -> None:
    assert find_scenes(pure(*[1] * 5, *[2] * 5), [], Options()) == [0, 5]


def test_no_scene_begins_inside_a_thread() -> None:
    assert not set(find_scenes(pure(*[1] * 5, *[2] * 5), [(3, 6)], Options())) & {4, 5, 6}


def test_a_thread_longer_than_the_longest_scene_stays_whole() -> None:
    links = [(shot, shot + 1) for shot in range(7)]
    assert find_scenes(pure(*[1] * 8, *[2] * 4), links, Options(longest=4, shots_per_scene=1)) == [0, 8]


def test_no_scene_is_longer_than_the_longest() -> None:
    starts = find_scenes(pure(*[1] * 30), [], Options(longest=7))
    assert max(b - a for a, b in pairwise([*starts, 30])) <= 7


def test_more_for_the_first_shot_gives_more_scenes() -> None:
    colours, links, _ = film([12] * 5)
    few, many = (find_scenes(colours, links, Options(fresh=fresh)) for fresh in (0.0, 0.9))
    assert len(few) < len(many) <= 12


@pytest.mark.parametrize("seed", range(4))
def test_the_scenes_of_a_film_of_sixty_shots_are_found(seed: int) -> None:
    lengths = [7, 12, 5, 9, 14, 6, 7]
    colours, links, truth = film(lengths, seed)
    assert len(colours) == 60
    found = find_scenes(colours, links, Options())
    same = len(set(found[1:]) & set(truth[1:]))
    f1 = 2 * same / (len(found[1:]) + len(truth[1:]))
    print(f"boundary F1 {f1:.2f}, {len(found)} of {len(truth)} scenes")
    assert f1 >= 0.8


PEOPLE = st.lists(st.integers(0, 3), min_size=2, max_size=11)


@settings(max_examples=60)
@given(PEOPLE, st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), max_size=3))
def test_the_partition_is_the_best_there_is(bins: list[int], pairs: list[tuple[int, int]]) -> None:
    options = Options(shots_per_scene=2, longest=20)
    colours = (pure(*bins) + 0.5 * np.roll(pure(*bins), 1, axis=1)) / 1.5
    links = [(a, b) for a, b in pairs if a < b < len(bins)]
    found = find_scenes(colours, links, options)
    assert found[0] == 0
    assert found == sorted(set(found))
    assert not any(a < start <= b for start in found for a, b in links)
    assert value_of(found, colours, options) == pytest.approx(best_by_trying_all(colours, links, options))


@settings(max_examples=60)
@given(PEOPLE, st.lists(st.tuples(st.integers(0, 10), st.integers(0, 4)), max_size=3), st.integers(1, 4))
def test_short_scenes_tile_the_shots_though_they_be_more_than_asked_for(
    bins: list[int], pairs: list[tuple[int, int]], longest: int
) -> None:
    links = [(a, a + b) for a, b in pairs if b and a + b < len(bins)]
    found = find_scenes(pure(*bins), links, Options(longest=longest, shots_per_scene=5))
    assert found[0] == 0
    assert found == sorted(set(found))
    free = [shot for shot in range(len(bins) + 1) if not any(a < shot <= b for a, b in links)]
    assert set(found) <= set(free)
    tied = max(b - a for a, b in pairwise(free))
    assert max(b - a for a, b in pairwise([*found, len(bins)])) <= max(longest, tied)


def test_an_hour_that_threads_tie_together_takes_little_memory() -> None:
    """As where one dialogue is repeated: every shot continues the one a dialogue before."""
    colours = np.random.default_rng(3).dirichlet(np.full(216, 0.3), size=1500).astype(np.float32)
    tracemalloc.start()
    try:
        assert find_scenes(colours, [(shot, shot + 12) for shot in range(1480)], Options()) == [0, 1492]
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()


def test_an_episode_of_a_thousand_shots_takes_no_time() -> None:
    colours, links, truth = film([4 + 3 * scene % 37 for scene in range(48)])
    count = len(colours)
    assert count > 900
    began = time.process_time()
    found = find_scenes(colours, links, Options())
    assert time.process_time() - began < 2
    assert len(set(found) & set(truth)) > 0.8 * len(truth)
