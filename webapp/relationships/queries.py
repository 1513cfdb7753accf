"""What is loaded for annotators of pairs, with which joins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet

from webapp.annotation.models import Assignment, Clip
from webapp.corpus.models import SubtitleLine
from webapp.jobs.models import Job
from webapp.relationships.lines import ClipLine, found_name, newest
from webapp.relationships.models import ClipPerson, IdentityRemark, LineRevision, StepRevision
from webapp.relationships.services.clips import rules_of
from webapp.relationships.steps import Standing, StepEvent, standing


def steps_of(assignment: Assignment) -> QuerySet[StepRevision]:
    """The events of an annotator's work on a clip, oldest first: a turn that was lost and taken again goes on."""
    return StepRevision.objects.filter(
        assignment__task=assignment.task_id, assignment__annotator=assignment.annotator_id
    ).order_by("pk")


def remarks_of(assignment: Assignment) -> QuerySet[IdentityRemark]:
    """What an annotator said of the faces of a clip, oldest first."""
    return IdentityRemark.objects.filter(
        assignment__task=assignment.task_id, assignment__annotator=assignment.annotator_id
    ).order_by("pk")


def standing_of(events: Iterable[StepEvent], people: Collection[int]) -> Standing:
    """Return where a turn is. What was said of somebody who is not in the clip any more does not count."""
    return standing(one for one in events if one.pair is None or set(one.pair) <= set(people))


def people_of(clip: Clip) -> list[ClipPerson]:
    """The people of a clip, longest seen first, with the characters they are."""
    return list(clip.people.select_related("identity__character").order_by("place"))


def candidates_of(clip: Clip, people: Sequence[ClipPerson]) -> list[int]:
    """Return the identities that are offered as the pair, longest seen first."""
    return [person.identity_id for person in people[: rules_of(clip.project).candidates]]


def subtitles_job(clip: Clip) -> int | None:
    """Return the analysis that a clip's lines came from: the one they were first corrected on, else the newest."""
    revised = LineRevision.objects.filter(clip=clip).order_by("pk").values_list("subtitles", flat=True).first()
    if revised is not None:
        return revised
    current = Job.objects.filter(episode=clip.episode_id, name="subtitles", is_current=True)
    return current.values_list("pk", flat=True).first()


def found_lines(clip: Clip) -> list[ClipLine]:
    """Return the lines that the workers found in a clip, in order."""
    found = SubtitleLine.objects.filter(
        job=subtitles_job(clip), start_ms__lt=clip.end_ms, end_ms__gt=clip.start_ms
    ).order_by("index")
    return [as_clip_line(line) for line in found]


def as_clip_line(line: SubtitleLine) -> ClipLine:
    return ClipLine(
        found_name(line.index), line.start_ms, line.end_ms, line.text,
        confidence=line.confidence, source=line.source, box=tuple(line.box) if line.box else None,
    )  # fmt: skip


def lines_of(clip: Clip) -> list[ClipLine]:
    """Return the lines of a clip as they count now."""
    return newest(found_lines(clip), (one.said for one in clip.line_revisions.order_by("pk")))
