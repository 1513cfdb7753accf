"""Moments (MEmoR protocol, step 1): recorded, removed, restored."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from webapp.annotation.models import Assignment, Calibration, Moment, MomentEvent, Project, Task
from webapp.annotation.reaction import corrected
from webapp.annotation.rules import RuleError
from webapp.annotation.services import clips, turns
from webapp.annotation.services.watching import check_watched
from webapp.corpus.models import Proxy


@transaction.atomic
def record_moment(*, assignment: Assignment, client_id: UUID, time_ms: int, playback_rate: float = 1.0) -> Moment:
    """Store a moment, and what it is without the annotator's reaction time, if that is known.

    The same client_id twice is one moment. Raises LeaseLost, RuleError.
    """
    known = assignment.moments.filter(client_id=client_id).first()
    if known is not None:  # a repeated send changes nothing, also after the turn ended
        return known
    _check_kind(assignment)
    proxy = Proxy.objects.current_for(assignment.task.episode_id).get()
    if time_ms > proxy.duration_ms:
        message = f"The episode ends at {proxy.duration_ms} ms."
        raise RuleError("outside_episode", f"The moment {time_ms} ms lies outside. {message}", {"time_ms": [message]})
    turns.renew(assignment)
    calibration = Calibration.objects.current_of(assignment.annotator)
    values = {"time_ms": time_ms, "playback_rate": playback_rate, "created_at": timezone.now()}
    moment, _ = Moment.objects.get_or_create(
        assignment=assignment, client_id=client_id, defaults=values | correction(calibration, time_ms, playback_rate)
    )
    return moment


def correction(calibration: Calibration | None, time_ms: int, playback_rate: float) -> dict[str, Any]:
    """Return the values of a moment's corrected time; {} without a calibration."""
    if calibration is None or calibration.delay_ms is None:
        return {}
    return {"corrected_ms": corrected(time_ms, calibration.delay_ms, playback_rate), "calibration": calibration}


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
    """End the turn; when the episode has all its turns, make its clips and their tasks.

    A repeated call changes nothing. Raises LeaseLost, and RuleError `unwatched` where the project wants all of an
    episode to be watched.
    """
    _check_kind(assignment)
    is_done = Assignment.objects.filter(pk=assignment.pk, status=Assignment.Status.DONE).exists()
    if not is_done and assignment.task.project.unwatched == Project.Unwatched.REFUSE:
        check_watched(assignment)
    if not is_done:
        _correct_what_was_raw(assignment)
    turns.close(assignment)
    clips.make_clips_when_ready(task=assignment.task)


def _correct_what_was_raw(assignment: Assignment) -> None:
    """Somebody may calibrate only after the first moments: what was recorded before is corrected at the end."""
    calibration = Calibration.objects.current_of(assignment.annotator)
    if calibration is None:
        return
    raw = list(assignment.moments.filter(corrected_ms__isnull=True))
    for moment in raw:
        for name, value in correction(calibration, moment.time_ms, moment.playback_rate).items():
            setattr(moment, name, value)
    Moment.objects.bulk_update(raw, ["corrected_ms", "calibration"])


def _check_kind(assignment: Assignment) -> None:
    if assignment.task.kind != Task.Kind.MOMENTS:
        raise RuleError("wrong_kind", "This turn is for states of a clip, not for moments.")
