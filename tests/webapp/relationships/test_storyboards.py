"""Story segments in a project: what the workers found, joined and split by admins."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import done_job, make_user
from tests.webapp.relationships.factories import erato_project, two_people
from webapp.annotation.models import Project
from webapp.corpus.models import Episode, Shot, StorySegment
from webapp.relationships.models import StoryEdit
from webapp.relationships.services.stories import storyboard_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode() -> Episode:
    """Six shots of 20 s; the analysis found two scenes of three."""
    episode = two_people()
    shots = Shot.objects.current_for(episode)
    job = shots[0].job
    shots.delete()
    Shot.objects.bulk_create(
        Shot(job=job, index=place, start_ms=place * 20_000, end_ms=(place + 1) * 20_000, key_frame_ms=place * 20_000)
        for place in range(6)
    )
    stories = done_job("story_segments", episode, [job])
    for index in range(2):
        StorySegment.objects.create(
            job=stories, index=index, start_ms=index * 60_000, end_ms=(index + 1) * 60_000, first_shot=index * 3,
            last_shot=index * 3 + 2, threads=[[index * 3, index * 3 + 2]],
        )  # fmt: skip
    return episode


@pytest.fixture
def project(episode: Episode) -> Project:
    return erato_project(episodes=[episode])


@pytest.fixture
def client() -> APIClient:
    client = APIClient()
    client.force_login(make_user(admin=True))
    return client


def edit(client: APIClient, project: Project, kind: str, shot: int, client_id: str = "") -> Any:
    episode = project.episodes.get()
    body = {"client_id": client_id or str(uuid4()), "kind": kind, "shot": shot}
    return client.post(f"/api/projects/{project.pk}/storyboards/{episode.pk}/edits/", body, format="json")


def parts(page: Any) -> list[tuple[int, int]]:
    return [(story["first_shot"], story["last_shot"]) for story in page["stories"]]


def test_a_storyboard_shows_what_the_analysis_found(client: APIClient, project: Project) -> None:
    page = client.get(f"/api/projects/{project.pk}/storyboards/{project.episodes.get().pk}/").json()
    assert parts(page) == [(0, 2), (3, 5)]
    assert page["threads"] == [[0, 2], [3, 5]]
    assert (page["shots"][4]["key_frame_ms"], page["is_found"]) == (80_000, True)
    assert page["episode"]["duration_ms"] == 120_000


def test_scenes_are_joined_and_split_and_the_opposite_takes_it_back(client: APIClient, project: Project) -> None:
    assert parts(edit(client, project, "join", 3).json()) == [(0, 5)]
    assert parts(edit(client, project, "split", 1).json()) == [(0, 0), (1, 5)]
    assert parts(edit(client, project, "split", 3).json()) == [(0, 0), (1, 2), (3, 5)]
    assert parts(edit(client, project, "join", 1).json()) == [(0, 2), (3, 5)]
    assert StoryEdit.objects.count() == 4


def test_sending_an_edit_twice_is_one(client: APIClient, project: Project) -> None:
    once = str(uuid4())
    assert edit(client, project, "join", 3, once).status_code == 201
    edit(client, project, "split", 3)
    assert parts(edit(client, project, "join", 3, once).json()) == [(0, 2), (3, 5)]
    assert StoryEdit.objects.count() == 2


def test_a_project_has_its_own_edits(client: APIClient, project: Project, episode: Episode) -> None:
    other = erato_project(episodes=[episode])
    edit(client, project, "join", 3)
    assert len(storyboard_of(other, episode).stories) == 2


@pytest.mark.parametrize(
    ("kind", "shot", "status", "code"),
    [("join", 0, 422, "first_shot"), ("split", 6, 422, "unknown_shot"), ("cut", 1, 400, "invalid")],
)
def test_an_edit_that_makes_no_sense_is_refused(
    client: APIClient, project: Project, kind: str, shot: int, status: int, code: str
) -> None:
    answer = edit(client, project, kind, shot)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert StoryEdit.objects.count() == 0


def test_an_episode_of_another_project_is_not_there(client: APIClient, project: Project) -> None:
    other = erato_project().episodes.get()
    assert client.get(f"/api/projects/{project.pk}/storyboards/{other.pk}/").status_code == 404


def test_the_list_says_how_far_each_episode_is(client: APIClient, project: Project, episode: Episode) -> None:
    edit(client, project, "join", 3)
    (row,) = client.get(f"/api/projects/{project.pk}/storyboards/").json()["results"]
    assert row == {
        "id": episode.pk, "series": episode.series.name, "title": episode.title, "shots": 6, "found": 2, "edits": 1,
        "locate": {"done": 0, "total": 1}, "clips": 0, "dropped": 0,
    }  # fmt: skip
