"""Moments become clips, clips become tasks (rule 4)."""

from __future__ import annotations

from webapp.annotation.models import Assignment, Clip, ClipMoment, Moment, Task
from webapp.annotation.rules import clip_around
from webapp.annotation.services.suggesting import start_prelabelling
from webapp.corpus.models import Segment


def make_clips_when_ready(*, task: Task) -> list[Clip]:
    """Make the clips of an episode once all its moments turns are done; [] before. Part of the caller's transaction.

    Identical clips are made once and keep all their moments; a clip that is too long is kept without a task.
    """
    # The row lock keeps two last turns that end at once from both seeing the other as unfinished.
    task = Task.objects.select_for_update().get(pk=task.pk)
    done = task.assignments.filter(status=Assignment.Status.DONE).count()
    if done < task.answers_wanted:
        return []
    segments = list(Segment.objects.current_for(task.episode_id).order_by("index"))
    moments = Moment.objects.filter(
        assignment__task=task, assignment__status=Assignment.Status.DONE, removed=False, clip_moment__isnull=True
    )
    made = []
    for moment in moments:
        span = clip_around(moment.clip_time_ms(task.project.moment_time), segments)
        clip, created = Clip.objects.get_or_create(
            project=task.project,
            episode=task.episode,
            start_ms=span.start_ms,
            end_ms=span.end_ms,
            defaults={
                "segmentation_id": segments[0].job_id,
                "first_segment": span.first_segment,
                "last_segment": span.last_segment,
                "too_long": span.too_long,
            },
        )
        ClipMoment.objects.create(clip=clip, moment=moment)
        if created:
            made.append(clip)
    Task.objects.bulk_create(
        Task(
            project=task.project,
            kind=Task.Kind.STATES,
            episode=task.episode,
            clip=clip,
            answers_wanted=task.project.answers_per_clip,
        )
        for clip in made
        if not clip.too_long
    )
    if made:
        start_prelabelling(project=task.project)
    return made
