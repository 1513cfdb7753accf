"""What ends badly and may go well later is tried again; what somebody cancels stops; nothing is left lying about."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from tests.webapp.factories import make_bare_episode, make_job
from webapp.corpus.models import Shot
from webapp.corpus.services import cancel_analysis, plan_analysis
from webapp.jobs import services
from webapp.jobs.models import Job
from workers import analysis, heartbeat, persisting, pipeline, tidying
from workers.analysers.errors import AnalysisError
from workers.failures import explain
from workers.pipeline import Step, plan
from workers.steps.context import StepContext
from workers.tasks import run_job

pytestmark = pytest.mark.usefixtures("media_root")

DELAYS = (10, 60, 300)


@pytest.fixture(autouse=True)
def patience(settings: Any) -> None:
    settings.JOB_RETRY_SECONDS = DELAYS
    settings.JOB_ATTEMPTS = 4


class OneStep:
    """A step that writes a file and a fact, and does what a test says meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.during: Callable[[StepContext], None] = lambda _context: None
        self.storing: Callable[[StepContext], None] = lambda _context: None
        steps = (
            Step("read", "1", (), self._run, self._store),
            Step("cut", "1", ("read",), self._run, self._store),
        )
        monkeypatch.setattr(pipeline, "_STEPS", steps)
        by_name = {step.name: step for step in steps}
        monkeypatch.setattr(pipeline, "STEPS", by_name)
        monkeypatch.setattr(analysis, "STEPS", by_name)

    def _run(self, context: StepContext) -> None:
        (context.workdir / "made.txt").write_text("made")
        self.during(context)

    def _store(self, context: StepContext, _found: None) -> dict[str, Any]:
        context.publish()
        Shot.objects.create(job=context.job, index=0, start_ms=0, end_ms=10, key_frame_ms=0)
        self.storing(context)
        return {}


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch, db: None) -> OneStep:
    monkeypatch.setattr(persisting, "AGAIN_AFTER_SECONDS", 0.0)
    return OneStep(monkeypatch)


def planned() -> Job:
    return plan(make_bare_episode())[0]


def row(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def raising(error: BaseException) -> Callable[[StepContext], None]:
    def act(_context: StepContext) -> None:
        raise error

    return act


def files(media_root: Path) -> list[str]:
    return sorted(str(path.relative_to(media_root)) for path in media_root.rglob("*") if path.is_file())


def let_the_wait_end(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1))


def test_each_try_waits_longer_and_after_the_last_the_job_fails_with_all_that_needs_it(
    step: OneStep, media_root: Path
) -> None:
    job = planned()
    step.during = raising(OSError(errno.EIO, "Input/output error", "/data/a.mp4"))
    for number, delay in enumerate(DELAYS, start=1):
        before = timezone.now()
        run_job(job.pk)
        waiting = row(job)
        assert (waiting.status, waiting.attempt, waiting.error_code) == (
            "waiting",
            number,
            "input_output",
        )
        assert waiting.not_before is not None
        assert timedelta(seconds=delay - 1) < waiting.not_before - before < timedelta(seconds=delay + 5)
        run_job(job.pk)
        assert row(job).attempt == number, "before its time it is not taken up"
        let_the_wait_end(job)
    run_job(job.pk)
    failed = row(job)
    assert (failed.status, failed.error_code) == ("failed", "input_output")
    assert "/data/a.mp4" in failed.error
    assert failed.error.endswith("It was tried 4 times.")
    assert Job.objects.get(name="cut").error_code == "needs_failed"
    assert files(media_root) == []


def test_a_try_that_goes_well_is_as_if_nothing_had_been(step: OneStep, media_root: Path) -> None:
    job = planned()
    step.during = raising(MemoryError())
    run_job(job.pk)
    assert row(job).error_code == "out_of_memory"
    step.during = lambda _context: None
    let_the_wait_end(job)
    assert services.sweep() == 1
    run_job(job.pk)
    done = row(job)
    assert (
        done.status,
        done.attempt,
        done.error,
        done.error_code,
        done.not_before,
    ) == ("done", 2, "", "", None)
    assert Shot.objects.count() == 1
    assert len(files(media_root)) == 1


