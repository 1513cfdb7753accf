"""Celery tasks: the job row is the truth, a message only wakes somebody. All are safe to deliver twice and to kill."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db import transaction
from django.utils import timezone

from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.jobs.services import JobLost
from workers.analysers.errors import AnalysisError
from workers.heartbeat import Heartbeat

logger = logging.getLogger(__name__)


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@shared_task(name="workers.tasks.run_job", acks_late=True)
def run_job(job_id: int) -> None:
    """Run one job, if it can run and nobody holds it."""
    job = Job.objects.claim(job_id, now=timezone.now(), lease=services.lease(), worker=worker_name())
    if job is None:
        return
    logger.info("Job %s: %s, attempt %s", job.pk, job.name, job.attempt)
    try:
        with Heartbeat(job) as heartbeat:
            RUNNERS[Job.Kind(job.kind)](job, heartbeat)
    except JobLost as lost:
        logger.warning("%s", lost)
    except AnalysisError as error:
        services.fail(job, code=error.code, message=error.message)
        logger.warning("Job %s (%s) failed: %s", job.pk, job.name, error.message)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".strip(": ")
        services.fail(job, code="crashed", message=f"The step “{job.name}” broke: {reason}. The worker's log has more.")
        raise


@shared_task(name="workers.tasks.sweep")
def sweep() -> None:
    """Wake jobs without an owner."""
    services.sweep()


@worker_ready.connect
def take_up(**_: Any) -> None:
    """When a worker starts, take up at once what killed workers of this machine left, and what waited meanwhile."""
    freed = services.free_jobs_of(f"{socket.gethostname()}:", is_alive)
    woken = services.sweep()
    logger.info("Took up %s jobs of lost workers; %s jobs can run", freed, woken)


def is_alive(pid: int) -> bool:
    """Whether a process of this machine exists."""
    if pid == os.getpid():
        return False  # this worker has only just started: a job under its number is an earlier process's
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _plan(job: Job, _heartbeat: Heartbeat) -> None:
    from workers.pipeline import plan

    assert job.episode is not None
    with transaction.atomic():
        jobs = plan(job.episode, job.parameters.get("only", ()))
        services.finish(job, figures={"jobs": [planned.pk for planned in jobs]})


def _analyse(job: Job, heartbeat: Heartbeat) -> None:
    from workers.pipeline import STEPS
    from workers.steps.context import StepContext

    assert job.episode is not None
    step = STEPS[job.name]
    context = StepContext(job=job, episode=job.episode, options=step.options(**job.parameters), check=heartbeat.check)
    try:
        found = step.run(context)
        with transaction.atomic():
            figures = step.store(context, found)
            services.finish(job, figures=figures)
    finally:
        context.clean_up()


def _release(job: Job, heartbeat: Heartbeat) -> None:
    from workers.releases import build

    build(job, heartbeat.check)


RUNNERS: dict[Job.Kind, Callable[[Job, Heartbeat], None]] = {
    Job.Kind.PLAN: _plan,
    Job.Kind.ANALYSIS: _analyse,
    Job.Kind.RELEASE: _release,
}
