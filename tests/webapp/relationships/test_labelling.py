"""Labelling a clip: the turn's steps, its lines and its remarks, as the server keeps them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from tests.webapp.factories import done_job, let_lease_run_out, make_user
from tests.webapp.relationships.factories import (
    episode_with,
    erato_project,
    faces_of,
    project_with_clips,
    relate,
    relate_turn,
    say,
)
from tests.webapp.test_query_counts import queries_of
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project
from webapp.annotation.rules import LeaseLost, RuleError
from webapp.annotation.services import finishing, turns
from webapp.corpus.models import FaceTrack, SubtitleLine
from webapp.relationships.models import IdentityRemark, LineRevision, StepRevision
from webapp.relationships.queries import lines_of
from webapp.relationships.services import labelling
from webapp.relationships.services.clips import count_people_again, make_clips
from webapp.relationships.steps import StepEvent

pytestmark = pytest.mark.django_db
AsUser = Callable[[User], APIClient]
CHECKED = StepEvent("lines_done")


@pytest.fixture
def anna(db: None) -> User:
    return make_user("anna")


@pytest.fixture
def turn(anna: User) -> Assignment:
    project, _ = project_with_clips((2_000, 18_000), annotators=[anna])
    return relate_turn(project, anna)


@pytest.fixture
def client(anna: User, as_user: AsUser) -> APIClient:
    return as_user(anna)


def pair_of(turn: Assignment) -> list[int]:
    return sorted(face.pk for face in faces_of(turn.task.episode))


def post(client: APIClient, turn: Assignment, what: str, **values: Any) -> Any:
    return client.post(f"/api/relating/{turn.pk}/{what}/", {"client_id": str(uuid4()), **values}, format="json")


def line(name: str, start_ms: int, end_ms: int, text: str = "Hello.", *, removed: bool = False) -> dict[str, Any]:
    return {"name": name, "start_ms": start_ms, "end_ms": end_ms, "text": text, "removed": removed}


def test_a_turn_has_all_that_its_page_shows(client: APIClient, turn: Assignment) -> None:
    faces = faces_of(turn.task.episode)
    FaceTrack.objects.filter(identity=faces[0], start_ms=0).update(picture="a.jpg")
    page = client.get(f"/api/relating/{turn.pk}/").json()
    assert (page["clip"]["start_ms"], page["clip"]["end_ms"]) == (2_000, 18_000)
    assert [(one["name"], one["start_ms"], one["text"]) for one in page["lines"]] == [
        ("found:0", 0, "Line 0."),
        ("found:1", 4_000, "Line 1."),
        ("found:2", 8_000, "Line 2."),
        ("found:3", 12_000, "Line 3."),
        ("found:4", 16_000, "Line 4."),
    ]
    # Anna: 2-5 and 10-15 s, Ben: 5-10 and 15-18 s.
    assert [(one["name"], one["screen_time_ms"], one["is_candidate"]) for one in page["people"]] == [
        ("Anna", 8_000, True),
        ("Ben", 8_000, True),
    ]
    track = FaceTrack.objects.get(picture="a.jpg")
    assert page["people"][0]["pictures"] == [f"/media/faces/{faces[0].pk}.jpg", f"/media/tracks/{track.pk}.jpg"]
    assert page["standing"] == {
        "step": "lines", "pair": None, "relationship": "", "outcome": None, "resumes": "lines",
    }  # fmt: skip
    assert page["project"]["id"] == turn.task.project_id


def test_only_the_three_seen_longest_are_candidates(anna: User, as_user: AsUser) -> None:
    episode = episode_with({"A": [(0, 4_000)], "B": [(0, 9_000)], "C": [(0, 6_000)], "D": [(0, 5_000)]})
    project = erato_project(episodes=[episode], annotators=[anna])
    make_clips(project=project, episode=episode, spans=[(0, 10_000)])
    turn = relate_turn(project, anna)
    page = as_user(anna).get(f"/api/relating/{turn.pk}/").json()
    assert [(one["name"], one["is_candidate"]) for one in page["people"]] == [
        ("B", True), ("C", True), ("D", True), ("A", False),
    ]  # fmt: skip
    say(turn, CHECKED)
    a, b = page["people"][3]["identity"], page["people"][0]["identity"]
    refused = post(as_user(anna), turn, "steps", kind="pair", pair=[a, b])
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["pair"])


def test_three_steps_make_an_answer_and_the_turn_can_be_finished(client: APIClient, turn: Assignment) -> None:
    pair = pair_of(turn)
    assert post(client, turn, "steps", kind="lines_done").json()["step"] == "pair"
    assert post(client, turn, "steps", kind="pair", pair=pair[::-1]).json()["pair"] == pair
    unfinished = client.post(f"/api/assignments/{turn.pk}/finish/")
    assert (unfinished.status_code, unfinished.json()["code"]) == (422, "unfinished")
    done = post(client, turn, "steps", kind="relationship", relationship="tense", unsure=True, comment=" Why? ")
    assert done.status_code == 201
    assert done.json()["outcome"] == {
        "pair": pair, "relationship": "tense", "unsure": True, "comment": "Why?", "discarded": "", "words": "",
    }  # fmt: skip
    assert client.post(f"/api/assignments/{turn.pk}/finish/").status_code == 200
    assert client.post(f"/api/assignments/{turn.pk}/finish/").status_code == 200, "a repeated call changes nothing"
    row = StepRevision.objects.get(kind="relationship")
    assert row.pair == tuple(pair), "an answer says by itself of whom it is"


def test_the_order_is_enforced_by_the_server(client: APIClient, turn: Assignment) -> None:
    early = post(client, turn, "steps", kind="relationship", relationship="mild")
    assert (early.status_code, early.json()["code"]) == (422, "wrong_step")
    assert not StepRevision.objects.exists()


def test_going_back_is_recorded_and_keeps_what_was_said(client: APIClient, turn: Assignment) -> None:
    say(turn, CHECKED, StepEvent("pair", (pair_of(turn)[0], pair_of(turn)[1])))
    now = post(client, turn, "steps", kind="back", back_to="lines").json()
    assert (now["step"], now["pair"]) == ("lines", pair_of(turn))
    steps = client.get(f"/api/relating/{turn.pk}/").json()["steps"]
    assert [(one["kind"], one["back_to"]) for one in steps] == [("lines_done", ""), ("pair", ""), ("back", "lines")]


def test_the_same_step_twice_is_one(client: APIClient, turn: Assignment) -> None:
    body = {"client_id": str(uuid4()), "kind": "lines_done"}
    answers = [client.post(f"/api/relating/{turn.pk}/steps/", body, format="json") for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert StepRevision.objects.count() == 1


def test_a_discarded_clip_is_finished_with_its_reason(client: APIClient, turn: Assignment) -> None:
    nameless = post(client, turn, "steps", kind="discard", reason="other")
    assert (nameless.status_code, list(nameless.json()["fields"])) == (422, ["words"])
    now = post(client, turn, "steps", kind="discard", reason="other", words="A dream.").json()
    assert (now["step"], now["outcome"]["discarded"], now["outcome"]["words"]) == ("discarded", "other", "A dream.")
    assert client.post(f"/api/assignments/{turn.pk}/finish/").status_code == 200
    turn.refresh_from_db()
    assert turn.status == Assignment.Status.DONE


def test_a_finished_answer_can_be_corrected_for_a_working_day(client: APIClient, turn: Assignment) -> None:
    relate(turn)
    assert client.get(f"/api/relating/{turn.pk}/").json()["may_correct"]
    assert post(client, turn, "steps", kind="back", back_to="relationship").status_code == 201
    assert post(client, turn, "steps", kind="relationship", relationship="hostile").status_code == 201
    Assignment.objects.filter(pk=turn.pk).update(finished_at=timezone.now() - timedelta(hours=13))
    late = post(client, turn, "steps", kind="back", back_to="pair")
    assert (late.status_code, late.json()["code"]) == (422, "too_late")


def test_a_lost_lease_refuses_every_write(client: APIClient, turn: Assignment) -> None:
    turns.give_back(turn)
    for answer in (
        post(client, turn, "steps", kind="lines_done"),
        post(client, turn, "lines", lines=[line("found:0", 0, 3_000)]),
        post(client, turn, "remarks", kind="missing_person"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")


def test_a_turn_that_was_lost_and_taken_again_goes_on_where_it_was(client: APIClient, turn: Assignment) -> None:
    body = {"client_id": str(uuid4()), "kind": "lines_done"}
    client.post(f"/api/relating/{turn.pk}/steps/", body, format="json")
    let_lease_run_out(turn)
    turns.give_back(turn)
    again = relate_turn(turn.task.project, turn.annotator)
    assert again.pk != turn.pk
    assert client.get(f"/api/relating/{again.pk}/").json()["standing"]["step"] == "pair"
    assert client.post(f"/api/relating/{again.pk}/steps/", body, format="json").json()["step"] == "pair"
    assert StepRevision.objects.count() == 1, "what was sent in the first turn is not said again"


def test_somebody_elses_steps_are_not_ones_own(anna: User, as_user: AsUser) -> None:
    ben = make_user("ben")
    project, _ = project_with_clips((0, 20_000), k=2, annotators=[anna, ben])
    say(relate_turn(project, anna), CHECKED)
    theirs = relate_turn(project, ben)
    page = as_user(ben).get(f"/api/relating/{theirs.pk}/").json()
    assert (page["standing"]["step"], page["steps"]) == ("lines", [])


def test_lines_are_the_clips_and_the_next_annotator_sees_them_corrected(anna: User, as_user: AsUser) -> None:
    ben = make_user("ben")
    project, _ = project_with_clips((0, 8_000), k=2, annotators=[anna, ben])
    turn, other = relate_turn(project, anna), relate_turn(project, ben)
    new = str(uuid4())
    said = post(
        as_user(anna), turn, "lines",
        lines=[line("found:0", 0, 2_000, " Line   zero, \n\n no"), line(new, 2_000, 4_000, "half.")],
    )  # fmt: skip
    assert said.status_code == 201
    assert (
        post(as_user(anna), turn, "lines", lines=[line("found:1", 4_000, 8_000, "", removed=True)]).status_code == 201
    )
    seen = as_user(ben).get(f"/api/relating/{other.pk}/").json()["lines"]
    assert [(one["name"], one["end_ms"], one["text"], one["edited"]) for one in seen] == [
        ("found:0", 2_000, "Line zero,\nno", True),
        (new, 4_000, "half.", True),
    ]
    post(as_user(ben), other, "lines", lines=[line("found:1", 4_000, 8_000, "Line 1.")])
    assert [one["name"] for one in as_user(anna).get(f"/api/relating/{turn.pk}/").json()["lines"]][2:] == ["found:1"]


def test_lines_that_belong_together_are_kept_together_or_not_at_all(client: APIClient, turn: Assignment) -> None:
    bad = post(client, turn, "lines", lines=[line("found:0", 0, 3_000), line(str(uuid4()), 3_000, 4_000, "")])
    assert (bad.status_code, list(bad.json()["fields"])) == (422, ["lines[1]"])
    assert not LineRevision.objects.exists()


def test_the_same_lines_twice_are_one_correction(client: APIClient, turn: Assignment) -> None:
    body = {"client_id": str(uuid4()), "lines": [line("found:0", 0, 3_000), line(str(uuid4()), 3_000, 4_000)]}
    for _ in range(2):
        assert client.post(f"/api/relating/{turn.pk}/lines/", body, format="json").status_code == 201
    assert LineRevision.objects.count() == 2


def test_lines_change_only_in_their_step(client: APIClient, turn: Assignment) -> None:
    say(turn, CHECKED)
    late = post(client, turn, "lines", lines=[line("found:0", 0, 3_000)])
    assert (late.status_code, late.json()["code"]) == (422, "wrong_step")
    say(turn, StepEvent("back", back_to="lines"))
    assert post(client, turn, "lines", lines=[line("found:0", 0, 3_000)]).status_code == 201


def test_a_newer_analysis_leaves_corrected_lines_as_they_are(client: APIClient, turn: Assignment) -> None:
    clip = labelling.clip_of(turn)
    post(client, turn, "lines", lines=[line("found:1", 4_000, 6_000, "Mine.")])
    old = turn.task.episode.jobs.get(name="subtitles")
    type(old).objects.filter(pk=old.pk).update(is_current=False)
    new = done_job("subtitles", turn.task.episode)
    SubtitleLine.objects.create(
        job=new, index=1, start_ms=9_000, end_ms=9_500, text="Else.", confidence=1, source="ocr"
    )
    assert [one.text for one in lines_of(clip)] == ["Line 0.", "Mine.", "Line 2.", "Line 3.", "Line 4."]
    assert {one.subtitles_id for one in LineRevision.objects.all()} == {old.pk}
    LineRevision.objects.all().delete()
    assert [one.text for one in lines_of(clip)] == ["Else."], "nobody had said anything of the old ones"


def test_remarks_reach_the_admin_who_settles_them(client: APIClient, turn: Assignment, as_user: AsUser) -> None:
    face = faces_of(turn.task.episode)[1]
    body = {"client_id": str(uuid4()), "kind": "wrong_person", "identity": face.pk, "comment": "That is Cem."}
    for _ in range(2):
        assert client.post(f"/api/relating/{turn.pk}/remarks/", body, format="json").status_code == 201
    assert post(client, turn, "remarks", kind="missing_person", comment="The waiter.").status_code == 201
    admin = as_user(make_user("root", admin=True))
    path = f"/api/projects/{turn.task.project_id}/identity-remarks/"
    rows = admin.get(path).json()["results"]
    assert [(one["kind"], one["name"], one["comment"]) for one in rows] == [
        ("missing_person", "", "The waiter."),
        ("wrong_person", "Ben", "That is Cem."),
    ]
    assert rows[1]["episode"] == turn.task.episode_id
    settled = admin.patch(f"/api/identity-remarks/{rows[1]['id']}/", {"settled": True}, format="json").json()
    assert settled["settled_at"]
    assert [one["kind"] for one in admin.get(path, {"is_open": "true"}).json()["results"]] == ["missing_person"]
    reopened = admin.patch(f"/api/identity-remarks/{rows[1]['id']}/", {"settled": False}, format="json").json()
    assert reopened["settled_at"] is None
    assert len(client.get(f"/api/relating/{turn.pk}/").json()["remarks"]) == 2


@pytest.mark.parametrize(("kind", "named"), [("wrong_person", False), ("missing_person", True)])
def test_a_remark_names_whom_it_is_about(client: APIClient, turn: Assignment, kind: str, named: bool) -> None:
    identity = faces_of(turn.task.episode)[0].pk if named else None
    refused = post(client, turn, "remarks", kind=kind, identity=identity)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["identity"])


def test_the_database_keeps_answers_whole(turn: Assignment) -> None:
    first, second = faces_of(turn.task.episode)
    common = {"assignment": turn, "created_at": timezone.now()}
    impossible: list[dict[str, Any]] = [
        {"kind": "pair"},
        {"kind": "pair", "first": second, "second": first},
        {"kind": "lines_done", "first": first, "second": second},
        {"kind": "relationship", "first": first, "second": second},
        {"kind": "lines_done", "relationship": "mild"},
        {"kind": "discard"},
        {"kind": "back", "back_to": "lines", "reason": "other"},
    ]
    for values in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            StepRevision.objects.create(client_id=uuid4(), **common, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityRemark.objects.create(client_id=uuid4(), kind="wrong_person", **common)


def test_a_person_who_is_not_in_the_clip_any_more_is_no_answer(turn: Assignment) -> None:
    first, second = pair_of(turn)
    say(turn, CHECKED, StepEvent("pair", (first, second)))
    turns.give_back(turn)
    clip = labelling.clip_of(turn)
    third = faces_of(episode_with({"Cem": [], "Dora": []}))[0]  # who came of a newer look at the faces
    FaceTrack.objects.filter(identity=second).update(identity=third)
    count_people_again(episode=clip.episode)
    again = relate_turn(turn.task.project, turn.annotator)
    with pytest.raises(RuleError, match="after the pair"):
        say(again, StepEvent("relationship", relationship="mild"))
    say(again, StepEvent("pair", (first, third.pk) if first < third.pk else (third.pk, first)))


def test_a_turn_of_another_kind_is_not_found(anna: User, as_user: AsUser) -> None:
    project = erato_project(annotators=[anna])
    locate = turns.take_next(project=project, user=anna, kind="locate")
    assert locate is not None
    assert as_user(anna).get(f"/api/relating/{locate.pk}/").status_code == 404
    with pytest.raises(RuleError, match="not about how two people"):
        labelling.take_step(assignment=locate, client_id=uuid4(), event=CHECKED)


def test_finishing_goes_through_the_one_door_for_all_turns(turn: Assignment) -> None:
    with pytest.raises(RuleError, match="not chosen yet"):
        finishing.finish(assignment=turn)
    turns.give_back(turn)
    say_it = relate_turn(turn.task.project, turn.annotator)
    relate(say_it)
    with pytest.raises(LeaseLost):
        say(turn, StepEvent("back", back_to="pair"))


def _many(project: Project, anna: User) -> Assignment:
    episode = project.episodes.get()
    (clip,) = make_clips(project=project, episode=episode, spans=[(40_000, 75_000)])
    turn = relate_turn(project, anna)
    while turn.task.clip != clip:
        relate(turn)
        turn = relate_turn(project, anna)
    return turn


def test_a_clip_with_much_takes_as_many_queries_as_one_with_little(
    turn: Assignment, anna: User, client: APIClient
) -> None:
    few = queries_of(client, f"/api/relating/{turn.pk}/")
    relate(turn)
    many = _many(turn.task.project, anna)
    for number in range(20):
        post(client, many, "lines", lines=[line(str(uuid4()), 41_000 + number, 42_000)])
        post(client, many, "remarks", kind="missing_person")
        say(many, CHECKED, StepEvent("back", back_to="lines"))
    assert queries_of(client, f"/api/relating/{many.pk}/") <= few <= 20


def test_twenty_remarks_take_as_many_queries_as_one(turn: Assignment, client: APIClient, as_user: AsUser) -> None:
    admin = as_user(make_user(admin=True))
    path = f"/api/projects/{turn.task.project_id}/identity-remarks/"
    face = faces_of(turn.task.episode)[0].pk
    post(client, turn, "remarks", kind="wrong_person", identity=face)
    one = queries_of(admin, path)
    for _ in range(20):
        post(client, turn, "remarks", kind="wrong_person", identity=face)
    assert queries_of(admin, path) == one
