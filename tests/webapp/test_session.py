"""Logging in and out, and what people may change of themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import PASSWORD, make_user
from webapp.accounts.models import User

AsUser = Callable[[User], APIClient]


def test_log_in_and_log_out(db: None) -> None:
    make_user("anna", first_name="Anna", last_name="Lee")
    client = APIClient()
    assert client.get("/api/session/").json()["user"] is None
    answer = client.post("/api/session/", {"username": "anna", "password": PASSWORD}, format="json")
    assert answer.status_code == 200
    assert answer.json()["user"].items() >= {"username": "anna", "full_name": "Anna Lee", "is_admin": False}.items()
    assert "password" not in answer.content.decode()
    assert client.get("/api/projects/").status_code == 200
    assert client.delete("/api/session/").status_code == 204
    assert client.get("/api/projects/").status_code == 401


@pytest.mark.parametrize("body", [{"username": "anna", "password": "wrong"}, {"username": "zoe", "password": PASSWORD}])
def test_a_wrong_log_in_does_not_say_what_was_wrong(db: None, body: dict[str, str]) -> None:
    make_user("anna")
    answer = APIClient().post("/api/session/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_credentials")


def test_somebody_who_left_can_neither_log_in_nor_go_on(as_user: AsUser, db: None) -> None:
    anna = make_user("anna")
    client = as_user(anna)
    User.objects.update(is_active=False)
    assert client.get("/api/projects/").status_code == 401
    body = {"username": "anna", "password": PASSWORD}
    assert APIClient().post("/api/session/", body, format="json").status_code == 400


def test_the_language_is_kept(as_user: AsUser, db: None) -> None:
    anna = make_user("anna")
    assert as_user(anna).patch("/api/session/", {"language": "zh-hans"}, format="json").status_code == 200
    assert User.objects.get().language == "zh-hans"
    assert as_user(anna).patch("/api/session/", {"language": "xx"}, format="json").status_code == 400
    assert (
        as_user(anna).patch("/api/session/", {"username": "root", "is_admin": True}, format="json").status_code == 200
    )
    changed = User.objects.get()
    assert (changed.username, changed.is_staff) == ("anna", False)


def test_own_keys_are_kept_and_come_back_with_the_session(as_user: AsUser, db: None) -> None:
    client = as_user(make_user("anna"))
    keys = {"status.absent": ["shift+a"], "states.digit": ["1", "", "3"]}
    assert client.patch("/api/session/", {"keys": keys}, format="json").json()["keys"] == keys
    assert client.get("/api/session/").json()["user"]["keys"] == keys
    assert client.patch("/api/session/", {"language": "zh-hans"}, format="json").json()["keys"] == keys
    assert client.patch("/api/session/", {"keys": {}}, format="json").json()["keys"] == {}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"status.absent": ["alt+a"]}, "Alt belongs to the browser"),
        ({"status.absent": ["a b"]}, "cannot be a key"),
        ({"status.absent": ["a\0"]}, ""),
        ({"status.absent": ["x" * 40]}, "cannot be a key"),
        ({"not a command!": ["a"]}, "cannot be the name of a command"),
        ({"status.absent": ["a"] * 11}, "at most 10 keys"),
        ({f"c{n}": ["a"] for n in range(301)}, "at most 300 commands"),
        ({"status.absent": "a"}, ""),
        ([["status.absent", "a"]], ""),
        (None, ""),
    ],
)
def test_keys_that_cannot_be_kept_are_refused_in_words(as_user: AsUser, db: None, keys: object, says: str) -> None:
    answer = as_user(make_user("anna")).patch("/api/session/", {"keys": keys}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert says in str(answer.json()["fields"])
    assert User.objects.get().keys == {}
