"""States (MEmoR protocol, step 2): what one annotator says of each main character in one clip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from webapp.annotation.models import Assignment, StateRevision, Task
from webapp.annotation.queries import current_states, main_characters
from webapp.annotation.remarks import NO_REMARKS, Remarks, check_remarks, stored
from webapp.annotation.rules import RuleError, StateAnswer, check_state, missing_answers
from webapp.annotation.services import turns
from webapp.corpus.models import Proxy


@transaction.atomic
def submit_state(
    *,
    assignment: Assignment,
    client_id: UUID,
    character_id: int,
    answer: StateAnswer,
    duration_ms: int = 0,
    prelabel: dict[str, Any] | None = None,
    remarks: Remarks = NO_REMARKS,
) -> StateRevision:
    """Store an answer as a new revision. The same client_id twice is one answer. Raises LeaseLost, RuleError.

    A turn that was finished a short while ago can still be corrected: that too is a new revision.
    """
    known = assignment.states.filter(client_id=client_id).first()
    if known is not None:  # a repeated send changes nothing, also after the turn ended
        return known
    if assignment.task.kind != Task.Kind.STATES:
        raise RuleError("wrong_kind", "This turn is for moments of an episode, not for states.")
    check_state(answer)
    check_remarks(remarks, answer.reasons)
    if not main_characters(assignment.task.episode.series_id).filter(pk=character_id).exists():
        message = f"Character {character_id} is not a main character of this series."
        raise RuleError("rule_broken", message, {"character": [message]})
    _check_ends(assignment, remarks)
    turns.renew_or_correct(assignment)
    revision, _ = StateRevision.objects.get_or_create(
        assignment=assignment,
        client_id=client_id,
        defaults={
            "character_id": character_id,
            "status": answer.status,
            "primary": answer.primary,
            "fine_grained": answer.fine_grained,
            "reasons": list(answer.reasons),
            "duration_ms": duration_ms,
            "prelabel": prelabel,
            **stored(remarks),
            "created_at": timezone.now(),
        },
    )
    return revision


def _check_ends(assignment: Assignment, remarks: Remarks) -> None:
    """Raise RuleError for evidence that lies after the episode's end."""
    if not remarks.evidence:
        return
    duration_ms = Proxy.objects.current_for(assignment.task.episode_id).get().duration_ms
    if late := [place for place, one in enumerate(remarks.evidence) if one.end_ms > duration_ms]:
        message = f"The episode ends at {duration_ms} ms."
        raise RuleError("rule_broken", f"The evidence lies outside. {message}", {f"evidence[{late[0]}]": [message]})


@transaction.atomic
def finish_states(*, assignment: Assignment) -> None:
    """End the turn once every main character has an answer. Raises LeaseLost, RuleError (`unfinished`).

    A repeated call changes nothing.
    """
    if Assignment.objects.filter(pk=assignment.pk, status=Assignment.Status.DONE).exists():
        return
    characters = list(main_characters(assignment.task.episode.series_id).values_list("pk", "name"))
    missing = missing_answers(characters, current_states(assignment))
    if missing:
        raise RuleError(
            "unfinished",
            f"Not all characters have an answer yet: {', '.join(missing)}.",
            {"characters": [f"{name} has no answer yet." for name in missing]},
        )
    turns.close(assignment)
