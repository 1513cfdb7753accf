"""The people of a series: names, aliases, order, reference pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import make_episode, make_user, write_media
from webapp.accounts.models import User
from webapp.corpus.models import Character, Episode, FaceReference, Identity, Utterance
from webapp.corpus.storage import media_storage

AsUser = Callable[[User], APIClient]


@pytest.fixture
def episode(db: None) -> Episode:
    return make_episode()


@pytest.fixture
def admin(as_user: AsUser, db: None) -> APIClient:
    return as_user(make_user(admin=True))


def put(client: APIClient, character: Character, **body: Any) -> Any:
    return client.put(f"/api/characters/{character.pk}/", body, format="json")


def test_a_series_lists_its_people_with_their_lines_and_its_episodes_with_open_faces(
    admin: APIClient, episode: Episode
) -> None:
    document = admin.get(f"/api/series/{episode.series_id}/").json()
    assert [(one["name"], one["lines"]) for one in document["characters"]] == [("Rachel", 8), ("Joanna", 7)]
    assert document["episodes"] == [{"id": episode.pk, "title": episode.title, "faces": 2, "open_faces": 2}]
    (item,) = admin.get("/api/series/").json()["results"]
    assert item == {"id": episode.series_id, "name": episode.series.name, "episodes": 1, "main_characters": 2}


def test_a_new_name_keeps_the_old_one_as_alias_and_the_lines_stay(admin: APIClient, episode: Episode) -> None:
    rachel = Character.objects.get(name="Rachel")
    assert put(admin, rachel, name="Rachel Green", aliases=["Rach", " rach "], is_main=True).status_code == 200
    rachel.refresh_from_db()
    assert (rachel.name, rachel.aliases) == ("Rachel Green", ["Rach", "Rachel"])
    assert Utterance.objects.filter(character=rachel).count() == 8


def test_lines_go_to_the_character_who_has_their_speaker_as_alias(admin: APIClient, episode: Episode) -> None:
    Utterance.objects.filter(index=3).update(speaker="MISS J.", character=None)
    joanna = Character.objects.get(name="Joanna")
    put(admin, joanna, name="Joanna", aliases=["Miss J."], is_main=True)
    assert Utterance.objects.get(index=3).character == joanna
    put(admin, joanna, name="Joanna", aliases=[], is_main=True)
    assert Utterance.objects.get(index=3).character is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "joanna"}, "name"),
        ({"name": "Rachel", "aliases": ["JOANNA"]}, "aliases"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Rachel", "aliases": ["x"] * 51}, "aliases"),
    ],
)
def test_two_people_never_share_a_name(admin: APIClient, episode: Episode, body: dict[str, Any], field: str) -> None:
    answer = put(admin, Character.objects.get(name="Rachel"), **body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_people_are_added_and_put_into_an_order(admin: APIClient, episode: Episode) -> None:
    path = f"/api/series/{episode.series_id}"
    added = admin.post(f"{path}/characters/", {"name": "Mark", "is_main": True}, format="json").json()
    assert [one["name"] for one in added["characters"]] == ["Rachel", "Joanna", "Mark"]
    ids = {one["name"]: one["id"] for one in added["characters"]}
    ordered = admin.post(f"{path}/order/", {"characters": [ids["Mark"], ids["Rachel"]]}, format="json").json()
    assert [one["name"] for one in ordered["characters"]] == ["Mark", "Rachel", "Joanna"]


def test_a_face_of_an_episode_becomes_a_reference_and_is_forgotten(admin: APIClient, episode: Episode) -> None:
    face = Identity.objects.filter(job__episode=episode)[0]
    Identity.objects.filter(pk=face.pk).update(embedding=[1.0, 0.0])
    write_media(face.face, b"face")
    rachel = Character.objects.get(name="Rachel")
    document = admin.post(f"/api/characters/{rachel.pk}/references/", {"face": face.pk}, format="json").json()
    (reference,) = document["characters"][0]["references"]
    assert (reference["reading"], reference["error"]) == (False, "")
    assert b"".join(admin.get(reference["picture_url"]).streaming_content) == b"face"
    gone = admin.delete(f"/api/references/{reference['id']}/").json()
    assert gone["characters"][0]["references"] == []
    assert media_storage().path(face.face).read_bytes() == b"face", "the face is the episode's, it stays"


@pytest.mark.django_db(transaction=True)
def test_an_uploaded_picture_goes_with_its_reference(as_user: AsUser) -> None:
    rachel = make_episode().series.characters.get(name="Rachel")
    admin = make_user(admin=True)
    reference = FaceReference.objects.create(
        character=rachel, upload="series/a.jpg", picture="series/b.jpg", added_by=admin
    )
    files = [write_media(name) for name in ("series/a.jpg", "series/b.jpg")]
    as_user(admin).delete(f"/api/references/{reference.pk}/")
    assert [file.exists() for file in files] == [False, False]
