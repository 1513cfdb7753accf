"""How many answers a task wants: one place for the rule."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Max, Q
from django.db.models.functions import Greatest

from webapp.annotation.models import Assignment, Project, Task


def want_answers(project: Project, *, of: Q | None = None) -> None:
    """Bring the clips' tasks of a project (or those `of`) to the number of answers they want now.

    Work wants k, and where a cross-check asks others at least the first and them; training and gold clips want every
    member. A clip that more have answered, or are answering, keeps them: nothing that was said is taken back.
    """
    tasks = Task.objects.filter(of or Q(), project=project, kind__in=Task.OF_CLIPS)
    work = tasks.filter(purpose=Task.Purpose.WORK)
    checked: Any = Greatest(project.answers_per_clip, F("others_wanted") + 1)
    work.update(answers_wanted=checked)
    others = tasks.exclude(purpose=Task.Purpose.WORK)
    others.update(answers_wanted=max(1, project.memberships.count()))
    taken = Q(assignments__slot__gte=F("answers_wanted")) & ~Q(assignments__status=Assignment.Status.ABANDONED)
    fuller = list(tasks.filter(taken).annotate(last=Max("assignments__slot", filter=taken)).distinct())
    for task in fuller:
        task.answers_wanted = vars(task)["last"] + 1
    Task.objects.bulk_update(fuller, ["answers_wanted"], batch_size=500)
