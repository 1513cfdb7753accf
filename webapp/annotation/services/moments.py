"""Moments (MEmoR protocol, step 1): recorded, removed, restored."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from webapp.annotation.models import Assignment, Moment, MomentEvent, Task
from webapp.annotation.rules import RuleError
from webapp.annotation.services import clips, turns
from webapp.corpus.models import Proxy


@transaction.atomic
def record_moment(*, assignment: Assignment, client_id: UUID, time_ms: int) -> Moment:
    """Store a moment. The same client_id twice is one moment. Raises LeaseLost, RuleError."""
    known = assignment.moments.filter(client_id=client_id).first()
    if known is not None:  # a repeated send changes nothing, also after the turn ended
        return known
    _check_kind(assignment)
    proxy = Proxy.objects.current_for(assignment.task.episode_id).get()
    if time_ms > proxy.duration_ms:
        message = f"The episode ends at {proxy.duration_ms} ms."
        raise RuleError("outside_episode", f"The moment {time_ms} ms lies outside. {message}", {"time_ms": [message]})
    turns.renew(assignment)
    moment, _ = Moment.objects.get_or_create(
        assignment=assignment, client_id=client_id, defaults={"time_ms": time_ms, "created_at": timezone.now()}
    )
    return moment


@transaction.atomic
def change_moment(*, moment: Moment, client_id: UUID, kind: str) -> Moment:
    """Remove or restore a moment (`kind` of MomentEvent). The same client_id twice is one event. Raises LeaseLost."""
    if moment.events.filter(client_id=client_id).exists():
        moment.refresh_from_db()
        return moment
    turns.renew(moment.assignment)
    MomentEvent.objects.get_or_create(moment=moment, client_id=client_id, defaults={"kind": kind})
    moment.removed = kind == MomentEvent.Kind.REMOVED
    moment.save(update_fields=["removed"])
    return moment


@transaction.atomic
def finish_moments(*, assignment: Assignment) -> None:
    """End the turn; when the episode has all its turns, make its clips and their tasks. Raises LeaseLost.

    A repeated call changes nothing.
    """
    _check_kind(assignment)
    turns.close(assignment)
    clips.make_clips_when_ready(task=assignment.task)


def _check_kind(assignment: Assignment) -> None:
    if assignment.task.kind != Task.Kind.MOMENTS:
        raise RuleError("wrong_kind", "This turn is for states of a clip, not for moments.")
