"""Whether a project shows suggestions, which trained model makes them, and keeping what it says."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from webapp.annotation.models import Clip, ClipSuggestion, Project
from webapp.annotation.suggestions import entropy
from webapp.jobs.models import Job, JobQuerySet
from webapp.jobs.services import job_key, retry, wake

JOB_NAME = "prelabel"


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    clip_id: int
    character_id: int
    probabilities: tuple[tuple[str, float], ...]


def show_suggestions(*, project: Project, shown: bool) -> None:
    """Let annotators of the project see suggestions, or not."""
    Project.objects.filter(pk=project.pk).update(shows_suggestions=shown)
    project.shows_suggestions = shown


def give_hardest_first(*, project: Project, first: bool) -> None:
    """Give out the clips first of which the pre-labeller is unsure, or in order of their making."""
    Project.objects.filter(pk=project.pk).update(hardest_first=first)
    project.hardest_first = first


@transaction.atomic
def set_prelabeller(*, project: Project, name: str, folder: str) -> Job | None:
    """Make a trained model the project's pre-labeller; "" for none. What an earlier one said is gone.

    `folder` is the run's folder in the media storage. Returns the job that labels the clips there are.
    """
    ClipSuggestion.objects.filter(clip__project=project).delete()
    Project.objects.filter(pk=project.pk).update(prelabeller=name, prelabeller_folder=folder)
    project.prelabeller, project.prelabeller_folder = name, folder
    return start_prelabelling(project=project)


@transaction.atomic
def start_prelabelling(*, project: Project) -> Job | None:
    """Ask the workers for suggestions on the clips that have none; None for a project without pre-labeller."""
    if not project.prelabeller:
        return None
    # The lock keeps two last turns that end at once from asking twice.
    Project.objects.select_for_update().get(pk=project.pk)
    waiting = prelabelling_jobs(project).filter(status=Job.Status.WAITING).first()
    if waiting is not None:
        retry([waiting])
        wake(waiting)
        return waiting
    job = Job.objects.create(
        kind=Job.Kind.PRELABEL,
        name=JOB_NAME,
        parameters={"project": project.pk},
        key=job_key({"prelabel": str(uuid.uuid4())}),
    )
    wake(job)
    return job


def prelabelling_jobs(project: Project) -> JobQuerySet:
    return Job.objects.filter(kind=Job.Kind.PRELABEL, parameters__project=project.pk)


def clips_to_prelabel(project: Project) -> list[int]:
    """Return the clips of which the project's pre-labeller has said nothing yet."""
    said = ClipSuggestion.objects.filter(source=project.prelabel_source).values("clip")
    return list(Clip.objects.filter(project=project, too_long=False).exclude(pk__in=said).values_list("pk", flat=True))


def keep_suggestions(*, project: Project, found: Iterable[NewSuggestion]) -> int:
    """Store what the pre-labeller says; part of the caller's transaction. Returns how many."""
    rows = [
        ClipSuggestion(
            clip_id=one.clip_id,
            character_id=one.character_id,
            source=project.prelabel_source,
            probabilities=[list(pair) for pair in one.probabilities],
            entropy=entropy(one.probabilities),
        )
        for one in found
    ]
    ClipSuggestion.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["clip", "character", "source"],
        update_fields=["probabilities", "entropy"],
    )
    return len(rows)
