"""The media storage: a local folder, and an S3-compatible server that runs as a process of its own."""

from __future__ import annotations

import os
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from tests.s3 import s3_server, shared_bucket
from webapp.corpus import media, storage
from webapp.corpus.storage import LocalStorage, S3Storage, media_storage
from webapp.settings.media import storage_options


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with shared_bucket(endpoint, settings, monkeypatch) as bucket:
        yield bucket


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest) -> LocalStorage | S3Storage:
    """Both kinds: what holds for one holds for the other."""
    if request.param == "s3":
        request.getfixturevalue("bucket")
    return media_storage()


def made(store: LocalStorage | S3Storage, name: str, **files: bytes) -> Path:
    folder = store.root / name
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return folder


def keys(bucket: Any) -> list[str]:
    return sorted(item.key for item in bucket.objects.all())


def test_what_is_put_is_there(store: LocalStorage | S3Storage) -> None:
    made(store, "incoming", a=b"content")
    store.put(store.root / "incoming" / "a", "episodes/1/source.mp4")
    assert store.path("episodes/1/source.mp4").read_bytes() == b"content"
    store.remove("episodes/1/source.mp4")
    with pytest.raises(FileNotFoundError):
        store.path("episodes/1/source.mp4").read_bytes()


def test_a_folder_is_published_whole_and_removed_by_attempt(store: LocalStorage | S3Storage) -> None:
    for attempt in (1, 2):
        folder = made(store, f"episodes/1/faces-ab.attempt-{attempt}", a=b"%d" % attempt, b=b"b")
        name = store.published("episodes/1/faces-ab", attempt)
        store.publish(folder, name)
        assert not folder.exists()
        assert store.path(f"{name}/a").read_bytes() == b"%d" % attempt
    store.remove("episodes/1/faces-ab", attempts_up_to=2)
    with pytest.raises(FileNotFoundError):
        store.path(f"{name}/a").read_bytes()


def test_another_machine_fetches_once_and_keeps_a_copy(bucket: Any, settings: Any, tmp_path: Path) -> None:
    here = media_storage()
    made(here, "incoming", a=b"content")
    here.put(here.root / "incoming" / "a", "episodes/1/source.mp4")
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    there = media_storage()
    assert there.path("episodes/1/source.mp4").read_bytes() == b"content"
    bucket.objects.all().delete()
    assert there.path("episodes/1/source.mp4").read_bytes() == b"content", "not fetched again"
    assert [path.name for path in there.root.rglob("*") if path.is_file()] == ["source.mp4"], "nothing half-fetched"


def test_an_attempt_that_lost_its_job_writes_over_nobodys_files(bucket: Any) -> None:
    store = media_storage()
    store.publish(made(store, "e/f.attempt-2", a=b"second"), store.published("e/f", 2))
    store.publish(made(store, "e/f.attempt-1", a=b"late"), store.published("e/f", 1))
    assert bucket.Object("e/f-2/a").get()["Body"].read() == b"second"
    store.remove("e/f", attempts_up_to=1)
    assert keys(bucket) == ["e/f-2/a"]


def test_the_cache_throws_away_what_was_used_longest_ago_but_nothing_in_use(
    bucket: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_CACHE_GB = 1
    monkeypatch.setattr(storage, "IN_USE_SECONDS", 3600.0)
    store = media_storage()
    assert isinstance(store, S3Storage)
    monkeypatch.setattr(store, "_cache_bytes", 10)
    for number, age_s in enumerate((9000, 8000, 60)):
        made(store, f"incoming{number}", a=b"x" * 8)
        store.put(store.root / f"incoming{number}" / "a", f"old/{number}")
        os.utime(store.root / f"old/{number}", (time.time() - age_s,) * 2)
    bucket.put_object(Key="new", Body=b"y")
    assert store.path("new").read_bytes() == b"y"
    assert sorted(path.name for path in (store.root / "old").iterdir()) == ["2"]
    assert store.path("old/0").read_bytes() == b"x" * 8, "it is fetched again"


def test_the_browser_is_sent_to_a_signed_address_that_ends(bucket: Any) -> None:
    bucket.put_object(Key="episodes/1/video.mp4", Body=b"0123456789")
    answer = media.send(RequestFactory().get("/"), "episodes/1/video.mp4")
    assert answer.status_code == 302
    address = answer["Location"]
    assert "X-Amz-Signature=" in address
    assert "X-Amz-Expires=21600" in address
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Range": "bytes=2-4"}), timeout=10) as got:
        assert (got.status, got.read()) == (206, b"234")


def test_a_download_has_a_name(bucket: Any) -> None:
    bucket.put_object(Key="r.zip", Body=b"zip")
    answer = media.send(RequestFactory().get("/"), "r.zip", download_as="release 1.zip")
    with urllib.request.urlopen(answer["Location"], timeout=10) as got:
        assert "release 1.zip" in got.headers["Content-Disposition"]


def test_the_address_that_browsers_see_may_be_another_one(endpoint: str, bucket: Any, settings: Any) -> None:
    settings.MEDIA_STORAGE = storage_options(f"s3://media?endpoint={endpoint}&public=https://media.example.org")
    storage._s3.cache_clear()
    assert media.send(RequestFactory().get("/"), "a.mp4")["Location"].startswith(
        "https://media.example.org/media/a.mp4?"
    )


def test_nothing_is_copied_in_a_local_storage(settings: Any) -> None:
    store = media_storage()
    assert isinstance(store, LocalStorage)
    file = made(store, "incoming", a=b"content") / "a"
    number = file.stat().st_ino
    store.put(file, "episodes/1/source.mp4")
    assert store.path("episodes/1/source.mp4").stat().st_ino == number


@pytest.mark.parametrize("url", ["http://host/bucket", "s3://", "s3://bucket/folder", "s3://bucket?colour=red"])
def test_a_storage_that_cannot_be_meant_stops_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="AFFECTORY_MEDIA_STORAGE"):
        storage_options(url)
    assert storage_options("") == {}
