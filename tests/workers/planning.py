"""An episode that waits for its proxy, for tests of what is seen while that is written."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command

from webapp.corpus.models import Episode
from webapp.corpus.services import plan_analysis
from webapp.jobs.models import Job
from workers.tasks import run_job

#: Longer than anything here takes: a test that waits so long has failed.
WAIT_S = 60.0
#: In the third of `dissolve_free_scenes`: two shots have ended.
IN_THIRD_SCENE = 62


def planned_episode(video: Path, step: str = "shots") -> Episode:
    """Import a video, and plan its proxy and a step that looks at pictures."""
    call_command("import_episode", str(video), series="Series", title="Scenes")
    episode = Episode.objects.get()
    plan_analysis(episode, only=[step])
    run_job(Job.objects.get(kind=Job.Kind.PLAN).pk)
    return episode


def job_of(name: str) -> Job:
    return Job.objects.get(name=name)
