"""Machines that share nothing but the database and an S3-compatible store prepare an episode together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.s3 import s3_server, shared_bucket
from tests.workers.videos import make_video
from webapp.corpus.models import Proxy, Shot
from webapp.jobs.models import Job
from workers.importing import import_episode
from workers.pipeline import plan
from workers.tasks import run_job


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with s3_server() as endpoint, shared_bucket(endpoint, settings, monkeypatch) as bucket:
        yield bucket


@pytest.mark.django_db(transaction=True)  # the heartbeat looks at the jobs by a connection of its own
def test_each_step_runs_on_another_machine(bucket: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "importer"
    episode = import_episode(make_video(tmp_path / "a.mp4", seconds=2), series="S", title="T").episode
    for job in plan(episode, only=["shots"]):
        settings.MEDIA_ROOT = tmp_path / job.name
        run_job(job.pk)
    assert {job.name: job.status for job in Job.objects.all()} == {"proxy": "done", "shots": "done"}
    assert Shot.objects.exists()
    proxy = Proxy.objects.get()
    names = {item.key for item in bucket.objects.all()}
    assert {episode.source, proxy.video, proxy.audio, proxy.poster} <= names
    assert not [name for name in names if ".attempt-" in name]
    assert not list(tmp_path.glob("*/episodes/*/*.attempt-*"))
