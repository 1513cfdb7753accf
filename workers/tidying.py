"""Removes the files of jobs whose facts never came to be: what no row names has no place in the media storage."""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from webapp.corpus.models import Shot
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from workers.failures import database_is_away

logger = logging.getLogger(__name__)

#: Jobs that ended so recently are looked after: the sweep passes by much more often.
RECENTLY = timedelta(days=1)


def folder_of(job: Job) -> str:
    """Return the name of the folder that holds what a job makes: the same work has the same folder."""
    if job.kind == Job.Kind.RELEASE:
        return f"releases/project-{job.release.project_id}/release-{job.release.number}"
    if job.kind == Job.Kind.TRAIN:
        return f"trainings/project-{job.training_run.project_id}/run-{job.training_run.number}"
    assert job.episode is not None
    return f"{job.episode.folder}/{job.name}-{job.key[:12]}"


def working_folder(job: Job) -> Path:
    """Return the local folder of a job's attempt alone, made if need be; published just before the facts are stored."""
    path = media_storage().root / f"{folder_of(job)}.attempt-{job.attempt}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def taken_over(job: Job) -> Path:
    """Return the attempt's working folder, with what the newest earlier attempt on this machine left in it.

    An attempt that lost its job finds its folder gone: it can write nothing more.
    """
    earlier = sorted(_attempts(job).items())
    path = media_storage().root / f"{folder_of(job)}.attempt-{job.attempt}"
    if earlier and earlier[-1][1] != path:
        earlier.pop()[1].rename(path)
    for _, left in earlier:
        if left != path:
            shutil.rmtree(left, ignore_errors=True)
    return working_folder(job)


def remove_attempts(job: Job) -> None:
    """Remove the working folders of this attempt and of earlier ones."""
    for left in _attempts(job).values():
        shutil.rmtree(left, ignore_errors=True)


def _attempts(job: Job) -> dict[int, Path]:
    """Return number -> working folder of the job's attempts up to this one."""
    place = media_storage().root / folder_of(job)
    found = {left.name.rpartition("-")[2]: left for left in place.parent.glob(f"{place.name}.attempt-*")}
    return {int(number): left for number, left in found.items() if number.isdigit() and int(number) <= job.attempt}


def remove_unrecorded(job: Job) -> None:
    """Remove what a job published unless it is done by now, or somebody else's. For who holds it, or if nobody does.

    The row is locked meanwhile, so that nobody can begin or finish it.
    """
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=job.pk, attempt=job.attempt).first()
        if row is not None and row.status != Job.Status.DONE:
            media_storage().remove(folder_of(row), attempts_up_to=row.attempt)


def remove_ahead(job: Job) -> None:
    """Remove the shots that were shown of jobs that wait for a proxy, unless its `job` is done, or somebody else's.

    Its row is locked meanwhile: as long as it is not done, nobody looks for those shots in earnest. A database that is
    away leaves them to the next attempt, or to the sweep: they are no reason for another end of the job.
    """
    try:
        with transaction.atomic():
            row = Job.objects.select_for_update().filter(pk=job.pk, attempt=job.attempt).first()
            if row is not None and row.status != Job.Status.DONE:
                waiting = row.wakes.filter(name="shots").exclude(status=Job.Status.DONE)
                Shot.objects.filter(job__in=waiting).delete()
    except (DatabaseError, InterfaceError) as error:
        if not database_is_away(error):
            raise
        logger.warning("What was shown ahead of job %s could not be removed: %s", job.pk, error)
        connection.close()


def tidy() -> None:
    """Remove what killed attempts left of jobs that failed or were cancelled lately."""
    ended = Job.objects.filter(
        status__in=(Job.Status.FAILED, Job.Status.CANCELLED),
        kind__in=(Job.Kind.ANALYSIS, Job.Kind.RELEASE, Job.Kind.TRAIN),
        finished_at__gt=timezone.now() - RECENTLY,
    )
    Shot.objects.filter(job__in=ended).delete()  # what was shown of them while they ran, or before
    for job in ended.filter(attempt__gt=0).select_related("episode", "release", "training_run"):
        remove_attempts(job)
        remove_unrecorded(job)
