"""Finished turns at pairs as they are listed: one's own, all of them, and examples out of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tests.webapp.factories import make_user
from tests.webapp.relationships.factories import project_with_clips, relate, relate_turn, say
from tests.webapp.test_query_counts import queries_of
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Exemplar, Project
from webapp.relationships.models import StepRevision
from webapp.relationships.services import labelling
from webapp.relationships.steps import StepEvent

pytestmark = pytest.mark.django_db
AsUser = Callable[[User], APIClient]
SPANS = [(start, start + 10_000) for start in range(0, 110_000, 5_000)]


@pytest.fixture
def anna(db: None) -> User:
    return make_user("anna")


@pytest.fixture
def project(anna: User) -> Project:
    return project_with_clips(*SPANS, annotators=[anna])[0]


@pytest.fixture
def admin(as_user: AsUser) -> APIClient:
    return as_user(make_user(admin=True))


def label(project: Project, user: User, relationship: str) -> Assignment:
    turn = relate_turn(project, user)
    relate(turn, relationship)
    return turn


def discard(project: Project, user: User, words: str) -> Assignment:
    turn = relate_turn(project, user)
    say(turn, StepEvent("discard", reason="other", words=words))
    labelling.finish_relating(assignment=turn)
    return turn


def listed(client: APIClient, project: Project, which: str = "related", **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/projects/{project.pk}/{which}/", query)
    assert answer.status_code == 200
    return list(answer.json()["results"])


def test_ones_own_finished_clips_are_listed_last_first(project: Project, anna: User, as_user: AsUser) -> None:
    first, second = label(project, anna, "mild"), discard(project, anna, "A dream.")
    Assignment.objects.filter(pk=first.pk).update(finished_at=timezone.now() - timedelta(hours=13))
    relate_turn(project, anna)
    rows = listed(as_user(anna), project, "own-related")
    assert [(one["id"], one["may_correct"], one["relationship"], one["discarded"], one["comment"]) for one in rows] == [
        (second.pk, True, "", "other", "A dream."),
        (first.pk, False, "mild", "", ""),
    ]
    assert rows[1]["people"] == ["Anna", "Ben"]
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    assert [one["id"] for one in listed(as_user(anna), project, "own-related", since=since)] == [second.pk]


def test_admins_find_answers_by_what_they_say(project: Project, anna: User, admin: APIClient) -> None:
    tense, corrected, thrown = label(project, anna, "tense"), label(project, anna, "mild"), discard(project, anna, "?")
    said = StepEvent("relationship", relationship="tense", unsure=True, comment="He shouts.")
    say(corrected, StepEvent("back", back_to="relationship"), said)
    assert {one["id"] for one in listed(admin, project)} == {tense.pk, corrected.pk, thrown.pk}
    assert {one["id"] for one in listed(admin, project, said="tense")} == {tense.pk, corrected.pk}
    assert listed(admin, project, said="mild") == []
    assert [one["id"] for one in listed(admin, project, said="discarded")] == [thrown.pk]
    assert [one["comment"] for one in listed(admin, project, unsure="true")] == ["He shouts."]
    assert {one["id"] for one in listed(admin, project, commented="true")} == {corrected.pk, thrown.pk}


def test_an_admin_chooses_the_example_of_a_relationship(
    project: Project, anna: User, admin: APIClient, as_user: AsUser
) -> None:
    old, new = label(project, anna, "tense"), label(project, anna, "tense")
    for turn, note in ((old, ""), (new, "Her voice.")):
        path = f"/api/projects/{project.pk}/related/{turn.pk}/example/"
        assert admin.post(path, {"note": note}, format="json").json()["is_exemplar"]
    (example,) = as_user(anna).get(f"/api/projects/{project.pk}/exemplars/").json()
    assert (example["label"], example["character"], example["note"]) == ("tense", "", "Her voice.")
    assert Exemplar.objects.get().clip == new.task.clip
    assert [one["is_exemplar"] for one in listed(admin, project)] == [True, False]
    assert admin.delete(f"/api/projects/{project.pk}/exemplars/tense/").status_code == 204


def test_a_discarded_clip_is_no_example(project: Project, anna: User, admin: APIClient) -> None:
    turn = discard(project, anna, "?")
    refused = admin.post(f"/api/projects/{project.pk}/related/{turn.pk}/example/", {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_an_answer")


def test_the_next_clip_is_told_so_that_it_can_be_loaded(project: Project, anna: User, as_user: AsUser) -> None:
    relate_turn(project, anna)
    upcoming = as_user(anna).get(f"/api/projects/{project.pk}/upcoming/").json()
    assert (upcoming["start_ms"], upcoming["end_ms"]) == SPANS[1]


@pytest.mark.parametrize("query", ["", "?said=mild&unsure=true&commented=true"])
def test_twenty_answers_take_as_many_queries_as_one(project: Project, anna: User, admin: APIClient, query: str) -> None:
    label(project, anna, "mild")
    StepRevision.objects.update(unsure=True, comment="!")
    path = f"/api/projects/{project.pk}/related/{query}"
    one = queries_of(admin, path)
    for _ in range(19):
        label(project, anna, "mild")
    StepRevision.objects.update(unsure=True, comment="!")
    assert len(admin.get(path).json()["results"]) == 20
    assert queries_of(admin, path) == one <= 16
