"""Which of the 24 labels a project's releases keep (rule 7)."""

from __future__ import annotations

from collections.abc import Iterable

from exports.emotions import ordered_kept
from webapp.annotation.models import Project
from webapp.annotation.rules import RuleError


def keep_emotions(*, project: Project, names: Iterable[str]) -> None:
    """Keep these fine-grained labels as classes; every other one becomes its primary emotion. Raises RuleError.

    What annotators said stays as it is, and so do releases that were made before.
    """
    try:
        kept = list(ordered_kept(names))
    except ValueError as error:
        raise RuleError("rule_broken", "These emotions cannot be kept.", {"kept": [str(error)]}) from error
    Project.objects.filter(pk=project.pk).update(fine_grained_kept=kept)
    project.fine_grained_kept = kept
