"""Builds the release that a job asks for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from exports.errors import ExportError
from exports.release import ReleaseOptions, build_release, write_zip
from exports.snapshot import ProjectSnapshot
from webapp.jobs.models import Job
from webapp.jobs.services import renew, report
from webapp.quality.models import Release
from webapp.quality.services import store_release
from webapp.quality.snapshot import project_snapshot
from workers.analysers.errors import AnalysisError


def feature_paths(snapshot: ProjectSnapshot) -> dict[int, Path]:
    """Return episode id -> feature file, for the episodes that have one."""
    media = Path(settings.MEDIA_ROOT)
    return {episode.id: media / episode.features_path for episode in snapshot.episodes if episode.features_path}


def build(job: Job, check: Callable[[], None]) -> None:
    """Build the job's release beside its place, then move it there and record it. Raises AnalysisError, JobLost."""

    def on_progress(share: float, step: str) -> None:
        check()
        report(job, share=share, step=step)

    release = Release.objects.select_related("project").get(job=job)
    snapshot = project_snapshot(release.project)
    name = f"releases/project-{release.project_id}/release-{release.number}"
    final = Path(settings.MEDIA_ROOT) / name
    attempt = final.with_name(f"{final.name}.attempt-{job.attempt}")
    final.parent.mkdir(parents=True, exist_ok=True)
    for left in final.parent.glob(f"{final.name}.attempt-*"):  # killed attempts; this one has not begun
        shutil.rmtree(left, ignore_errors=True)
    try:
        built = build_release(
            snapshot, feature_paths(snapshot), attempt / "release", ReleaseOptions(**release.options), on_progress
        )
        archive = attempt / "release.zip"
        write_zip(attempt / "release", archive)
        size = archive.stat().st_size
        renew(job)
        shutil.rmtree(final, ignore_errors=True)
        attempt.rename(final)
    except ExportError as error:
        raise AnalysisError("release_refused", str(error)) from error
    finally:
        shutil.rmtree(attempt, ignore_errors=True)
    store_release(
        release=release,
        job=job,
        path=f"{name}/release",
        archive=f"{name}/release.zip",
        archive_bytes=size,
        sha256=built.manifest_sha256,
        counts={"samples": built.samples, "clips": built.clips},
    )
