"""What holds for the whole API: who may do what, one shape for errors, few queries, no crash."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.webapp.factories import (
    held_turn,
    labelled_project,
    make_episode,
    make_job,
    make_project,
    make_training,
    make_user,
)
from tests.webapp.matrix import MATRIX
from tests.webapp.relationships.factories import erato_project, project_with_clips, relate_turn
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project, Task
from webapp.annotation.services import moments
from webapp.corpus.models import Identity
from webapp.quality.models import Release
from webapp.training.models import TrainingRun


@dataclass
class World:
    """Anna's projects with a held turn of each kind, a release, and a stranger's project."""

    project: Project
    anna: User
    stranger: User
    admin: User
    moments: Assignment
    states: Assignment
    moment: str
    identity: Identity
    release: Release
    locating: Assignment
    training: TrainingRun
    relating: Assignment

    @property
    def character(self) -> int:
        return self.states.task.episode.series.characters.all()[0].pk


@pytest.fixture(scope="module")
def made_once(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """The world is in the database for all tests of this file, which see it in transactions that are rolled back."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock():
        with override_settings(MEDIA_ROOT=media), transaction.atomic():
            world = make_world()
            connection.run_on_commit.clear()  # nobody waits for the jobs
        yield world, media
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def world(made_once: tuple[World, Path], db: None, settings: Any) -> World:
    world, settings.MEDIA_ROOT = made_once
    return copy.deepcopy(world)


def make_world() -> World:
    other = make_episode(media=True)
    project, (anna,) = labelled_project(episodes=[make_episode(media=True), other])
    turn = Assignment.objects.filter(status="held").first() or held_turn(project, anna)
    moment = moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=1_000)
    stranger = make_user()
    make_project(annotators=[stranger])
    identity = Identity.objects.filter(job__episode=other).first()
    assert identity is not None
    release = Release.objects.create(
        project=project, number=1, job=make_job("release-memor", kind="release"),
        options={"split": "grouped", "group_by": "clip", "seed": 1},
    )  # fmt: skip
    return World(
        project, anna, stranger, make_user(admin=True), turn, held_turn(project, anna, Task.Kind.STATES),
        str(moment.client_id), identity, release,
        held_turn(erato_project(annotators=[anna]), anna, Task.Kind.LOCATE), make_training(release),
        relating_turn(anna),
    )  # fmt: skip


def relating_turn(user: User) -> Assignment:
    """Her turn at a pair, in an ERATO project of hers."""
    erato, _ = project_with_clips(annotators=[user])
    return relate_turn(erato, user)


PEOPLE = ("nobody", "annotator", "stranger", "admin")


def filled(world: World, text: str) -> str:
    values = {
        "project": world.project.pk, "release": world.release.pk, "moments": world.moments.pk, "moment": world.moment,
        "states": world.states.pk, "episode": world.moments.task.episode_id, "identity": world.identity.pk,
        "character": world.character, "cast": world.identity.job.episode_id, "reference": 1,
        "locating": world.locating.pk, "erato": world.locating.task.project_id,
        "located": world.locating.task.episode_id, "series": world.moments.task.episode.series_id,
        "training": world.training.pk, "relating": world.relating.pk, "remark": 1,
        "clip": world.states.task.clip_id, "user": world.anna.pk,
    }  # fmt: skip
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def client_of(world: World, who: str) -> APIClient:
    client = APIClient()
    people = {"annotator": world.anna, "stranger": world.stranger, "admin": world.admin}
    if who in people:
        client.force_login(people[who])
    return client


def is_error(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and set(document) == {"code", "message", "fields"}
        and isinstance(document["code"], str)
        and bool(document["message"])
        and all(isinstance(texts, list) and texts for texts in document["fields"].values())
    )


@pytest.mark.parametrize("who", range(4), ids=PEOPLE)
@pytest.mark.parametrize(("method", "path", "body", "expected"), MATRIX, ids=[f"{m} {p}" for m, p, _, _ in MATRIX])
def test_everybody_may_do_what_is_his_or_her_own(
    world: World, method: str, path: str, body: Any, expected: tuple[int, ...], who: int
) -> None:
    if body is not None:
        body = json.loads(filled(world, json.dumps(body)))
    answer = getattr(client_of(world, PEOPLE[who]), method)(filled(world, path), body, format="json")
    assert answer.status_code == expected[who]
    if answer.status_code >= 400:
        assert is_error(answer.json())


def test_the_matrix_names_every_route_of_the_schema(world: World) -> None:
    schema = APIClient().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    routes = {
        (
            method,
            re.sub(r"{\w+}", "*", path.replace("{label}", "grief")),
        )
        for path, methods in schema["paths"].items()
        for method in methods
    }
    named = {(method, re.sub(r"{\w+}", "*", path)) for method, path, _body, _expected in MATRIX}
    assert routes - named <= {("post", "/api/session/")}, "every route stands in the matrix; log-in has its own tests"


