"""Recording, removing and restoring moments, and the clips that are made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import (
    held_turn,
    let_lease_run_out,
    make_episode,
    make_project,
    make_user,
    mark_moments,
)
from tests.webapp.threads import at_once
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Moment, MomentEvent, Project, Task
from webapp.annotation.rules import LeaseLost, RuleError
from webapp.annotation.services import moments, turns

AsUser = Callable[[User], APIClient]


@pytest.fixture
def anna(db: None) -> User:
    return make_user("anna")


@pytest.fixture
def project(anna: User) -> Project:
    return make_project(annotators=[anna], k=2)


@pytest.fixture
def turn(project: Project, anna: User) -> Assignment:
    return held_turn(project, anna)


def send(client: APIClient, turn: Assignment, time_ms: Any = 10_000, client_id: Any = None) -> Any:
    body = {"client_id": str(uuid4()) if client_id is None else client_id, "time_ms": time_ms}
    return client.post(f"/api/assignments/{turn.pk}/moments/", body, format="json")


def change(client: APIClient, turn: Assignment, moment: str, verb: str, client_id: str = "") -> Any:
    path = f"/api/assignments/{turn.pk}/moments/{moment}/{verb}/"
    return client.post(path, {"client_id": client_id or str(uuid4())}, format="json")


def test_a_moment_is_recorded_and_listed(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client, client_id = as_user(anna), str(uuid4())
    answer = send(client, turn, 12_345, client_id)
    assert answer.status_code == 201
    assert answer.json().items() >= {"id": client_id, "time_ms": 12_345, "removed": False}.items()
    assert [m["id"] for m in client.get(f"/api/assignments/{turn.pk}/").json()["moments"]] == [client_id]


def test_the_same_moment_sent_twice_is_one(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client, client_id = as_user(anna), str(uuid4())
    first, second = send(client, turn, 1_000, client_id), send(client, turn, 1_000, client_id)
    assert second.status_code == 201
    assert second.json() == first.json()
    assert Moment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_moment_sent_by_many_threads_at_once_is_one() -> None:
    person = make_user()
    turn = held_turn(make_project(annotators=[person]), person)
    client_id = uuid4()

    def record(_number: int) -> UUID:
        return moments.record_moment(assignment=turn, client_id=client_id, time_ms=5_000).pk

    assert len(set(at_once(8, record))) == 1
    assert Moment.objects.count() == 1


def test_repeating_a_moment_after_the_turn_ended_changes_nothing(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client, client_id = as_user(anna), str(uuid4())
    send(client, turn, 1_000, client_id)
    assert client.post(f"/api/assignments/{turn.pk}/finish/").status_code == 200
    assert send(client, turn, 1_000, client_id).status_code == 201
    assert Moment.objects.count() == 1


def test_a_new_moment_after_the_turn_ended_is_refused(turn: Assignment, anna: User, as_user: AsUser) -> None:
    moments.finish_moments(assignment=turn)
    answer = send(as_user(anna), turn)
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert not Moment.objects.exists()


def test_the_turn_of_somebody_else_is_not_there(turn: Assignment, project: Project, as_user: AsUser) -> None:
    stranger = make_user()
    admin = make_user(admin=True)
    moment = moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=1_000)
    for client in (as_user(stranger), as_user(admin)):
        assert send(client, turn).status_code == 404
        assert change(client, turn, str(moment.client_id), "remove").status_code == 404
        for verb in ("finish", "release", "renew"):
            assert client.post(f"/api/assignments/{turn.pk}/{verb}/").status_code == 404
        assert client.get(f"/api/assignments/{turn.pk}/").status_code == 404
    assert Assignment.objects.get(pk=turn.pk).status == "held"


def test_who_is_not_logged_in_is_refused(turn: Assignment) -> None:
    answer = send(APIClient(), turn)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"client_id", "time_ms"}),
        ({"client_id": "x", "time_ms": 1}, {"client_id"}),
        ({"client_id": str(UUID(int=5)), "time_ms": -1}, {"time_ms"}),
        ({"client_id": str(UUID(int=5)), "time_ms": 2**31}, {"time_ms"}),
        ({"client_id": str(UUID(int=5)), "time_ms": None}, {"time_ms"}),
        ({"client_id": str(UUID(int=5)), "time_ms": 1.5}, {"time_ms"}),
        ([], {"non_field_errors"}),
    ],
    ids=["empty", "no UUID", "negative", "too large", "null", "half a millisecond", "a list"],
)
def test_a_malformed_moment_is_refused_with_its_fields(
    turn: Assignment, anna: User, as_user: AsUser, body: Any, fields: set[str]
) -> None:
    answer = as_user(anna).post(f"/api/assignments/{turn.pk}/moments/", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert set(answer.json()["fields"]) == fields


def test_a_moment_after_the_end_is_against_the_protocol(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client = as_user(anna)
    assert send(client, turn, 60_000).status_code == 201, "the very end is inside"
    answer = send(client, turn, 60_001)
    assert (answer.status_code, answer.json()["code"]) == (422, "outside_episode")
    assert set(answer.json()["fields"]) == {"time_ms"}
    assert Moment.objects.count() == 1


def test_a_moment_in_a_turn_of_states_is_against_the_protocol(project: Project, anna: User, as_user: AsUser) -> None:
    mark_moments(project, anna, 10_000)
    answer = send(as_user(anna), held_turn(project, anna, Task.Kind.STATES))
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_kind")


def test_a_moment_in_a_turn_that_was_taken_over_is_refused(
    turn: Assignment, project: Project, anna: User, as_user: AsUser
) -> None:
    let_lease_run_out(turn)
    held_turn(project, make_user())
    answer = send(as_user(anna), turn)
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert not Moment.objects.exists()


def test_recording_prolongs_the_lease(turn: Assignment) -> None:
    let_lease_run_out(turn)
    before = Assignment.objects.get(pk=turn.pk).leased_until
    moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=0)
    assert Assignment.objects.get(pk=turn.pk).leased_until > before


def test_two_people_may_use_the_same_client_id(anna: User, as_user: AsUser) -> None:
    ben, client_id = make_user(), str(uuid4())
    project = make_project(annotators=[anna, ben], moment_annotators=2)
    for person in (anna, ben):
        assert send(as_user(person), held_turn(project, person), 1_000, client_id).status_code == 201
    assert Moment.objects.count() == 2


def test_a_moment_is_removed_and_restored_by_events(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client = as_user(anna)
    moment = send(client, turn).json()["id"]
    assert change(client, turn, moment, "remove").json()["removed"] is True
    assert change(client, turn, moment, "restore").json()["removed"] is False
    assert list(MomentEvent.objects.values_list("kind", flat=True)) == ["removed", "restored"]
    assert Moment.objects.count() == 1


def test_a_removal_sent_again_after_a_restore_changes_nothing(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client, removal = as_user(anna), str(uuid4())
    moment = send(client, turn).json()["id"]
    change(client, turn, moment, "remove", removal)
    change(client, turn, moment, "restore")
    late = change(client, turn, moment, "remove", removal)
    assert (late.status_code, late.json()["removed"]) == (200, False)
    assert MomentEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_removal_by_two_threads_at_once_is_one_event() -> None:
    person = make_user()
    turn = held_turn(make_project(annotators=[person]), person)
    moment = moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=5_000)
    client_id = uuid4()
    at_once(4, lambda _n: moments.change_moment(moment=moment, client_id=client_id, kind="removed").removed)
    assert MomentEvent.objects.count() == 1
    assert Moment.objects.get().removed


def test_a_moment_of_a_finished_turn_cannot_be_removed(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client = as_user(anna)
    moment = send(client, turn).json()["id"]
    client.post(f"/api/assignments/{turn.pk}/finish/")
    answer = change(client, turn, moment, "remove")
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert not Moment.objects.get().removed


def test_a_moment_that_is_not_there_cannot_be_removed(turn: Assignment, anna: User, as_user: AsUser) -> None:
    assert change(as_user(anna), turn, str(uuid4()), "remove").status_code == 404


@pytest.mark.django_db
def test_clips_are_made_by_hand_worked_windows_once_and_without_removed_moments() -> None:
    anna = make_user()
    # Segments 0-4, 4-8, ... 36-40, then one of 40 s, then 80-90.
    episode = make_episode(duration_ms=90_000, cuts_ms=[*range(4_000, 41_000, 4_000), 80_000])
    project = make_project(episodes=[episode], annotators=[anna], k=2)
    turn = held_turn(project, anna)
    for time in (10_000, 9_500, 3_000, 60_000, 90_000):
        moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=time)
    gone = moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=22_000)
    moments.change_moment(moment=gone, client_id=uuid4(), kind="removed")
    moments.finish_moments(assignment=turn)

    made = {(c.start_ms, c.end_ms): c for c in Clip.objects.all()}
    assert {span: (clip.first_segment, clip.last_segment, clip.too_long) for span, clip in made.items()} == {
        (0, 8_000): (0, 1, False),  # 3 s: the window is 0 to 8 s
        (4_000, 16_000): (1, 3, False),  # 10 s: 5 to 15 s; and 9.5 s: 4.5 to 14.5 s
        (40_000, 80_000): (10, 10, True),  # 60 s: 55 to 65 s lies in the segment of 40 s
        (80_000, 90_000): (11, 11, False),  # 90 s, the very end: 85 to 90 s
    }
    shared = made[4_000, 16_000].clip_moments.values_list("moment__time_ms", flat=True)
    assert sorted(shared) == [9_500, 10_000], "made once, it keeps both its moments"
    tasks = Task.objects.filter(kind="states")
    assert {(t.clip.start_ms, t.answers_wanted) for t in tasks if t.clip} == {(0, 2), (4_000, 2), (80_000, 2)}


@pytest.mark.django_db
def test_clips_are_made_when_the_last_moments_turn_ends_of_all_turns_moments() -> None:
    people = [make_user(), make_user()]
    project = make_project(annotators=people, moment_annotators=2)
    mark_moments(project, people[0], 10_000)
    assert not Clip.objects.exists()
    mark_moments(project, people[1], 9_500, 50_000)
    assert [(c.start_ms, c.clip_moments.count()) for c in Clip.objects.all()] == [(4_000, 2), (44_000, 1)]


@pytest.mark.django_db(transaction=True)
def test_the_last_two_turns_that_end_at_once_make_every_clip_once() -> None:
    people = [make_user() for _ in range(4)]
    project = make_project(annotators=people, moment_annotators=4)
    given = [held_turn(project, person) for person in people]
    for turn in given:
        moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=10_000)
    at_once(4, lambda number: moments.finish_moments(assignment=given[number]))
    assert Clip.objects.get().clip_moments.count() == 4
    assert Task.objects.filter(kind="states").count() == 1


@pytest.mark.django_db
def test_moments_of_a_turn_given_back_make_no_clips() -> None:
    anna, ben = make_user(), make_user()
    project = make_project(annotators=[anna, ben])
    left = held_turn(project, anna)
    moments.record_moment(assignment=left, client_id=uuid4(), time_ms=50_000)
    turns.give_back(left)
    mark_moments(project, ben, 10_000)
    assert Clip.objects.get().start_ms == 4_000


def test_finishing_twice_ends_the_turn_once(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client = as_user(anna)
    send(client, turn)
    first, second = (client.post(f"/api/assignments/{turn.pk}/finish/") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["status"] == "done"
    assert Clip.objects.count() == 1
    assert Task.objects.filter(kind="states").count() == 1


def test_a_turn_without_moments_ends_and_makes_no_clips(turn: Assignment) -> None:
    moments.finish_moments(assignment=turn)
    assert not Clip.objects.exists()


def test_a_turn_that_was_taken_over_cannot_be_finished(turn: Assignment, project: Project) -> None:
    let_lease_run_out(turn)
    held_turn(project, make_user())
    with pytest.raises(LeaseLost):
        moments.finish_moments(assignment=turn)


def test_a_turn_of_states_does_not_end_as_one_of_moments(project: Project, anna: User) -> None:
    mark_moments(project, anna, 10_000)
    with pytest.raises(RuleError, match="for states"):
        moments.finish_moments(assignment=held_turn(project, anna, Task.Kind.STATES))
