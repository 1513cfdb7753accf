"""The step that turns looks at faces into suggestions: rows of the job, and never a reason for an episode to fail."""

from __future__ import annotations

import numpy as np
import pytest

from tests.webapp.factories import make_episode, make_job, write_media
from webapp.corpus.models import EmotionSuggestion, Episode
from webapp.jobs.models import Job
from workers.analysers.face_file import write_face_file
from workers.analysers.facts import Expression, ExpressionFacts, FaceLooks, TrackExpressions
from workers.pipeline import STEPS
from workers.steps.context import StepContext
from workers.steps.suggestions import run_suggestions, store_suggestions

pytestmark = pytest.mark.django_db

JOY = Expression(1_000, (0.8, 0.2), 1.0)


def context_of(episode: Episode, **figures: str) -> StepContext:
    needs = list(Job.objects.filter(episode=episode, name__in=STEPS["suggestions"].needs))
    Job.objects.filter(episode=episode, name="faces").update(figures=figures)
    return StepContext(job=make_job("suggestions", episode=episode, needs=needs), episode=episode, options=None)


def face_file(episode: Episode, *tracks: int) -> str:
    name = f"{episode.folder}/faces/faces.npz"
    of_tracks = tuple(TrackExpressions(track, (JOY,)) for track in tracks)
    none = np.zeros(0, np.int32)
    looks = FaceLooks(none, none, np.zeros((0, 128), np.float32))
    expressions = ExpressionFacts(("joy", "neutral"), of_tracks, "net-1")
    write_face_file(looks, "test", expressions, write_media(name, b""))
    return name


def test_each_person_gets_a_row_in_the_segment_of_the_look() -> None:
    episode = make_episode()
    context = context_of(episode, file=face_file(episode, 0, 1))
    figures = store_suggestions(context, run_suggestions(context))
    rows = EmotionSuggestion.objects.filter(job=context.job).order_by("index")
    assert [(row.identity.index, row.start_ms, row.end_ms, row.source, row.looks) for row in rows] == [
        (0, 0, 4_000, "expression", 1),
        (1, 0, 4_000, "expression", 1),
    ]
    assert rows[0].probabilities == [["joy", 0.8], ["neutral", 0.2]]
    assert figures == {"suggestions": 2, "model": "net-1"}


@pytest.mark.parametrize("damage", ["nobody looked", "file gone", "file broken"])
def test_without_what_the_network_saw_there_are_no_suggestions_and_no_failure(damage: str) -> None:
    episode = make_episode()
    name = "" if damage == "nobody looked" else face_file(episode, 0)
    context = context_of(episode, file=name) if name else context_of(episode)
    if damage == "file gone":
        context.path(name).unlink()
    elif damage == "file broken":
        context.path(name).write_bytes(b"PK no zip")
    figures = store_suggestions(context, run_suggestions(context))
    assert figures == {"suggestions": 0, "model": ""}
    assert not EmotionSuggestion.objects.exists()
