"""The reverse proxy sends media to those whom the web process lets through, in the ranges they ask for."""

from __future__ import annotations

import pytest

from tests.docker.conftest import LOGGED_IN, VIDEO, Proxy, media_path


@pytest.mark.parametrize(
    "path",
    [
        "/protected/episodes/video.mp4",
        "/protected/",
        "/protected/../secret_key",
        "/protected/%2e%2e/secret_key",
        "//protected/episodes/video.mp4",
        "/./protected/episodes/video.mp4",
    ],
)
def test_nobody_reaches_the_media_folder_directly(proxy: Proxy, path: str) -> None:
    answer = proxy.get(path, LOGGED_IN)
    body = answer.read()
    assert VIDEO[:64] not in body
    assert b"never to be sent" not in body
    assert answer.status in (404, 400) or body == b"from the web process"


def test_media_without_a_log_in_are_refused(proxy: Proxy) -> None:
    answer = proxy.get(media_path("episodes", "video.mp4"))
    assert answer.status == 403
    assert answer.read() == b'{"code": "not_logged_in"}'


def test_media_with_a_log_in_come_whole_with_the_type_the_web_process_named(proxy: Proxy) -> None:
    answer = proxy.get(media_path("episodes", "video.mp4"), LOGGED_IN)
    assert answer.status == 200
    assert answer.read() == VIDEO
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "X-Accel-Redirect" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=5000-5000", 5000, 5000),
        ("bytes=10000-", 10000, 10239),
        ("bytes=-40", 10200, 10239),
    ],
)
def test_a_range_is_sent_as_a_range(proxy: Proxy, asked: str, first: int, last: int) -> None:
    answer = proxy.get(media_path("episodes", "video.mp4"), {**LOGGED_IN, "Range": asked})
    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/10240"
    assert answer.read() == VIDEO[first : last + 1]


def test_a_range_needs_a_log_in_too(proxy: Proxy) -> None:
    assert proxy.get(media_path("episodes", "video.mp4"), {"Range": "bytes=0-99"}).status == 403


def test_a_range_outside_of_the_file_is_refused(proxy: Proxy) -> None:
    answer = proxy.get(media_path("episodes", "video.mp4"), {**LOGGED_IN, "Range": "bytes=10240-"})
    assert answer.status == 416


def test_a_name_with_blanks_and_chinese_characters_is_found(proxy: Proxy) -> None:
    answer = proxy.get(media_path("episodes", "第 1 集", "video.mp4"), LOGGED_IN)
    assert answer.status == 200
    assert answer.read() == VIDEO


def test_a_file_that_is_gone_is_not_found(proxy: Proxy) -> None:
    assert proxy.get(media_path("episodes", "gone.mp4"), LOGGED_IN).status == 404


def test_the_application_may_be_kept_for_ever_since_its_names_change(proxy: Proxy) -> None:
    answer = proxy.get("/assets/index-abc123.js")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_web_process_learns_host_and_protocol(proxy: Proxy) -> None:
    proxy.get("/api/session/", {"Host": "affectory.example", "X-Forwarded-Proto": "https"}).read()
    seen = proxy.web.seen[-1]
    assert seen["Host"] == seen["X-Forwarded-Host"] == "affectory.example"
    assert seen["X-Forwarded-Proto"] == "https"


def test_a_made_up_host_does_not_pass_as_a_forwarded_one(proxy: Proxy) -> None:
    proxy.get("/", {"Host": "affectory.example", "X-Forwarded-Host": "evil.example"}).read()
    seen = proxy.web.seen[-1]
    assert seen["X-Forwarded-Host"] == "affectory.example"
    assert seen["X-Forwarded-Proto"] == "http"
