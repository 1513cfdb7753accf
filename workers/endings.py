"""How an attempt ends that an error stopped."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from django.conf import settings

from webapp.jobs import services
from webapp.jobs.models import Job
from workers.failures import Failure, explain
from workers.persisting import patiently

logger = logging.getLogger(__name__)


def end_attempt(job: Job, error: Exception) -> Failure:
    """Put a job off where the same may go well later, else fail it, with a reason an admin can read.

    A job that is not held any more stays as it is.
    """
    failure = explain(error, step=job.name, folders=[Path(settings.MEDIA_ROOT)])
    logger.warning("Job %s (%s): %s", job.pk, job.name, failure.message, exc_info=failure.code == "crashed")
    end = services.put_off if failure.may_pass else services.fail
    patiently(partial(end, job, code=failure.code, message=failure.message))
    return failure
