"""Saying what a character feels in a clip: once, of every main character, and never overwritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import (
    CALM,
    JOY,
    answer_all,
    held_turn,
    labelled_project,
    let_lease_run_out,
    make_episode,
    make_series,
    make_user,
)
from tests.webapp.threads import at_once
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, StateRevision, Task
from webapp.annotation.rules import LeaseLost, RuleError
from webapp.annotation.services import states, turns
from webapp.corpus.models import Character
from webapp.quality.snapshot import states_of

AsUser = Callable[[User], APIClient]
SERENE = {"status": "one", "primary": "joy", "fine_grained": "serenity", "reasons": ["visual", "text"]}


@pytest.fixture
def turn(db: None) -> Assignment:
    """Anna's turn at a clip with Rachel and Joanna; Gunther is no main character."""
    episode = make_episode(make_series(others=["Gunther"]))
    project, (anna,) = labelled_project(episodes=[episode])
    return held_turn(project, anna, Task.Kind.STATES)


@pytest.fixture
def client(turn: Assignment, as_user: AsUser) -> APIClient:
    return as_user(turn.annotator)


def person(turn: Assignment, name: str = "Rachel") -> Character:
    return turn.task.episode.series.characters.get(name=name)


def send(client: APIClient, turn: Assignment, **values: Any) -> Any:
    body = {"client_id": str(uuid4()), "character": person(turn).pk, **SERENE, **values}
    return client.post(f"/api/assignments/{turn.pk}/states/", body, format="json")


def test_a_state_is_stored_as_it_was_said(turn: Assignment, client: APIClient) -> None:
    answer = send(client, turn, duration_ms=1_234)
    assert answer.status_code == 201
    row = StateRevision.objects.get()
    said = (row.character.name, row.status, row.primary, row.fine_grained, row.reasons, row.duration_ms)
    assert said == ("Rachel", "one", "joy", "serenity", ["visual", "text"], 1_234)
    assert client.get(f"/api/assignments/{turn.pk}/").json()["states"] == [answer.json()]


def test_the_same_answer_sent_twice_is_one(turn: Assignment, client: APIClient) -> None:
    client_id = str(uuid4())
    first, second = (send(client, turn, client_id=client_id) for _ in range(2))
    assert (second.status_code, second.json()) == (201, first.json())
    assert StateRevision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_by_many_threads_at_once_is_one() -> None:
    project, (anna,) = labelled_project()
    turn = held_turn(project, anna, Task.Kind.STATES)
    client_id, rachel = uuid4(), person(turn).pk

    def submit(_number: int) -> int:
        return states.submit_state(assignment=turn, client_id=client_id, character_id=rachel, answer=JOY).pk

    assert len(set(at_once(8, submit))) == 1
    assert StateRevision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_by_two_browsers_at_once_is_one() -> None:
    project, (anna,) = labelled_project()
    turn = held_turn(project, anna, Task.Kind.STATES)
    client_id, browsers = str(uuid4()), [APIClient(), APIClient()]
    for browser in browsers:
        browser.force_login(anna)
    answers = at_once(2, lambda number: send(browsers[number], turn, client_id=client_id))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert StateRevision.objects.count() == 1


def test_a_correction_is_a_new_revision_and_the_newest_counts(turn: Assignment, client: APIClient) -> None:
    send(client, turn)
    send(client, turn, status="absent", primary="", fine_grained="", reasons=[])
    assert list(StateRevision.objects.values_list("status", flat=True)) == ["one", "absent"]
    shown = client.get(f"/api/assignments/{turn.pk}/").json()["states"]
    assert [state["status"] for state in shown] == ["absent"]


def test_only_the_newest_revision_of_finished_turns_reaches_a_release(turn: Assignment, client: APIClient) -> None:
    answer_all(turn, CALM)
    send(client, turn)
    assert states_of(turn.task.project) == (), "the turn is still open"
    states.finish_states(assignment=turn)
    assert [(row.status, row.fine_grained) for row in states_of(turn.task.project)] == [
        ("one", "serenity"),
        ("no_emotion", ""),
    ]


def test_the_turn_of_somebody_else_is_not_there(turn: Assignment, as_user: AsUser) -> None:
    for other in (make_user(), make_user(admin=True)):
        assert send(as_user(other), turn).status_code == 404
    assert not StateRevision.objects.exists()


