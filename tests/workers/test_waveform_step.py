"""The waveform of an episode: made by a worker, named by the API, sent to those who may see the episode."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import done_job, make_episode, make_job, make_project, make_user, write_media
from tests.workers.analysers.test_waveform import write_wav
from webapp.accounts.models import User
from webapp.corpus.models import Episode, Proxy
from webapp.jobs.models import Job
from workers.steps.context import StepContext
from workers.steps.sound import run_waveform, store_waveform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


@pytest.fixture
def as_user() -> Callable[[User], APIClient]:
    def client(user: User) -> APIClient:
        api = APIClient()
        api.force_login(user)
        return api

    return client


def step_of(episode: Episode) -> StepContext:
    proxy = Job.objects.get(episode=episode, name="proxy")
    job = make_job("waveform", episode=episode, needs=[proxy], status="running", attempt=1)
    return StepContext(job=job, episode=episode, options=None)


def test_the_peaks_of_the_sound_lie_in_a_file_that_the_job_names() -> None:
    episode = make_episode(duration_ms=20, cuts_ms=[10])
    write_wav(write_media(Proxy.objects.get().audio), [0] * 160 + [32767] * 160)
    Proxy.objects.update(video=write_media("v.mp4").name, poster=write_media("p.jpg").name)
    context = step_of(episode)
    figures = store_waveform(context, run_waveform(context))
    assert context.path(figures["file"]).read_bytes() == bytes([0, 255])
    assert figures["rate_hz"] == 100


def test_a_video_without_sound_has_no_waveform() -> None:
    episode = make_episode()
    Proxy.objects.update(audio="", video=write_media("v.mp4").name, poster=write_media("p.jpg").name)
    context = step_of(episode)
    assert store_waveform(context, run_waveform(context))["file"] == ""


def test_members_get_the_waveform_and_others_do_not(as_user: Callable[[User], APIClient]) -> None:
    anna, stranger = make_user(), make_user()
    episode = make_episode()
    make_project(episodes=[episode], annotators=[anna])
    made = done_job("waveform", episode)
    Job.objects.filter(pk=made.pk).update(figures={"file": "peaks.bin", "rate_hz": 100})
    write_media("peaks.bin", bytes([1, 2, 3]))
    admin = as_user(make_user(admin=True))
    waveform = admin.get(f"/api/episodes/{episode.pk}/").json()["media"]["waveform"]
    assert waveform["rate_hz"] == 100
    answer = as_user(anna).get(waveform["url"])
    assert b"".join(answer.streaming_content) == bytes([1, 2, 3])
    assert as_user(stranger).get(waveform["url"]).status_code == 404
    assert APIClient().get(waveform["url"]).status_code == 401


def test_an_episode_without_waveform_says_so(as_user: Callable[[User], APIClient]) -> None:
    episode = make_episode()
    silent = done_job("waveform", episode)
    Job.objects.filter(pk=silent.pk).update(figures={"file": "", "rate_hz": 100})
    admin = as_user(make_user(admin=True))
    assert admin.get(f"/api/episodes/{episode.pk}/").json()["media"]["waveform"] is None
    assert admin.get(f"/media/episodes/{episode.pk}/waveform.bin").status_code == 404
