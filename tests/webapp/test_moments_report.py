"""What came of a project's moments, over HTTP, on the command line and in the snapshot."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.webapp.factories import held_turn, make_episode, make_project, make_series, make_user, mark_moments
from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.annotation.reaction import calibration_clip
from webapp.annotation.services import moments
from webapp.annotation.services.watching import calibrate, note_watched
from webapp.quality.snapshot import project_snapshot

AsUser = Callable[[User], APIClient]


@pytest.fixture
def project(db: None) -> Project:
    """Two annotators of an episode of 60 s: clips 4-16 s (two moments, one each) and 44-56 s (ben's), one removed."""
    anna, ben = make_user("anna"), make_user("ben")
    episode = make_episode(make_series("Show"), "Pilot")
    project = make_project(episodes=[episode], annotators=[anna, ben], moment_annotators=2, k=1, name="P")
    calibrate(annotator=anna, client_id=uuid4(), presses_ms=[onset + 400 for onset in calibration_clip().onsets_ms])
    turn = held_turn(project, anna)
    note_watched(assignment=turn, spans=[(0, 30_000)], position_ms=30_000)
    moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=10_400)
    gone = moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=20_000)
    moments.change_moment(moment=gone, client_id=uuid4(), kind="removed")
    moments.finish_moments(assignment=turn)
    mark_moments(project, ben, 9_500, 50_000)
    return project


def report(as_user: AsUser, project: Project) -> dict[str, Any]:
    answer = as_user(make_user(admin=True)).get(f"/api/projects/{project.pk}/moments/")
    assert answer.status_code == 200
    return answer.json()


def test_the_report_counts_moments_clips_and_duplicates(project: Project, as_user: AsUser) -> None:
    found = report(as_user, project)
    expected = {"moments": 3, "clips": 2, "duplicates": 1, "too_long": 0, "waiting": 0, "removed": 1, "corrected": 0}
    assert found["total"].items() >= expected.items()
    assert found["total"]["per_minute"] == 1.5
    (episode,) = found["episodes"]
    assert (episode["name"], episode["counts"]) == ("Show · Pilot", found["total"])
    anna, ben = found["annotators"]
    assert (anna["counts"]["moments"], anna["counts"]["watched_share"], anna["calibration"]["delay_ms"]) == (
        1,
        0.5,
        400,
    )
    assert (ben["counts"]["moments"], ben["counts"]["watched_share"], ben["calibration"]) == (2, 0.0, None)


def test_agreement_is_within_the_projects_tolerance(project: Project, as_user: AsUser) -> None:
    agreement = report(as_user, project)["agreement"]
    (pair,) = agreement["pairs"]
    assert (pair["matched"], pair["precision"], pair["recall"], pair["offset_ms"]) == (1, 0.5, 1.0, -900)
    assert agreement["f1"] == pytest.approx(2 / 3)
    Project.objects.update(moment_tolerance_ms=800)
    assert report(as_user, project)["agreement"]["f1"] == 0.0


def test_an_empty_project_has_a_report_too(as_user: AsUser, db: None) -> None:
    found = report(as_user, make_project())
    assert (found["total"]["moments"], found["episodes"], found["agreement"]["pairs"]) == (0, [], [])


def test_annotators_do_not_see_it(project: Project, as_user: AsUser) -> None:
    path = f"/api/projects/{project.pk}/moments/"
    assert as_user(User.objects.get(username="anna")).get(path).status_code == 403
    assert APIClient().get(path).status_code == 401


def test_twenty_episodes_take_as_many_queries_as_one(project: Project, as_user: AsUser) -> None:
    client = as_user(make_user(admin=True))
    big = make_project(
        episodes=[make_episode() for _ in range(20)], annotators=User.objects.filter(username="anna"), k=1
    )
    for _ in range(20):
        mark_moments(big, User.objects.get(username="anna"), 10_000, 20_000)
    counts = []
    for one in (project, big):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/projects/{one.pk}/moments/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_the_snapshot_of_a_corrected_project_has_both_times_and_the_reaction_times(project: Project) -> None:
    raw = project_snapshot(project)
    assert [(m.time_ms, m.raw_ms, m.corrected_ms) for m in raw.moments] == [
        (9_500, 9_500, None),
        (10_400, 10_400, 10_000),
        (50_000, 50_000, None),
    ]
    assert (raw.moment_time, raw.calibrations) == ("raw", ())
    project.moment_time = "corrected"
    found = project_snapshot(project)
    assert [m.time_ms for m in found.moments] == [9_500, 10_000, 50_000]
    assert [(c.annotator, c.delay_ms, c.hits) for c in found.calibrations] == [("anna", 400, 12)]


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("agreement_report", "P", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_moments_and_states(project: Project) -> None:
    text = printed()
    assert "Show · Pilot        3      1.50        0      2           1" in text
    assert "Matched one to one within 2000 ms." in text
    assert "No answers yet." in text
    assert "gamma" not in text
    assert "gamma, mean of episodes: 0." in printed("--gamma", "--about", "moments")
    document = json.loads(printed("--format", "json", "--gamma"))
    assert document["moments"]["total"]["duplicates"] == 1
    assert 0 < document["moments"]["gamma"]["value"] < 1
    assert printed("--format", "csv").startswith("level,")
    table = printed("--format", "csv", "--about", "moments").splitlines()
    assert table[2].startswith("anna,ben,2000,1,1,2,1,0.500000,1.000000,0.666667,-900")


def test_csv_holds_one_table(project: Project) -> None:
    with pytest.raises(CommandError, match="one table"):
        printed("--format", "csv", "--about", "all")
    with pytest.raises(CommandError, match="text or json"):
        printed("--format", "csv", "--gamma")
