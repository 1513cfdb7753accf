"""Removes the files of jobs whose facts never came to be: what no row names has no place in the media storage."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from webapp.corpus.models import Shot
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job

#: Jobs that ended so recently are looked after: the sweep passes by much more often.
RECENTLY = timedelta(days=1)


def folder_of(job: Job) -> str:
    """Return the name of the folder that holds what a job makes: the same work has the same folder."""
    if job.kind == Job.Kind.RELEASE:
        return f"releases/project-{job.release.project_id}/release-{job.release.number}"
    assert job.episode is not None
    return f"{job.episode.folder}/{job.name}-{job.key[:12]}"


def working_folder(job: Job) -> Path:
    """Return the local folder of a job's attempt alone, made if need be; published just before the facts are stored."""
    path = media_storage().root / f"{folder_of(job)}.attempt-{job.attempt}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def remove_attempts(job: Job) -> None:
    """Remove the working folders of this attempt and of earlier ones."""
    place = media_storage().root / folder_of(job)
    for left in place.parent.glob(f"{place.name}.attempt-*"):
        number = left.name.rpartition("-")[2]
        if number.isdigit() and int(number) <= job.attempt:
            shutil.rmtree(left, ignore_errors=True)


def remove_unrecorded(job: Job) -> None:
    """Remove what a job published unless it is done by now, or somebody else's. For who holds it, or if nobody does.

    The row is locked meanwhile, so that nobody can begin or finish it.
    """
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=job.pk, attempt=job.attempt).first()
        if row is not None and row.status != Job.Status.DONE:
            media_storage().remove(folder_of(row), attempts_up_to=row.attempt)


def tidy() -> None:
    """Remove what killed attempts left of jobs that failed or were cancelled lately."""
    ended = Job.objects.filter(
        status__in=(Job.Status.FAILED, Job.Status.CANCELLED),
        attempt__gt=0,
        kind__in=(Job.Kind.ANALYSIS, Job.Kind.RELEASE),
        finished_at__gt=timezone.now() - RECENTLY,
    )
    Shot.objects.filter(job__in=ended).delete()  # what was shown of them while they ran
    for job in ended.select_related("episode", "release"):
        remove_attempts(job)
        remove_unrecorded(job)
