"""A proxy's pictures are looked at while it is encoded: what is seen stands as long as the proxy may come to be."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.webapp.factories import done_job, make_bare_episode, make_job
from tests.workers.pictures import dissolve_free_scenes, video_to_encode
from tests.workers.planning import IN_THIRD_SCENE, WAIT_S, job_of, planned_episode
from webapp.corpus.models import Episode, Proxy, Shot
from webapp.corpus.queries import visible_shots
from webapp.corpus.services import cancel_analysis
from webapp.corpus.storage import media_storage
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.jobs.queues import say_present
from webapp.jobs.services import JobLost
from workers import heartbeat, persisting, presence, tidying
from workers.analysers import frames, shots, sweep
from workers.analysers.picture_pipe import Coming
from workers.analysers.shots import ShotFinder, find_shots
from workers.analysis import looking_ahead
from workers.pipeline import plan
from workers.steps import IN_ONE_PASS, shown
from workers.steps.ahead import LookingAhead
from workers.steps.context import StepContext
from workers.steps.pictures import PicturePass
from workers.tasks import run_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root")]


@pytest.fixture
def episode(tmp_path: Path) -> Episode:
    """An episode whose pictures nobody may copy, with its proxy and shots planned."""
    return planned_episode(video_to_encode(tmp_path))


class Encoding:
    """Holds an encode in its third scene until its shots were shown; then does `when_shown`, once.

    ffmpeg waits for the reader of its pictures, so it cannot end before.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, episode: Episode) -> None:
        self.when_shown: Callable[[], object] = lambda: None
        self.counts: list[int] = []
        self._go_on = threading.Event()
        self._episode = episode
        settle, show = ShotFinder.settle, LookingAhead.show

        def held(finder: ShotFinder, picture: sweep.Picture) -> Any:
            settled = settle(finder, picture)
            if picture.index == IN_THIRD_SCENE:
                assert self._go_on.wait(WAIT_S)
            return settled

        def watched(ahead: LookingAhead) -> None:
            show(ahead)
            self.counts.append(visible_shots(episode).count())
            if self.counts[-1] == 2 and not self._go_on.is_set():
                try:
                    self.when_shown()
                finally:
                    self._go_on.set()

        monkeypatch.setattr(ShotFinder, "settle", held)
        monkeypatch.setattr(LookingAhead, "show", watched)

    @property
    def was_shown(self) -> bool:
        return self._go_on.is_set()


@pytest.fixture
def encoding(monkeypatch: pytest.MonkeyPatch, episode: Episode) -> Encoding:
    return Encoding(monkeypatch, episode)


def test_shots_are_seen_while_the_proxy_is_encoded_and_found_when_it_is_done(
    episode: Episode, encoding: Encoding
) -> None:
    seen: list[Any] = []
    encoding.when_shown = lambda: seen.extend(
        (
            job_of("proxy").status,
            job_of("shots").status,
            job_of("shots").beside_id,
            *visible_shots(episode).values_list("start_ms", "end_ms"),
        )
    )
    run_job(job_of("proxy").pk)
    assert seen[:2] == ["running", "waiting"]
    assert seen[2] == job_of("proxy").pk
    assert encoding.counts == sorted(encoding.counts)
    assert (job_of("shots").status, job_of("shots").is_current, job_of("shots").attempt) == ("done", True, 1)
    assert job_of("shots").beside == job_of("proxy")
    rows = list(visible_shots(episode).values_list("start_ms", "end_ms", "key_frame_ms"))
    assert [row[:2] for row in rows[:2]] == seen[3:]
    found = find_shots(media_storage().path(Proxy.objects.get().video))
    assert rows == [(shot.start_ms, shot.end_ms, shot.key_frame_ms) for shot in found]
    assert Shot.objects.count() == 3