def test_who_is_not_logged_in_is_refused(turn: Assignment) -> None:
    assert send(APIClient(), turn).status_code == 401


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"client_id": "x"}, "client_id"),
        ({"character": "Rachel"}, "character"),
        ({"character": 0}, "character"),
        ({"character": 10**30}, "character"),
        ({"status": "happy"}, "status"),
        ({"status": None}, "status"),
        ({"primary": "happiness"}, "primary"),
        ({"reasons": "text"}, "reasons"),
        ({"reasons": ["smell"]}, "reasons[0]"),
        ({"reasons": ["text"] * 5}, "reasons"),
        ({"fine_grained": "x" * 21}, "fine_grained"),
        ({"fine_grained": "\0"}, "fine_grained"),
        ({"duration_ms": -1}, "duration_ms"),
        ({"duration_ms": 10**30}, "duration_ms"),
    ],
)
def test_a_malformed_answer_is_refused_with_its_field(
    turn: Assignment, client: APIClient, values: dict[str, Any], field: str
) -> None:
    answer = send(client, turn, **values)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert field.partition("[")[0] in {name.partition("[")[0].partition(".")[0] for name in answer.json()["fields"]}
    assert not StateRevision.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reasons": []}, "reasons"),
        ({"reasons": ["text", "text"]}, "reasons"),
        ({"fine_grained": "rage"}, "fine_grained"),
        ({"fine_grained": ""}, "fine_grained"),
        ({"primary": ""}, "primary"),
        ({"status": "absent"}, "primary"),
        ({"status": "several", "primary": "", "fine_grained": ""}, "reasons"),
        ({"character": 2**62}, "character"),
    ],
    ids=["no reason", "a reason twice", "fine of another", "no fine", "no primary", "absent with emotion",
         "several with reasons", "a character that is not there"],
)  # fmt: skip
def test_an_answer_against_the_protocol_is_refused_with_its_field(
    turn: Assignment, client: APIClient, values: dict[str, Any], field: str
) -> None:
    answer = send(client, turn, **values)
    assert (answer.status_code, answer.json()["code"]) == (422, "rule_broken")
    assert field in answer.json()["fields"]
    assert not StateRevision.objects.exists()


def test_only_main_characters_of_the_series_are_answered_for(turn: Assignment, client: APIClient) -> None:
    stranger = make_series().characters.first()
    assert stranger is not None
    for other in (person(turn, "Gunther"), stranger):
        assert send(client, turn, character=other.pk).status_code == 422


def test_an_answer_in_a_turn_that_was_taken_over_is_refused_and_not_stored(turn: Assignment, client: APIClient) -> None:
    let_lease_run_out(turn)
    held_turn(turn.task.project, make_user(), Task.Kind.STATES)
    answer = send(client, turn)
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert not StateRevision.objects.exists()


def test_repeating_an_answer_after_the_turn_was_lost_changes_nothing(turn: Assignment, client: APIClient) -> None:
    client_id = str(uuid4())
    send(client, turn, client_id=client_id)
    let_lease_run_out(turn)
    held_turn(turn.task.project, make_user(), Task.Kind.STATES)
    assert send(client, turn, client_id=client_id).status_code == 201
    assert StateRevision.objects.count() == 1


def test_repeating_an_answer_after_finishing_changes_nothing(turn: Assignment, client: APIClient) -> None:
    ids = [UUID(int=1), UUID(int=2)]
    answer_all(turn, JOY, ids)
    states.finish_states(assignment=turn)
    assert send(client, turn, client_id=str(ids[0]), status="absent").status_code == 201
    assert StateRevision.objects.count() == 2
    assert set(StateRevision.objects.values_list("status", flat=True)) == {"one"}


def test_a_turn_ends_only_when_everybody_has_an_answer(turn: Assignment, client: APIClient) -> None:
    send(client, turn)
    answer = client.post(f"/api/assignments/{turn.pk}/finish/")
    assert (answer.status_code, answer.json()["code"]) == (422, "unfinished")
    assert answer.json()["fields"] == {"characters": ["Joanna has no answer yet."]}
    send(client, turn, character=person(turn, "Joanna").pk)
    assert client.post(f"/api/assignments/{turn.pk}/finish/").json()["status"] == "done"


def test_finishing_twice_ends_the_turn_once(turn: Assignment, client: APIClient) -> None:
    answer_all(turn)
    client.post(f"/api/assignments/{turn.pk}/finish/")
    ended = Assignment.objects.get(pk=turn.pk).finished_at
    assert client.post(f"/api/assignments/{turn.pk}/finish/").status_code == 200
    assert Assignment.objects.get(pk=turn.pk).finished_at == ended


def test_a_turn_given_back_cannot_be_finished(turn: Assignment, client: APIClient) -> None:
    answer_all(turn)
    assert client.post(f"/api/assignments/{turn.pk}/release/").status_code == 204
    answer = client.post(f"/api/assignments/{turn.pk}/finish/")
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")


def test_renewing_tells_the_new_end(turn: Assignment, client: APIClient) -> None:
    before = Assignment.objects.get(pk=turn.pk).leased_until.isoformat()
    assert client.post(f"/api/assignments/{turn.pk}/renew/").json()["leased_until"] > before.replace("+00:00", "Z")
    turns.give_back(turn)
    assert client.post(f"/api/assignments/{turn.pk}/renew/").status_code == 409


@pytest.mark.django_db
def test_an_answer_in_a_moments_turn_is_against_the_protocol(as_user: AsUser) -> None:
    project, (anna,) = labelled_project()
    turn = Assignment.objects.get(task__project=project)
    answer = send(as_user(anna), turn)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_kind")


def test_refusals_of_the_service_are_rule_errors(turn: Assignment) -> None:
    with pytest.raises(RuleError):
        states.submit_state(assignment=turn, client_id=uuid4(), character_id=-1, answer=JOY)
    turns.give_back(turn)
    with pytest.raises(LeaseLost):
        states.submit_state(assignment=turn, client_id=uuid4(), character_id=person(turn).pk, answer=JOY)
