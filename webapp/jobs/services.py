"""What changes a job. Writes are conditional on the worker's attempt: a job that was taken over stays taken over."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from webapp.jobs.models import Job
from webapp.jobs.queues import queue_of

logger = logging.getLogger(__name__)

#: What a row says of a job that nobody works on.
_AT_REST: dict[str, Any] = {"leased_until": None, "beside": None, "progress": 0, "step": ""}


class JobLost(Exception):
    """The job belongs to somebody else by now: stop, and write nothing more."""


def job_key(parts: Mapping[str, Any]) -> str:
    """Return the SHA-256 that names a piece of work: equal parts are the same work."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def wake(job: Job) -> None:
    """Tell the workers of a job once the transaction is committed. Lost messages do no harm: the sweep wakes it too."""

    def send() -> None:
        try:
            current_app.send_task("workers.tasks.run_job", args=[job.pk], queue=queue_of(job))
        except Exception:  # whatever the broker's client raises, the job row is safe
            logger.exception("Broker cannot be reached; job %s waits for the next sweep", job.pk)

    transaction.on_commit(send)


def claim(job_id: int, *, worker: str, together: Collection[str] = ()) -> list[Job]:
    """Take a job over, with those of `together` that one pass does beside it; empty where it is not claimable.

    The episode's jobs of that pass are locked meanwhile: two workers that are woken at once never part it.
    """
    row = Job.objects.filter(pk=job_id).first()
    if row is None:
        return []
    with transaction.atomic():
        shared = row.episode_id is not None and row.name in together
        if shared:
            of_pass = Job.objects.filter(episode=row.episode_id, name__in=together)
            list(of_pass.select_for_update().order_by("pk").values_list("pk"))
        now = timezone.now()
        job = Job.objects.claim(job_id, now=now, lease=lease(), worker=worker)
        if job is None or not shared:
            return [job] if job else []
        same_input = Job.objects.filter(pk__in=Job.objects.filter(needs__in=job.needs.all()).values("pk"))
        return same_input.claim_group(job, together, now=now, lease=lease())


def claim_woken(done: Job, jobs: Iterable[Job]) -> list[Job]:
    """Take over, for the worker that has just finished `done`, those of `jobs` that it woke and can run; return them.

    Part of the transaction in which it was finished, so that no other worker comes before. A job that somebody is just
    changing is left alone: who cancels all may have locked it before `done`.
    """
    pks = [job.pk for job in jobs]
    unlocked = Job.objects.filter(pk__in=pks).select_for_update(skip_locked=True).order_by("pk")
    claimed: list[Job] = []
    for pk in list(unlocked.values_list("pk", flat=True)):
        beside = [done, *claimed]
        job = Job.objects.claim(pk, now=timezone.now(), lease=lease(), worker=done.worker, beside=beside)
        if job is not None:
            claimed.append(job)
    return claimed


def ride(jobs: Iterable[Job], beside: Job) -> None:
    """Note of jobs that wait for one which runs that they are done beside it: its progress is theirs."""
    Job.objects.filter(pk__in=[job.pk for job in jobs], status=Job.Status.WAITING).update(beside=beside)


def renew(job: Job) -> None:
    """Prolong the lease. Raises JobLost."""
    if not Job.objects.held_as(job).update(leased_until=timezone.now() + lease()):
        raise JobLost(f"Job {job.pk} was taken over.")


def report(*jobs: Job, share: float, step: str) -> None:
    """Write progress (share 0.0 to 1.0) of jobs that are done at once, and prolong their leases. Raises JobLost."""
    percent = max(0, min(99, int(share * 100)))
    held = Q()
    for job in jobs:
        held |= Q(pk=job.pk, attempt=job.attempt)
    told = Job.objects.filter(held, status=Job.Status.RUNNING).update(
        progress=percent, step=step[:100], leased_until=timezone.now() + lease()
    )
    if told < len(jobs):
        raise JobLost(f"Of the jobs {', '.join(str(job.pk) for job in jobs)} one was taken over.")


def finish(job: Job, *, figures: Mapping[str, Any]) -> None:
    """Mark the job done and, for an analysis, current; wake what waited for it. Part of the caller's transaction."""
    now = timezone.now()
    if job.kind == Job.Kind.ANALYSIS:
        Job.objects.filter(episode=job.episode_id, name=job.name, is_current=True).update(is_current=False)
    done = Job.objects.held_as(job).update(
        status=Job.Status.DONE,
        is_current=job.kind == Job.Kind.ANALYSIS,
        progress=100,
        step="",
        error="",
        error_code="",
        finished_at=now,
        leased_until=None,
        figures=dict(figures),
    )
    if not done:
        raise JobLost(f"Job {job.pk} was taken over.")
    for waiting in job.wakes.filter(status=Job.Status.WAITING):
        wake(waiting)


