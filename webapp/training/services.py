"""Starting trainings, and storing what they come to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.annotation.rules import RuleError
from webapp.annotation.services.suggesting import set_prelabeller
from webapp.jobs.models import Job
from webapp.jobs.queues import GPU
from webapp.jobs.services import JobLost, cancel, finish, job_key, retry, wake
from webapp.quality.models import Release
from webapp.training.models import Epoch, SeedResult, TrainingRun


@dataclass(frozen=True, slots=True)
class NewEpoch:
    seed: int
    stage: int
    number: int
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class NewResult:
    seed: int
    metrics: Mapping[str, Any]
    confusion: list[list[int]]


@transaction.atomic
def start_training(*, release: Release, model: str, options: dict[str, Any], user: User | None) -> TrainingRun:
    """Number a run and ask the workers, GPU ones first, to train it.

    Raises RuleError for a release that is unfinished or has no emotions of persons.
    """
    _check_protocol(release.project)
    if not release.path:
        raise RuleError("release_unfinished", f"Release {release.number} is not finished yet: train on it when it is.")
    # The lock numbers two runs that are started at once one after the other.
    project = Project.objects.select_for_update().get(pk=release.project_id)
    last = project.training_runs.aggregate(last=Max("number"))["last"] or 0
    job = Job.objects.create(
        kind=Job.Kind.TRAIN,
        name=f"train-{model}"[:40],
        parameters=options,
        key=job_key({"train": str(uuid.uuid4())}),
        queue=GPU,
    )
    run = TrainingRun.objects.create(
        project=project, number=last + 1, release=release, job=job, model=model, options=options, created_by=user
    )
    wake(job)
    return run


def _check_protocol(project: Project) -> None:
    if project.protocol != Project.Protocol.MEMOR:
        raise RuleError("no_emotions", f"“{project.name}” does not label emotions of persons: no baseline learns it.")


def stop_training(run: TrainingRun) -> None:
    """Cancel a run that waits or trains; one that has ended stays as it is."""
    cancel([run.job])


def train_again(run: TrainingRun) -> None:
    """Let a run that failed or was cancelled wait again; where its worker still has it, it goes on."""
    retry([run.job])


@transaction.atomic
def store_epochs(*, run: TrainingRun, job: Job, epochs: Iterable[NewEpoch], anew: bool = False) -> None:
    """Store finished epochs, those that are there already once; `anew`: in place of all. Raises JobLost."""
    if not Job.objects.held_as(job).exists():
        raise JobLost(f"Job {job.pk} was taken over.")
    if anew:
        Epoch.objects.filter(run=run).delete()
    rows = [Epoch(run=run, seed=e.seed, stage=e.stage, number=e.number, measures=dict(e.measures)) for e in epochs]
    Epoch.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def store_result(
    *, run: TrainingRun, job: Job, path: str, summary: Mapping[str, Any], results: Iterable[NewResult]
) -> None:
    """Record what a run came to and end its job; part of the caller's transaction. Raises JobLost."""
    finish(job, figures=dict(summary["mean"]))
    SeedResult.objects.filter(run=run).delete()
    SeedResult.objects.bulk_create(
        SeedResult(run=run, seed=one.seed, metrics=dict(one.metrics), confusion=one.confusion) for one in results
    )
    TrainingRun.objects.filter(pk=run.pk).update(path=path, summary=dict(summary))


def use_for_prelabels(*, run: TrainingRun, project: Project) -> Job | None:
    """Let a finished run suggest emotions for a project's clips: the seed that was best on the validation side.

    Raises RuleError for a run without a result, and for a project that labels something else.
    """
    _check_protocol(project)
    results = list(run.results.all())
    if not run.path or not results:
        raise RuleError("run_unfinished", f"Run {run.number} has no result yet.")
    best = max(results, key=lambda one: one.metrics["validation"]["weighted_f1"])
    name = f"{run.model}-{run.project_id}-{run.number}"
    return set_prelabeller(project=project, name=name, folder=run.folder_of(best.seed))
