"""Story segments as a step: from the looks of shots to rows and the facts document."""

from __future__ import annotations

import numpy as np
import pytest

from tests.webapp.factories import done_job, make_episode, make_job
from webapp.corpus.facts_document import facts_document
from webapp.corpus.models import Episode, Shot
from webapp.jobs.models import Job
from workers.analysers.story_segments import Options
from workers.analysers.story_segments.looks import Looks, no_view
from workers.steps.context import StepContext
from workers.steps.story import run_story_segments, store_shot_looks, store_story_segments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


def shots_of_two_places(episode: Episode) -> Job:
    """Ten shots of a second, five of a red place, five of a blue one; one picture was seen of each."""
    shots = Job.objects.get(episode=episode, name="shots")
    Shot.objects.filter(job=shots).delete()
    Shot.objects.bulk_create(
        Shot(job=shots, index=n, start_ms=1000 * n, end_ms=1000 * n + 1000, key_frame_ms=1000 * n) for n in range(10)
    )
    running = make_job("shot_looks", episode=episode, needs=[shots], status="running", attempt=1)
    colours = np.zeros((10, 216), np.float32)
    colours[:5, 180] = colours[5:, 5] = 1
    seen = Looks(np.arange(0, 10_000, 1000, dtype=np.int32), colours, (no_view(320, 180),) * 10)
    running.figures = store_shot_looks(StepContext(job=running, episode=episode, options=None), seen)
    running.status = "done"
    running.save()
    return shots


def test_segments_are_stored_and_shown() -> None:
    episode = make_episode(duration_ms=10_000)
    assert facts_document(episode)["story_segments"] is None
    shots = shots_of_two_places(episode)
    job = done_job("story_segments", episode, [shots, Job.objects.get(name="shot_looks")])
    context = StepContext(job=job, episode=episode, options=Options())
    assert store_story_segments(context, run_story_segments(context)) == {"segments": 2, "threads": 0}
    assert facts_document(episode)["story_segments"] == [
        {"index": 0, "start_ms": 0, "end_ms": 5000, "first_shot": 0, "last_shot": 4, "threads": []},
        {"index": 1, "start_ms": 5000, "end_ms": 10_000, "first_shot": 5, "last_shot": 9, "threads": []},
    ]
