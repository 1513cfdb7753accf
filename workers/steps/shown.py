"""Shots that people see before the job that finds them is done: guesses, which that job replaces.

They stand under that job. What an attempt has shown goes when it ends without a result, or with the sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.db import DatabaseError, connection, transaction

from webapp.corpus.models import Shot
from webapp.jobs.models import Job
from webapp.jobs.services import JobLost, renew
from workers import tidying
from workers.analysers import facts, shots
from workers.analysers.shots.preview import ShotPreview
from workers.failures import database_is_away
from workers.steps.context import StepContext

logger = logging.getLogger(__name__)


def write_shots(job: Job, found: Sequence[facts.Shot]) -> None:
    """Write a job's shots, in place of those that were shown while they were found."""
    Shot.objects.filter(job=job).delete()
    Shot.objects.bulk_create(
        Shot(
            job=job,
            index=shot.index,
            start_ms=shot.start_ms,
            end_ms=shot.end_ms,
            key_frame_ms=shot.key_frame_ms,
        )
        for shot in found
    )


class ShownShots:
    """Writes the shots that are found so far, so that people see them while the rest is looked at.

    All are written anew when there are half as many again: a later look may part one, and few writes cost little.
    """

    def __init__(self, *, already: int = 0, under: Callable[[Job], Job | None] = lambda held: held) -> None:
        """`already` of them are shown. `under` gets the job that is held and returns the one that shots stand under.

        It is called in the transaction that writes; None leaves this write out.
        """
        self._shown = already
        self._under = under

    def __call__(self, context: StepContext, found: Sequence[facts.Shot]) -> None:
        """Raises JobLost if the job belongs to somebody else."""
        if len(found) <= self._shown * 1.5:
            return
        try:
            with transaction.atomic():
                renew(context.job)
                job = self._under(context.job)
                if job is None:
                    return
                write_shots(job, found)
        except DatabaseError as error:
            if not database_is_away(error):
                raise
            connection.close()
        else:
            self._shown = len(found)


def shown_of(jobs: Sequence[Job]) -> int:
    """Return how many shots people see by now of jobs that are about to look for them."""
    return Shot.objects.filter(job__in=[job.pk for job in jobs]).count()


def forget_shown(job: Job) -> None:
    """Remove the shots that were shown of a job that failed or was cancelled."""
    Shot.objects.filter(job=job, job__status__in=(Job.Status.FAILED, Job.Status.CANCELLED)).delete()


class ShotsAhead:
    """Shows shots while the proxy is encoded, under the job that will find them in the proxy.

    Nobody holds that job: it cannot be claimed before the proxy is done, and the proxy's job is ours while its lease
    can be renewed. Nothing that goes wrong here stops the proxy, but that its job was lost.
    """

    def __init__(self, context: StepContext, job: Job) -> None:
        """`job` is one that waits for the proxy. Raises TypeError where its parameters are those of another version."""
        self.viewer = ShotPreview(shots.Options(**job.parameters))
        self._context = context
        self._show = ShownShots(under=self._still_waiting)
        self._waiting = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING)
        self._broken = False

    def progress(self, share: float, doing: str) -> None:
        """Report progress of the proxy, and show what was found. Raises what the context's progress raises, JobLost."""
        self._context.progress(share, doing)
        if self._broken:
            return
        try:
            self._show(self._context, self.viewer.closed_shots())
        except JobLost:
            raise
        except Exception:
            logger.exception("Shots of job %s are not shown while it runs", self._context.job.pk)
            self._broken = True

    def _still_waiting(self, _proxy: Job) -> Job | None:
        # One that somebody is just changing is left alone: who cancels both may have locked it before the proxy's.
        job = self._waiting.select_for_update(skip_locked=True).first()
        if job is not None:
            self._context.shows_ahead = True
        return job


def shots_ahead(context: StepContext) -> ShotsAhead | None:
    """Return what shows shots while a proxy is encoded; None where nobody waits for any.

    That is where none are planned, or where an earlier analysis' shots are current.
    """
    proxy = context.job
    if proxy.attempt > 1:
        tidying.remove_ahead(proxy)  # of an attempt that was killed
    if context.episode.jobs.filter(name="shots", is_current=True).exists():
        return None
    job = proxy.wakes.filter(name="shots", status=Job.Status.WAITING).order_by("-pk").first()
    try:
        return ShotsAhead(context, job) if job else None
    except TypeError:
        logger.warning("Job %s is of another version: no shots are shown while the proxy is made", job and job.pk)
        return None
