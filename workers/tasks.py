"""Celery tasks: the job row is the truth, a message only wakes somebody. All are safe to deliver twice and to kill."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down

from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.jobs.services import JobLost
from workers.analysers import freed
from workers.endings import end_attempt
from workers.heartbeat import Heartbeat, WorkerStopping, stopping
from workers.persisting import patiently, store
from workers.steps import IN_ONE_PASS
from workers.tidying import tidy

logger = logging.getLogger(__name__)


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@shared_task(name="workers.tasks.run_job", acks_late=True)
def run_job(job_id: int) -> None:
    """Run one job, if it can run and nobody holds it, and those that its runner claims beside it.

    What did not end well is put off when it may go well later, else failed. An unknown error is raised again, for
    Celery's log.
    """
    jobs = services.claim(job_id, worker=worker_name(), together=IN_ONE_PASS)
    if not jobs:
        return
    for job in jobs:
        logger.info("Job %s: %s, attempt %s", job.pk, job.name, job.attempt)
    job = jobs[0]
    heartbeat = Heartbeat(job)
    heartbeat.keep(jobs)
    try:
        with heartbeat:
            RUNNERS[Job.Kind(job.kind)](job, heartbeat)
    except (JobLost, WorkerStopping) as reason:
        logger.warning("Job %s (%s) stops: %s", job.pk, job.name, reason)
        _give_back(heartbeat)
    except Exception as error:
        failures = [end_attempt(held, error) for held in heartbeat.jobs]
        if failures[0].code == "crashed":
            raise
    except BaseException:  # Celery ends this process in the middle of the job
        _give_back(heartbeat)
        raise
    finally:
        freed.give_back()


def _give_back(heartbeat: Heartbeat) -> None:
    for held in heartbeat.jobs:
        patiently(partial(services.put_back, held))


@shared_task(name="workers.tasks.sweep")
def sweep() -> None:
    """Wake jobs without an owner, and remove what those left that ended badly."""
    services.sweep()
    tidy()


@shared_task(name="workers.tasks.draw_cross_checks")
def draw_cross_checks() -> None:
    """Draw the clips of the weeks that have ended, in projects with a weekly cross-check."""
    from webapp.quality.crosschecks import draw_all

    if weeks := draw_all():
        logger.info("Drew the cross-check of %s weeks", weeks)


@worker_ready.connect
def take_up(**_: Any) -> None:
    """When a worker starts, take up at once what killed workers of this machine left, and what waited meanwhile."""
    freed = services.free_jobs_of(f"{socket.gethostname()}:", is_alive)
    woken = services.sweep()
    logger.info("Took up %s jobs of lost workers; %s jobs can run", freed, woken)


@worker_shutting_down.connect
def stop_soon(**_: Any) -> None:
    """When a worker is asked to end, its step hears of it at its next check, and the job goes back at once.

    So a deploy waits seconds, not for the end of an episode. Heard in the process that got the signal: with the solo
    pool that is the one that works.
    """
    stopping.set()


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


def _plan(job: Job, heartbeat: Heartbeat) -> None:
    from workers.pipeline import plan

    episode = job.episode
    assert episode is not None

    def write() -> None:
        jobs = plan(episode, job.parameters.get("only", ()))
        services.finish(job, figures={"jobs": [planned.pk for planned in jobs]})

    store(job, write, heartbeat.check)


def _analyse(job: Job, heartbeat: Heartbeat) -> None:
    from workers.analysis import run_pass, run_proxy, run_step

    if job.name in IN_ONE_PASS:
        run_pass(heartbeat.jobs, heartbeat.check)
    elif job.name == "proxy":
        run_proxy(job, heartbeat)
    else:
        run_step(job, heartbeat.check)


def _release(job: Job, heartbeat: Heartbeat) -> None:
    from workers.releases import build

    build(job, heartbeat.check)


def _prelabel(job: Job, heartbeat: Heartbeat) -> None:
    from workers.prelabelling import suggest

    suggest(job, heartbeat.check)


def _cast(job: Job, heartbeat: Heartbeat) -> None:
    from workers.casting import cast

    cast(job, heartbeat.check)


def _train(job: Job, heartbeat: Heartbeat) -> None:
    from workers.training import train

    train(job, heartbeat.check)


def _stories(job: Job, heartbeat: Heartbeat) -> None:
    from workers.storytelling import tell_stories

    tell_stories(job, heartbeat.check)


RUNNERS: dict[Job.Kind, Callable[[Job, Heartbeat], None]] = {
    Job.Kind.PLAN: _plan,
    Job.Kind.ANALYSIS: _analyse,
    Job.Kind.RELEASE: _release,
    Job.Kind.PRELABEL: _prelabel,
    Job.Kind.CAST: _cast,
    Job.Kind.STORIES: _stories,
    Job.Kind.TRAIN: _train,
}
