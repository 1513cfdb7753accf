"""How far a step is, written where people look, but not more often than they can see."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from django.db import DatabaseError, InterfaceError, connection

from webapp.jobs.models import Job
from webapp.jobs.services import report
from workers.failures import database_is_away

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0


class Reporter:
    """Called with the share that is done (0.0 to 1.0) and what is being done; writes at most once a second.

    Raises what `check` raises at every call, and JobLost as soon as the job belongs to somebody else. A database that
    is away does not stop a step that needs none just now.
    """

    def __init__(self, job: Job, check: Callable[[], None], beside: Iterable[Job] = ()) -> None:
        """`beside` are jobs that are done at once with this one."""
        self._jobs = (job, *beside)
        self._check = check
        self._reported_at = 0.0

    def __call__(self, share: float, step: str) -> None:
        self._check()
        now = time.monotonic()
        if now - self._reported_at < EVERY_SECONDS:
            return
        self._reported_at = now
        try:
            report(*self._jobs, share=share, step=step)
        except (DatabaseError, InterfaceError) as error:
            if not database_is_away(error):
                raise
            logger.warning("Progress of job %s could not be written: %s", self._jobs[0].pk, error)
            connection.close()
