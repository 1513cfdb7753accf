"""Answers for clips of the ERATO protocol, as a test states them in one line."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Project, Task
from webapp.annotation.services import finishing, turns
from webapp.relationships.models import ClipPerson, StepRevision
from webapp.relationships.services.labelling import take_step
from webapp.relationships.steps import StepEvent

RELATE = Task.Kind.RELATE


def pair_of(clip: Clip) -> tuple[int, int]:
    first, second = sorted(ClipPerson.objects.filter(clip=clip).values_list("identity", flat=True))[:2]
    return first, second


def take(project: Project, user: User) -> Assignment:
    turn = turns.take_next(project=project, user=user, kind=RELATE)
    assert turn is not None, f"nothing is left for {user}"
    return turn


def say(turn: Assignment, relationship: str) -> None:
    """Choose the pair and its relationship; "" discards the clip."""
    clip = turn.task.clip
    assert clip is not None
    if not relationship:
        take_step(assignment=turn, client_id=uuid4(), event=StepEvent("discard", reason="other", words="No faces."))
        return
    for event in (
        StepEvent("lines_done"),
        StepEvent("pair", pair=pair_of(clip)),
        StepEvent("relationship", relationship=relationship),
    ):
        take_step(assignment=turn, client_id=uuid4(), event=event)


def answer_next(project: Project, user: User, relationship: str, *, at: datetime | None = None) -> Clip:
    """Take the next clip, answer it and finish it (`at` some time); returns the clip."""
    turn = take(project, user)
    say(turn, relationship)
    finishing.finish(assignment=turn)
    if at:
        StepRevision.objects.filter(assignment=turn).update(created_at=at)
        Assignment.objects.filter(pk=turn.pk).update(finished_at=at)
    clip = turn.task.clip
    assert clip is not None
    return clip