@transaction.atomic
def put_off(job: Job, *, code: str, message: str) -> None:
    """End an attempt by an error that may pass: the job is tried again later, at most settings.JOB_ATTEMPTS times.

    The wait grows with every attempt (settings.JOB_RETRY_SECONDS); the reason stands in the row meanwhile.
    """
    row = Job.objects.held_as(job).first()
    if row is None:
        return
    used = row.attempt - row.attempts_before
    if used >= settings.JOB_ATTEMPTS:
        fail(job, code=code, message=f"{message} It was tried {used} times.")
        return
    delays = settings.JOB_RETRY_SECONDS
    Job.objects.held_as(job).update(
        **_AT_REST,
        status=Job.Status.WAITING,
        not_before=timezone.now() + timedelta(seconds=delays[min(used, len(delays)) - 1]),
        error_code=code[:60],
        error=message,
    )


@transaction.atomic
def put_back(job: Job) -> None:
    """Give a job back that its worker cannot go on with, through no fault of the job: the attempt does not count."""
    if Job.objects.held_as(job).update(**_AT_REST, status=Job.Status.WAITING, attempts_before=F("attempts_before") + 1):
        wake(job)


@transaction.atomic
def fail(job: Job, *, code: str, message: str) -> None:
    """Mark the job failed, and everything that needs it, with a reason an admin can read."""
    now = timezone.now()
    failed = Job.objects.held_as(job).update(
        status=Job.Status.FAILED,
        error_code=code[:60],
        error=message,
        finished_at=now,
        leased_until=None,
    )
    if failed:
        fail_dependents(job)


def fail_dependents(job: Job) -> None:
    """Fail what waits for a failed job: it could never run."""
    for waiting in job.wakes.filter(status=Job.Status.WAITING):
        Job.objects.filter(pk=waiting.pk, status=Job.Status.WAITING).update(
            status=Job.Status.FAILED,
            error_code="needs_failed",
            error=f"It needs “{job.name}”, which failed.",
            not_before=None,
            finished_at=timezone.now(),
        )
        fail_dependents(waiting)


@transaction.atomic
def cancel(jobs: Iterable[Job]) -> int:
    """Cancel jobs that wait or run, and all that needs them; return how many.

    A running step hears of it at its next report, or from its heartbeat, and can write nothing any more.
    """
    count = 0
    for job in jobs:
        cancelled = Job.objects.filter(pk=job.pk, status__in=Job.UNFINISHED).update(
            **_AT_REST,
            status=Job.Status.CANCELLED,
            not_before=None,
            error="",
            error_code="",
            finished_at=timezone.now(),
        )
        if cancelled:
            count += cancelled + cancel(job.wakes.filter(status__in=Job.UNFINISHED))
    return count


@transaction.atomic
def retry(jobs: Iterable[Job]) -> int:
    """Let jobs that failed or were cancelled wait again, and those that wait for a later try wait no longer.

    All are woken; returns how many.
    """
    count = 0
    for job in jobs:
        ended = Q(status__in=(Job.Status.FAILED, Job.Status.CANCELLED))
        put_off_until_later = Q(status=Job.Status.WAITING, not_before__isnull=False)
        retried = Job.objects.filter(ended | put_off_until_later, pk=job.pk).update(
            **_AT_REST,
            status=Job.Status.WAITING,
            attempts_before=F("attempt"),
            not_before=None,
            error="",
            error_code="",
            finished_at=None,
        )
        if retried:
            wake(job)
        count += retried
    return count


def sweep() -> int:
    """End jobs that can never run, wake every other that nobody holds; return how many were woken."""
    now = timezone.now()
    for job in Job.objects.worn_out(now):
        fail(
            job,
            code="worker_lost",
            message=f"The worker was lost {settings.JOB_ATTEMPTS} times in this step. Look at its log, then try again.",
        )
    # planned while what they need was failing, or was cancelled
    for job in Job.objects.filter(status=Job.Status.FAILED, wakes__status=Job.Status.WAITING).distinct():
        fail_dependents(job)
    for job in Job.objects.filter(status=Job.Status.CANCELLED, wakes__status=Job.Status.WAITING).distinct():
        cancel(job.wakes.filter(status=Job.Status.WAITING))
    claimable = list(Job.objects.claimable(now))
    for job in claimable:
        wake(job)
    return len(claimable)


def free_jobs_of(worker_prefix: str, is_alive: Callable[[int], bool]) -> int:
    """Free jobs held by workers of this machine whose process is gone (`is_alive(pid)`); return how many."""
    freed = 0
    for job in Job.objects.filter(Q(worker__startswith=worker_prefix), status=Job.Status.RUNNING):
        if not is_alive(int(job.worker.rsplit(":", 1)[1])):
            freed += Job.objects.held_as(job).update(leased_until=timezone.now() - timedelta(seconds=1))
    return freed
