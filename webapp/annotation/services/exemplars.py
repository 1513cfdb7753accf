"""Choosing the clips that show annotators what a label means."""

from __future__ import annotations

from django.db import transaction

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Exemplar, Project, StateRevision
from webapp.annotation.rules import RuleError


def label_of(revision: StateRevision) -> str:
    """Return what an answer can be an example of: its fine-grained emotion, else its status."""
    return revision.fine_grained or revision.status


@transaction.atomic
def choose_exemplar(*, project: Project, revision: StateRevision, user: User, note: str = "") -> Exemplar:
    """Make an answered clip the project's example of its label, in place of an earlier one. Raises RuleError."""
    task = revision.assignment.task
    if task.project_id != project.pk or revision.assignment.status != Assignment.Status.DONE or task.clip_id is None:
        raise RuleError("not_an_answer", "Only an answer of a finished clip of this project can be an example.")
    exemplar, _ = Exemplar.objects.update_or_create(
        project=project,
        label=label_of(revision),
        defaults={"clip_id": task.clip_id, "character": revision.character, "note": note, "chosen_by": user},
    )
    return exemplar
