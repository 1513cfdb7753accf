"""Pictures that are copied are looked at in the source while the proxy is written, and on: it holds the same."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from tests.sample_videos import ffmpeg, write_video
from tests.workers.pictures import dissolve_free_scenes
from tests.workers.planning import IN_THIRD_SCENE, WAIT_S, job_of, planned_episode
from webapp.corpus.models import Episode, Proxy, Shot
from webapp.corpus.queries import visible_shots
from webapp.corpus.storage import media_storage
from webapp.jobs import services
from webapp.jobs.queues import say_present
from workers import heartbeat
from workers.analysers import facts, proxy, sweep
from workers.analysers.errors import AnalysisError
from workers.analysers.shots import ShotFinder, find_shots
from workers.steps import ahead
from workers.steps.ahead import LookingAhead
from workers.tasks import run_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root")]


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "scenes.mp4", dissolve_free_scenes())


@pytest.fixture
def late_video(tmp_path: Path, video: Path) -> Path:
    """Its first picture comes 20 ms after the first sound, as in many files."""
    late = tmp_path / "late.mp4"
    sound = ("-f", "lavfi", "-t", "3", "-i", "sine=frequency=300:sample_rate=48000")
    ffmpeg(*sound, "-itsoffset", "0.02", "-i", video, "-map", "1:v", "-map", "0:a", "-c:v", "copy", "-c:a", "aac", late)
    return late


def looking() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name in ("beside-copy", "decoding")]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts how often each file is opened to look at all of its pictures."""
    count: Counter[str] = Counter()
    real = sweep.open_video

    @contextmanager
    def counted(path: Path, **options: Any) -> Iterator[Any]:
        count[path.suffix if path.name.startswith("source") else path.name] += 1
        with real(path, **options) as held:
            yield held

    monkeypatch.setattr(sweep, "open_video", counted)
    return count


@pytest.mark.parametrize("kind", ["video", "late_video"])
def test_shots_are_found_in_the_source_as_they_stand_in_the_proxy(
    kind: str, opened: Counter[str], request: pytest.FixtureRequest
) -> None:
    episode = planned_episode(request.getfixturevalue(kind))
    run_job(job_of("proxy").pk)
    assert job_of("proxy").figures["copied"] is True
    assert (job_of("shots").status, job_of("shots").attempt, job_of("shots").is_current) == ("done", 1, True)
    assert sum(opened.values()) == 1
    assert "proxy.mp4" not in opened
    found = find_shots(media_storage().path(Proxy.objects.get().video))
    assert len(found) == 3
    rows = visible_shots(episode).values_list("start_ms", "end_ms", "key_frame_ms")
    assert list(rows) == [(shot.start_ms, shot.end_ms, shot.key_frame_ms) for shot in found]
    assert not looking()


def test_what_is_not_copied_after_all_is_encoded_and_seen_then(
    video: Path, opened: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "_copy", lambda *_: None)
    episode = planned_episode(video)
    run_job(job_of("proxy").pk)
    assert job_of("proxy").figures["copied"] is False
    assert (job_of("shots").status, job_of("shots").attempt) == ("done", 1)
    assert "proxy.mp4" not in opened
    assert visible_shots(episode).count() == 3
    assert not looking()


def test_a_copy_of_another_length_is_looked_at_itself(
    video: Path, opened: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LookingAhead, "saw", lambda *_: False)
    episode = planned_episode(video)
    run_job(job_of("proxy").pk)
    assert (job_of("proxy").status, job_of("shots").status, job_of("shots").attempt) == ("done", "waiting", 0)
    assert not looking()
    run_job(job_of("shots").pk)
    assert opened["proxy.mp4"] == 1
    assert (job_of("shots").status, visible_shots(episode).count()) == ("done", 3)


