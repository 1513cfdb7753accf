"""How far a project is: in all, by annotator, and by episode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Max, Q, Sum

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Project, Task
from webapp.corpus.models import Episode
from webapp.corpus.queries import PROGRESS_FIELDS, analysis_progress, newest_jobs
from webapp.quality.remembered import Remembered, decisions
from webapp.relationships.services.listing import dropped_clips

_DONE = Q(assignments__status=Assignment.Status.DONE)


@dataclass(frozen=True, slots=True)
class Done:
    """What is done in a project: `turns` is (annotator id, kind) -> how many, and when the last one ended."""

    turns: dict[tuple[int, str], tuple[int, datetime | None]]
    complete: int
    """Clips with all the answers they want."""


def count_done(project: Project) -> Done:
    """Count the finished turns and complete clips of a project, in two queries over all of its turns."""
    turns = Assignment.objects.filter(task__project=project, status=Assignment.Status.DONE)
    counted = turns.values_list("annotator", "task__kind").annotate(Count("pk"), Max("finished_at")).order_by()
    tasks = Task.objects.filter(project=project, kind__in=Task.OF_CLIPS)
    complete = tasks.annotate(done=Count("assignments", filter=_DONE)).filter(done__gte=F("answers_wanted")).count()
    return Done({(who, kind): (number, last) for who, kind, number, last in counted}, complete)


def done_version(project: Project) -> tuple[object, ...]:
    """Return what differs whenever a turn has ended or other answers are wanted.

    The turns of all projects are counted: another project's costs time, and no truth.
    """
    ended = Assignment.objects.filter(status=Assignment.Status.DONE).aggregate(Count("pk"), Max("finished_at"))
    wanted = Task.objects.filter(project=project).aggregate(Count("pk"), Sum("answers_wanted"))
    return (decisions(project), *ended.values(), *wanted.values())


done_of: Final = Remembered(count_done, done_version).of


def clip_sums(project: Project, done: Done) -> dict[str, int]:
    """Return how many clips there are, and how many of them are too long, dropped, and labelled to the end."""
    sums = project.clips.aggregate(total=Count("pk"), too_long=Count("pk", filter=Q(too_long=True)))
    dropped = dropped_clips(Clip.objects.filter(project=project)).total()
    return {**sums, "complete": done.complete, "dropped": dropped}


def annotators_of(project: Project, done: Done) -> list[dict[str, Any]]:
    """Return the members with how many turns of each kind they finished, and when the last one was."""
    rows = []
    for person in User.objects.filter(memberships__project=project).order_by("username"):
        of_kind = {kind: done.turns.get((person.pk, kind), (0, None)) for kind in Task.Kind.values}
        rows.append(
            {
                "username": person.username,
                "full_name": person.full_name,
                **{f"{kind}_done": number for kind, (number, _) in of_kind.items()},
                "last_finished_at": max((at for _, at in of_kind.values() if at), default=None),
            }
        )
    return rows


def episodes_of(project: Project, episodes: Sequence[Episode]) -> list[dict[str, Any]]:
    """Return the progress of some episodes of a project, in a fixed number of queries."""
    jobs = newest_jobs(list(episodes), only=PROGRESS_FIELDS)
    tasks = Task.objects.filter(project=project, episode__in=episodes).annotate(done=Count("assignments", filter=_DONE))
    turns: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for episode, kind, wanted, done in tasks.values_list("episode", "kind", "answers_wanted", "done"):
        turns[episode, kind].append((done, wanted))
    dropped = dropped_clips(Clip.objects.filter(project=project, episode__in=episodes))

    def of(episode: Episode) -> dict[str, dict[str, int]]:
        return {
            kind: {
                "done": sum(done for done, _ in turns[episode.pk, kind]),
                "total": sum(wanted for _, wanted in turns[episode.pk, kind]),
            }
            for kind in Task.Kind.values
        }

    return [
        {
            "id": episode.pk,
            "series": episode.series.name,
            "title": episode.title,
            "analysis": asdict(analysis_progress(jobs.get(episode.pk, []))),
            "clips": sum(len(turns[episode.pk, kind]) for kind in Task.OF_CLIPS),
            "dropped": dropped[episode.pk],
            **of(episode),
        }
        for episode in episodes
    ]
