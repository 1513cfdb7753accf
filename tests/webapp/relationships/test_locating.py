"""Looking for interactions: marked, changed, removed, finished; clips are made of what stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.webapp.factories import make_user
from tests.webapp.relationships.factories import erato_project, two_people
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project, Task
from webapp.annotation.rules import LeaseLost
from webapp.annotation.services import turns
from webapp.annotation.services.finishing import finish
from webapp.corpus.models import FaceTrack, Shot
from webapp.relationships.models import InteractionRevision
from webapp.relationships.services.locating import current_interactions, say_interaction

pytestmark = pytest.mark.django_db


def locate_turn(project: Project, user: User) -> Assignment:
    turn = turns.take_next(project=project, user=user, kind=Task.Kind.LOCATE)
    assert turn is not None
    return turn


@pytest.fixture
def anna() -> User:
    return make_user("anna")


@pytest.fixture
def turn(anna: User) -> Assignment:
    return locate_turn(erato_project(annotators=[anna]), anna)


def say(turn: Assignment, start_ms: int, end_ms: int, *, interaction: UUID | None = None, **values: Any) -> UUID:
    chosen = interaction or uuid4()
    say_interaction(assignment=turn, client_id=uuid4(), interaction=chosen, start_ms=start_ms, end_ms=end_ms, **values)
    return chosen


def standing(turn: Assignment) -> list[tuple[int, int]]:
    return [(row.start_ms, row.end_ms) for row in current_interactions(turn) if not row.removed]


def clips_of(turn: Assignment) -> list[tuple[int, int]]:
    return list(turn.task.project.clips.values_list("start_ms", "end_ms"))


def test_the_newest_revision_of_an_interaction_counts_and_all_are_kept(turn: Assignment) -> None:
    first = say(turn, 0, 10_000)
    second = say(turn, 20_000, 30_000)
    say(turn, 500, 10_000, interaction=first)
    say(turn, 20_000, 30_000, interaction=second, removed=True)
    assert standing(turn) == [(500, 10_000)]
    assert turn.interactions.count() == 4
    say(turn, 20_000, 31_000, interaction=second)
    assert standing(turn) == [(500, 10_000), (20_000, 31_000)]


def test_the_same_client_id_twice_is_one_revision_also_after_the_turn_ended(turn: Assignment) -> None:
    client_id, interaction = uuid4(), uuid4()
    values: dict[str, Any] = {"client_id": client_id, "interaction": interaction, "start_ms": 0, "end_ms": 9_000}
    once = say_interaction(assignment=turn, **values)
    finish(assignment=turn)
    assert say_interaction(assignment=turn, **values) == once
    assert InteractionRevision.objects.count() == 1


def test_every_word_renews_the_lease_and_a_lost_one_refuses_it(turn: Assignment) -> None:
    before = Assignment.objects.get(pk=turn.pk).leased_until
    say(turn, 0, 9_000)
    assert Assignment.objects.get(pk=turn.pk).leased_until > before
    turns.give_back(turn)
    with pytest.raises(LeaseLost):
        say(turn, 0, 9_000)


def test_finishing_makes_a_clip_of_each_interaction_that_stands(turn: Assignment) -> None:
    say(turn, 0, 20_000)
    say(turn, 30_000, 60_000, interaction=(changed := say(turn, 30_000, 50_000)))
    say(turn, 70_000, 80_000, interaction=(gone := say(turn, 70_000, 80_000)), removed=True)
    say(turn, 90_000, 94_000)
    finish(assignment=turn)
    finish(assignment=turn)
    assert clips_of(turn) == [(0, 20_000), (30_000, 60_000), (90_000, 94_000)]
    assert changed != gone
    asked = Task.objects.filter(kind=Task.Kind.RELATE).values_list("clip__start_ms", flat=True)
    assert sorted(asked) == [0, 30_000], "4 s are too short to be asked about"
    assert turn.task.project.clips.get(start_ms=90_000).facts.drop == "too_short"


def test_clips_wait_for_all_who_look_and_what_two_marked_alike_is_one(anna: User) -> None:
    ben = make_user("ben")
    project = erato_project(annotators=[anna, ben], locators=2)
    first, second = locate_turn(project, anna), locate_turn(project, ben)
    say(first, 0, 20_000)
    say(second, 1_000, 21_000)
    say(second, 40_000, 50_000)
    finish(assignment=second)
    assert clips_of(first) == []
    finish(assignment=first)
    assert clips_of(first) == [(0, 20_000), (40_000, 50_000)]


def test_an_episode_without_interactions_can_be_finished(turn: Assignment) -> None:
    finish(assignment=turn)
    assert clips_of(turn) == []


@pytest.fixture
def client(anna: User) -> APIClient:
    client = APIClient()
    client.force_login(anna)
    return client


def post(client: APIClient, turn: Assignment, **values: Any) -> Any:
    body = {"client_id": str(uuid4()), "interaction": str(uuid4()), "start_ms": 0, "end_ms": 9_000} | values
    return client.post(f"/api/locating/{turn.pk}/interactions/", body, format="json")


def test_the_page_is_told_what_is_known_of_the_episode(client: APIClient, turn: Assignment) -> None:
    say(turn, 0, 4_000, suggestion="0-30000")
    page = client.get(f"/api/locating/{turn.pk}/").json()
    assert [(story["start_ms"], story["end_ms"]) for story in page["stories"]] == [(0, 60_000), (60_000, 120_000)]
    assert [shot["key_frame_ms"] for shot in page["shots"]] == [0, 60_000]
    assert (page["lines"][1]["start_ms"], page["lines"][1]["text"]) == (4_000, "Line 1.")
    assert [(one["name"], one["screen_time_ms"]) for one in page["people"]] == [("Anna", 60_000), ("Ben", 60_000)]
    assert page["people"][1]["spans"][0] == [5_000, 10_000]
    assert page["suggestions"][0] == {
        "key": "0-30000", "start_ms": 0, "end_ms": 30_000, "people": [one["id"] for one in page["people"]],
    }  # fmt: skip
    assert page["limits"] == {"shortest_ms": 5_000, "longest_ms": 35_000, "fewest_people": 2, "most_people": 6}
    (interaction,) = page["interactions"]
    assert (interaction["warnings"], interaction["suggestion"]) == (["too_short"], "0-30000")


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "warnings"),
    [
        (0, 4_999, ["too_short"]),
        (0, 35_001, ["too_long"]),
        (0, 35_000, []),
        (55_000, 65_000, ["leaves_story"]),
    ],
)
def test_an_odd_interaction_is_kept_and_answered_with_a_warning(
    client: APIClient, turn: Assignment, start_ms: int, end_ms: int, warnings: list[str]
) -> None:
    answer = post(client, turn, start_ms=start_ms, end_ms=end_ms)
    assert answer.status_code == 201
    assert answer.json()["warnings"] == warnings
    assert standing(turn) == [(start_ms, end_ms)]


@pytest.mark.parametrize(
    ("values", "status", "field"),
    [
        ({"start_ms": 9_000}, 400, "end_ms"),
        ({"start_ms": -1}, 400, "start_ms"),
        ({"end_ms": 120_001}, 422, "end_ms"),
        ({"end_ms": 2**31}, 400, "end_ms"),
        ({"suggestion": "0-9000; drop"}, 400, "suggestion"),
        ({"interaction": "x"}, 400, "interaction"),
    ],
)
def test_bad_input_is_answered_with_where_and_why(
    client: APIClient, turn: Assignment, values: dict[str, Any], status: int, field: str
) -> None:
    answer = post(client, turn, **values)
    assert answer.status_code == status
    assert field in answer.json()["fields"]
    assert standing(turn) == []


def test_a_lost_turn_is_a_conflict(client: APIClient, turn: Assignment) -> None:
    turns.give_back(turn)
    assert (post(client, turn).status_code, post(client, turn).json()["code"]) == (409, "lease_lost")


def test_a_turn_at_a_clip_has_no_interactions(client: APIClient, turn: Assignment, anna: User) -> None:
    say(turn, 0, 20_000)
    finish(assignment=turn)
    relate = turns.take_next(project=turn.task.project, user=anna, kind=Task.Kind.RELATE)
    assert relate is not None
    assert client.get(f"/api/locating/{relate.pk}/").status_code == 404
    assert post(client, relate).status_code == 404


def test_an_episode_with_many_facts_takes_as_many_queries_as_one_with_few(client: APIClient, anna: User) -> None:
    few = locate_turn(erato_project(annotators=[anna]), anna)
    episode = two_people()
    shots = Shot.objects.current_for(episode)
    job = shots[0].job
    shots.delete()
    Shot.objects.bulk_create(
        Shot(job=job, index=place, start_ms=place * 1_000, end_ms=(place + 1) * 1_000, key_frame_ms=place * 1_000)
        for place in range(120)
    )
    track = FaceTrack.objects.current_for(episode)[0]
    FaceTrack.objects.bulk_create(
        FaceTrack(job=track.job, index=100 + place, identity=track.identity, shot_index=place,
                  start_ms=place * 1_000, end_ms=place * 1_000 + 900)
        for place in range(120)
    )  # fmt: skip
    many = locate_turn(erato_project(episodes=[episode], annotators=[anna]), anna)
    for place in range(30):
        say(many, place * 1_000, place * 1_000 + 6_000)
    counts = []
    for turn in (few, many):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/locating/{turn.pk}/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
