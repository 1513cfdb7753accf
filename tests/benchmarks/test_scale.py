"""The benchmark of a season: it opens every page, and sees queries that grow."""

from __future__ import annotations

import pytest

from benchmarks.scale.data import Season, Size
from benchmarks.scale.measure import PAGES, Visitor, p95
from exports.samples import build_samples
from exports.snapshot_json import check_snapshot
from webapp.annotation.models import Project
from webapp.quality.snapshot import project_snapshot


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


def test_every_page_takes_as_many_queries_in_a_larger_project(seasons: tuple[Project, Project]) -> None:
    few, many = (Visitor(project) for project in seasons)
    counts = {page[:2]: (few.time(page, 1).queries, many.time(page, 1).queries) for page in PAGES}
    assert {page: found for page, found in counts.items() if found[0] != found[1]} == {}


def test_the_first_time_of_a_page_does_not_count() -> None:
    assert p95([999.0, *[float(ms) for ms in range(1, 22)]]) == 20.0
