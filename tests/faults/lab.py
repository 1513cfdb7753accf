"""A lab of its own for each fault: PostgreSQL, Redis, a media folder and real workers, all of which may be broken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.services import Server

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 240.0
#: Columns that name files of the media storage.
NAMED_FILES = (
    "SELECT source FROM corpus_episode",
    "SELECT subtitles FROM corpus_episode",
    "SELECT transcript FROM corpus_episode",
    "SELECT unnest(ARRAY[video, audio, poster]) FROM corpus_proxy",
    "SELECT face FROM corpus_identity",
    "SELECT path FROM corpus_features",
)


@dataclass
class Lab:
    """What a fault is injected into; `sql` and `files` look at it from outside."""

    data: Path
    database_url: str
    database: Server
    broker_url: str
    broker: Server
    logs: list[Path] = field(default_factory=list)

    @property
    def media(self) -> Path:
        return self.data / "media"

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "webapp.settings.embedded",
            "AFFECTORY_DATA": str(self.data),
            "AFFECTORY_DATABASE_URL": self.database_url,
            "AFFECTORY_BROKER_URL": self.broker_url,
            "AFFECTORY_JOB_LEASE_SECONDS": "6",
            "AFFECTORY_JOB_SWEEP_SECONDS": "2",
            "AFFECTORY_JOB_RETRY_SECONDS": "1",
            "OMP_NUM_THREADS": "1",
        }

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py. Fails with what it said."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(arguments)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, connect_timeout=5) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def job(self, name: str) -> tuple[str, int, int, str]:
        """Return status, attempt, progress and error code of a step's job; no status before it is planned.

        Where the copied proxy turned out damaged there are two: of the copy, and, which counts, of an encoded one.
        """
        rows = self.sql(f"SELECT status, attempt, progress, error_code FROM jobs_job WHERE name = '{name}' ORDER BY id")
        [(proxies,)] = self.sql("SELECT count(*) FROM jobs_job WHERE name = 'proxy'")
        assert len(rows) <= proxies <= 2, "the same work is one job"
        return rows[-1] if rows else ("", 0, 0, "")

    def error(self, name: str) -> str:
        return str(self.sql(f"SELECT error FROM jobs_job WHERE name = '{name}' ORDER BY id DESC LIMIT 1")[0][0])

    @contextmanager
    def worker(self, *options: str) -> Iterator[subprocess.Popen[bytes]]:
        """A worker as `make serve` runs it, with the clock, in a process group of its own that is killed at the end."""
        log = self.data / f"worker-{len(self.logs)}.log"
        self.logs.append(log)
        command = [sys.executable, "-m", "celery", "-A", "webapp.celery_app", "worker", "--pool=solo", "-l", "INFO"]
        command += ["-n", f"{log.stem}@%h", "--without-gossip", "--without-mingle", *options]
        with log.open("ab") as output:
            worker = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(), stdout=output, stderr=output, start_new_session=True
            )
        try:
            yield worker
        finally:
            kill_group(worker)

    def until(self, happened: Callable[[], bool], what: str) -> None:
        """Wait until it happened; fail with the workers' logs. While the database is away nothing has happened."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            with suppress(psycopg.OperationalError):
                if happened():
                    return
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}" for log in self.logs)
                pytest.fail(f"{what}: it did not happen.\n{logs}")
            time.sleep(0.1)  # between two looks, not for something to have happened

    def files(self) -> set[str]:
        return {path.relative_to(self.media).as_posix() for path in self.media.rglob("*") if path.is_file()}

    def orphans(self) -> set[str]:
        """Files that no row names, and folders of attempts."""
        named = {row[0] for query in NAMED_FILES for row in self.sql(query)}
        attempts = {path.name for path in self.media.rglob("*.attempt-*")}
        return (self.files() - named) | attempts

    def missing(self) -> set[str]:
        """Files that a row names and that are not there."""
        return {row[0] for query in NAMED_FILES for row in self.sql(query) if row[0]} - self.files()

    def check_whole(self) -> None:
        """Nothing twice, nothing half, nothing left: whatever happened before. Cleaning may take a moment."""
        self.until(lambda: not self.orphans(), "no file is left without a row")
        assert self.missing() == set()
        assert self.sql("SELECT job_id FROM corpus_proxy GROUP BY job_id HAVING count(*) > 1") == []
        assert self.sql("SELECT job_id, index FROM corpus_shot GROUP BY 1, 2 HAVING count(*) > 1") == []
        unfinished = "SELECT p.id FROM corpus_proxy p JOIN jobs_job j ON j.id = p.job_id WHERE j.status <> 'done'"
        assert self.sql(unfinished) == [], "facts are of done jobs only"
        assert self.sql("SELECT id FROM jobs_job WHERE status = 'failed' AND error = ''") == []


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL a process and everything it started: no clean-up of any kind can run."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
