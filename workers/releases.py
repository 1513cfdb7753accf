"""Builds the release that a job asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from exports.errors import ExportError
from exports.release import ReleaseOptions, build_release, write_zip
from exports.snapshot import ProjectSnapshot
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.jobs.services import renew
from webapp.quality.models import Release
from webapp.quality.services import store_release
from webapp.quality.snapshot import project_snapshot
from workers import tidying
from workers.analysers.errors import AnalysisError
from workers.persisting import store
from workers.reporting import Reporter


def feature_paths(snapshot: ProjectSnapshot) -> dict[int, Path]:
    """Return episode id -> feature file, for the episodes that have one."""
    media = media_storage()
    return {episode.id: media.path(episode.features_path) for episode in snapshot.episodes if episode.features_path}


def build(job: Job, check: Callable[[], None]) -> None:
    """Build the job's release beside its place, then put it there and record it. Raises AnalysisError, JobLost."""
    release = Release.objects.select_related("project").get(job=job)
    name = media_storage().published(tidying.folder_of(job), job.attempt)
    tidying.remove_attempts(job)
    attempt = tidying.working_folder(job)
    published = False
    try:
        snapshot = project_snapshot(release.project)
        options = ReleaseOptions(**release.options, liwc_dictionary=settings.LIWC_DICTIONARY)
        built = build_release(snapshot, feature_paths(snapshot), attempt / "release", options, Reporter(job, check))
        write_zip(attempt / "release", attempt / "release.zip")
        size = (attempt / "release.zip").stat().st_size
        renew(job)
        media_storage().publish(attempt, name)
        published = True

        def write() -> None:
            store_release(
                release=release,
                job=job,
                path=f"{name}/release",
                archive=f"{name}/release.zip",
                archive_bytes=size,
                sha256=built.manifest_sha256,
                counts={"samples": built.samples, "clips": built.clips},
            )

        store(job, write, check)
    except ExportError as error:
        raise AnalysisError("release_refused", str(error)) from error
    finally:
        tidying.remove_attempts(job)
        if published:
            tidying.remove_unrecorded(job)
