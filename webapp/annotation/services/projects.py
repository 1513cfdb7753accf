"""Making projects and naming their members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from webapp.accounts.models import User
from webapp.annotation.models import Membership, Project, ProjectEpisode, Task
from webapp.annotation.queries import main_characters
from webapp.annotation.rules import RuleError
from webapp.annotation.services.wanting import want_answers
from webapp.corpus.models import Episode, Identity, Segment

LONGEST_NAME = 100

#: What a protocol begins with: an episode's turns of this kind.
FIRST_STEP: Final = {Project.Protocol.MEMOR: Task.Kind.MOMENTS, Project.Protocol.ERATO: Task.Kind.LOCATE}

#: How many annotators a protocol has answer for a clip, if nobody says otherwise (ERATO: more only in cross-checks).
ANSWERS_PER_CLIP: Final = {Project.Protocol.MEMOR: 3, Project.Protocol.ERATO: 1}


@transaction.atomic
def create_project(
    *,
    name: str,
    protocol: str,
    episodes: Sequence[Episode],
    annotators: Sequence[User] = (),
    answers_per_clip: int | None = None,
    moment_annotators: int = 1,
    guideline: str = "",
) -> Project:
    """Make a project whose episodes wait for the protocol's first step. Raises RuleError with what is missing."""
    if Project.objects.filter(name=name).exists():
        raise RuleError("name_taken", f"There is a project named “{name}” already.")
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise RuleError("bad_name", f"A project's name has 1 to {LONGEST_NAME} printable characters.")
    episodes = list(dict.fromkeys(episodes))
    if not episodes:
        raise RuleError("no_episodes", "A project needs at least one episode.")
    for episode in episodes:
        _check_episode(episode, protocol)
    chosen = Project.Protocol(protocol)
    project = Project.objects.create(
        name=name,
        protocol=chosen,
        answers_per_clip=ANSWERS_PER_CLIP[chosen] if answers_per_clip is None else answers_per_clip,
        moment_annotators=moment_annotators,
        guideline=guideline,
    )
    ProjectEpisode.objects.bulk_create(ProjectEpisode(project=project, episode=episode) for episode in episodes)
    Task.objects.bulk_create(
        Task(project=project, kind=FIRST_STEP[chosen], episode=episode, answers_wanted=moment_annotators)
        for episode in episodes
    )
    add_members(project=project, users=annotators)
    return project


def _check_episode(episode: Episode, protocol: str) -> None:
    """Raise RuleError unless the workers found what the protocol builds on."""
    needed = Segment if protocol == Project.Protocol.MEMOR else Identity
    if not needed.objects.current_for(episode).exists():
        raise RuleError("not_analysed", f"Episode {episode.pk} ({episode}) is not analysed yet.")
    if protocol == Project.Protocol.MEMOR and not main_characters(episode.series_id).exists():
        raise RuleError(
            "no_characters",
            f"The series “{episode.series.name}” has no main characters: name them with set_characters.",
        )


@transaction.atomic
def decide_moments(*, project: Project, **values: Any) -> None:
    """Set `moment_time`, `unwatched` or `moment_tolerance_ms`. Raises RuleError.

    Which time makes clips cannot change once there are some: half a dataset would be made by the other rule.
    """
    locked = Project.objects.select_for_update().get(pk=project.pk)
    changes_time = values.get("moment_time", locked.moment_time) != locked.moment_time
    if changes_time and locked.clips.exists():
        message = "Clips were made already. Make a new project to choose another time."
        raise RuleError("clips_exist", message, {"moment_time": [message]})
    for name, value in values.items():
        setattr(project, name, value)
    project.save(update_fields=list(values))


def allow_context(*, project: Project, context_ms: int) -> None:
    """Let annotators of states watch that much of the episode before a clip; 0: nothing."""
    Project.objects.filter(pk=project.pk).update(context_ms=context_ms)
    project.context_ms = context_ms


@transaction.atomic
def ask_for_answers(*, project: Project, answers_per_clip: int) -> None:
    """Ask so many annotators about each clip (k), also about the clips there are.

    A clip that more have answered, or are answering, keeps them: nothing that was said is taken back.
    """
    Project.objects.filter(pk=project.pk).update(answers_per_clip=answers_per_clip)
    project.answers_per_clip = answers_per_clip
    want_answers(project)


@transaction.atomic
def add_members(*, project: Project, users: Sequence[User]) -> None:
    """Give annotators access; somebody who has it keeps it. Training clips want an answer of the new ones too."""
    Membership.objects.bulk_create((Membership(project=project, user=user) for user in users), ignore_conflicts=True)
    want_answers(project, of=~Q(purpose=Task.Purpose.WORK))