def test_other_lengths_and_counts_are_told_from_the_expected_ones(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[bool] = []
    saw = LookingAhead.saw

    def asked(viewer: LookingAhead, made: facts.Proxy) -> bool:
        answers.extend(
            saw(viewer, other)
            for other in (
                replace(made, duration_ms=made.duration_ms + 1),
                replace(made, frame_count=made.frame_count - 1),
                replace(made, copied=False),
                made,
            )
        )
        return answers[-1]

    monkeypatch.setattr(LookingAhead, "saw", asked)
    planned_episode(video)
    run_job(job_of("proxy").pk)
    assert answers == [False, False, False, True]


class Held:
    """Holds the look at the source in its third scene until the proxy is done; then does `when_waited_for`, once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.when_waited_for: Callable[[], object] = lambda: None
        self._go_on = threading.Event()
        settle, wait = ShotFinder.settle, LookingAhead.wait

        def held(finder: ShotFinder, picture: sweep.Picture) -> Any:
            settled = settle(finder, picture)
            if picture.index == IN_THIRD_SCENE:
                assert self._go_on.wait(WAIT_S)
            return settled

        def waited_for(viewer: LookingAhead, contexts: Any) -> None:
            self.when_waited_for()
            self._go_on.set()
            wait(viewer, contexts)

        monkeypatch.setattr(ShotFinder, "settle", held)
        monkeypatch.setattr(LookingAhead, "wait", waited_for)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(monkeypatch)


def test_the_proxy_is_done_while_most_is_still_to_be_seen(video: Path, held: Held) -> None:
    seen: list[Any] = []
    held.when_waited_for = lambda: seen.extend((job_of("proxy").status, job_of("shots").status, job_of("shots").worker))
    planned_episode(video)
    run_job(job_of("proxy").pk)
    assert seen == ["done", "running", job_of("proxy").worker]
    assert (job_of("shots").status, Shot.objects.count()) == ("done", 3)


def test_a_worker_that_is_to_end_gives_back_what_it_still_looks_at(video: Path, held: Held) -> None:
    held.when_waited_for = heartbeat.stopping.set
    planned_episode(video)
    try:
        run_job(job_of("proxy").pk)
    finally:
        heartbeat.stopping.clear()
    assert (job_of("proxy").status, job_of("shots").status, job_of("shots").leased_until) == ("done", "waiting", None)
    assert not looking()
    run_job(job_of("shots").pk)
    assert (job_of("shots").status, Shot.objects.count()) == ("done", 3)


def test_a_look_that_is_dropped_ends_before_its_pictures_do(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = threading.Event()

    def endless(*_: Any, **__: Any) -> Iterator[int]:
        try:
            yield from itertools.count()
        finally:
            closed.set()

    class Looking:
        form = None

        def look(self, passing: Iterator[int], on_progress: Callable[[float, str], None]) -> None:
            for _ in passing:
                on_progress(0.5, "looking")

    monkeypatch.setattr(ahead, "pictures", endless)
    beside = ahead._Beside(cast(Any, Looking()), Path("source.mp4"))
    assert beside.is_looking()
    beside.stop()
    assert closed.is_set()
    assert not beside.is_looking()


def test_a_look_that_is_cancelled_ends(video: Path, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.reporting.EVERY_SECONDS", 0.0)
    held.when_waited_for = lambda: services.cancel([job_of("shots")])
    planned_episode(video)
    run_job(job_of("proxy").pk)
    assert (job_of("proxy").status, job_of("shots").status) == ("done", "cancelled")
    assert not looking()
    assert not visible_shots(Episode.objects.get()).exists()


def test_what_goes_wrong_while_looking_is_the_steps_failure_not_the_proxys(
    video: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise AnalysisError("video_unreadable", "The disk is gone.")

    held.when_waited_for = lambda: monkeypatch.setattr(ShotFinder, "settle", broken)
    planned_episode(video)
    run_job(job_of("proxy").pk)
    shots = job_of("shots")
    assert (job_of("proxy").status, shots.error_code) == ("done", "video_unreadable")
    assert "The disk is gone." in shots.error


def test_where_a_gpu_will_look_at_the_proxy_nobody_looks_beside(video: Path, opened: Counter[str]) -> None:
    say_present("elsewhere:1", {"gpu"})
    planned_episode(video, "faces")
    run_job(job_of("proxy").pk)
    assert (job_of("proxy").status, job_of("shots").status, job_of("faces").status) == ("done", "waiting", "waiting")
    assert not opened
