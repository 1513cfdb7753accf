"""Keeps a job's lease while a step computes, however long one of its calls takes."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection

from webapp.jobs.models import Job
from webapp.jobs.services import JobLost, renew

logger = logging.getLogger(__name__)


class Heartbeat:
    """Context manager: renews the lease three times in its length; `check` raises JobLost once the job is lost.

    A database that is away for a moment is no reason to stop: the next beat tries again.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.pk}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join(timeout=settings.JOB_LEASE_SECONDS)

    def check(self) -> None:
        if self._lost.is_set():
            raise JobLost(f"Job {self._job.pk} was taken over.")

    def _beat(self) -> None:
        try:
            while not self._stop.wait(settings.JOB_LEASE_SECONDS / 3):
                try:
                    renew(self._job)
                except JobLost:
                    self._lost.set()
                    return
                except DatabaseError:
                    logger.exception("Heartbeat of job %s: the database did not answer", self._job.pk)
                    connection.close()
        finally:
            connection.close()
