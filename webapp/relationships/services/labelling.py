"""Labelling a clip: its lines corrected, its pair chosen, their relationship said (rules 3 and 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Exemplar, Task
from webapp.annotation.remarks import LONGEST_COMMENT
from webapp.annotation.rules import RuleError
from webapp.annotation.services import turns
from webapp.corpus.models import Proxy
from webapp.relationships.lines import ClipLine, check_lines, found_index, tidy
from webapp.relationships.models import IdentityRemark, LineRevision, StepRevision
from webapp.relationships.queries import (
    candidates_of,
    found_lines,
    people_of,
    remarks_of,
    standing_of,
    steps_of,
    subtitles_job,
)
from webapp.relationships.steps import Standing, StepEvent, after, check_event, check_lines_may_change


def clip_of(assignment: Assignment) -> Clip:
    """Return the clip of a turn at a pair. Raises RuleError `wrong_kind` for a turn of another kind."""
    if assignment.task.kind != Task.Kind.RELATE or assignment.task.clip is None:
        raise RuleError("wrong_kind", "This turn is not about how two people stand to each other.")
    return assignment.task.clip


@transaction.atomic
def revise_lines(*, assignment: Assignment, client_id: UUID, lines: Sequence[ClipLine]) -> None:
    """Keep what was said of lines, all together. The same client_id twice is one change. Raises LeaseLost, RuleError.

    Of lines that are there already, one that is left out stays as it is.
    """
    clip = clip_of(assignment)
    if LineRevision.objects.filter(clip=clip, client_id=client_id, assignment__in=_turns_like(assignment)).exists():
        return
    _lock(assignment)
    check_lines_may_change(_now(assignment, clip))
    found = {line.name for line in found_lines(clip)}
    said = LineRevision.objects.filter(clip=clip).values_list("line", flat=True)
    duration_ms = Proxy.objects.current_for(clip.episode_id).get().duration_ms
    trimmed = [replace(line, text=tidy(line.text)) for line in lines]
    made = {name for name in said if found_index(name) is None}
    check_lines(trimmed, (clip.start_ms, clip.end_ms), found | made, duration_ms)
    job = subtitles_job(clip)
    LineRevision.objects.bulk_create(
        LineRevision(
            clip=clip,
            assignment=assignment,
            client_id=client_id,
            subtitles_id=job,
            line=line.name,
            start_ms=line.start_ms,
            end_ms=line.end_ms,
            text=line.text,
            removed=line.removed,
        )
        for line in trimmed
    )


@transaction.atomic
def take_step(*, assignment: Assignment, client_id: UUID, event: StepEvent, duration_ms: int = 0) -> Standing:
    """Store an event of the turn and return where it is then. The same client_id twice is one event.

    Raises LeaseLost; RuleError `wrong_step` for an event out of order, `rule_broken` for one that makes no sense.
    """
    clip = clip_of(assignment)
    if steps_of(assignment).filter(client_id=client_id).exists():
        return _now(assignment, clip)
    _lock(assignment)
    people = people_of(clip)
    before = standing_of((one.event for one in steps_of(assignment)), [person.identity_id for person in people])
    if event.kind == StepRevision.Kind.RELATIONSHIP:
        event = replace(event, pair=before.pair)
    check_event(before, event, candidates_of(clip, people))
    first, second = event.pair or (None, None)
    StepRevision.objects.create(
        assignment=assignment,
        client_id=client_id,
        kind=event.kind,
        first_id=first,
        second_id=second,
        relationship=event.relationship,
        back_to=event.back_to,
        reason=event.reason,
        words=event.words,
        unsure=event.unsure,
        comment=event.comment,
        duration_ms=duration_ms,
        created_at=timezone.now(),
    )
    return after(before, event)


@transaction.atomic
def remark_on_identity(
    *, assignment: Assignment, client_id: UUID, kind: str, identity: int | None = None, comment: str = ""
) -> IdentityRemark:
    """Note that somebody's pictures show another person, or that somebody is missing. The same client_id twice is one.

    Raises LeaseLost, RuleError.
    """
    clip = clip_of(assignment)
    known = remarks_of(assignment).filter(client_id=client_id).first()
    if known is not None:
        return known
    wrong: dict[str, list[str]] = {}
    if kind == IdentityRemark.Kind.WRONG_PERSON and not clip.people.filter(identity=identity).exists():
        wrong["identity"] = ["Choose somebody who is in this clip."]
    if kind == IdentityRemark.Kind.MISSING_PERSON and identity is not None:
        wrong["identity"] = ["Somebody who is missing has no pictures: leave this out."]
    if len(comment) > LONGEST_COMMENT:
        wrong["comment"] = [f"A comment has at most {LONGEST_COMMENT} characters."]
    if wrong:
        raise RuleError("rule_broken", "This cannot be said of the people in the clip.", wrong)
    _lock(assignment)
    return IdentityRemark.objects.create(
        assignment=assignment,
        client_id=client_id,
        kind=kind,
        identity_id=identity,
        comment=comment,
        created_at=timezone.now(),
    )


def choose_example(*, turn: Assignment, relationship: str, user: User, note: str = "") -> Exemplar:
    """Make the clip of a finished turn the project's example of its relationship, in place of an earlier one.

    Raises RuleError `not_an_answer` where it has none.
    """
    clip = clip_of(turn)
    if turn.status != Assignment.Status.DONE or not relationship:
        raise RuleError("not_an_answer", "Only a finished clip with a relationship can be an example.")
    exemplar, _ = Exemplar.objects.update_or_create(
        project_id=clip.project_id,
        label=relationship,
        defaults={"clip": clip, "character": None, "note": note, "chosen_by": user},
    )
    return exemplar


def settle_remark(*, remark: IdentityRemark, user: User, settled: bool) -> None:
    """Say that a remark was looked after, or that it was not yet; who settled it first stays."""
    if settled and remark.settled_at is None:
        remark.settled_by, remark.settled_at = user, timezone.now()
    elif not settled:
        remark.settled_by = remark.settled_at = None
    remark.save(update_fields=["settled_by", "settled_at"])


@transaction.atomic
def finish_relating(*, assignment: Assignment) -> None:
    """End the turn once a relationship is chosen, or the clip is discarded. Raises LeaseLost, RuleError (`unfinished`).

    A repeated call changes nothing.
    """
    if Assignment.objects.filter(pk=assignment.pk, status=Assignment.Status.DONE).exists():
        return
    if not _now(assignment, clip_of(assignment)).is_complete:
        raise RuleError("unfinished", "The relationship of this clip is not chosen yet.")
    turns.close(assignment)


def _now(assignment: Assignment, clip: Clip) -> Standing:
    people = clip.people.values_list("identity", flat=True)
    return standing_of((one.event for one in steps_of(assignment)), list(people))


def _turns_like(assignment: Assignment) -> list[int]:
    """This turn, and earlier ones of the same annotator at the same clip."""
    turns_at = Assignment.objects.filter(task=assignment.task_id, annotator=assignment.annotator_id)
    return list(turns_at.values_list("pk", flat=True))


def _lock(assignment: Assignment) -> None:
    """Keep the turn, and keep others from changing it meanwhile: two tabs do one thing after the other."""
    Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    turns.renew_or_correct(assignment)
