"""What is loaded for annotators and admins, with which joins."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Exemplar, Project, StateRevision, Task
from webapp.corpus.models import Character, Segment


def main_characters(series_id: int) -> QuerySet[Character]:
    """Main characters of a series in their order."""
    return Character.objects.filter(series=series_id, is_main=True)


def current_states(assignment: Assignment) -> dict[int, StateRevision]:
    """Return character id -> newest revision of one turn."""
    return {state.character_id: state for state in assignment.states.order_by("created_at", "pk")}


def newest_of(states: Iterable[StateRevision]) -> list[StateRevision]:
    """Return the newest revision of each character; `states` are of one turn, oldest first."""
    return list({state.character_id: state for state in states}.values())


def answers_of(
    project: Project, *, label: str = "", unsure: bool = False, commented: bool = False
) -> QuerySet[StateRevision, int]:
    """Ids of the newest revisions in finished turns, the last one first; `label`: a fine-grained emotion or a status.

    Ids alone: a project has tens of thousands, and a page shows fifty (`listed_answers`).
    """
    newer = StateRevision.objects.filter(
        Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk")),
        assignment=OuterRef("assignment"),
        character=OuterRef("character"),
    )
    # Not joined: a page then walks the index of the newest, and stops when it is full.
    done = Assignment.objects.filter(pk=OuterRef("assignment"), task__project=project, status=Assignment.Status.DONE)
    rows = StateRevision.objects.filter(Exists(done), ~Exists(newer))
    if label:
        rows = rows.filter(Q(fine_grained=label) | Q(status=label))
    if unsure:
        rows = rows.filter(unsure=True)
    if commented:
        rows = rows.exclude(comment="")
    return rows.order_by("-created_at", "-pk").values_list("pk", flat=True)


def listed_answers(ids: Collection[int]) -> list[StateRevision]:
    """Return revisions in the order of their ids, with what a list shows of them."""
    example = Exemplar.objects.filter(
        Q(label=OuterRef("fine_grained")) | Q(label=OuterRef("status")),
        project=OuterRef("assignment__task__project"),
        clip=OuterRef("assignment__task__clip"),
        character=OuterRef("character"),
    )
    rows = StateRevision.objects.select_related("character", "assignment__annotator", "assignment__task__clip")
    found = rows.annotate(is_exemplar=Exists(example)).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def clip_segments(clip: Clip) -> QuerySet[Segment]:
    """Segments of a clip in order, with their utterances."""
    return Segment.objects.filter(
        job=clip.segmentation_id, index__gte=clip.first_segment, index__lte=clip.last_segment
    ).select_related("utterance")


def progress_of(projects: list[Project]) -> dict[int, dict[str, dict[str, int]]]:
    """Return project id -> kind -> {done, total}, counted in turns, in two queries for any number of projects."""
    counts = {project.pk: {kind: {"done": 0, "total": 0} for kind in Task.Kind.values} for project in projects}
    wanted = Task.objects.filter(project__in=projects).values_list("project", "kind", "answers_wanted")
    for project, kind, answers, number in wanted.annotate(number=Count("pk")).order_by():
        counts[project][kind]["total"] += answers * number
    done = Assignment.objects.filter(task__project__in=projects, status=Assignment.Status.DONE)
    for project, kind, number in (
        done.values_list("task__project", "task__kind").annotate(number=Count("pk")).order_by()
    ):
        counts[project][kind]["done"] = number
    return counts


def work_of(user: User, projects: list[Project], now: datetime) -> dict[int, dict[str, dict[str, int]]]:
    """Return project id -> kind -> {available, done} for one annotator, in two queries for any number of projects.

    `available` counts a turn that is held as well.
    """
    work = {project.pk: {kind: {"available": 0, "done": 0} for kind in Task.Kind.values} for project in projects}
    open_tasks = Task.objects.filter(project__in=projects).open_for(user, now)
    for project, kind in open_tasks.values_list("project", "kind"):
        work[project][kind]["available"] += 1
    mine = (
        Assignment.objects.of(user)
        .filter(task__project__in=projects)
        .values_list("task__project", "task__kind")
        .annotate(
            done=Count("pk", filter=Q(status=Assignment.Status.DONE)),
            held=Count("pk", filter=Q(status=Assignment.Status.HELD, leased_until__gte=now)),
        )
        .order_by()
    )
    for project, kind, done, held in mine:
        work[project][kind]["done"] = done
        work[project][kind]["available"] += held
    return work
