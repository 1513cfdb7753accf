"""How many annotators answer for a clip (k), changed while a project runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import CALM, finish_clip, held_turn, labelled_project, make_user
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project, Task
from webapp.annotation.services.projects import ask_for_answers
from webapp.annotation.services.turns import take_next

AsUser = Callable[[User], APIClient]
STATES = Task.Kind.STATES

pytestmark = pytest.mark.django_db


def wanted(project: Project) -> list[int]:
    return list(project.tasks.filter(kind=STATES).order_by("pk").values_list("answers_wanted", flat=True))


def two_clips(k: int) -> tuple[Project, list[User]]:
    return labelled_project(times_ms=(2_000, 50_000), k=k)


def test_more_answers_open_clips_again_that_were_complete() -> None:
    project, (anna, ben) = two_clips(2)
    for person in (anna, ben):
        for _ in range(2):
            finish_clip(project, person, CALM)
    chen = make_user()
    assert take_next(project=project, user=chen, kind=STATES) is None
    ask_for_answers(project=project, answers_per_clip=3)
    assert wanted(project) == [3, 3]
    assert held_turn(project, chen, STATES).slot == 2


def test_fewer_answers_leave_what_was_said_and_ask_for_no_more() -> None:
    project, (anna, ben, chen) = two_clips(3)
    for person in (anna, ben, chen):
        finish_clip(project, person, CALM)  # the first clip has three answers, the second none
    ask_for_answers(project=project, answers_per_clip=2)
    assert wanted(project) == [3, 2]
    assert Assignment.objects.filter(task__kind=STATES, status=Assignment.Status.DONE).count() == 3
    for person in (anna, ben):
        finish_clip(project, person, CALM)
    assert take_next(project=project, user=chen, kind=STATES) is None


def test_somebody_who_is_answering_may_go_on() -> None:
    project, (anna, ben, chen) = two_clips(3)
    turns = [held_turn(project, person, STATES) for person in (anna, ben, chen)]
    assert len({turn.task_id for turn in turns}) == 1
    ask_for_answers(project=project, answers_per_clip=2)
    assert wanted(project) == [3, 2]


def test_new_clips_follow_the_setting_and_only_admins_change_it(as_user: AsUser) -> None:
    project, (anna, *_) = two_clips(3)
    path = f"/api/projects/{project.pk}/settings/"
    assert as_user(anna).patch(path, {"answers_per_clip": 5}, format="json").status_code == 403
    admin = as_user(make_user(admin=True))
    assert admin.patch(path, {"answers_per_clip": 5}, format="json").json()["answers_per_clip"] == 5
    assert wanted(project) == [5, 5]
    for bad in (0, 10, "many"):
        answer = admin.patch(path, {"answers_per_clip": bad}, format="json")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["answers_per_clip"])
    assert Project.objects.get(pk=project.pk).answers_per_clip == 5
