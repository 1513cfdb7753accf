"""Shots are seen while the proxy is encoded, and only as long as the proxy may still come to be."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.sample_videos import Picture, ffmpeg, write_video
from tests.webapp.factories import done_job, make_bare_episode, make_job
from tests.workers.pictures import dissolve_free_scenes
from webapp.corpus.models import Episode, Proxy, Shot
from webapp.corpus.queries import visible_shots
from webapp.corpus.services import cancel_analysis, plan_analysis
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.jobs.services import JobLost
from workers import heartbeat, tidying
from workers.analysers import shots
from workers.analysers.frames import Pixels
from workers.analysers.shots.preview import ShotPreview
from workers.steps import shown
from workers.steps.context import StepContext
from workers.steps.shown import ShotsAhead, shots_ahead
from workers.tasks import run_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root")]

#: Longer than anything here takes: a test that waits so long has failed.
WAIT_S = 60.0
#: In the third of three scenes: two shots have ended.
IN_THIRD_SCENE = 62


@pytest.fixture
def episode(tmp_path: Path) -> Episode:
    """An episode whose pictures nobody may copy, with its proxy and shots planned."""
    source = write_video(tmp_path / "scenes.mp4", dissolve_free_scenes())
    mpeg4 = tmp_path / "scenes.avi"
    ffmpeg("-i", source, "-c:v", "mpeg4", "-q:v", "3", mpeg4)
    call_command("import_episode", str(mpeg4), series="Series", title="Scenes")
    planned = Episode.objects.get()
    plan_analysis(planned, only=["shots"])
    run_job(Job.objects.get(kind=Job.Kind.PLAN).pk)
    return planned


def job_of(name: str) -> Job:
    return Job.objects.get(name=name)


class Encoding:
    """Holds an encode in its third scene until its shots were shown; then does `when_shown`, once.

    ffmpeg waits for the reader of its pictures, so it cannot end before.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, episode: Episode) -> None:
        self.when_shown: Callable[[], None] = lambda: None
        self.counts: list[int] = []
        self._go_on = threading.Event()
        self._episode = episode
        self._seen = 0
        see, progress = ShotPreview.see, ShotsAhead.progress

        def held(viewer: ShotPreview, pixels: Pixels, time_ms: int) -> None:
            see(viewer, pixels, time_ms)
            self._seen += 1
            if self._seen == IN_THIRD_SCENE:
                assert self._go_on.wait(WAIT_S)

        def watched(ahead: ShotsAhead, share: float, doing: str) -> None:
            progress(ahead, share, doing)
            self.counts.append(visible_shots(episode).count())
            if self.counts[-1] == 2 and not self._go_on.is_set():
                try:
                    self.when_shown()
                finally:
                    self._go_on.set()

        monkeypatch.setattr(ShotPreview, "see", held)
        monkeypatch.setattr(ShotsAhead, "progress", watched)

    @property
    def was_shown(self) -> bool:
        return self._go_on.is_set()


@pytest.fixture
def encoding(monkeypatch: pytest.MonkeyPatch, episode: Episode) -> Encoding:
    return Encoding(monkeypatch, episode)


def test_shots_are_seen_while_the_proxy_is_encoded_and_then_replaced(episode: Episode, encoding: Encoding) -> None:
    statuses: list[str] = []
    encoding.when_shown = lambda: statuses.extend((job_of("proxy").status, job_of("shots").status))
    run_job(job_of("proxy").pk)
    assert statuses == ["running", "waiting"]
    assert encoding.counts == sorted(encoding.counts)
    assert Proxy.objects.count() == 1
    guessed = list(visible_shots(episode).values_list("start_ms", "end_ms", "key_frame_ms"))
    assert [start for start, _, _ in guessed] == [0, 800]
    run_job(job_of("shots").pk)
    assert job_of("shots").is_current
    found = list(visible_shots(episode).values_list("start_ms", "end_ms", "key_frame_ms"))
    assert found[:2] == guessed
    assert len(found) == Shot.objects.count() == 3