def test_input_that_cannot_be_used_fails_at_once(step: OneStep) -> None:
    job = planned()
    step.during = raising(AnalysisError("damaged", "The file is damaged."))
    run_job(job.pk)
    assert (row(job).status, row(job).attempt, row(job).error) == (
        "failed",
        1,
        "The file is damaged.",
    )


def test_asking_again_does_not_wait(step: OneStep) -> None:
    job = planned()
    step.during = raising(MemoryError())
    run_job(job.pk)
    assert job.episode is not None
    plan_analysis(job.episode)
    again = row(job)
    assert (again.status, again.not_before, again.error) == ("waiting", None, "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [1, 3])
def test_what_was_found_is_stored_when_the_database_is_back(step: OneStep, media_root: Path, times: int) -> None:
    job = planned()
    left = iter(range(times))

    def away(_context: StepContext) -> None:
        if next(left, None) is not None:
            raise OperationalError("server closed the connection unexpectedly")

    step.storing = away
    run_job(job.pk)
    assert (row(job).status, row(job).attempt) == ("done", 1)
    assert Shot.objects.count() == 1
    assert len(files(media_root)) == 1


def test_a_database_that_stays_away_puts_the_job_off_and_leaves_no_files(
    step: OneStep, media_root: Path, settings: Any
) -> None:
    settings.JOB_STORE_SECONDS = 0
    job = planned()
    step.storing = raising(OperationalError("server closed the connection unexpectedly"))
    run_job(job.pk)
    assert (row(job).status, row(job).error_code) == ("waiting", "database_away")
    assert not Shot.objects.exists()
    assert files(media_root) == []


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_got_through_although_the_connection_broke_is_not_made_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(persisting, "AGAIN_AFTER_SECONDS", 0.0)
    job = make_job("shots", episode=make_bare_episode())
    held = Job.objects.claim(job.pk, now=timezone.now(), lease=timedelta(seconds=60), worker="here:1")
    assert held is not None
    commits = iter([OperationalError("connection lost"), None])

    @contextmanager
    def commits_without_an_answer() -> Iterator[None]:
        with transaction.atomic():
            yield
        if error := next(commits):
            raise error

    def write() -> None:
        services.finish(held, figures={})
        Shot.objects.create(job=held, index=0, start_ms=0, end_ms=10, key_frame_ms=0)

    monkeypatch.setattr(persisting, "atomic", commits_without_an_answer)
    persisting.store(held, write, lambda: None)
    assert row(job).status == "done"
    assert Shot.objects.count() == 1


def test_an_error_in_what_is_written_is_not_tried_for_minutes(step: OneStep, settings: Any) -> None:
    settings.JOB_STORE_SECONDS = 3600
    job = planned()
    step.storing = raising(ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        run_job(job.pk)
    assert row(job).error_code == "crashed"


def test_progress_that_cannot_be_written_does_not_stop_the_step(step: OneStep, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_values: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("workers.reporting.report", away)
    monkeypatch.setattr("workers.reporting.connection.close", lambda: None)
    job = planned()
    step.during = lambda context: context.progress(0.5, "half way")
    run_job(job.pk)
    assert row(job).status == "done"


def test_progress_is_written_at_most_once_a_second(step: OneStep, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    written: list[float] = []
    monkeypatch.setattr("workers.reporting.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("workers.reporting.report", lambda _job, share, step: written.append(share))

    def report_often(context: StepContext) -> None:
        for tenth in range(30):
            clock[0] = 100 + tenth / 10
            context.progress(tenth / 30, "counting")

    step.during = report_often
    run_job(planned().pk)
    assert written == [0.0, 10 / 30, 20 / 30]


def test_a_cancelled_step_stops_at_its_next_report_and_leaves_nothing(step: OneStep, media_root: Path) -> None:
    job = planned()
    episode = job.episode
    assert episode is not None
    after = []

    def cancelled(context: StepContext) -> None:
        assert cancel_analysis(episode) == 2, "what needs it is cancelled too"
        context.progress(0.5, "half way")
        after.append("went on")

    step.during = cancelled
    run_job(job.pk)
    assert after == []
    assert [job.status for job in Job.objects.filter(episode=episode)] == [
        "cancelled",
        "cancelled",
    ]
    assert not Shot.objects.exists()
    assert files(media_root) == []


def test_a_step_that_is_cancelled_while_it_stores_stores_nothing(step: OneStep, media_root: Path) -> None:
    job = planned()
    assert job.episode is not None
    step.during = lambda context: (cancel_analysis(context.episode), None)[1]
    run_job(job.pk)
    assert row(job).status == "cancelled"
    assert not Shot.objects.exists()
    assert files(media_root) == []


def test_what_was_cancelled_is_started_again_by_asking(step: OneStep) -> None:
    job = planned()
    assert job.episode is not None
    cancel_analysis(job.episode)
    run_job(job.pk)
    assert row(job).attempt == 0, "a cancelled job is not claimed"
    assert services.sweep() == 0
    plan_analysis(job.episode)
    assert {one.status for one in Job.objects.filter(kind="analysis")} == {"waiting"}


def test_cancelling_what_is_done_changes_nothing(step: OneStep) -> None:
    job = planned()
    run_job(job.pk)
    before = Job.objects.values().get(pk=job.pk)
    assert job.episode is not None
    assert cancel_analysis(job.episode) == 1
    assert Job.objects.values().get(pk=job.pk) == before
    assert services.cancel([row(job)]) == 0


def test_a_worker_that_is_asked_to_end_gives_its_job_back_uncounted(
    step: OneStep, media_root: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_ATTEMPTS = 1
    job = planned()

    def asked_to_end(context: StepContext) -> None:
        heartbeat.stopping.set()
        context.progress(0.5, "half way")

    step.during = asked_to_end
    try:
        run_job(job.pk)
    finally:
        heartbeat.stopping.clear()
    assert (row(job).status, row(job).not_before) == ("waiting", None)
    assert files(media_root) == []
    step.during = lambda _context: None
    run_job(job.pk)
    assert row(job).status == "done"


def test_files_that_a_killed_attempt_published_go_once_its_job_has_ended(step: OneStep, media_root: Path) -> None:
    job = planned()
    held = Job.objects.claim(job.pk, now=timezone.now(), lease=timedelta(seconds=60), worker="here:1")
    assert held is not None
    context = StepContext(job=held, episode=held.episode, options=None)  # type: ignore[arg-type]
    (context.workdir / "made.txt").write_text("made")
    context.publish()  # and here it is killed: no fact names the file
    tidying.tidy()
    assert len(files(media_root)) == 1, "somebody may still work on it"
    services.cancel([row(job)])
    tidying.tidy()
    assert files(media_root) == []


def test_files_of_done_jobs_stay(step: OneStep, media_root: Path) -> None:
    job = planned()
    run_job(job.pk)
    tidying.remove_unrecorded(row(job))
    tidying.tidy()
    assert len(files(media_root)) == 1


@pytest.mark.parametrize(
    ("error", "code", "may_pass"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/x"), "disk_full", True),
        (AnalysisError("transcode_failed", "ffmpeg: No space left on device"), "disk_full", True),
        (OperationalError("database or disk is full"), "disk_full", True),
        (OperationalError("connection refused"), "database_away", True),
        (InterfaceError("connection already closed"), "database_away", True),
        (MemoryError(), "out_of_memory", True),
        (PermissionError(errno.EACCES, "Permission denied", "/data/x"), "input_output", True),
        (ZeroDivisionError("division by zero"), "crashed", True),
        (AnalysisError("too_dark", "It is dark."), "too_dark", False),
    ],
)  # fmt: skip
def test_every_end_is_explained(error: Exception, code: str, may_pass: bool, tmp_path: Path) -> None:
    failure = explain(error, step="faces", folders=[tmp_path])
    assert (failure.code, failure.may_pass) == (code, may_pass)
    assert len(failure.message) > 10


def test_a_full_disk_says_where_and_how_much_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 3_000_000, "total": 9_000_000})
    monkeypatch.setattr("workers.failures.shutil.disk_usage", lambda _path: usage)
    failure = explain(
        OSError(errno.ENOSPC, "full"),
        step="proxy",
        folders=[tmp_path / "not" / "made" / "yet"],
    )
    assert str(tmp_path) in failure.message
    assert "3 MB of 9 MB are free" in failure.message


def test_an_analyser_that_blames_its_file_on_a_full_disk_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 0, "total": 9_000_000})
    monkeypatch.setattr("workers.failures.shutil.disk_usage", lambda _path: usage)
    assert explain(AnalysisError("damaged", "x"), step="proxy", folders=[tmp_path]).code == "disk_full"
