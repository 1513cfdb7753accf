"""Story segments as they count in a project: what the workers found, with the joins and splits of its admins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from exports.erato.stories import Edit, ShotSpan, Story, effective
from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.annotation.rules import RuleError
from webapp.corpus.models import Episode, Shot, StorySegment
from webapp.jobs.models import Job
from webapp.jobs.services import cancel, job_key, wake
from webapp.relationships.models import ProjectStory, StoryEdit, StorySettings


@dataclass(frozen=True, slots=True)
class Storyboard:
    """An episode's shots, the story segments that count, and which shots show one camera's view."""

    shots: tuple[Shot, ...]
    stories: tuple[Story, ...]
    #: Numbers of shots (`Shot.index`), the first one's first.
    threads: tuple[tuple[int, ...], ...]
    #: Where the analysis says that story segments start.
    found_ms: tuple[int, ...]

    @property
    def spans(self) -> list[ShotSpan]:
        return shot_spans(self.shots)


def shot_spans(shots: Sequence[Shot]) -> list[ShotSpan]:
    return [ShotSpan(shot.index, shot.start_ms, shot.end_ms) for shot in shots]


def storyboard_of(project: Project, episode: Episode) -> Storyboard:
    """Return an episode's storyboard in a project, in four queries."""
    shots = tuple(Shot.objects.current_for(episode).order_by("index"))
    own = list(ProjectStory.objects.filter(project=project, episode=episode).order_by("index"))
    of_analysis = list(StorySegment.objects.current_for(episode).order_by("index"))
    found: list[ProjectStory] | list[StorySegment] = own or of_analysis
    rows = StoryEdit.objects.filter(project=project, episode=episode).order_by("pk").values_list("kind", "at_ms")
    edits = [Edit("join" if kind == StoryEdit.Kind.JOIN else "split", at_ms) for kind, at_ms in rows]
    found_ms = tuple(segment.start_ms for segment in found)
    return Storyboard(
        shots=shots,
        stories=effective(shot_spans(shots), found_ms, edits),
        threads=tuple(tuple(thread) for segment in found for thread in segment.threads),
        found_ms=found_ms,
    )


@transaction.atomic
def edit_story(*, project: Project, episode: Episode, client_id: UUID, kind: str, shot: int, author: User) -> StoryEdit:
    """Begin a story segment with a shot (`split`), or go on with the one before it (`join`).

    The same client_id twice is one edit. Raises RuleError `unknown_shot`, `first_shot`.
    """
    known = StoryEdit.objects.filter(project=project, episode=episode, client_id=client_id).first()
    if known is not None:
        return known
    shots = Shot.objects.current_for(episode).order_by("index")
    row = shots.filter(index=shot).first()
    if row is None:
        message = f"The episode has no shot {shot} any more. Reload the page."
        raise RuleError("unknown_shot", message, {"shot": [message]})
    if row.start_ms == shots.values_list("start_ms", flat=True)[0]:
        message = "Nothing comes before the first shot: it always begins a story segment."
        raise RuleError("first_shot", message, {"shot": [message]})
    return StoryEdit.objects.get_or_create(
        project=project,
        episode=episode,
        client_id=client_id,
        defaults={"kind": kind, "at_ms": row.start_ms, "author": author},
    )[0]


def story_settings(project: Project) -> StorySettings:
    """Return a project's parameters; those of the analysis where nobody has chosen others."""
    return StorySettings.objects.filter(project=project).select_related("job").first() or StorySettings(project=project)


@transaction.atomic
def decide_stories(*, project: Project, **parameters: Any) -> Job:
    """Group the shots of a project's episodes by other parameters (fields of StorySettings); returns the job that does.

    What admins joined and split stays over it. An earlier job that is not done yet is cancelled.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    chosen = story_settings(project)
    for name, value in parameters.items():
        setattr(chosen, name, value)
    cancel(Job.objects.filter(kind=Job.Kind.STORIES, parameters__project=project.pk, status__in=Job.UNFINISHED))
    chosen.job = Job.objects.create(
        kind=Job.Kind.STORIES,
        name="stories",
        parameters={"project": project.pk},
        key=job_key({"stories": str(uuid4())}),
    )
    chosen.save()
    wake(chosen.job)
    return chosen.job
