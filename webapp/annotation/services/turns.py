"""Whose turn it is: taking the next task, keeping it, giving it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project, Task
from webapp.annotation.models.work import TaskQuerySet
from webapp.annotation.queries import standing_of
from webapp.annotation.queueing import purposes, shuffled_place
from webapp.annotation.rules import LeaseLost, RuleError


def lease_end(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.ASSIGNMENT_LEASE_MINUTES)


@transaction.atomic
def take_next(*, project: Project, user: User, kind: str) -> Assignment | None:
    """Return the turn the annotator holds, else a new one; None when nothing is left for this annotator."""
    # One after the other for one person: two tabs that ask at once are given the same turn, not two.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    now = timezone.now()
    held = Assignment.objects.of(user).filter(task__project=project, task__kind=kind, status=Assignment.Status.HELD)
    for assignment in held.order_by("pk"):
        if Assignment.objects.filter(pk=assignment.pk, status=Assignment.Status.HELD).update(
            leased_until=lease_end(now)
        ):
            return assignment
    for pk in _open_tasks(project, user, kind, now):
        if assignment_or_none := _take(Task.objects.get(pk=pk), user):
            return assignment_or_none
    return None


def _take(task: Task, user: User) -> Assignment | None:
    """Fill a free slot of the task. Somebody may be faster: the constraints say so, and the next slot is tried."""
    for _ in range(task.answers_wanted + 1):
        now = timezone.now()
        try:
            with transaction.atomic():
                task.assignments.filter(status=Assignment.Status.HELD, leased_until__lt=now).update(
                    status=Assignment.Status.ABANDONED
                )
                kept = task.assignments.exclude(status=Assignment.Status.ABANDONED)
                taken = {assignment.slot: assignment.annotator_id for assignment in kept}
                free = [slot for slot in range(task.answers_wanted) if slot not in taken]
                if not free or user.pk in taken.values():
                    return None
                return Assignment.objects.create(task=task, annotator=user, slot=free[0], leased_until=lease_end(now))
        except IntegrityError:
            continue
    return None


def renew(assignment: Assignment) -> datetime:
    """Prolong a held turn and return its new end. Raises LeaseLost.

    A lease that ran out is still the annotator's as long as nobody took the turn over.
    """
    until = lease_end(timezone.now())
    if not Assignment.objects.filter(pk=assignment.pk, status=Assignment.Status.HELD).update(leased_until=until):
        raise LeaseLost
    return until


def may_be_corrected(assignment: Assignment, now: datetime) -> bool:
    """Whether answers of a finished turn can still be corrected: on the same working day, not for good."""
    if assignment.status != Assignment.Status.DONE or assignment.finished_at is None:
        return False
    return assignment.finished_at >= now - timedelta(hours=settings.ASSIGNMENT_CORRECTION_HOURS)


def renew_or_correct(assignment: Assignment) -> None:
    """Prolong a held turn; let one that was finished a short while ago be corrected. Raises LeaseLost, RuleError."""
    current = Assignment.objects.get(pk=assignment.pk)
    if current.status != Assignment.Status.DONE:
        renew(assignment)
    elif not may_be_corrected(current, timezone.now()):
        hours = settings.ASSIGNMENT_CORRECTION_HOURS
        raise RuleError("too_late", f"A finished clip can be corrected for {hours} hours; this one cannot any more.")


def upcoming(*, project: Project, user: User, kind: str) -> Task | None:
    """Return the task that the annotator would be given next. Nothing is reserved: it may go to somebody else."""
    first = next(_open_tasks(project, user, kind, timezone.now()), None)
    return Task.objects.select_related("episode", "clip").get(pk=first) if first else None


def _open_tasks(project: Project, user: User, kind: str, now: datetime) -> Iterator[int]:
    """Give the ids of the tasks that the annotator may be given, in the order they are given out."""
    unsure = project.prelabel_source if project.hardest_first else ""
    tasks = Task.objects.filter(project=project, kind=kind).open_for(user, now, unsure=unsure)
    if kind in Task.OF_EPISODES:
        yield from tasks.values_list("pk", flat=True).iterator(chunk_size=100)
        return
    standing = standing_of(project, user, kind)
    for purpose in purposes(standing):
        yield from _of_purpose(tasks, purpose, standing.key)


def _of_purpose(tasks: TaskQuerySet, purpose: str, key: str) -> Iterator[int]:
    wanted = tasks.filter(purpose=purpose).values_list("pk", flat=True)
    if purpose == Task.Purpose.TRAINING:
        yield from wanted.order_by("clip__training__order", "pk")
    elif purpose == Task.Purpose.WORK:
        yield from wanted.iterator(chunk_size=100)
    elif tasks.filter(purpose=Task.Purpose.WORK).exists():  # a gold clip alone, after all work, would be recognised
        yield from sorted(wanted, key=lambda pk: shuffled_place(key, pk))


def give_back(assignment: Assignment) -> None:
    """End a held turn without an answer; what was said in it stays on record. Raises LeaseLost."""
    if not Assignment.objects.filter(pk=assignment.pk, status=Assignment.Status.HELD).update(
        status=Assignment.Status.ABANDONED
    ):
        raise LeaseLost


def close(assignment: Assignment, *, at: datetime | None = None) -> None:
    """Mark a held turn as done; one that is done already stays as it is. Raises LeaseLost."""
    row = Assignment.objects.filter(pk=assignment.pk)
    ended = row.filter(status=Assignment.Status.HELD).update(
        status=Assignment.Status.DONE, finished_at=at or timezone.now()
    )
    if not ended and not row.filter(status=Assignment.Status.DONE).exists():
        raise LeaseLost
