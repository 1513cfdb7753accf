"""Keeps the leases of the jobs in hand while a step computes, however long one of its calls takes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from webapp.jobs.models import Job
from webapp.jobs.services import JobLost, renew

logger = logging.getLogger(__name__)

#: How soon a running step hears that somebody cancelled it.
LOOK_SECONDS = 2.0


class WorkerStopping(Exception):
    """This worker is asked to end: the jobs in hand go back, and another worker does them."""


#: Set when the worker process is asked to end; a step hears of it at its next check.
stopping = threading.Event()


class Heartbeat:
    """Context manager: renews the leases three times in their length; `check` raises JobLost once a job is lost.

    A database that is away for a moment is no reason to stop: the next beat tries again.
    """

    def __init__(self, job: Job) -> None:
        self._jobs = [job]
        self._changing = threading.Lock()
        self._stop = threading.Event()
        self._lost: JobLost | None = None
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.pk}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join(timeout=settings.JOB_LEASE_SECONDS)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs that were given to it, also those that have ended since."""
        with self._changing:
            return tuple(self._jobs)

    def keep(self, jobs: Iterable[Job]) -> None:
        """Renew the leases of these too (see `Job.objects.claim_group`)."""
        with self._changing:
            known = {job.pk for job in self._jobs}
            self._jobs += [job for job in jobs if job.pk not in known]

    def check(self) -> None:
        """Raise JobLost if one of the jobs was cancelled or taken over, WorkerStopping if this worker is to end."""
        if self._lost is not None:
            raise self._lost
        if stopping.is_set():
            raise WorkerStopping("This worker was asked to end.")

    def _beat(self) -> None:
        renew_every = settings.JOB_LEASE_SECONDS / 3
        renewed_at = time.monotonic()
        try:
            while self._lost is None and not self._stop.wait(min(LOOK_SECONDS, renew_every)):
                due = time.monotonic() - renewed_at >= renew_every
                try:
                    self._look(and_renew=due)
                except (DatabaseError, InterfaceError) as error:
                    logger.warning("Heartbeat: the database did not answer: %s", error)
                    connection.close()
                    continue
                if due:
                    renewed_at = time.monotonic()
        finally:
            connection.close()

    def _look(self, *, and_renew: bool) -> None:
        """See whether the jobs are still ours. One that ended under our attempt was ended by ourselves."""
        jobs = self.jobs
        rows = {row.pk: row for row in Job.objects.filter(pk__in=[job.pk for job in jobs]).only("status", "attempt")}
        for job in jobs:
            row = rows.get(job.pk)
            if row is None or row.attempt != job.attempt:
                self._lost = JobLost(f"Job {job.pk} was taken over.")
            elif row.status == Job.Status.CANCELLED:
                self._lost = JobLost(f"Job {job.pk} was cancelled.")
            elif row.status == Job.Status.RUNNING and and_renew:
                try:
                    renew(job)
                except JobLost:
                    # between our look and our write it ended, or was lost: the next look tells which
                    continue
