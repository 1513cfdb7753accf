"""Starting and storing releases."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Max

from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.jobs.models import Job
from webapp.jobs.services import finish, job_key, wake
from webapp.quality.models import Release


@transaction.atomic
def start_release(*, project: Project, options: dict[str, Any], user: User | None) -> Release:
    """Number a release and ask the workers to build it. `options` are those of exports.release.ReleaseOptions."""
    # The lock numbers two releases that are started at once one after the other.
    Project.objects.select_for_update().get(pk=project.pk)
    last = project.releases.aggregate(last=Max("number"))["last"] or 0
    job = Job.objects.create(
        kind=Job.Kind.RELEASE,
        name=f"release-{project.protocol}",
        parameters=options,
        key=job_key({"release": str(uuid.uuid4())}),
    )
    release = Release.objects.create(project=project, number=last + 1, job=job, options=options, created_by=user)
    wake(job)
    return release


@transaction.atomic
def store_release(
    *,
    release: Release,
    job: Job,
    path: str,
    archive: str,
    archive_bytes: int,
    sha256: str,
    counts: dict[str, int],
    statistics: dict[str, Any] | None = None,
) -> None:
    """Record what was built and end the job, together. Raises JobLost."""
    finish(job, figures={"bytes": archive_bytes, **counts})
    Release.objects.filter(pk=release.pk).update(
        path=path,
        archive=archive,
        archive_bytes=archive_bytes,
        sha256=sha256,
        statistics=statistics,
        **counts,
    )
