"""A real worker, killed in the middle of a real analysis: nothing half-written, and the job is taken up again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.workers.videos import make_video
from webapp.corpus.models import Episode, Proxy, Shot
from webapp.corpus.services import plan_analysis
from webapp.jobs.models import Job
from workers.importing import import_episode

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 120.0
#: Longer than this test: a worker that starts must not wait for the lease of one that is known to be dead.
LEASE_S = "600"
#: Long enough that its proxy takes some seconds, whatever the machine.
SECONDS = 30.0


def until(happened: Callable[[], bool], what: str, worker: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until it happened; fail with the worker's log if it ends or takes too long."""
    deadline = time.monotonic() + DEADLINE_S
    while not happened():
        if worker.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"{what}: it did not happen. The worker's log:\n{log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.05)  # between two looks, not for something to have happened


def database_url() -> str:
    """The URL of the database that this test runs on, for a program that this test starts."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgresql://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


@contextmanager
def running_worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as production runs it, in a process group of its own, on this test's database, broker and media."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "webapp.settings.test",
        "AFFECTORY_DATA": str(settings.DATA),
        "AFFECTORY_DATABASE_URL": database_url(),
        "AFFECTORY_JOB_LEASE_SECONDS": LEASE_S,
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "celery", "-A", "webapp.celery_app", "worker", "--pool=solo", "-l", "INFO"]
    with log.open("ab") as output:
        worker = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield worker
        finally:
            kill_group(worker)


def kill_group(worker: subprocess.Popen[bytes]) -> None:
    """SIGKILL the worker and everything it started: no clean-up of any kind can run."""
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(timeout=30)


@pytest.fixture
def episode(transactional_db: None, tmp_path: Path) -> Iterator[Episode]:
    video = make_video(tmp_path / "long.mp4", seconds=SECONDS, size="1280x720", codec="mpeg4")
    imported = import_episode(video, series="S", title=f"Killed {os.getpid()}").episode
    yield imported
    shutil.rmtree(Path(settings.MEDIA_ROOT) / imported.folder)  # the same video has the same folder


def folders(episode: Episode) -> set[str]:
    return {path.name for path in (Path(settings.MEDIA_ROOT) / episode.folder).iterdir() if path.is_dir()}


@pytest.mark.parametrize("ahead", [(), ("shots", "shot_looks")], ids=["the proxy alone", "with what looks ahead"])
def test_a_killed_workers_job_is_taken_up_and_finishes_once(
    ahead: tuple[str, ...], episode: Episode, tmp_path: Path
) -> None:
    plan_analysis(episode, only=["proxy", *ahead])

    def job() -> Job | None:
        return Job.objects.filter(episode=episode, name="proxy").first()

    def under_way() -> bool:
        found = job()
        return found is not None and found.status == "running" and found.progress > 0

    with running_worker(tmp_path / "first.log") as worker:
        until(under_way, "the proxy is being made", worker, tmp_path / "first.log")
        kill_group(worker)

    left = job()
    assert left is not None
    assert (left.status, left.attempt) == ("running", 1), "the row still says that somebody works on it"
    assert not Proxy.objects.exists()
    assert folders(episode) == {f"proxy-{left.key[:12]}.attempt-1"}, (
        "unfinished work stands beside its place, not in it"
    )

    jobs = Job.objects.filter(episode=episode, name__in=("proxy", *ahead))
    folder_of = {one.name: f"{one.name}-{one.key[:12]}" for one in jobs}
    kept = {folder_of[name] for name in ("proxy", *ahead) if name != "shots"}  # shots are rows alone

    def is_done() -> bool:
        return not jobs.exclude(status__in=("done", "failed")).exists()

    with running_worker(tmp_path / "second.log") as worker:
        until(is_done, "all is finished", worker, tmp_path / "second.log")
        until(lambda: folders(episode) == kept, "what was left is cleaned up", worker, tmp_path / "second.log")

    done = job()
    assert done is not None
    assert (done.status, done.attempt, done.error) == ("done", 2, "")
    assert Job.objects.filter(name="proxy").count() == 1
    proxy = Proxy.objects.get()
    assert abs(proxy.duration_ms - SECONDS * 1000) < 200
    assert dict(jobs.exclude(name="proxy").values_list("name", "attempt")) == dict.fromkeys(ahead, 1)
    assert set(jobs.values_list("status", flat=True)) == {"done"}
    starts = list(Shot.objects.values_list("start_ms", flat=True))
    assert bool(starts) == bool(ahead)
    assert len(starts) == len(set(starts)), "no shot stands there twice"
    for name in (proxy.video, proxy.audio, proxy.poster):
        assert (Path(settings.MEDIA_ROOT) / name).stat().st_size > 0
