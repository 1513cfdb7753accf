"""The benchmark of a season: it opens every page, and sees queries that grow."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.scale.data import Season, Size
from benchmarks.scale.measure import PAGES, Visitor, p95
from benchmarks.scale.pairs import PairSeason, PairSize
from exports.erato.clips import ClipRules, decide, why_dropped
from exports.erato.relations import FIVE
from exports.samples import build_samples
from exports.snapshot_json import check_snapshot
from webapp.annotation.models import Project
from webapp.quality.snapshot import project_snapshot
from webapp.relationships.snapshot import labelled_clips


@pytest.fixture
def seasons(db: None) -> tuple[Project, Project]:
    few = Season("Few", Size(episodes=2, moments=3, open_share=0.5)).write()
    return few, Season("Many", Size(episodes=5, moments=8, open_share=0.2)).write()


def test_a_season_is_a_project_that_a_release_can_be_made_of(seasons: tuple[Project, Project]) -> None:
    snapshot = project_snapshot(seasons[1])
    check_snapshot(snapshot)
    samples, tally = build_samples(snapshot)
    assert tally.pairs == 3 * tally.clips
    assert samples
    assert tally.dropped["no_answer_yet"] > 0


def growing_queries(few: Project, many: Project) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the pages that take another number of queries in the larger project."""
    small, large = Visitor(few), Visitor(many)
    counts = {page[:2]: (small.time(page, 1).queries, large.time(page, 1).queries) for page in PAGES[few.protocol]}
    assert len(counts) > 15
    return {page: found for page, found in counts.items() if found[0] != found[1]}


def test_every_page_takes_as_many_queries_in_a_larger_project(seasons: tuple[Project, Project]) -> None:
    assert growing_queries(*seasons) == {}


@pytest.fixture
def pair_seasons(db: None) -> tuple[Project, Project]:
    few = PairSeason("Few pairs", PairSize(episodes=2, clips=40, open_share=0.5)).write()
    return few, PairSeason("Many pairs", PairSize(episodes=5, clips=80, open_share=0.2)).write()


def test_every_page_of_pairs_takes_as_many_queries_in_a_larger_project(pair_seasons: tuple[Project, Project]) -> None:
    assert growing_queries(*pair_seasons) == {}


def test_generated_pairs_make_samples_of_every_relationship(pair_seasons: tuple[Project, Project]) -> None:
    clips = list(labelled_clips(pair_seasons[1]))
    assert len(clips) == 80
    decided = Counter(decide(clip).relationship for clip in clips if not why_dropped(clip, ClipRules()))
    assert set(FIVE) <= set(decided)


def test_the_first_time_of_a_page_does_not_count() -> None:
    assert p95([999.0, *[float(ms) for ms in range(1, 22)]]) == 20.0
