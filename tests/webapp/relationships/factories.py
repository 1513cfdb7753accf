"""An episode of which it is known who is seen when, and clips of it for the ERATO protocol."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from uuid import uuid4

from tests.webapp.factories import make_episode, make_series
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Project, Task
from webapp.annotation.services import turns
from webapp.annotation.services.projects import create_project
from webapp.corpus.models import Episode, FaceTrack, Identity
from webapp.relationships.services import labelling
from webapp.relationships.services.clips import make_clips
from webapp.relationships.steps import StepEvent

Span = tuple[int, int]
_numbers = itertools.count(1)


def episode_with(people: Mapping[str, Sequence[Span]], duration_ms: int = 120_000) -> Episode:
    """An analysed episode whose identities, in this order, are seen in these spans (ms)."""
    episode = make_episode(make_series(mains=list(people)), duration_ms=duration_ms)
    FaceTrack.objects.current_for(episode).delete()
    faces = {one.index: one for one in Identity.objects.current_for(episode)}
    tracks = [(faces[index], span) for index, spans in enumerate(people.values()) for span in spans]
    FaceTrack.objects.bulk_create(
        FaceTrack(
            job=identity.job, index=index, identity=identity, shot_index=0, start_ms=start_ms, end_ms=end_ms,
            boxes=[[start_ms, 10.0, 10.0, 50.0, 50.0, 0.9]],
        )
        for index, (identity, (start_ms, end_ms)) in enumerate(tracks)
    )  # fmt: skip
    return episode


def faces_of(episode: Episode) -> list[Identity]:
    return list(Identity.objects.current_for(episode).order_by("index"))


def erato_project(
    *, episodes: Sequence[Episode] = (), annotators: Sequence[User] = (), k: int = 1, locators: int = 1
) -> Project:
    return create_project(
        name=f"ERATO {next(_numbers)}",
        protocol=Project.Protocol.ERATO,
        episodes=episodes or [two_people()],
        annotators=annotators,
        answers_per_clip=k,
        moment_annotators=locators,
    )


def two_people() -> Episode:
    """Anna is seen in the first, Ben in the second half of every ten seconds of two minutes."""
    tens = range(0, 120_000, 10_000)
    return episode_with(
        {"Anna": [(ten, ten + 5_000) for ten in tens], "Ben": [(ten + 5_000, ten + 10_000) for ten in tens]}
    )


def project_with_clips(*spans: Span, k: int = 1, annotators: Sequence[User] = ()) -> tuple[Project, list[Clip]]:
    """A project of one episode with two people, and clips that wait for their relationship."""
    project = erato_project(annotators=annotators, k=k)
    clips = make_clips(project=project, episode=project.episodes.get(), spans=spans or [(0, 20_000)])
    return project, clips


def relate_turn(project: Project, user: User) -> Assignment:
    """The clip that the annotator is given next; there must be one."""
    turn = turns.take_next(project=project, user=user, kind=Task.Kind.RELATE)
    assert turn is not None
    return turn


def say(turn: Assignment, *events: StepEvent) -> None:
    """Take these steps in a turn."""
    for event in events:
        labelling.take_step(assignment=turn, client_id=uuid4(), event=event)


def relate(turn: Assignment, relationship: str = "mild") -> None:
    """Label a clip from its first step to its last: the two seen longest stand like this to each other."""
    assert turn.task.clip is not None
    first, second = sorted(turn.task.clip.people.values_list("identity", flat=True)[:2])
    said = StepEvent("relationship", relationship=relationship)
    say(turn, StepEvent("lines_done"), StepEvent("pair", (first, second)), said)
    labelling.finish_relating(assignment=turn)
