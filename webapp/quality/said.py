"""What annotators said of the clips of a project (ERATO), read in bulk: plain values, no model instances."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from exports.erato.training import Said
from webapp.annotation.models import Assignment, Clip, Project, Task
from webapp.quality.models import Consensus
from webapp.relationships.models import StepRevision

_SPEAK = (StepRevision.Kind.RELATIONSHIP, StepRevision.Kind.DISCARD, StepRevision.Kind.UNDISCARD)


@dataclass(frozen=True, slots=True)
class FinishedTurn:
    """`said` is what the annotator said when the turn ended: corrections after a discussion are no agreement."""

    task: int
    clip: int
    annotator: int
    finished_at: datetime
    said: Said


def finished_turns(project: Project, **of: Any) -> list[FinishedTurn]:
    """Return what was said in the finished turns at pairs, in the order in which they ended, in two queries.

    `of`: look-ups on the task, such as `purpose="work"` or `clip=3`.
    """
    wanted = {"project": project, "kind": Task.Kind.RELATE, **of}
    rows = Assignment.objects.filter(status=Assignment.Status.DONE, **_prefixed("task__", wanted))
    ends = rows.order_by("finished_at", "pk").values_list("task", "task__clip", "annotator", "finished_at")
    turns = {(task, annotator): (clip, at) for task, clip, annotator, at in ends if clip is not None and at is not None}
    said = _said(turns, **_prefixed("assignment__task__", wanted))
    return [
        FinishedTurn(task, clip, annotator, at, said.get((task, annotator), Said()))
        for (task, annotator), (clip, at) in turns.items()
    ]


def _said(turns: dict[tuple[int, int], tuple[int, datetime]], **of: Any) -> dict[tuple[int, int], Said]:
    """Return (task, annotator) -> what was said up to the end of the turn."""
    steps = StepRevision.objects.filter(kind__in=_SPEAK, **of).order_by("pk")
    rows = steps.values_list(
        "assignment__task", "assignment__annotator", "kind", "first", "second", "relationship", "created_at"
    )
    said: dict[tuple[int, int], Said] = {}
    related: dict[tuple[int, int], Said] = {}
    for task, annotator, kind, first, second, relationship, at in rows.iterator(chunk_size=5_000):
        turn = (task, annotator)
        if turn not in turns or at > turns[turn][1]:
            continue
        if kind == StepRevision.Kind.RELATIONSHIP and first is not None and second is not None:
            said[turn] = related[turn] = Said((first, second), relationship)
        elif kind == StepRevision.Kind.DISCARD:
            said[turn] = Said()
        else:
            said[turn] = related.get(turn, Said())
    return said


def _prefixed(prefix: str, lookups: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix}{name}": value for name, value in lookups.items()}


def gold_answers(clips: Collection[int] | QuerySet[Clip, Any]) -> dict[int, Said]:
    """Return clip id -> its gold answer, the newest consensus; clips without one are left out.

    `clips` are ids, or a query for them where there may be thousands.
    """
    rows = Consensus.objects.filter(clip__in=clips).order_by("pk")
    return {
        clip: Said((one, other), word)
        for clip, one, other, word in rows.values_list("clip", "first", "second", "relationship")
    }
