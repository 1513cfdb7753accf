"""Groups the shots of a project's episodes anew, by the project's own parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from webapp.annotation.models import Project
from webapp.corpus.models import Episode, Shot
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.jobs.services import finish, renew
from webapp.relationships.models import ProjectStory
from webapp.relationships.services.stories import story_settings
from workers.analysers import facts
from workers.analysers.story_segments import Options, story_segments
from workers.analysers.story_segments.looks import read_looks
from workers.persisting import store
from workers.reporting import Reporter


def tell_stories(job: Job, check: Callable[[], None]) -> None:
    """Group the shots of every episode of the job's project and end the job. Raises AnalysisError, JobLost.

    Each episode is kept when it is done. One whose shots were not looked at keeps what its analysis found.
    """
    project = Project.objects.filter(pk=job.parameters["project"]).first()
    episodes = list(project.episodes.order_by("pk")) if project else []
    report = Reporter(job, check)
    told = 0
    for place, episode in enumerate(episodes):
        assert project is not None
        report(place / len(episodes), "grouping shots")
        found = _stories_of(episode, options_of(project))
        if found is not None:
            _keep(job, project, episode, found)
            told += 1
    store(job, lambda: finish(job, figures={"episodes": told}), check)


def options_of(project: Project) -> Options:
    """Return the analyser's options with the project's parameters."""
    chosen = story_settings(project)
    return replace(
        Options(),
        longest=chosen.longest,
        fresh=chosen.fresh,
        shots_per_scene=chosen.shots_per_scene,
        thread_points=chosen.thread_points,
    )


def _stories_of(episode: Episode, options: Options) -> tuple[facts.StorySegment, ...] | None:
    looked = Job.objects.filter(episode=episode, name="shot_looks", is_current=True).first()
    if looked is None:
        return None
    shots = Shot.objects.filter(job__in=looked.needs.all()).order_by("index")
    rows = [facts.Shot(row.index, row.start_ms, row.end_ms, row.key_frame_ms) for row in shots]
    return story_segments(rows, read_looks(media_storage().path(looked.figures["file"])), options)


@transaction.atomic
def _keep(job: Job, project: Project, episode: Episode, found: tuple[facts.StorySegment, ...]) -> None:
    renew(job)  # a job that was cancelled for a newer one writes nothing
    ProjectStory.objects.filter(project=project, episode=episode).delete()
    ProjectStory.objects.bulk_create(
        ProjectStory(
            project=project,
            episode=episode,
            index=segment.index,
            start_ms=segment.start_ms,
            end_ms=segment.end_ms,
            threads=[list(thread) for thread in segment.threads],
        )
        for segment in found
    )