def test_the_pass_shows_no_fewer_than_were_seen_before(
    episode: Episode, encoding: Encoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_job(job_of("proxy").pk)
    counts: list[int] = []
    show = shown.ShownShots.__call__

    def watched(self: Any, context: StepContext, found: Any) -> None:
        show(self, context, found)
        counts.append(visible_shots(episode).count())

    monkeypatch.setattr(shown.ShownShots, "__call__", watched)
    run_job(job_of("shots").pk)
    assert job_of("shots").status == "done"
    assert counts
    assert min(counts) >= 2


def test_what_was_shown_goes_with_an_attempt_that_fails(encoding: Encoding, started: list[subprocess.Popen]) -> None:
    encoding.when_shown = lambda: started[-1].kill()
    run_job(job_of("proxy").pk)
    assert encoding.was_shown
    assert (job_of("proxy").status, job_of("proxy").error_code) == ("failed", "transcode_failed")
    assert job_of("shots").status == "failed"
    assert not Shot.objects.exists()


def test_what_was_shown_goes_with_an_attempt_that_is_cancelled(episode: Episode, encoding: Encoding) -> None:
    encoding.when_shown = lambda: cancel_analysis(episode) and None
    run_job(job_of("proxy").pk)
    assert encoding.was_shown
    assert (job_of("proxy").status, job_of("shots").status) == ("cancelled", "cancelled")
    assert not Shot.objects.exists()


def test_what_was_shown_goes_with_an_attempt_that_is_given_back_and_comes_again(
    episode: Episode, encoding: Encoding
) -> None:
    encoding.when_shown = heartbeat.stopping.set
    try:
        run_job(job_of("proxy").pk)
    finally:
        heartbeat.stopping.clear()
    assert encoding.was_shown
    assert (job_of("proxy").status, job_of("shots").status) == ("waiting", "waiting")
    assert not Shot.objects.exists()
    run_job(job_of("proxy").pk)
    assert (job_of("proxy").status, visible_shots(episode).count()) == ("done", 2)


def test_shots_that_cannot_be_shown_do_not_stop_the_proxy(
    episode: Episode, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any) -> None:
        raise ValueError("not today")

    monkeypatch.setattr(shown, "write_shots", refuse)
    run_job(job_of("proxy").pk)
    assert job_of("proxy").status == "done"
    assert caplog.text.count("are not shown") == 1
    assert not Shot.objects.exists()


# From here on without a video: a preview that a test feeds.


class Previewed:
    """An episode whose proxy is held by a worker while shots wait for it."""

    def __init__(self) -> None:
        self.episode = make_bare_episode()
        self.proxy = make_job("proxy", episode=self.episode)
        self.shots = make_job("shots", episode=self.episode, needs=[self.proxy], parameters=asdict(shots.Options()))
        self.context = self.claim()

    def claim(self, *, lease_s: float = 60) -> StepContext:
        lease = timedelta(seconds=lease_s)
        held = Job.objects.claim(self.proxy.pk, now=timezone.now(), lease=lease, worker="here:1")
        assert held is not None
        return StepContext(job=held, episode=self.episode, options=None)

    def lose_the_worker(self) -> None:
        Job.objects.filter(pk=self.proxy.pk).update(leased_until=timezone.now() - timedelta(seconds=1))

    def look(self, context: StepContext | None = None) -> int:
        """See two scenes and the begin of a third; return how many shots people see then."""
        ahead = shots_ahead(context or self.context)
        assert ahead is not None
        for number, picture in enumerate(SCENES):
            ahead.viewer.see(picture, number * 40)
        ahead.progress(0.5, "transcoding")
        return visible_shots(self.episode).count()


def small(picture: Picture) -> Pixels:
    return cv2.resize(picture, (160, 96))


SCENES = [small(picture) for picture in dissolve_free_scenes()]


@pytest.fixture
def previewed() -> Previewed:
    return Previewed()


def test_what_a_killed_attempt_showed_goes_when_its_job_ends(previewed: Previewed, settings: Any) -> None:
    assert previewed.look() == 2
    tidying.tidy()
    assert Shot.objects.count() == 2, "somebody may still work on it"
    settings.JOB_ATTEMPTS = 1
    previewed.lose_the_worker()
    services.sweep()
    assert Job.objects.get(pk=previewed.shots.pk).status == "failed"
    assert visible_shots(previewed.episode).count() == 0
    tidying.tidy()
    assert not Shot.objects.exists()


def test_what_a_killed_attempt_showed_goes_when_the_next_begins(previewed: Previewed) -> None:
    assert previewed.look() == 2
    previewed.lose_the_worker()
    again = previewed.claim()
    assert shots_ahead(again) is not None
    assert not Shot.objects.exists()


def test_an_attempt_that_was_lost_shows_nothing_and_takes_nothing_away(previewed: Previewed) -> None:
    previewed.context.progress(0.1, "transcoding")  # so that no report is due when it looks
    previewed.lose_the_worker()
    again = previewed.claim()
    assert previewed.look(again) == 2
    with pytest.raises(JobLost):
        previewed.look()
    previewed.context.shows_ahead = True
    previewed.context.clean_up()
    assert visible_shots(previewed.episode).count() == 2
    again.clean_up()
    assert not Shot.objects.exists()


def test_what_was_shown_stays_when_the_proxy_is_done(previewed: Previewed) -> None:
    assert previewed.look() == 2
    services.finish(previewed.context.job, figures={})
    previewed.context.clean_up()
    assert visible_shots(previewed.episode).count() == 2


def test_nothing_is_shown_of_shots_that_were_cancelled_alone(previewed: Previewed) -> None:
    ahead = shots_ahead(previewed.context)
    assert ahead is not None
    services.cancel([previewed.shots])
    for number, picture in enumerate(SCENES):
        ahead.viewer.see(picture, number * 40)
    ahead.progress(0.5, "transcoding")
    assert not Shot.objects.exists()


def test_nobody_looks_where_no_shots_wait(previewed: Previewed) -> None:
    services.cancel([previewed.shots])
    assert shots_ahead(previewed.context) is None


def test_nobody_looks_where_shots_are_current(previewed: Previewed) -> None:
    done_job("shots", previewed.episode)
    assert shots_ahead(previewed.context) is None


def test_nobody_looks_for_shots_of_another_version(previewed: Previewed) -> None:
    Job.objects.filter(pk=previewed.shots.pk).update(parameters={"of": "long ago"})
    assert shots_ahead(previewed.context) is None
