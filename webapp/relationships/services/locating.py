"""Marking where two people interact (ERATO protocol, rule 1): marked, changed, removed, finished."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from exports.erato.clips import Span
from exports.erato.interactions import distinct
from webapp.annotation.models import Assignment, Clip, Task
from webapp.annotation.rules import RuleError
from webapp.annotation.services import turns
from webapp.corpus.models import Proxy
from webapp.relationships.models import InteractionRevision
from webapp.relationships.services.clips import make_clips


@transaction.atomic
def say_interaction(
    *,
    assignment: Assignment,
    client_id: UUID,
    interaction: UUID,
    start_ms: int,
    end_ms: int,
    removed: bool = False,
    suggestion: str = "",
) -> InteractionRevision:
    """Store what an annotator says of an interaction. The same client_id twice is one revision.

    Raises LeaseLost, and RuleError for a span that lies outside of the episode.
    """
    known = assignment.interactions.filter(client_id=client_id).first()
    if known is not None:  # a repeated send changes nothing, also after the turn ended
        return known
    _check_kind(assignment)
    proxy = Proxy.objects.current_for(assignment.task.episode_id).get()
    if end_ms > proxy.duration_ms:
        message = f"The episode ends at {proxy.duration_ms} ms."
        raise RuleError(
            "outside_episode", f"The interaction ends at {end_ms} ms, outside. {message}", {"end_ms": [message]}
        )
    turns.renew(assignment)
    return InteractionRevision.objects.get_or_create(
        assignment=assignment,
        client_id=client_id,
        defaults={
            "interaction": interaction,
            "start_ms": start_ms,
            "end_ms": end_ms,
            "removed": removed,
            "suggestion": suggestion,
        },
    )[0]


def current_interactions(assignment: Assignment) -> list[InteractionRevision]:
    """Return the newest revision of each interaction of a turn, removed ones too, by time."""
    newest = newest_of(assignment.interactions.order_by("pk"))
    return sorted(newest, key=lambda row: (row.start_ms, row.end_ms, row.pk))


def newest_of(revisions: Iterable[InteractionRevision]) -> list[InteractionRevision]:
    """Return the newest revision of each interaction of each turn; `revisions` oldest first."""
    return list({(row.assignment_id, row.interaction): row for row in revisions}.values())


@transaction.atomic
def finish_locating(*, assignment: Assignment) -> None:
    """End the turn; when the episode has all its turns, make its clips.

    A repeated call changes nothing. Raises LeaseLost.
    """
    _check_kind(assignment)
    turns.close(assignment)
    make_clips_when_located(task=assignment.task)


def make_clips_when_located(*, task: Task) -> list[Clip]:
    """Make the clips of an episode once all its turns are done; [] before. Part of the caller's transaction.

    Where several people looked, what they marked alike is one clip (`exports.erato.interactions.distinct`).
    """
    # The row lock keeps two last turns that end at once from both seeing the other as unfinished.
    task = Task.objects.select_for_update(of=("self",)).select_related("project", "episode").get(pk=task.pk)
    done = task.assignments.filter(status=Assignment.Status.DONE)
    if done.count() < task.answers_wanted:
        return []
    spans = distinct(marks_of(task))
    return make_clips(project=task.project, episode=task.episode, spans=spans) if spans else []


def marks_of(task: Task) -> list[list[Span]]:
    """Return what stands of each finished turn at an episode, in the order of their slots."""
    rows = InteractionRevision.objects.filter(assignment__task=task, assignment__status=Assignment.Status.DONE)
    by_turn: dict[int, list[Span]] = {}
    for row in newest_of(rows.order_by("assignment__slot", "pk")):
        marks = by_turn.setdefault(row.assignment_id, [])
        if not row.removed:
            marks.append((row.start_ms, row.end_ms))
    return [sorted(marks) for marks in by_turn.values()]


def _check_kind(assignment: Assignment) -> None:
    if assignment.task.kind != Task.Kind.LOCATE:
        raise RuleError("wrong_kind", "This turn is not for locating interactions.")
