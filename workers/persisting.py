"""Writes that outlive a database that is away for a while."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.transaction import atomic

from webapp.jobs.models import Job
from workers.failures import database_is_away

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

AGAIN_AFTER_SECONDS = 1.0


def patiently(write: Callable[[], Result], check: Callable[[], None] = lambda: None) -> Result:
    """Call `write` until the database answers, at most settings.JOB_STORE_SECONDS; then raise what it raised.

    `check` is called between two tries; what it raises ends the waiting.
    """
    deadline = time.monotonic() + settings.JOB_STORE_SECONDS
    while True:
        try:
            return write()
        except (DatabaseError, InterfaceError) as error:
            if not database_is_away(error) or time.monotonic() > deadline or connection.in_atomic_block:
                raise
            logger.warning("The database is away, trying again in %s s: %s", AGAIN_AFTER_SECONDS, error)
            connection.close()
        check()
        time.sleep(AGAIN_AFTER_SECONDS)


def store(job: Job, write: Callable[[], None], check: Callable[[], None]) -> None:
    """Call `write`, which ends the job, in a transaction; again and again while the database is away.

    The fence is part of `write` (`services.finish`): a job that was lost meanwhile raises JobLost. A connection that
    breaks during the commit leaves open whether it got through, so each further try looks first.
    """
    tried = False

    def once() -> None:
        nonlocal tried
        if tried and Job.objects.filter(pk=job.pk, status=Job.Status.DONE, attempt=job.attempt).exists():
            return
        tried = True
        with atomic():
            write()

    patiently(once, check)
