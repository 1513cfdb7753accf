"""A project's moments as the plain values of `exports.moment_counts` and `exports.moment_agreement`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from exports.moment_agreement import MarkedEpisode
from exports.moment_counts import Mark, MarkedTurn
from webapp.annotation.models import Assignment, Calibration, Moment, Project, Task
from webapp.annotation.reaction import clip_time_ms
from webapp.annotation.watching import watched_ms
from webapp.corpus.models import Episode, Proxy


def marked_turns(project: Project) -> list[MarkedTurn]:
    """Return the done turns at episodes, by episode and annotator, in three queries."""
    done = {"assignment__task__project": project, "assignment__status": Assignment.Status.DONE}
    marks: dict[int, list[Mark]] = defaultdict(list)
    removed: dict[int, int] = defaultdict(int)
    # Plain values: there are tens of thousands, and a model instance of each takes ten times as long.
    columns = Moment.objects.filter(**done).values_list(
        "assignment", "time_ms", "corrected_ms", "removed", "clip_moment__clip", "clip_moment__clip__too_long"
    )
    is_corrected = project.moment_time == Project.MomentTime.CORRECTED
    for turn, raw_ms, corrected_ms, is_removed, clip, too_long in columns.order_by().iterator(chunk_size=5000):
        if is_removed:
            removed[turn] += 1
            continue
        time_ms = clip_time_ms(raw_ms, corrected_ms, project.moment_time)
        marks[turn].append(Mark(time_ms, is_corrected and corrected_ms is not None, clip, bool(too_long)))
    turns = (
        Assignment.objects.filter(task__project=project, task__kind=Task.Kind.MOMENTS, status=Assignment.Status.DONE)
        .select_related("task", "annotator", "watched")
        .order_by("task__episode", "annotator__username")
    )
    durations = dict(
        Proxy.objects.filter(job__is_current=True, episode__projects=project).values_list("episode", "duration_ms")
    )

    def turn_of(row: Assignment) -> MarkedTurn:
        duration_ms = durations[row.task.episode_id]
        spans = row.watched.spans if hasattr(row, "watched") else []
        return MarkedTurn(
            episode_id=row.task.episode_id,
            annotator=row.annotator.username,
            duration_ms=duration_ms,
            watched_ms=watched_ms(spans, duration_ms),
            marks=tuple(marks[row.pk]),
            removed=removed[row.pk],
        )

    return [turn_of(row) for row in turns]


def marked_episodes(turns: Sequence[MarkedTurn]) -> list[MarkedEpisode]:
    """Return the same by episode, for agreement."""
    episodes: dict[int, dict[str, list[int]]] = defaultdict(dict)
    durations = {}
    for turn in turns:
        episodes[turn.episode_id][turn.annotator] = sorted(mark.time_ms for mark in turn.marks)
        durations[turn.episode_id] = turn.duration_ms
    return [MarkedEpisode(pk, durations[pk], moments) for pk, moments in episodes.items()]


def reaction_times(project: Project) -> dict[str, Calibration]:
    """Return user name -> newest usable calibration of the project's members, in one query."""
    rows = Calibration.objects.filter(usable=True, annotator__memberships__project=project)
    return {row.annotator.username: row for row in rows.select_related("annotator").order_by("created_at", "pk")}


def episode_names(project: Project) -> dict[int, str]:
    """Return episode -> “series · title”."""
    return {episode.pk: str(episode) for episode in Episode.objects.filter(projects=project).select_related("series")}