def test_nobody_reads_the_pictures_of_a_proxy_that_was_seen_while_it_was_encoded(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("the proxy is decoded")

    monkeypatch.setattr(sweep, "open_video", refuse)
    monkeypatch.setattr(frames, "iter_frames", refuse)
    run_job(job_of("proxy").pk)
    assert job_of("shots").figures == {"shots": 3}


def test_a_step_that_was_cancelled_alone_is_left_out(episode: Episode, encoding: Encoding) -> None:
    encoding.when_shown = lambda: services.cancel([job_of("shots")])
    run_job(job_of("proxy").pk)
    assert (job_of("proxy").status, job_of("shots").status) == ("done", "cancelled")
    assert not visible_shots(episode).exists()
    services.retry([job_of("shots")])
    run_job(job_of("shots").pk)
    assert (job_of("shots").status, visible_shots(episode).count()) == ("done", 3)


def test_what_cannot_look_ahead_looks_at_the_proxy(
    episode: Episode, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_ahead: LookingAhead, passing: Iterator[sweep.Picture]) -> None:
        next(passing)
        raise ValueError("no more")

    monkeypatch.setattr(LookingAhead, "look", broken)
    run_job(job_of("proxy").pk)
    assert "no more" in caplog.text
    assert (job_of("proxy").status, job_of("shots").status, job_of("shots").attempt) == ("done", "waiting", 0)
    run_job(job_of("shots").pk)
    assert (job_of("shots").status, visible_shots(episode).count()) == ("done", 3)


def test_what_was_not_seen_whole_is_looked_at_in_the_proxy(episode: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    look = PicturePass.look

    def one_less(looking: PicturePass, passing: Iterator[sweep.Picture], *progress: Any) -> int:
        return look(looking, passing, *progress) - 1

    monkeypatch.setattr(PicturePass, "look", one_less)
    run_job(job_of("proxy").pk)
    assert (job_of("proxy").status, job_of("shots").status) == ("done", "waiting")


def test_a_worker_that_is_to_end_gives_the_jobs_back_that_it_has_not_ended(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked_to_end(*_: Any) -> None:
        raise heartbeat.WorkerStopping("This worker was asked to end.")

    monkeypatch.setattr(PicturePass, "end", asked_to_end)
    run_job(job_of("proxy").pk)
    given_back = job_of("shots")
    assert (job_of("proxy").status, given_back.status, given_back.leased_until) == ("done", "waiting", None)
    assert (given_back.attempt, given_back.attempts_before) == (1, 1)


def test_a_database_that_is_away_when_the_proxy_is_done_is_waited_for(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = services.claim_woken
    tries: list[int] = []

    def away_at_first(done: Job, jobs: Any) -> list[Job]:
        claimed = claim(done, jobs)
        tries.append(len(claimed))
        if len(tries) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return claimed

    monkeypatch.setattr(persisting, "AGAIN_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(persisting, "database_is_away", lambda _error: True)
    monkeypatch.setattr(services, "claim_woken", away_at_first)
    run_job(job_of("proxy").pk)
    assert tries == [1, 1]
    assert (job_of("shots").status, job_of("shots").attempt) == ("done", 1)
    assert Proxy.objects.count() == 1


def test_subtitles_in_a_file_are_not_looked_for_in_the_pictures(episode: Episode) -> None:
    Episode.objects.filter(pk=episode.pk).update(subtitles="episodes/x/subtitles.srt")
    assert set(ahead_of(episode, ["shots", "subtitles"])) == {"shots"}


def test_where_another_worker_has_a_gpu_only_shots_are_looked_for(episode: Episode) -> None:
    assert set(ahead_of(episode, IN_ONE_PASS)) == set(IN_ONE_PASS)
    say_present("elsewhere:1", {"gpu"})
    assert set(ahead_of(episode, IN_ONE_PASS)) == {"shots"}


def test_the_worker_with_the_gpu_looks_ahead_for_all(episode: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    say_present("here:1", {"gpu", "cpu"})
    monkeypatch.setattr(presence, "_here", [presence.Presence("here:1", {"gpu", "cpu"})])
    assert set(ahead_of(episode, IN_ONE_PASS)) == set(IN_ONE_PASS)


def ahead_of(episode: Episode, names: Sequence[str]) -> list[str]:
    """Return the steps for which somebody would look ahead of the episode's proxy."""
    plan(Episode.objects.get(pk=episode.pk), names)
    context = StepContext(job=job_of("proxy"), episode=Episode.objects.get(pk=episode.pk), options=None)
    ahead = looking_ahead(context)
    return list(ahead.jobs) if ahead else []


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
    assert (job_of("proxy").status, job_of("shots").status, visible_shots(episode).count()) == ("done", "done", 3)


def test_shots_that_cannot_be_shown_do_not_stop_the_proxy(
    episode: Episode, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any) -> None:
        raise ValueError("not today")

    monkeypatch.setattr(shown, "write_shots", refuse)
    run_job(job_of("proxy").pk)
    assert job_of("proxy").status == "done"
    assert caplog.text.count("are not shown") == 1


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
        ahead = looking_ahead(context or self.context)
        assert ahead is not None
        ahead.begin(Coming(160, 96, Fraction(25), duration_ms=3000, colour_matrix=2))
        ahead.look(scenes())
        ahead.show()
        return visible_shots(self.episode).count()


def scenes() -> Iterator[sweep.Picture]:
    for number, pixels in enumerate(dissolve_free_scenes()):
        frame = av.VideoFrame.from_ndarray(cv2.resize(pixels, (160, 96)), format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, 25)
        yield sweep.Picture(frame, number)


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
    assert looking_ahead(again) is not None
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
    ahead = looking_ahead(previewed.context)
    assert ahead is not None
    ahead.begin(Coming(160, 96, Fraction(25), duration_ms=3000, colour_matrix=2))
    services.cancel([previewed.shots])
    ahead.look(scenes())
    ahead.show()
    assert not Shot.objects.exists()


def test_nobody_looks_where_no_shots_wait(previewed: Previewed) -> None:
    services.cancel([previewed.shots])
    assert looking_ahead(previewed.context) is None


def test_nothing_is_shown_where_shots_are_current(previewed: Previewed) -> None:
    done_job("shots", previewed.episode)
    previewed.look()
    assert not Shot.objects.exists()


def test_nobody_looks_for_shots_of_another_version(previewed: Previewed) -> None:
    Job.objects.filter(pk=previewed.shots.pk).update(parameters={"of": "long ago"})
    assert looking_ahead(previewed.context) is None
