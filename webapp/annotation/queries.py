"""What is loaded for annotators and admins, with which joins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Exemplar, Membership, Project, StateRevision, Task
from webapp.annotation.queueing import Standing, turns_left
from webapp.corpus.models import Character, Segment

#: What is labelled in a protocol's clips.
CLIP_STEP: Final = {Project.Protocol.MEMOR: Task.Kind.STATES, Project.Protocol.ERATO: Task.Kind.RELATE}

#: Clips of the annotating period; annotators are not told which of them are gold.
IN_THE_PERIOD: Final = (Task.Purpose.WORK, Task.Purpose.GOLD)


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
    """Return project id -> kind -> {done, total}, counted in turns, in two queries for any number of projects.

    Training and gold clips are no part of the work to be done.
    """
    counts = {project.pk: {kind: {"done": 0, "total": 0} for kind in Task.Kind.values} for project in projects}
    work = Task.objects.filter(project__in=projects, purpose=Task.Purpose.WORK)
    wanted = work.values_list("project", "kind", "answers_wanted")
    for project, kind, answers, number in wanted.annotate(number=Count("pk")).order_by():
        counts[project][kind]["total"] += answers * number
    done = Assignment.objects.filter(
        task__project__in=projects, task__purpose=Task.Purpose.WORK, status=Assignment.Status.DONE
    )
    for project, kind, number in (
        done.values_list("task__project", "task__kind").annotate(number=Count("pk")).order_by()
    ):
        counts[project][kind]["done"] = number
    return counts


def standing_of(project: Project, user: User, kind: str) -> Standing:
    """Return where an annotator stands in the queue of a project's clips, in two queries."""
    member = Membership.objects.filter(project=project, user=user).first()
    had = Assignment.objects.of(user).filter(task__project=project, task__kind=kind, task__purpose__in=IN_THE_PERIOD)
    return _standing(project, user, member, had.exclude(status=Assignment.Status.ABANDONED).count())


def _standing(project: Project, user: User, member: Membership | None, place: int) -> Standing:
    return Standing(
        key=f"{project.pk}:{user.pk}",
        is_member=member is not None,
        trains=project.trains,
        is_open=member is not None and member.opened_at is not None,
        gold_percent=project.gold_percent,
        place=place,
    )


@dataclass(slots=True)
class Work:
    """What an annotator has done in a project, and can do: kind -> {available, done}; and how far the training is."""

    kinds: dict[str, dict[str, int]]
    training: dict[str, Any] | None = None
    """`done` of `total` training clips, and whether the period `is_open`; None where the annotator does not train."""


def work_of(user: User, projects: list[Project], now: datetime) -> dict[int, Work]:
    """Return project id -> the annotator's work in it, in three queries for any number of projects.

    `available` counts a turn that is held as well.
    """
    open_tasks: Counter[tuple[int, str, str]] = Counter(
        Task.objects.filter(project__in=projects)
        .open_for(user, now)
        .order_by()
        .values_list("project", "kind", "purpose")
    )
    mine = _own_turns(user, projects, now)
    members = {one.project_id: one for one in Membership.objects.filter(project__in=projects, user=user)}
    return {one.pk: _work(one, user, members.get(one.pk), open_tasks, mine) for one in projects}


def _own_turns(user: User, projects: list[Project], now: datetime) -> dict[tuple[int, str, str], tuple[int, int, int]]:
    """Return (project id, kind, purpose) -> own turns: done, held under a lease that runs, neither given back."""
    rows = (
        Assignment.objects.of(user)
        .filter(task__project__in=projects)
        .values_list("task__project", "task__kind", "task__purpose")
        .annotate(
            done=Count("pk", filter=Q(status=Assignment.Status.DONE)),
            held=Count("pk", filter=Q(status=Assignment.Status.HELD, leased_until__gte=now)),
            kept=Count("pk", filter=~Q(status=Assignment.Status.ABANDONED)),
        )
        .order_by()
    )
    return {(project, kind, purpose): (done, held, kept) for project, kind, purpose, done, held, kept in rows}


def _work(
    project: Project,
    user: User,
    member: Membership | None,
    open_tasks: Counter[tuple[int, str, str]],
    mine: dict[tuple[int, str, str], tuple[int, int, int]],
) -> Work:
    work = Work({})
    none = (0, 0, 0)
    for kind in Task.Kind.values:
        turns = {purpose: mine.get((project.pk, kind, purpose), none) for purpose in Task.Purpose.values}
        waiting = {purpose: open_tasks[project.pk, kind, purpose] for purpose in Task.Purpose.values}
        standing = _standing(project, user, member, sum(turns[purpose][2] for purpose in IN_THE_PERIOD))
        of_clips = kind in Task.OF_CLIPS
        left = turns_left(standing, **waiting) if of_clips else waiting[Task.Purpose.WORK]
        counted = (Task.Purpose.TRAINING,) if of_clips and standing.is_training else IN_THE_PERIOD
        work.kinds[kind] = {
            "available": left + sum(held for _, held, _ in turns.values()),
            "done": sum(turns[purpose][0] for purpose in counted),
        }
        if kind == CLIP_STEP[Project.Protocol(project.protocol)] and project.trains and member is not None:
            done, held, _ = turns[Task.Purpose.TRAINING]
            total = done + held + waiting[Task.Purpose.TRAINING]
            work.training = {"is_open": standing.is_open, "done": done, "total": total}
    return work
