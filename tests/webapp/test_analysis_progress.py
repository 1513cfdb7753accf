"""How far an episode's analysis is, summed up over its jobs."""

from __future__ import annotations

import pytest

from tests.webapp.factories import make_bare_episode, make_job, running_job
from webapp.corpus.queries import analysis_progress, newest_jobs
from webapp.jobs import services
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db


def test_a_job_that_is_done_beside_one_that_runs_is_as_far_as_that() -> None:
    episode = make_bare_episode()
    proxy = running_job("proxy", episode=episode, progress=40, step="transcoding")
    shots, faces, speech = (make_job(name, episode=episode, needs=[proxy]) for name in ("shots", "faces", "speech"))
    services.ride([shots, faces], proxy)
    found = analysis_progress(newest_jobs([episode])[episode.pk])
    assert (found.status, found.progress, found.step) == ("running", 3 * 40 // 4, "proxy: transcoding")
    assert speech.beside is None
    Job.objects.filter(pk=proxy.pk).update(status="waiting", progress=0)
    assert analysis_progress(newest_jobs([episode])[episode.pk]).progress == 0


def test_only_a_job_that_waits_rides() -> None:
    episode = make_bare_episode()
    proxy = running_job("proxy", episode=episode)
    cancelled = make_job("shots", episode=episode, needs=[proxy], status="cancelled")
    services.ride([cancelled], proxy)
    cancelled.refresh_from_db()
    assert cancelled.beside is None