@pytest.mark.parametrize(("method", "path"), [(m, p) for m, p, _, _ in MATRIX if m != "get"])
def test_writing_needs_the_token_against_forged_requests(world: World, method: str, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.admin)
    answer = getattr(client, method)(filled(world, path), data="{}", content_type="application/json")
    assert answer.status_code == 403
    assert is_error(answer.json())
    token = client.get("/api/session/").json()["csrf_token"]
    answer = getattr(client, method)(
        filled(world, path), data="{}", content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code != 403


def test_the_schema_is_valid() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/api/nothing/"), ("post", "/api/nothing/"), ("get", "/api/"), ("get", "/api/projects"),
     ("post", "/api/projects/x/next/"), ("get", "/api/assignments/-1/")],
)  # fmt: skip
def test_what_is_not_there_is_an_error_of_the_usual_shape(world: World, method: str, path: str) -> None:
    for client in (Client(enforce_csrf_checks=True), client_of(world, "admin")):
        answer = getattr(client, method)(path)
        assert answer.status_code == 404
        assert is_error(answer.json())


def test_a_method_that_is_not_there_is_an_error_of_the_usual_shape(world: World) -> None:
    answer = client_of(world, "admin").delete(filled(world, "/api/projects/{project}/"))
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert is_error(answer.json())


@pytest.mark.parametrize("number", ["0", str(2**63), str(10**30), "9" * 5000, "1.5", "null", "١"])
@pytest.mark.parametrize(
    "path",
    ["projects/N/", "projects/N/agreement/", "projects/N/overview/", "projects/N/releases/", "releases/N/",
     "releases/N/download/", "episodes/N/", "assignments/N/"],
)  # fmt: skip
def test_a_number_that_nothing_has_is_a_404(world: World, path: str, number: str) -> None:
    answer = client_of(world, "admin").get(f"/api/{path.replace('N', number)}")
    assert answer.status_code == 404
    assert is_error(answer.json())


@pytest.mark.parametrize("number", [str(10**14), str(10**30)])
def test_a_release_of_a_project_that_is_not_there_is_a_404(world: World, number: str) -> None:
    assert client_of(world, "admin").post(f"/api/projects/{number}/releases/", {}, format="json").status_code == 404


@pytest.mark.parametrize("character", [10**30, -1, "x", [], {}, True, "\0", 2**63])
def test_a_face_is_linked_only_to_a_character_that_is_there(world: World, character: Any) -> None:
    body = {"faces": [world.identity.pk], "character": character}
    answer = client_of(world, "admin").post(filled(world, "/api/castings/{cast}/link/"), body, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"character"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([10**30, "\0", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("client_id", "time_ms", "kind", "character", "status", "primary", "fine_grained", "reasons", "duration_ms",
          "username", "password", "language", "split", "group_by", "seed")  # fmt: skip
WRITES = [(method, path) for method, path, body, _ in MATRIX if method in ("post", "patch") and body is not None]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=6) | json_values,
    write=st.sampled_from([*WRITES, ("post", "/api/session/")]),
    who=st.sampled_from(["annotator", "admin"]),
)
def test_no_body_breaks_the_server(world: World, body: Any, write: tuple[str, str], who: str) -> None:
    method, path = write
    client = client_of(world, who)
    client.raise_request_exception = False
    answer = getattr(client, method)(filled(world, path), data=json.dumps(body), content_type="application/json")
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert is_error(answer.json())


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        pytest.param(b"[" * 100_000, "application/json", 400, id="deep lists"),
        pytest.param(b'{"a":' * 100_000, "application/json", 400, id="deep objects"),
        pytest.param(b'{"time_ms": ' + b"9" * 5000 + b"}", "application/json", 400, id="an endless number"),
        pytest.param(b'{"time_ms": NaN}', "application/json", 400, id="not a number"),
        pytest.param(b'{"time_ms": 1e999}', "application/json", 400, id="an infinite number"),
        pytest.param(b"{", "application/json", 400, id="half an object"),
        pytest.param(b"", "application/json", 400, id="nothing"),
        pytest.param(b"\xff\xfe{}", "application/json", 400, id="not UTF-8"),
        pytest.param(b"{}", "application/json; charset=zip", 400, id="an odd charset"),
        pytest.param(b'{"a": "' + b"x" * 2_000_000 + b'"}', "application/json", 413, id="two megabytes"),
        pytest.param(b"a=b", "application/x-www-form-urlencoded", 415, id="a form"),
        pytest.param(b"--x", "multipart/form-data; boundary=x", 415, id="a broken upload"),
        pytest.param(b"{}", "text/plain", 415, id="plain text"),
    ],
)
def test_what_is_not_json_is_refused(world: World, content: bytes, content_type: str, status: int) -> None:
    client = client_of(world, "annotator")
    client.raise_request_exception = False
    path = filled(world, "/api/assignments/{moments}/moments/")
    answer = client.generic("POST", path, content, content_type)
    assert answer.status_code == status
    assert is_error(answer.json())


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=" + "9" * 5000, "page=99", "page=%00"])
def test_a_page_that_is_not_there_is_a_404(world: World, query: str) -> None:
    answer = client_of(world, "admin").get(f"/api/projects/?{query}")
    assert answer.status_code == 404
    assert is_error(answer.json())


def test_lists_are_paged_as_asked_but_not_without_end(world: World) -> None:
    client = client_of(world, "admin")
    assert len(client.get("/api/projects/?page_size=1").json()["results"]) == 1
    for size in ("0", "-1", "x", "9" * 5000, str(10**9)):
        assert client.get(f"/api/projects/?page_size={size}").status_code == 200
