"""Going back to one's own clips, reading all answers as an admin, and examples beside the guideline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tests.webapp.factories import CALM, JOY, finish_clip, held_turn, labelled_project, make_user
from tests.webapp.test_query_counts import queries_of
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Exemplar, Project, StateRevision, Task
from webapp.annotation.remarks import Remarks
from webapp.annotation.services import states
from webapp.corpus.models import FaceTrack

AsUser = Callable[[User], APIClient]
TIMES = (2_000, 22_000, 42_000)


@pytest.fixture
def project(db: None) -> Project:
    return labelled_project(times_ms=TIMES)[0]


@pytest.fixture
def anna(project: Project) -> User:
    return project.memberships.get().user


def clip_of(turn: Assignment) -> Clip:
    assert turn.task.clip is not None
    return turn.task.clip


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    return list(answer.json()["results"])


def test_own_finished_clips_are_listed_last_first_with_what_was_said(
    project: Project, anna: User, as_user: AsUser
) -> None:
    first, second = finish_clip(project, anna, JOY), finish_clip(project, anna, CALM)
    Assignment.objects.filter(pk=first.pk).update(finished_at=timezone.now() - timedelta(hours=13))
    held_turn(project, anna, Task.Kind.STATES)
    found = rows(as_user(anna).get(f"/api/projects/{project.pk}/turns/"))
    assert [(one["id"], one["may_correct"]) for one in found] == [(second.pk, True), (first.pk, False)]
    assert [(one["character"], one["fine_grained"]) for one in found[1]["said"]] == [
        ("Rachel", "serenity"),
        ("Joanna", "serenity"),
    ]
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    today = as_user(anna).get(f"/api/projects/{project.pk}/turns/", {"since": since})
    assert [one["id"] for one in rows(today)] == [second.pk]


def test_a_time_that_is_none_is_refused(project: Project, anna: User, as_user: AsUser) -> None:
    answer = as_user(anna).get(f"/api/projects/{project.pk}/turns/", {"since": "yesterday"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["since"])


def test_the_clip_that_comes_next_is_told_and_not_reserved(project: Project, anna: User, as_user: AsUser) -> None:
    client, path = as_user(anna), f"/api/projects/{project.pk}/upcoming/"
    turn = held_turn(project, anna, Task.Kind.STATES)
    told = client.get(path).json()
    assert told["start_ms"] != clip_of(turn).start_ms
    assert Assignment.objects.filter(task__kind="states").count() == 1
    finish_clip(project, anna)
    following = held_turn(project, anna, Task.Kind.STATES)
    assert clip_of(following).start_ms == told["start_ms"]
    finish_clip(project, anna)
    finish_clip(project, anna)
    assert client.get(path).status_code == 204


def test_context_begins_as_long_before_the_clip_as_the_project_says(
    project: Project, anna: User, as_user: AsUser
) -> None:
    admin = as_user(make_user(admin=True))
    settings = f"/api/projects/{project.pk}/settings/"
    assert admin.patch(settings, {"context_ms": 600_001}, format="json").status_code == 400
    finish_clip(project, anna)
    turn = held_turn(project, anna, Task.Kind.STATES)  # 16 s to 28 s
    path = f"/api/assignments/{turn.pk}/"
    before = as_user(anna).get(path).json()
    assert (before["clip"]["context_start_ms"], before["subtitles"][0]["start_ms"]) == (16_000, 16_000)
    assert admin.patch(settings, {"context_ms": 6_000}, format="json").json()["context_ms"] == 6_000
    after = as_user(anna).get(path).json()
    assert (after["clip"]["context_start_ms"], after["subtitles"][0]["start_ms"]) == (10_000, 8_000)
    assert after["project"]["context_ms"] == 6_000
    admin.patch(settings, {"context_ms": 600_000}, format="json")
    assert as_user(anna).get(path).json()["clip"]["context_start_ms"] == 0


def test_a_card_shows_the_surest_and_largest_look_inside_the_clip(
    project: Project, anna: User, as_user: AsUser
) -> None:
    finish_clip(project, anna)
    turn = held_turn(project, anna, Task.Kind.STATES)  # 16 s to 28 s; faces are seen from 0 to 30 s
    FaceTrack.objects.filter(identity__character__name="Rachel").update(
        boxes=[[15_999, 0, 0, 500, 500, 1.0], [16_000, 64, 72, 128, 144, 0.9], [20_000, 0, 0, 150, 150, 0.5]]
    )
    rachel, joanna = as_user(anna).get(f"/api/assignments/{turn.pk}/").json()["characters"]
    assert rachel["look"] == {"time_ms": 16_000, "x": 0.05, "y": 0.1, "width": 0.1, "height": 0.2}
    assert rachel["tracks"] == [{"index": 0, "start_ms": 16_000, "end_ms": 28_000}]
    assert joanna["look"] is None


def unsure(project: Project, user: User) -> None:
    turn = held_turn(project, user, Task.Kind.STATES)
    for character in turn.task.episode.series.characters.all():
        states.submit_state(assignment=turn, client_id=uuid4(), character_id=character.pk, answer=JOY)
        remarks = Remarks(unsure=character.name == "Rachel", comment="Hm." if character.name == "Joanna" else "")
        states.submit_state(assignment=turn, client_id=uuid4(), character_id=character.pk, answer=CALM, remarks=remarks)
    states.finish_states(assignment=turn)


def test_an_admin_finds_the_last_answers_by_label_doubt_and_comment(
    project: Project, anna: User, as_user: AsUser
) -> None:
    finish_clip(project, anna, JOY)
    unsure(project, anna)
    admin, path = as_user(make_user(admin=True)), f"/api/projects/{project.pk}/answers/"
    found = rows(admin.get(path))
    assert [(one["character"], one["status"]) for one in found] == [
        ("Joanna", "no_emotion"), ("Rachel", "no_emotion"), ("Joanna", "one"), ("Rachel", "one"),
    ]  # fmt: skip
    assert [one["character"] for one in rows(admin.get(path, {"unsure": "true"}))] == ["Rachel"]
    assert [one["comment"] for one in rows(admin.get(path, {"commented": "true"}))] == ["Hm."]
    assert len(rows(admin.get(path, {"label": "serenity"}))) == 2
    assert len(rows(admin.get(path, {"label": "no_emotion"}))) == 2
    assert admin.get(path, {"label": "gloom"}).status_code == 400
    assert found[0]["lines"][0]["text"].startswith("Line")


def test_an_example_is_chosen_from_an_answer_replaced_and_taken_away(
    project: Project, anna: User, as_user: AsUser
) -> None:
    finish_clip(project, anna, JOY)
    finish_clip(project, anna, JOY)
    admin, path = as_user(make_user(admin=True)), f"/api/projects/{project.pk}/exemplars/"
    last, *_, first = rows(admin.get(f"/api/projects/{project.pk}/answers/"))
    made = admin.post(path, {"answer": first["id"], "note": "Look at her hands."}, format="json")
    assert made.status_code == 201
    (shown,) = as_user(anna).get(path).json()
    assert (shown["label"], shown["note"], shown["start_ms"]) == ("serenity", "Look at her hands.", first["start_ms"])
    assert admin.post(path, {"answer": last["id"]}, format="json").status_code == 201
    (shown,) = as_user(anna).get(path).json()
    assert (shown["note"], shown["start_ms"], shown["character"]) == ("", last["start_ms"], last["character"])
    assert [one["is_exemplar"] for one in rows(admin.get(f"/api/projects/{project.pk}/answers/"))][:2] == [True, False]
    assert admin.delete(f"{path}serenity/").status_code == 204
    assert as_user(anna).get(path).json() == []
    assert admin.delete(f"{path}serenity/").status_code == 404


def test_only_answers_of_finished_clips_of_the_project_are_examples(
    project: Project, anna: User, as_user: AsUser
) -> None:
    turn = held_turn(project, anna, Task.Kind.STATES)
    rachel = turn.task.episode.series.characters.get(name="Rachel").pk
    open_answer = states.submit_state(assignment=turn, client_id=uuid4(), character_id=rachel, answer=JOY)
    other, (ben,) = labelled_project()
    finish_clip(other, ben)
    admin, path = as_user(make_user(admin=True)), f"/api/projects/{project.pk}/exemplars/"
    foreign = StateRevision.objects.filter(assignment__task__project=other).first()
    assert foreign is not None
    for pk in (open_answer.pk, foreign.pk):
        assert admin.post(path, {"answer": pk}, format="json").json()["code"] == "not_an_answer"
    for body in ({"answer": "x"}, {"answer": open_answer.pk, "note": "x" * 301}, {}):
        assert admin.post(path, body, format="json").status_code == 400
    assert not Exemplar.objects.exists()


def test_lists_take_as_many_queries_for_many_rows_as_for_one(as_user: AsUser, db: None) -> None:
    counts = []
    admin = as_user(make_user(admin=True))
    for number in (1, 3):
        project, (anna,) = labelled_project(times_ms=TIMES[:number])
        for _ in range(number):
            finish_clip(project, anna, JOY)
        path = f"/api/projects/{project.pk}"
        for row in rows(admin.get(f"{path}/answers/")):
            admin.post(f"{path}/exemplars/", {"answer": row["id"]}, format="json")
        client = as_user(anna)
        counts.append(
            (
                queries_of(client, f"{path}/turns/"),
                queries_of(admin, f"{path}/answers/"),
                queries_of(client, f"{path}/exemplars/"),
            )
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
