"""Builds releases: of a project into a folder, and the one that a job asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from exports.errors import ExportError
from exports.formats.erato.writer import EratoOptions, write_erato_release
from exports.release import Progress, ReleaseOptions, build_release, write_zip
from exports.snapshot import ProjectSnapshot
from webapp.annotation.models import Project
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.jobs.services import renew
from webapp.quality.models import Release
from webapp.quality.said import gold_answers
from webapp.quality.services import store_release
from webapp.quality.snapshot import project_snapshot
from webapp.relationships.services.clips import rules_of
from webapp.relationships.snapshot import clip_names, labelled_clips
from workers import tidying
from workers.analysers.errors import AnalysisError
from workers.persisting import store
from workers.reporting import Reporter


@dataclass(frozen=True, slots=True)
class Built:
    """A release in its folder.

    `statistics` are those of an ERATO release, with the numbers of its example clips; a MEmoR release has its own as a
    file only.
    """

    manifest_sha256: str
    samples: int
    clips: int
    statistics: dict[str, Any] | None = None


def feature_paths(snapshot: ProjectSnapshot) -> dict[int, Path]:
    """Return episode id -> feature file, for the episodes that have one."""
    media = media_storage()
    return {episode.id: media.path(episode.features_path) for episode in snapshot.episodes if episode.features_path}


def build_folder(project: Project, out: Path, options: ReleaseOptions, on_progress: Progress) -> Built:
    """Build a release of the project's protocol in the new folder `out`. Raises ExportError, OSError."""
    if options.format != project.protocol:
        raise ExportError(
            f"the project “{project.name}” follows the {project.get_protocol_display()} protocol: "
            f"its release is of format {project.protocol}, not {options.format}"
        )
    if project.protocol == Project.Protocol.ERATO:
        return _build_erato(project, out, options, on_progress)
    snapshot = project_snapshot(project)
    report = build_release(snapshot, feature_paths(snapshot), out, options, on_progress)
    return Built(report.manifest_sha256, report.samples, report.clips)


def _build_erato(project: Project, out: Path, options: ReleaseOptions, on_progress: Progress) -> Built:
    group_by = "clip" if options.split == "paper" else options.group_by
    chosen = EratoOptions(project.name, group_by, options.seed, rules_of(project))
    names = clip_names(project)
    gold = gold_answers(project.clips.values("pk"))
    agreed = {clip: (said.pair, said.relationship) for clip, said in gold.items() if said.pair}

    def clips() -> Any:
        for place, clip in enumerate(labelled_clips(project, agreed)):
            if place % 100 == 0:
                on_progress(0.9 * place / max(len(names), 1), "clips")
            yield clip

    report = write_erato_release(clips(), out, chosen)
    on_progress(1.0, "done")
    samples = report.train + report.test
    shown = report.statistics["interaction_examples"]
    clips_of = {name: pk for pk, name in clip_names(project).items() if name in shown.values()}
    examples = {mode: {"name": name, "clip": clips_of[name]} for mode, name in shown.items()}
    statistics = {**report.statistics, "interaction_examples": examples}
    return Built(report.manifest_sha256, samples, samples, statistics)


def build(job: Job, check: Callable[[], None]) -> None:
    """Build the job's release beside its place, then put it there and record it. Raises AnalysisError, JobLost."""
    release = Release.objects.select_related("project").get(job=job)
    name = media_storage().published(tidying.folder_of(job), job.attempt)
    tidying.remove_attempts(job)
    attempt = tidying.working_folder(job)
    published = False
    try:
        options = ReleaseOptions(
            format=release.project.protocol, **release.options, liwc_dictionary=settings.LIWC_DICTIONARY
        )
        built = build_folder(release.project, attempt / "release", options, Reporter(job, check))
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
                statistics=built.statistics,
            )

        store(job, write, check)
    except ExportError as error:
        raise AnalysisError("release_refused", str(error)) from error
    finally:
        tidying.remove_attempts(job)
        if published:
            tidying.remove_unrecorded(job)
