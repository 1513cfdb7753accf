"""Twenty rows take as many queries as one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.webapp.factories import (
    finish_clip,
    held_turn,
    labelled_project,
    make_episode,
    make_job,
    make_project,
    make_series,
    make_training,
    make_user,
    mark_moments,
)
from webapp.accounts.models import User
from webapp.annotation.models import Project, ProjectEpisode, Task
from webapp.annotation.services import moments
from webapp.annotation.services.projects import add_members
from webapp.corpus.models import Identity
from webapp.personality.models import ItemAnswer
from webapp.quality.models import Release
from webapp.quality.snapshot import project_snapshot
from webapp.training.models import Epoch, SeedResult

AsUser = Callable[[User], APIClient]


SCORES = {"samples": 1, "micro_f1": 1.0, "macro_f1": 1.0, "weighted_f1": 1.0, "ua": 1.0, "per_class": []}
METRICS = {
    "best_epoch": 1, "epochs": 1, "parameters": 1, "train_samples": 1, "validation": SCORES, "test": SCORES,
    "constant": SCORES, "breakdowns": {}, "conditions": {}, "notes": [],
}  # fmt: skip


def queries_of(client: APIClient, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def grow_projects(project: Project) -> None:
    for _ in range(20):
        make_project(episodes=list(project.episodes.all()), annotators=[User.objects.get(username="anna")])


def grow_episodes(project: Project) -> None:
    series = make_series()
    for _ in range(20):
        make_episode(series)


def grow_project(project: Project) -> None:
    """Twenty more episodes, members and finished clips."""
    for _ in range(20):
        ProjectEpisode.objects.create(project=project, episode=make_episode())
    people = [make_user() for _ in range(20)]
    add_members(project=project, users=people)


def grow_answers(project: Project) -> None:
    """Twenty more labelled clips."""
    anna = User.objects.get(username="anna")
    for _ in range(20):
        episode = make_episode()
        ProjectEpisode.objects.create(project=project, episode=episode)
        Task.objects.create(project=project, kind=Task.Kind.MOMENTS, episode=episode, answers_wanted=1)
        mark_moments(project, anna, 20_000)
        finish_clip(project, anna)


def grow_people(project: Project) -> None:
    """Twenty more main characters, each with a face and an answer."""
    episode = project.episodes.get()
    faces = episode.jobs.get(name="faces")
    for number in range(20):
        person = episode.series.characters.create(name=f"Person {number}", is_main=True)
        Identity.objects.create(
            job=faces, index=100 + number, screen_time_ms=1, face="f.jpg", embedder="t", character=person
        )
        ItemAnswer.objects.create(character=person, rater=make_user(), item="use_my_brain", value=3, client_id=uuid4())


def grow_releases(project: Project) -> None:
    for number in range(2, 22):
        Release.objects.create(
            project=project, number=number, job=make_job("release-memor", kind="release"), created_by=make_user(),
            options={"split": "grouped", "group_by": "clip", "seed": 1},
        )  # fmt: skip


def grow_trainings(project: Project) -> None:
    release = project.releases.get(number=1)
    for number in range(2, 22):
        make_training(release, number=number, created_by=make_user())


def grow_training(project: Project) -> None:
    """Twenty more seeds with twenty epochs each."""
    run = project.training_runs.get()
    for seed in range(1, 21):
        SeedResult.objects.create(run=run, seed=seed, metrics=METRICS, confusion=[[1]])
        for number in range(1, 21):
            Epoch.objects.create(run=run, seed=seed, stage=1, number=number, measures={"train_loss": 1.0})


@pytest.fixture
def small(db: None) -> Project:
    anna = make_user("anna")
    project = make_project(annotators=[anna], k=1)
    Release.objects.create(
        project=project, number=1, job=make_job("release-memor", kind="release"), created_by=anna,
        options={"split": "grouped", "group_by": "clip", "seed": 1},
    )  # fmt: skip
    run = make_training(project.releases.get(), created_by=anna)
    SeedResult.objects.create(run=run, seed=0, metrics=METRICS, confusion=[[1]])
    turn = held_turn(project, anna)
    moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=10_000)
    moments.finish_moments(assignment=turn)
    finish_clip(project, anna)
    return project


@pytest.mark.parametrize(
    ("path", "who", "grow"),
    [
        ("/api/projects/", "anna", grow_projects),
        ("/api/projects/", "admin", grow_projects),
        ("/api/episodes/", "admin", grow_episodes),
        ("/api/projects/N/overview/", "admin", grow_project),
        ("/api/projects/N/episodes/", "admin", grow_project),
        ("/api/projects/N/releases/", "admin", grow_releases),
        ("/api/projects/N/trainings/", "admin", grow_trainings),
        ("/api/trainings/R/", "admin", grow_training),
        ("/api/projects/N/agreement/", "admin", grow_answers),
        ("/api/projects/N/emotions/", "admin", grow_answers),
        ("/api/projects/N/samples/", "admin", grow_answers),
        ("/api/personality/characters/", "admin", grow_people),
        ("/api/personality/characters/", "anna", grow_people),
    ],
    ids=[
        "projects",
        "projects of an admin",
        "episodes",
        "overview",
        "episodes of a project",
        "releases",
        "trainings",
        "a training",
        "agreement",
        "emotions",
        "samples",
        "personality of an admin",
        "personality",
    ],
)
def test_twenty_rows_take_as_many_queries_as_one(
    small: Project, as_user: AsUser, path: str, who: str, grow: Callable[[Project], None]
) -> None:
    user = make_user("root", admin=True) if who == "admin" else User.objects.get(username="anna")
    client, path = as_user(user), path.replace("N", str(small.pk)).replace("R", str(small.training_runs.get().pk))
    client.get(path)
    counts: list[int] = []
    for change in (lambda project: None, grow):
        change(small)
        Project.objects.filter(pk=small.pk).update(guideline=f"forget what was remembered {len(counts)}")
        counts.append(queries_of(client, path))
    one, twenty = counts
    assert twenty == one
    assert one <= 26


def test_a_turn_of_a_long_clip_takes_as_many_queries_as_one_of_a_short_clip(as_user: AsUser, db: None) -> None:
    counts = []
    for cuts in ([20_000, 40_000], range(500, 60_000, 500)):
        project, (person,) = labelled_project(episodes=[make_episode(cuts_ms=cuts)], times_ms=(30_000,))
        turn = held_turn(project, person, Task.Kind.STATES)
        counts.append(queries_of(as_user(person), f"/api/assignments/{turn.pk}/"))
    assert counts[0] == counts[1]


def test_an_episode_with_many_facts_takes_as_many_queries_as_one_with_few(as_user: AsUser, db: None) -> None:
    admin = as_user(make_user(admin=True))
    few, many = make_episode(cuts_ms=[30_000]), make_episode(cuts_ms=range(500, 60_000, 500))
    assert queries_of(admin, f"/api/episodes/{few.pk}/") == queries_of(admin, f"/api/episodes/{many.pk}/")


def test_a_release_of_many_episodes_takes_as_many_queries_as_one_of_one(small: Project) -> None:
    with CaptureQueriesContext(connection) as one:
        project_snapshot(small)
    grow_answers(small)
    with CaptureQueriesContext(connection) as many:
        assert len(project_snapshot(small).episodes) == 21
    assert len(many) == len(one)
