"""Lets a project's pre-labeller say what it thinks of the clips it has not seen yet."""

from __future__ import annotations

from collections.abc import Callable

from baselines.errors import RunError
from baselines.prelabel import FILES, prelabel
from exports.errors import ExportError
from webapp.annotation.models import Project
from webapp.annotation.services.suggesting import NewSuggestion, clips_to_prelabel, keep_suggestions
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.jobs.services import finish
from webapp.quality.snapshot import project_snapshot
from workers.analysers.errors import AnalysisError
from workers.persisting import store
from workers.releases import feature_paths
from workers.reporting import Reporter


def suggest(job: Job, check: Callable[[], None]) -> None:
    """Label the clips of the job's project and end the job. Raises AnalysisError, JobLost."""
    project = Project.objects.filter(pk=job.parameters["project"]).first()
    if project is None or not project.prelabeller:
        store(job, lambda: finish(job, figures={"suggestions": 0}), check)
        return
    snapshot = project_snapshot(project)
    try:
        files = [media_storage().path(f"{project.prelabeller_folder}/{name}") for name in FILES]
        clips = clips_to_prelabel(project)
        labels = prelabel(files[0].parent, snapshot, feature_paths(snapshot), clips, Reporter(job, check))
    except (RunError, ExportError, FileNotFoundError) as error:
        raise AnalysisError(
            "prelabeller_refused", f"The pre-labeller “{project.prelabeller}” cannot be used: {error}"
        ) from error
    found = [NewSuggestion(label.clip_id, label.character_id, label.probabilities) for label in labels]

    def write() -> None:
        kept = keep_suggestions(project=project, found=found)
        finish(job, figures={"suggestions": kept})

    store(job, write, check)
