"""Media: for people who may see them, in the ranges a player asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.utils.http import http_date
from rest_framework.test import APIClient

from tests.webapp.factories import VIDEO, make_bare_episode, make_episode, make_job, make_project, make_user
from webapp.accounts.models import User
from webapp.corpus.models import Episode, Identity
from webapp.quality.models import Release

AsUser = Callable[[User], APIClient]
SIZE = len(VIDEO)


@pytest.fixture
def episode(db: None, media_root: Path) -> Episode:
    return make_episode(media=True)


@pytest.fixture
def client(episode: Episode, as_user: AsUser) -> APIClient:
    anna = make_user()
    make_project(episodes=[episode], annotators=[anna])
    return as_user(anna)


def video_path(episode: Episode) -> str:
    return f"/media/episodes/{episode.pk}/video.mp4"


def fetch(client: APIClient, episode: Episode, **headers: str) -> Any:
    return client.get(video_path(episode), headers=headers)


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def urls(episode: Episode) -> list[str]:
    face = Identity.objects.current_for(episode).order_by("index").first()
    assert face is not None
    return [video_path(episode), f"/media/episodes/{episode.pk}/poster.jpg", f"/media/faces/{face.pk}.jpg"]


def test_a_member_gets_video_poster_and_face(client: APIClient, episode: Episode) -> None:
    answers = [client.get(url) for url in urls(episode)]
    assert [content(answer) for answer in answers] == [VIDEO, b"poster", b"face 0"]
    assert [answer["Content-Type"] for answer in answers] == ["video/mp4", "image/jpeg", "image/jpeg"]
    assert all(answer["Cache-Control"].startswith("private") for answer in answers)


def test_media_need_a_log_in(episode: Episode) -> None:
    for url in urls(episode):
        answer = APIClient().get(url)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_media_of_other_projects_are_not_there(episode: Episode, as_user: AsUser) -> None:
    other = make_user()
    make_project(annotators=[other])
    for url in urls(episode):
        assert as_user(other).get(url).status_code == 404


def test_an_admin_sees_all_media(episode: Episode, as_user: AsUser) -> None:
    admin = as_user(make_user(admin=True))
    assert [admin.get(url).status_code for url in urls(episode)] == [200, 200, 200]


@pytest.mark.parametrize("number", ["999999", str(10**30), "9" * 5000])
def test_media_of_an_episode_that_is_not_there(client: APIClient, number: str) -> None:
    assert client.get(f"/media/episodes/{number}/video.mp4").status_code == 404
    assert client.get(f"/media/faces/{number}.jpg").status_code == 404


def test_an_episode_without_proxy_has_no_media(as_user: AsUser, settings: Any, db: None) -> None:
    admin, bare = as_user(make_user(admin=True)), make_bare_episode()
    for accel in ("", "/protected/"):
        settings.MEDIA_ACCEL = accel
        assert fetch(admin, bare).status_code == 404


def test_a_file_that_is_gone_is_a_404(client: APIClient, episode: Episode, media_root: Path) -> None:
    (media_root / episode.folder / "proxy" / "video.mp4").unlink()
    assert fetch(client, episode).status_code == 404


def test_without_a_range_the_whole_file_comes_and_says_that_ranges_work(client: APIClient, episode: Episode) -> None:
    answer = fetch(client, episode)
    assert (answer.status_code, content(answer)) == (200, VIDEO)
    assert (answer["Content-Length"], answer["Accept-Ranges"]) == (str(SIZE), "bytes")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        pytest.param("bytes=0-9", 0, 9, id="first ten"),
        pytest.param("bytes=500-599", 500, 599, id="middle"),
        pytest.param("bytes=1000-", 1000, SIZE - 1, id="open end"),
        pytest.param("bytes=0-", 0, SIZE - 1, id="everything"),
        pytest.param("bytes=-24", SIZE - 24, SIZE - 1, id="last 24"),
        pytest.param("bytes=-99999", 0, SIZE - 1, id="a suffix longer than the file"),
        pytest.param("bytes=1000-99999", 1000, SIZE - 1, id="an end beyond the file"),
        pytest.param(f"bytes={SIZE - 1}-{SIZE - 1}", SIZE - 1, SIZE - 1, id="the last byte"),
        pytest.param("Bytes=0-0", 0, 0, id="units in any case"),
    ],
)
def test_a_range_comes_as_asked(client: APIClient, episode: Episode, asked: str, first: int, last: int) -> None:
    answer = fetch(client, episode, Range=asked)
    assert answer.status_code == 206
    assert content(answer) == VIDEO[first : last + 1]
    assert answer["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0", "bytes=9-5"])
def test_a_range_outside_of_the_file_cannot_be_had(client: APIClient, episode: Episode, asked: str) -> None:
    answer = fetch(client, episode, Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize(
    "asked",
    ["bytes=-", "bytes=a-b", "items=0-5", "0-5", "bytes=0-1,5-6", "bytes=", "bytes=-5-9", "bytes=0-" + "9" * 5000, "="],
)
def test_a_range_that_cannot_be_read_is_ignored(client: APIClient, episode: Episode, asked: str) -> None:
    answer = fetch(client, episode, Range=asked)
    assert (answer.status_code, content(answer)) == (200, VIDEO)


def test_if_range_gives_the_part_only_of_the_file_it_knows(client: APIClient, episode: Episode) -> None:
    known = fetch(client, episode)["Last-Modified"]
    assert fetch(client, episode, Range="bytes=0-9", If_Range=known).status_code == 206
    for other in (http_date(0), '"an-etag"', "nonsense"):
        answer = fetch(client, episode, Range="bytes=0-9", If_Range=other)
        assert (answer.status_code, content(answer)) == (200, VIDEO)


def test_head_tells_the_size_without_the_content(client: APIClient, episode: Episode) -> None:
    answer = client.head(video_path(episode))
    assert (answer.status_code, answer["Content-Length"], content(answer)) == (200, str(SIZE), b"")
    assert answer["Accept-Ranges"] == "bytes"


def test_media_cannot_be_written(client: APIClient, episode: Episode) -> None:
    answer = client.post(video_path(episode))
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_behind_a_proxy_only_its_header_is_sent(client: APIClient, episode: Episode, settings: Any) -> None:
    settings.MEDIA_ACCEL = "/protected/"
    answer = fetch(client, episode, Range="bytes=0-9")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"] == f"/protected/{episode.folder}/proxy/video.mp4"
    assert answer["Content-Type"] == "video/mp4"
    assert APIClient().get(video_path(episode)).status_code == 401


@pytest.mark.parametrize(
    "name",
    ["第一季 / “Friends”", 'quote" and ;semicolon', "Füße"],
    ids=["chinese", "punctuation", "umlauts"],
)
@pytest.mark.parametrize("accel", ["", "/protected/"], ids=["django", "proxy"])
def test_a_release_is_downloaded_under_its_projects_name(
    as_user: AsUser, settings: Any, media_root: Path, name: str, accel: str, db: None
) -> None:
    settings.MEDIA_ACCEL = accel
    admin = make_user(admin=True)
    path = media_root / "releases" / "a ü.zip"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"zip")
    project = make_project(name=name)
    release = Release.objects.create(
        project=project, number=1, job=make_job("release-memor", kind="release"), options={},
        archive="releases/a ü.zip", created_by=admin,
    )  # fmt: skip
    answer = as_user(admin).get(f"/api/releases/{release.pk}/download/")
    assert answer.status_code == 200
    wanted = quote(f"{name}-memor-release-1.zip", safe="")
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{wanted}"
    if accel:
        assert answer["X-Accel-Redirect"] == "/protected/releases/a%20%C3%BC.zip"
    else:
        assert content(answer) == b"zip"


def test_a_release_that_is_not_built_yet_cannot_be_downloaded(as_user: AsUser, settings: Any, db: None) -> None:
    admin = make_user(admin=True)
    release = Release.objects.create(
        project=make_project(), number=1, job=make_job("release-memor", kind="release"), options={}
    )
    for accel in ("", "/protected/"):
        settings.MEDIA_ACCEL = accel
        assert as_user(admin).get(f"/api/releases/{release.pk}/download/").status_code == 404
