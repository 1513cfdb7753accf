"""Saying who faces are: by similarity suggested, confirmed, merged, split, and each taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.webapp.factories import make_episode, make_series, make_user
from webapp.accounts.models import User
from webapp.corpus.casting import link_faces, suggest_links
from webapp.corpus.models import CastingEvent, Character, Episode, FaceReference, FaceTrack, Identity
from webapp.corpus.queries import on_screen
from webapp.jobs.models import Job

AsUser = Callable[[User], APIClient]
DLIB = "dlib-resnet-v1-128"


@pytest.fixture
def episode(db: None) -> Episode:
    """Two faces, of Rachel and Joanna as the casting step says; the first is seen in three tracks of 10 s."""
    episode = make_episode()
    first = Identity.objects.get(job__episode=episode, index=0)
    box = [0, 10.0, 10.0, 50.0, 50.0, 0.9]
    FaceTrack.objects.filter(identity=first).delete()
    for number in range(3):
        FaceTrack.objects.create(
            job=first.job, index=10 + number, identity=first, shot_index=0, start_ms=number * 10_000,
            end_ms=(number + 1) * 10_000, boxes=[[number * 10_000, *box[1:]]], picture=f"track-{number}.jpg",
        )  # fmt: skip
    Identity.objects.filter(pk=first.pk).update(best_faces=[box], embedding=[1.0, 0.0], embedder=DLIB)
    return episode


@pytest.fixture
def admin(as_user: AsUser, db: None) -> APIClient:
    return as_user(make_user("ada", admin=True))


def shown(client: APIClient, episode: Episode) -> dict[str, Any]:
    return client.get(f"/api/castings/{episode.pk}/").json()


def do(client: APIClient, episode: Episode, what: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/api/castings/{episode.pk}/{what}/", body, format="json")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def everything(episode: Episode) -> tuple[list[Any], list[Any]]:
    fields = ("pk", "character", "linked_by", "screen_time_ms", "face", "best_faces")
    faces = Identity.objects.current_for(episode).order_by("pk").values_list(*fields)
    tracks = FaceTrack.objects.current_for(episode).order_by("pk").values_list("pk", "identity", "found_as")
    return list(faces), list(tracks)


def test_faces_are_confirmed_together_and_that_is_taken_back(admin: APIClient, episode: Episode) -> None:
    before = everything(episode)
    rachel = episode.series.characters.get(name="Rachel")
    ids = [face["id"] for face in shown(admin, episode)["faces"]]
    linked = do(admin, episode, "link", faces=ids, character=rachel.pk)
    assert [(face["character"], face["linked_by"]) for face in linked["faces"]] == [(rachel.pk, "confirmed")] * 2
    assert linked["undoable"] == "link"
    undone = do(admin, episode, "undo")
    assert undone["undoable"] is None
    # what the casting step suggested by speech is not known of these rows: nobody is suggested any more, or the same
    assert everything(episode)[1] == before[1]
    assert {face["linked_by"] for face in undone["faces"]} <= {"", "suggested"}


def test_tracks_are_split_off_by_hand_and_put_back(admin: APIClient, episode: Episode) -> None:
    first = Identity.objects.get(job__episode=episode, index=0)
    before = everything(episode)[1]
    tracks = list(first.tracks.order_by("start_ms"))
    document = do(admin, episode, "split", face=first.pk, tracks=[tracks[1].pk, tracks[2].pk])
    times = {face["number"]: face["screen_time_ms"] for face in document["faces"]}
    assert times == {1: 10_000, 2: 30_000, 3: 20_000}
    made = next(face for face in document["faces"] if face["number"] == 3)
    assert [track["start_ms"] for track in made["tracks"]] == [10_000, 20_000]
    assert made["face_url"] is not None
    assert Identity.objects.get(pk=made["id"]).face == "track-1.jpg"
    tracks[1].refresh_from_db()
    assert tracks[1].found_as_id == first.pk
    undone = do(admin, episode, "undo")
    assert [face["number"] for face in undone["faces"]] == [1, 2]
    assert everything(episode)[1] == before
    first.refresh_from_db()
    assert (first.screen_time_ms, first.embedding) == (30_000, [1.0, 0.0])


def test_the_picture_of_a_face_goes_with_the_track_that_it_shows(admin: APIClient, episode: Episode) -> None:
    first = Identity.objects.get(job__episode=episode, index=0)
    shown_in = first.tracks.get(start_ms=0)
    do(admin, episode, "split", face=first.pk, tracks=[shown_in.pk])
    first.refresh_from_db()
    assert (first.face, first.best_faces) == ("track-1.jpg", [])


def test_who_is_on_screen_follows_a_split(admin: APIClient, episode: Episode) -> None:
    first = Identity.objects.get(job__episode=episode, index=0)
    joanna = episode.series.characters.get(name="Joanna")
    middle = first.tracks.get(start_ms=10_000)
    made = do(admin, episode, "split", face=first.pk, tracks=[middle.pk])["faces"][-1]
    do(admin, episode, "link", faces=[made["id"]], character=joanna.pk)
    assert (10_000, 20_000) in on_screen(episode.pk, 0, 60_000)[joanna.pk]


def test_merged_faces_are_one_until_that_is_taken_back(admin: APIClient, episode: Episode) -> None:
    one, other = Identity.objects.filter(job__episode=episode).order_by("index")
    do(admin, episode, "link", faces=[other.pk], character=other.character_id)
    document = do(admin, episode, "merge", into=one.pk, others=[other.pk])
    assert [(face["id"], face["screen_time_ms"], len(face["tracks"])) for face in document["faces"]] == [
        (one.pk, 60_000, 4)
    ]
    assert document["faces"][0]["character"] == other.character_id, "the one that had a name gives it"
    do(admin, episode, "undo")
    assert len(shown(admin, episode)["faces"]) == 2
    other.refresh_from_db()
    assert (other.linked_by, other.screen_time_ms) == ("confirmed", 30_000)


@pytest.mark.parametrize("chosen", ["all", "none of it"])
def test_a_split_leaves_something_on_both_sides(admin: APIClient, episode: Episode, chosen: str) -> None:
    one, other = Identity.objects.filter(job__episode=episode).order_by("index")
    tracks = [track.pk for track in (one if chosen == "all" else other).tracks.all()]
    answer = admin.post(f"/api/castings/{episode.pk}/split/", {"face": one.pk, "tracks": tracks}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "casting_refused")
    assert not CastingEvent.objects.exists()


def test_what_somebody_else_decided_since_is_not_taken_back(as_user: AsUser, episode: Episode) -> None:
    ada, bob = make_user(admin=True), make_user(admin=True)
    face = Identity.objects.get(job__episode=episode, index=0)
    rachel, joanna = episode.series.characters.order_by("order")
    do(as_user(ada), episode, "link", faces=[face.pk], character=rachel.pk)
    do(as_user(bob), episode, "link", faces=[face.pk], character=joanna.pk)
    answer = as_user(ada).post(f"/api/castings/{episode.pk}/undo/")
    assert (answer.status_code, answer.json()["code"]) == (409, "casting_refused")
    face.refresh_from_db()
    assert face.character == joanna


def test_faces_of_another_episode_or_an_earlier_analysis_are_refused(admin: APIClient, episode: Episode) -> None:
    other = Identity.objects.filter(job__episode=make_episode()).first()
    assert other is not None
    body = {"faces": [other.pk], "character": None}
    answer = admin.post(f"/api/castings/{episode.pk}/link/", body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["faces"])


def test_a_character_of_another_series_is_refused(admin: APIClient, episode: Episode) -> None:
    stranger = make_series().characters.first()
    assert stranger is not None
    face = Identity.objects.filter(job__episode=episode).first()
    assert face is not None
    body = {"faces": [face.pk], "character": stranger.pk}
    answer = admin.post(f"/api/castings/{episode.pk}/link/", body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["character"])


def face_like(episode: Episode, index: int, embedding: list[float]) -> Identity:
    Identity.objects.filter(job__episode=episode, index=index).update(
        embedding=embedding, embedder=DLIB, linked_by="", character=None
    )
    return Identity.objects.get(job__episode=episode, index=index)


def test_faces_are_suggested_by_references_and_by_what_was_confirmed_in_other_episodes(
    admin: APIClient, episode: Episode
) -> None:
    rachel, joanna = episode.series.characters.order_by("order")
    FaceReference.objects.create(character=joanna, embedding=[0.0, 1.0], embedder=DLIB, added_by=make_user())
    other = make_episode(episode.series)
    first, second = face_like(other, 0, [1.0, 0.05]), face_like(other, 1, [0.05, 1.0])
    link_faces(faces=[face_like(episode, 0, [1.0, 0.0])], character=rachel, author=make_user())
    assert suggest_links(other) == 2
    faces = {face["id"]: face for face in shown(admin, other)["faces"]}
    assert (faces[first.pk]["character"], faces[first.pk]["linked_by"]) == (rachel.pk, "suggested")
    assert (faces[second.pk]["character"], faces[second.pk]["linked_by"]) == (joanna.pk, "suggested")
    assert [one["character"] for one in faces[first.pk]["alike"]] == [rachel.pk, joanna.pk]
    assert faces[first.pk]["alike"][0]["similarity"] > 0.9
    assert faces[first.pk]["alike"][1]["similarity"] == 0


def test_a_face_that_resembles_nobody_is_suggested_by_what_is_heard_while_it_is_seen(episode: Episode) -> None:
    joanna = episode.series.characters.get(name="Joanna")
    face = face_like(episode, 0, [1.0, 0.0])
    suggest_links(episode, spoken={"0": joanna.pk, "1": 10**9})
    face.refresh_from_db()
    assert (face.character, face.linked_by) == (joanna, "suggested")


def test_a_decision_asks_once_for_suggestions_in_the_other_episodes(admin: APIClient, episode: Episode) -> None:
    face = Identity.objects.get(job__episode=episode, index=0)
    for character in (face.character_id, None):
        do(admin, episode, "link", faces=[face.pk], character=character)
    job = Job.objects.get(kind="cast")
    assert job.parameters == {"series": episode.series_id}
    assert job.not_before is not None


def test_many_faces_take_as_many_queries_as_few(admin: APIClient, episode: Episode) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(path).status_code == 200
        return len(captured)

    paths = [f"/api/castings/{episode.pk}/", f"/api/series/{episode.series_id}/", "/api/series/"]
    few = [queries(path) for path in paths]
    job = Job.objects.get(episode=episode, name="faces")
    for number in range(2, 30):
        character = Character.objects.create(series=episode.series, name=f"Somebody {number}")
        face = Identity.objects.create(job=job, index=number, screen_time_ms=1000, embedder=DLIB, character=character)
        FaceTrack.objects.create(job=job, index=50 + number, start_ms=0, end_ms=9, identity=face, shot_index=0)
        FaceReference.objects.create(character=character, added_by=User.objects.all()[0])
        make_series()
    make_episode(episode.series)
    assert [queries(path) for path in paths] == few
    assert max(few) <= 12
