"""Training: which clips people learn from, and when their annotating period opens."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Membership, Project, Task, TrainingClip
from webapp.annotation.queries import CLIP_STEP
from webapp.annotation.rules import RuleError
from webapp.annotation.services.wanting import want_answers

#: The page of a project's training shows all of them at once.
MOST_TRAINING_CLIPS: Final = 200


@transaction.atomic
def choose_clip(*, clip: Clip, kind: str, user: User | None, note: str = "") -> TrainingClip:
    """Make a clip a demo, training or gold clip, in place of what it was. Raises RuleError.

    Answers that the clip has stay: those of training and gold clips are compared with the gold answer.
    """
    project = Project.objects.select_for_update().get(pk=clip.project_id)
    known = TrainingClip.objects.filter(clip=clip).first()
    if known is None:
        _check_choice(project, clip)
    chosen = TrainingClip.Kind(kind)
    if chosen == TrainingClip.Kind.DEMO:
        _take_task_away(clip)
    else:
        _ask_about(project, clip, Task.Purpose(chosen.value))
    if known is None:
        last = TrainingClip.objects.filter(clip__project=project).aggregate(last=Max("order"))["last"]
        order = 0 if last is None else last + 1
        return TrainingClip.objects.create(clip=clip, kind=chosen, order=order, note=note, chosen_by=user)
    known.kind, known.note, known.chosen_by = chosen, note, user
    known.save(update_fields=["kind", "note", "chosen_by"])
    return known


def _check_choice(project: Project, clip: Clip) -> None:
    if TrainingClip.objects.filter(clip__project=project).count() >= MOST_TRAINING_CLIPS:
        message = f"A project has at most {MOST_TRAINING_CLIPS} demo, training and gold clips. Give one back first."
        raise RuleError("too_many", message)
    if not Task.objects.filter(clip=clip).exists():
        raise RuleError("not_labelled", "This clip was dropped, so nobody labels it. Restore it first.")


def _take_task_away(clip: Clip) -> None:
    tasks = Task.objects.filter(clip=clip)
    if Assignment.objects.filter(task__in=tasks).exists():
        message = "Somebody has begun this clip already, so it cannot only be shown. Choose it for training instead."
        raise RuleError("has_answers", message)
    tasks.delete()


def _ask_about(project: Project, clip: Clip, purpose: Task.Purpose) -> None:
    kind = CLIP_STEP[Project.Protocol(project.protocol)]
    values = {"project": project, "kind": kind, "episode_id": clip.episode_id, "purpose": purpose, "answers_wanted": 1}
    Task.objects.update_or_create(clip=clip, defaults={"purpose": purpose}, create_defaults=values)
    want_answers(project, of=Q(clip=clip))


@transaction.atomic
def let_go(*, chosen: TrainingClip) -> None:
    """Make a demo, training or gold clip work again; what was said of it stays."""
    clip = chosen.clip
    project = Project.objects.select_for_update().get(pk=clip.project_id)
    _ask_about(project, clip, Task.Purpose.WORK)
    chosen.delete()


@transaction.atomic
def put_in_order(*, project: Project, clips: list[int]) -> None:
    """Show the demo and training clips in this order of clip ids; clips that are not named follow."""
    rows = {row.clip_id: row for row in TrainingClip.objects.filter(clip__project=project)}
    named = [pk for pk in dict.fromkeys(clips) if pk in rows]
    for order, pk in enumerate([*named, *(pk for pk in rows if pk not in named)]):
        rows[pk].order = order
    TrainingClip.objects.bulk_update(rows.values(), ["order"])


@transaction.atomic
def decide_training(*, project: Project, **values: Any) -> None:
    """Set `trains`, `training_threshold`, `opens_by_itself` or `gold_percent`."""
    for name, value in values.items():
        setattr(project, name, value)
    project.save(update_fields=list(values))


def open_period(*, project: Project, annotator: User, by: User | None) -> None:
    """Open somebody's annotating period; `by` is None where it opens by itself. One that is open stays as it is."""
    closed = Membership.objects.filter(project=project, user=annotator, opened_at__isnull=True)
    closed.update(opened_at=timezone.now(), opened_by=by)


def close_period(*, project: Project, annotator: User) -> None:
    """Send somebody back to training; a turn that is held can be finished."""
    Membership.objects.filter(project=project, user=annotator).update(opened_at=None, opened_by=None)
