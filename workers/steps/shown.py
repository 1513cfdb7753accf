"""Shots that people see before the job that finds them is done: guesses, which that job replaces.

They stand under that job. What an attempt has shown goes when it ends without a result, or with the sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import DatabaseError, connection, transaction

from webapp.corpus.models import Shot
from webapp.jobs.models import Job
from webapp.jobs.services import renew
from workers.analysers import facts
from workers.failures import database_is_away
from workers.steps.context import StepContext


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


def shown_ahead(context: StepContext, job: Job) -> Callable[[Sequence[facts.Shot]], None] | None:
    """Return what shows shots while a proxy is encoded, under the job that waits for it and will find them.

    None where an earlier analysis' shots are current. What it returns raises JobLost where the proxy's job was lost.
    """
    if context.episode.jobs.filter(name="shots", is_current=True).exists():
        return None
    waiting = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING)

    def still_waiting(_proxy: Job) -> Job | None:
        # One that somebody is just changing is left alone: who cancels both may have locked it before the proxy's.
        found = waiting.select_for_update(skip_locked=True).first()
        if found is not None:
            context.shows_ahead = True
        return found

    show = ShownShots(under=still_waiting)
    return lambda found: show(context, found)
