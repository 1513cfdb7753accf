"""A project groups the shots of its episodes by its own parameters, on a worker; edits stay over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import make_episode, make_user
from tests.webapp.relationships.factories import erato_project
from tests.workers.test_story_step import shots_of_two_places
from webapp.annotation.models import Project
from webapp.corpus.models import Episode
from webapp.jobs.models import Job
from webapp.relationships.models import StorySettings
from webapp.relationships.services.stories import decide_stories, edit_story, story_settings, storyboard_of
from workers.analysers.story_segments import Options
from workers.storytelling import options_of
from workers.tasks import run_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode(settings: Any, tmp_path: Path) -> Episode:
    """Ten shots of a second in two places, whose looks are known and not grouped yet."""
    settings.MEDIA_ROOT = tmp_path / "media"
    episode = make_episode(duration_ms=10_000)
    shots_of_two_places(episode)
    Job.objects.filter(name="shot_looks").update(is_current=True)
    return episode


@pytest.fixture
def project(episode: Episode) -> Project:
    return erato_project(episodes=[episode])


def parts(project: Project) -> list[tuple[int, int]]:
    return [(story.first, story.last) for story in storyboard_of(project, project.episodes.get()).stories]


def test_the_defaults_are_those_of_the_analysis(project: Project) -> None:
    assert options_of(project) == Options()


def test_a_worker_groups_the_shots_by_the_projects_parameters(project: Project) -> None:
    other = erato_project(episodes=[project.episodes.get()])
    assert len(parts(project)) == 10, "nothing was grouped yet: every shot stands alone"
    job = decide_stories(project=project, longest=100)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.figures) == ("done", {"episodes": 1})
    assert parts(project) == [(0, 4), (5, 9)]
    run_job(decide_stories(project=project, longest=3, shots_per_scene=1.0).pk)
    assert all(last - first < 3 for first, last in parts(project))
    assert len(parts(other)) == 10, "it is this project's alone"


def test_what_was_joined_by_hand_stays(project: Project) -> None:
    run_job(decide_stories(project=project, fresh=0.1).pk)
    assert (4, 5) not in parts(project)
    edit_story(
        project=project, episode=project.episodes.get(), client_id=uuid4(), kind="join", shot=5,
        author=make_user(admin=True),
    )  # fmt: skip
    before = parts(project)
    run_job(decide_stories(project=project, fresh=0.1).pk)
    assert parts(project) == before
    assert any(first < 5 <= last for first, last in before)


def test_a_newer_choice_cancels_the_job_before(project: Project) -> None:
    first = decide_stories(project=project, longest=50)
    second = decide_stories(project=project, longest=60)
    first.refresh_from_db()
    assert first.status == "cancelled"
    run_job(first.pk)
    assert len(parts(project)) == 10
    assert StorySettings.objects.get().job == second
    assert story_settings(project).longest == 60


def test_an_episode_that_was_not_looked_at_keeps_what_its_analysis_found(project: Project) -> None:
    Job.objects.filter(name="shot_looks").update(is_current=False)
    job = decide_stories(project=project, longest=50)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.figures) == ("done", {"episodes": 0})


@pytest.mark.parametrize(
    ("body", "field"),
    [({"fresh": 1.5}, "fresh"), ({"longest": 1}, "longest"), ({"shots_per_scene": 0}, "shots_per_scene")],
)
def test_parameters_that_make_no_sense_are_refused(project: Project, body: dict[str, Any], field: str) -> None:
    client = APIClient()
    client.force_login(make_user(admin=True))
    path = f"/api/projects/{project.pk}/story-settings/"
    answer = client.patch(path, body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert client.get(path).json()["status"] is None
    answer = client.patch(path, {"fresh": 0.25}, format="json")
    assert (answer.status_code, answer.json()["fresh"], answer.json()["status"]) == (202, 0.25, "waiting")
