"""What pages of trainings show, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from webapp.annotation.models import Project
from webapp.training.models import TrainingRun


def runs() -> QuerySet[TrainingRun]:
    return TrainingRun.objects.select_related("job", "release", "created_by", "project")


def curves_of(run: TrainingRun) -> list[dict[str, Any]]:
    """Return seed and stage -> its epochs: each measure as a list, in order of the epochs."""
    curves: dict[tuple[int, int], dict[str, Any]] = {}
    for seed, stage, number, measures in run.epochs.values_list("seed", "stage", "number", "measures"):
        curve = curves.setdefault((seed, stage), {"seed": seed, "stage": stage, "epochs": [], "measures": {}})
        curve["epochs"].append(number)
        for name, value in measures.items():
            curve["measures"].setdefault(name, []).append(value)
    return list(curves.values())


def projects_using(run: TrainingRun) -> list[str]:
    """Return the names of the projects whose pre-labeller the run is."""
    if not run.path:
        return []
    using = Project.objects.filter(prelabeller_folder__startswith=f"{run.path}/")
    return list(using.values_list("name", flat=True))
