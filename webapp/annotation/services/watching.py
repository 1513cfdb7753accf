"""Watching (MEmoR protocol, moments): what was seen, and how late somebody presses."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Calibration, Task, Watched
from webapp.annotation.reaction import calibration_clip, reaction_time
from webapp.annotation.rules import RuleError
from webapp.annotation.services import turns
from webapp.annotation.watching import WatchedSpan, clock, merged, unwatched
from webapp.corpus.models import Proxy


@transaction.atomic
def note_watched(*, assignment: Assignment, spans: Sequence[Sequence[int]], position_ms: int) -> Watched:
    """Add what was seen to what is known. Sending it twice changes nothing. Raises LeaseLost, RuleError.

    What comes after the turn was finished is too late to matter, and changes nothing either.
    """
    if assignment.task.kind != Task.Kind.MOMENTS:
        raise RuleError("wrong_kind", "This turn is for states of a clip: what is watched of it is not kept.")
    duration_ms = Proxy.objects.current_for(assignment.task.episode_id).get().duration_ms
    # The row lock: two tabs that tell of different parts at once must not forget one another's.
    status = Assignment.objects.select_for_update().get(pk=assignment.pk).status
    if status == Assignment.Status.DONE:
        return Watched.objects.filter(assignment=assignment).first() or Watched(assignment=assignment)
    turns.renew(assignment)
    row, _ = Watched.objects.get_or_create(assignment=assignment)
    row.spans = merged([*row.spans, *spans], duration_ms)
    row.position_ms = min(position_ms, duration_ms)
    row.save()
    return row


def missing_parts(assignment: Assignment) -> list[WatchedSpan]:
    """Return what was not watched in a turn at an episode."""
    row = Watched.objects.filter(assignment=assignment).first()
    duration_ms = Proxy.objects.current_for(assignment.task.episode_id).get().duration_ms
    return unwatched(row.spans if row else [], duration_ms)


def check_watched(assignment: Assignment) -> None:
    """Raise RuleError `unwatched` that names the parts which are missing."""
    missing = [f"{clock(start)}–{clock(end)}" for start, end in missing_parts(assignment)]
    if missing:
        message = f"These parts of the episode were not watched yet: {', '.join(missing)}."
        raise RuleError("unwatched", message, {"watched": missing})


@transaction.atomic
def calibrate(*, annotator: User, client_id: UUID, presses_ms: Sequence[int]) -> Calibration:
    """Store a run of the calibration clip with what it says. The same client_id twice is one run."""
    clip = calibration_clip()
    found = reaction_time(presses_ms, clip)
    calibration, _ = Calibration.objects.get_or_create(
        annotator=annotator,
        client_id=client_id,
        defaults={
            "clip": clip.version,
            "presses_ms": list(presses_ms),
            "delays_ms": list(found.delays_ms),
            "discarded": found.discarded,
            "hits": found.hits,
            "delay_ms": found.delay_ms,
            "spread_ms": found.spread_ms,
            "deviation_ms": found.deviation_ms,
            "problems": list(found.problems),
            "usable": not found.problems,
        },
    )
    return calibration
