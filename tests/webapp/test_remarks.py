"""What goes with an answer: doubt, a comment, evidence, the context that was watched. Stored, corrected, exported."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from exports.snapshot import EvidenceRow
from exports.snapshot_json import snapshot_from_json, snapshot_to_json
from tests.webapp.factories import JOY, answer_all, held_turn, labelled_project
from webapp.accounts.models import User
from webapp.annotation.jsonl import LineError, documents, read_lines
from webapp.annotation.models import Assignment, StateRevision, Task
from webapp.annotation.remarks import Evidence, Remarks, check_remarks
from webapp.annotation.rules import RuleError
from webapp.annotation.services import states
from webapp.quality.snapshot import project_snapshot

AsUser = Callable[[User], APIClient]
LINE: dict[str, Any] = {"reason": "text", "kind": "line", "start_ms": 8_000, "end_ms": 12_000, "index": 2}
SPAN: dict[str, Any] = {"reason": "visual", "kind": "span", "start_ms": 9_000, "end_ms": 9_500, "index": None}
SERENE = {"status": "one", "primary": "joy", "fine_grained": "serenity", "reasons": ["visual", "text"]}
REMARKS = {"unsure": True, "comment": "Or is she acting?", "evidence": [LINE, SPAN], "context_watched_ms": 4_200}


@pytest.fixture
def turn(db: None) -> Assignment:
    project, (anna,) = labelled_project()
    return held_turn(project, anna, Task.Kind.STATES)


@pytest.fixture
def client(turn: Assignment, as_user: AsUser) -> APIClient:
    return as_user(turn.annotator)


def send(client: APIClient, turn: Assignment, **values: Any) -> Any:
    rachel = turn.task.episode.series.characters.get(name="Rachel").pk
    body = {"client_id": str(uuid4()), "character": rachel, **SERENE, **values}
    return client.post(f"/api/assignments/{turn.pk}/states/", body, format="json")


def finish(turn: Assignment, *, hours_ago: float = 0) -> None:
    answer_all(turn, JOY)
    states.finish_states(assignment=turn)
    Assignment.objects.filter(pk=turn.pk).update(finished_at=timezone.now() - timedelta(hours=hours_ago))


def test_remarks_are_kept_with_the_revision_and_come_back_with_the_turn(turn: Assignment, client: APIClient) -> None:
    answer = send(client, turn, **REMARKS)
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in REMARKS} == REMARKS
    assert client.get(f"/api/assignments/{turn.pk}/").json()["states"] == [answer.json()]


def test_they_are_exported_and_read_again_and_stand_in_a_snapshot(turn: Assignment, client: APIClient) -> None:
    finish(turn)
    assert send(client, turn, **REMARKS).status_code == 201
    lines = [one for one in documents(turn.task.project) if one["kind"] == "state"]
    assert {name: lines[-1][name] for name in REMARKS} == REMARKS
    (read,) = read_lines(io.StringIO(json.dumps(lines[-1])))
    assert read.values["remarks"] == Remarks(True, "Or is she acting?", (Evidence(**LINE), Evidence(**SPAN)), 4_200)
    snapshot = project_snapshot(turn.task.project)
    (row,) = [state for state in snapshot.states if state.unsure]
    assert row.evidence == (EvidenceRow(**LINE), EvidenceRow(**SPAN))
    assert snapshot_from_json(snapshot_to_json(snapshot)) == snapshot


def test_a_snapshot_of_before_there_were_remarks_is_read(turn: Assignment) -> None:
    finish(turn)
    snapshot = project_snapshot(turn.task.project)
    document = json.loads(snapshot_to_json(snapshot))
    for state in document["states"]:
        del state["unsure"], state["evidence"]
    assert snapshot_from_json(json.dumps(document).encode()) == snapshot


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"evidence": [LINE | {"reason": "audio"}]}, "not among the reasons"),
        ({"evidence": [LINE | {"end_ms": 8_000}]}, "must start before it ends"),
        ({"evidence": [LINE | {"end_ms": 60_001}]}, "The episode ends at 60000 ms."),
        ({"evidence": [LINE | {"index": None}]}, "has its number"),
        ({"evidence": [SPAN | {"index": 1}]}, "a span has none"),
    ],
)
def test_evidence_that_does_not_fit_is_refused_in_words(
    turn: Assignment, client: APIClient, part: dict[str, Any], says: str
) -> None:
    answer = send(client, turn, **part)
    assert answer.status_code == 422
    assert says in str(answer.json()["fields"]["evidence[0]"])
    assert not StateRevision.objects.exists()


@pytest.mark.parametrize(
    "part",
    [
        {"comment": "x" * 2_001},
        {"comment": "a\0b"},
        {"unsure": "perhaps"},
        {"evidence": [LINE] * 21},
        {"evidence": {"reason": "text"}},
        {"evidence": [LINE | {"start_ms": -1}]},
        {"context_watched_ms": -1},
    ],
)
def test_what_is_malformed_is_a_400(turn: Assignment, client: APIClient, part: dict[str, Any]) -> None:
    assert send(client, turn, **part).status_code == 400


def test_a_file_with_remarks_that_do_not_fit_says_which_line(turn: Assignment, client: APIClient) -> None:
    send(client, turn, **REMARKS)
    (line,) = [one for one in documents(turn.task.project) if one["kind"] == "state"]
    wrong: list[dict[str, Any]] = [{"unsure": 1}, {"comment": 3}, {"evidence": "x"}, {"evidence": [1]}]
    wrong.append({"evidence": [LINE | {"kind": "dance"}]})
    for part in wrong:
        with pytest.raises(LineError, match="Line 1"):
            read_lines(io.StringIO(json.dumps(line | part)))


def test_no_more_than_twenty_places_and_two_thousand_letters() -> None:
    check_remarks(Remarks(comment="x" * 2_000, evidence=(Evidence("text", "span", 0, 1),) * 20), ["text"])
    with pytest.raises(RuleError) as error:
        check_remarks(Remarks(comment="x" * 2_001, evidence=(Evidence("text", "span", 0, 1),) * 21), ["text"])
    assert set(error.value.fields) == {"comment", "evidence"}


def test_an_answer_of_a_finished_turn_is_corrected_by_a_new_revision(turn: Assignment, client: APIClient) -> None:
    finish(turn)
    assert send(client, turn, status="absent", primary="", fine_grained="", reasons=[]).status_code == 201
    assert client.post(f"/api/assignments/{turn.pk}/finish/").status_code == 200
    said = {state.character_id: state.status for state in project_snapshot(turn.task.project).states}
    assert sorted(said.values()) == ["absent", "one"]
    assert StateRevision.objects.count() == 3


def test_a_correction_comes_too_late_after_the_working_day(turn: Assignment, client: APIClient) -> None:
    finish(turn, hours_ago=12.1)
    answer = send(client, turn)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_late")
    assert StateRevision.objects.count() == 2


def test_a_turn_that_was_given_back_cannot_be_corrected(turn: Assignment, client: APIClient) -> None:
    client.post(f"/api/assignments/{turn.pk}/release/")
    assert send(client, turn).json()["code"] == "lease_lost"
