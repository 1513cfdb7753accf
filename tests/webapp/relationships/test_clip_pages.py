"""What admins see and decide of the clips of a project: listed, counted, restored, limited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.webapp.factories import make_user
from tests.webapp.relationships.factories import erato_project, faces_of, project_with_clips, relate_turn, two_people
from webapp.accounts.models import User
from webapp.annotation.models import Clip, Project, Task
from webapp.corpus.casting import merge_faces, split_face, undo_casting
from webapp.corpus.models import CastingEvent, FaceTrack, Identity
from webapp.relationships.services.clips import judge_again, make_clips

pytestmark = pytest.mark.django_db

#: Of the two-minute episode: kept, kept, 4 s, 40 s, only Anna.
SPANS = ((0, 20_000), (20_000, 40_000), (60_000, 64_000), (60_000, 100_000), (40_000, 45_000))


@pytest.fixture
def ada() -> User:
    return make_user("ada", admin=True, first_name="Ada")


@pytest.fixture
def client(ada: User) -> APIClient:
    client = APIClient()
    client.force_login(ada)
    return client


def page_of(client: APIClient, project: Project, path: str = "", **query: Any) -> Any:
    answer = client.get(f"/api/projects/{project.pk}/{path}", query)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def spans(client: APIClient, project: Project, **query: Any) -> list[tuple[int, int]]:
    return [(row["start_ms"], row["end_ms"]) for row in page_of(client, project, "clips/", **query)["results"]]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("", [(0, 20_000), (20_000, 40_000), (40_000, 45_000), (60_000, 64_000), (60_000, 100_000)]),
        ("kept", [(0, 20_000), (20_000, 40_000)]),
        ("dropped", [(40_000, 45_000), (60_000, 64_000), (60_000, 100_000)]),
        ("too_short", [(60_000, 64_000)]),
        ("too_long", [(60_000, 100_000)]),
        ("too_few_people", [(40_000, 45_000)]),
        ("too_many_people", []),
        ("restored", []),
    ],
)
def test_clips_are_listed_by_time_and_by_what_became_of_them(
    client: APIClient, shown: str, expected: list[tuple[int, int]]
) -> None:
    project, _ = project_with_clips(*SPANS)
    assert spans(client, project, **({"shown": shown} if shown else {})) == expected


def test_a_clip_is_listed_with_its_people_and_its_answers(client: APIClient) -> None:
    project, _ = project_with_clips((0, 15_000), k=2)
    (row,) = page_of(client, project, "clips/")["results"]
    assert [(one["name"], one["screen_time_ms"]) for one in row["people"]] == [("Anna", 10_000), ("Ben", 5_000)]
    assert (row["answers"], row["answers_wanted"], row["drop"], row["restored_by"]) == (0, 2, "", "")
    assert row["episode"]["duration_ms"] == 120_000


def test_dropped_clips_are_counted_by_reason_and_a_restored_one_is_kept(client: APIClient) -> None:
    project, clips = project_with_clips(*SPANS)
    reasons = {"too_short": 1, "too_long": 1, "too_few_people": 1, "too_many_people": 0}
    assert page_of(client, project, "clips/counts/") == {"total": 5, "kept": 2, "dropped": 3, "restored": 0} | reasons
    short = clips[2]
    row = client.post(f"/api/projects/{project.pk}/clips/{short.pk}/restore/").json()
    assert (row["drop"], row["restored_by"], row["answers_wanted"]) == ("too_short", "Ada", 1)
    after = {"total": 5, "kept": 3, "dropped": 2, "restored": 1} | reasons | {"too_short": 0}
    assert page_of(client, project, "clips/counts/") == after
    assert spans(client, project, shown="restored") == [(60_000, 64_000)]
    assert spans(client, project, shown="too_short") == []


def test_a_clip_that_is_kept_cannot_be_restored_and_one_of_another_project_is_not_there(client: APIClient) -> None:
    project, (kept,) = project_with_clips((0, 20_000))
    _, (other,) = project_with_clips((0, 4_000))
    answer = client.post(f"/api/projects/{project.pk}/clips/{kept.pk}/restore/")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_dropped")
    assert client.post(f"/api/projects/{project.pk}/clips/{other.pk}/restore/").status_code == 404


@pytest.mark.parametrize("query", [{"shown": "nonsense"}, {"episode": "x"}, {"episode": 0}])
def test_a_filter_that_makes_no_sense_is_answered_with_why(client: APIClient, query: dict[str, Any]) -> None:
    project, _ = project_with_clips()
    answer = client.get(f"/api/projects/{project.pk}/clips/", query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(query))


def asked(project: Project) -> list[tuple[int, int]]:
    clips = Clip.objects.filter(project=project, task__kind=Task.Kind.RELATE)
    return list(clips.values_list("start_ms", "end_ms"))


def test_changed_limits_drop_and_bring_back_clips_that_nobody_has_answered(client: APIClient) -> None:
    anna = make_user()
    project, _ = project_with_clips(*SPANS, annotators=[anna])
    begun = relate_turn(project, anna)
    assert asked(project) == [(0, 20_000), (20_000, 40_000)]
    limits = {"shortest_ms": 4_000, "longest_ms": 15_000}
    answer = client.patch(f"/api/projects/{project.pk}/clip-limits/", limits, format="json")
    assert answer.json() == {
        "fewest_people": 2, "most_people": 6, "shortest_ms": 4_000, "longest_ms": 15_000, "candidates": 3,
    }  # fmt: skip
    assert begun.task.clip is not None
    assert begun.task.clip.start_ms == 0
    assert asked(project) == [(0, 20_000)], "4 s show one person; what somebody looks at stays"
    assert spans(client, project, shown="too_few_people") == [(40_000, 45_000), (60_000, 64_000)]
    client.patch(f"/api/projects/{project.pk}/clip-limits/", {"longest_ms": 40_000}, format="json")
    assert asked(project) == [(0, 20_000), (20_000, 40_000), (60_000, 100_000)]
    assert judge_again(project=project) == 0


@pytest.mark.parametrize(
    ("limits", "status", "field"),
    [
        ({"fewest_people": 7}, 422, "most_people"),
        ({"shortest_ms": 35_000}, 422, "longest_ms"),
        ({"fewest_people": 1}, 400, "fewest_people"),
        ({"longest_ms": "x"}, 400, "longest_ms"),
        ({"candidates": 1}, 400, "candidates"),
    ],
)
def test_limits_that_leave_no_clip_are_refused(
    client: APIClient, limits: dict[str, Any], status: int, field: str
) -> None:
    project, _ = project_with_clips()
    before = page_of(client, project, "clip-limits/")
    answer = client.patch(f"/api/projects/{project.pk}/clip-limits/", limits, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])
    assert page_of(client, project, "clip-limits/") == before


def people(clip: Clip) -> list[int]:
    return list(clip.people.values_list("identity__index", flat=True))


def test_merging_splitting_and_undoing_faces_counts_the_people_of_clips_again(ada: User) -> None:
    project, (clip,) = project_with_clips((0, 20_000))
    anna, ben = faces_of(clip.episode)
    merge_faces(into=anna, others=[ben], author=ada)
    assert people(clip) == [0]
    assert asked(project) == []
    undo_casting(episode=clip.episode, author=ada)
    assert people(clip) == [0, 1]
    assert asked(project) == [(0, 20_000)]
    second = FaceTrack.objects.filter(identity=anna, start_ms=10_000).values_list("pk", flat=True)
    split_face(face=anna, tracks=list(second), author=ada)
    assert people(clip) == [1, 0, 2], "Ben 10 s, Anna 5 s, somebody 5 s"
    undo_casting(episode=clip.episode, author=ada)
    assert people(clip) == [0, 1]
    assert Identity.objects.filter(job=anna.job).count() == 2
    assert not CastingEvent.objects.filter(undone=False).exists()


def test_a_face_that_an_answered_clip_names_stays_when_its_split_is_taken_back(ada: User) -> None:
    annotator = make_user()
    project, (clip,) = project_with_clips((0, 20_000), annotators=[annotator])
    anna, _ = faces_of(clip.episode)
    second = FaceTrack.objects.filter(identity=anna, start_ms=10_000).values_list("pk", flat=True)
    made = split_face(face=anna, tracks=list(second), author=ada)
    relate_turn(project, annotator)
    undo_casting(episode=clip.episode, author=ada)
    assert people(clip) == [1, 0, 2], "somebody looks at it"
    made.refresh_from_db()
    assert (made.screen_time_ms, made.tracks.count()) == (0, 0)


def grow_clips(project: Project) -> None:
    episode = project.episodes.get()
    make_clips(project=project, episode=episode, spans=[(start, start + 9_000) for start in range(0, 100_000, 5_000)])


def grow_episodes(project: Project) -> None:
    for _ in range(20):
        episode = two_people()
        project.project_episodes.create(episode=episode)
        make_clips(project=project, episode=episode, spans=[(0, 9_000), (0, 4_000)])


@pytest.mark.parametrize(
    ("path", "grow"),
    [
        ("clips/", grow_clips),
        ("clips/?shown=kept", grow_episodes),
        ("clips/counts/", grow_clips),
        ("storyboards/", grow_episodes),
    ],
)
def test_twenty_more_take_as_many_queries(client: APIClient, path: str, grow: Callable[[Project], None]) -> None:
    project, _ = project_with_clips((0, 20_000), (60_000, 64_000))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/projects/{project.pk}/{path}").status_code == 200
        return len(captured)

    one = queries()
    grow(project)
    assert queries() == one


def test_a_project_of_the_other_protocol_has_no_such_pages(client: APIClient) -> None:
    memor = erato_project()
    Project.objects.filter(pk=memor.pk).update(protocol=Project.Protocol.MEMOR)
    for path in ("clips/", "clips/counts/", "clip-limits/", "storyboards/"):
        assert client.get(f"/api/projects/{memor.pk}/{path}").status_code == 404
