"""The durable job table: one worker at a time, nothing lost with a worker or a broker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from tests.webapp.factories import make_bare_episode, make_episode, make_job, make_user, running_job
from tests.webapp.threads import at_once
from webapp.accounts.models import User
from webapp.corpus.models import Shot
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.jobs.services import JobLost

LEASE = timedelta(seconds=60)


def claim(job: Job, worker: str = "here:1") -> Job | None:
    return Job.objects.claim(job.pk, now=timezone.now(), lease=LEASE, worker=worker)


def claimed(job: Job) -> Job:
    held = claim(job)
    assert held is not None
    return held


def let_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def row(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[int]:
    """The ids of the jobs that workers were told of."""
    ids: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, **_options: ids.append(args[0]))
    return ids


@pytest.mark.django_db
def test_a_waiting_job_is_claimed_with_a_lease_and_a_new_attempt() -> None:
    held = claimed(make_job(progress=40, step="old"))
    assert (held.status, held.attempt, held.worker, held.progress, held.step) == ("running", 1, "here:1", 0, "")
    assert held.leased_until is not None
    assert held.leased_until > timezone.now() + timedelta(seconds=50)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lost", [False, True], ids=["waiting", "lost by its worker"])
def test_eight_threads_that_claim_at_once_get_a_job_once(lost: bool) -> None:
    job = running_job(seconds_left=-1) if lost else make_job()
    got = at_once(8, lambda number: claim(job, f"worker:{number}"))
    winners = [held for held in got if held]
    assert len(winners) == 1
    assert row(job).attempt == job.attempt + 1
    assert row(job).worker == winners[0].worker


@pytest.mark.django_db
def test_a_job_waits_for_all_it_needs() -> None:
    first, second = make_job("proxy", status="done"), make_job("shots")
    job = make_job("faces", needs=[first, second])
    assert claim(job) is None
    Job.objects.filter(pk=second.pk).update(status="done")
    assert claim(job) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["done", "failed"])
def test_a_job_that_ended_is_not_claimed(status: str) -> None:
    assert claim(make_job(status=status)) is None


@pytest.mark.django_db
def test_a_job_is_not_taken_from_a_worker_that_is_alive() -> None:
    assert claim(running_job(seconds_left=5)) is None


@pytest.mark.django_db
def test_a_job_whose_lease_ran_out_is_taken_over_and_its_first_worker_writes_nothing_more() -> None:
    episode = make_bare_episode()
    job = make_job("shots", episode=episode)
    first = claimed(job)
    let_lease_run_out(job)
    second = claimed(job)
    assert second.attempt == 2
    Shot.objects.create(job=second, index=0, start_ms=0, end_ms=10, key_frame_ms=0)
    services.finish(second, figures={"shots": 1})
    before = Job.objects.values().get(pk=job.pk)

    for write in (
        lambda: services.renew(first),
        lambda: services.report(first, share=0.5, step="still here"),
        lambda: services.finish(first, figures={"shots": 99}),
    ):
        with pytest.raises(JobLost):
            write()
    services.fail(first, code="late", message="too late")
    assert Job.objects.values().get(pk=job.pk) | {"is_current": True} == before
    assert Shot.objects.count() == 1


@pytest.mark.django_db
def test_a_worker_that_was_late_stays_fenced_off_after_a_retry() -> None:
    job = make_job()
    stale = claimed(job)
    let_lease_run_out(job)
    services.fail(claimed(job), code="x", message="x")
    services.retry([row(job)])
    claimed(job)
    with pytest.raises(JobLost):
        services.renew(stale)


@pytest.mark.django_db
def test_finishing_makes_an_analysis_current_and_the_older_one_not(sent: list[int]) -> None:
    episode = make_episode()
    old = Job.objects.get(episode=episode, name="shots")
    new = claimed(make_job("shots", episode=episode))
    services.finish(new, figures={"shots": 3})
    done = row(new)
    assert (done.status, done.is_current, done.progress, done.figures) == ("done", True, 100, {"shots": 3})
    assert done.leased_until is None
    assert not row(old).is_current


@pytest.mark.django_db
def test_finishing_wakes_what_waited(sent: list[int], django_capture_on_commit_callbacks: Any) -> None:
    job = claimed(make_job("proxy"))
    waiting = make_job("shots", needs=[job])
    with django_capture_on_commit_callbacks(execute=True):
        services.finish(job, figures={})
    assert sent == [waiting.pk]


@pytest.mark.django_db
def test_a_failure_fails_all_that_needs_it_with_the_reason() -> None:
    proxy = claimed(make_job("proxy"))
    shots = make_job("shots", needs=[proxy])
    faces = make_job("faces", needs=[shots])
    other = make_job("other")
    services.fail(proxy, code="truncated", message="The video ends in the middle.")
    assert (row(proxy).error_code, row(proxy).error) == ("truncated", "The video ends in the middle.")
    assert (row(shots).status, row(shots).error) == ("failed", "It needs “proxy”, which failed.")
    assert (row(faces).status, row(faces).error) == ("failed", "It needs “shots”, which failed.")
    assert row(other).status == "waiting"


@pytest.mark.django_db
def test_failed_jobs_are_tried_again(sent: list[int], django_capture_on_commit_callbacks: Any) -> None:
    proxy = claimed(make_job("proxy"))
    shots = make_job("shots", needs=[proxy])
    services.fail(proxy, code="x", message="x")
    with django_capture_on_commit_callbacks(execute=True):
        assert services.retry([row(proxy), row(shots), make_job("done", status="done")]) == 2
    assert [row(job).status for job in (proxy, shots)] == ["waiting", "waiting"]
    assert row(proxy).error == ""
    assert claim(proxy) is not None
    assert sent == [proxy.pk, shots.pk]


@pytest.mark.django_db
def test_a_job_that_loses_its_worker_too_often_fails_until_somebody_retries_it(settings: Any) -> None:
    settings.JOB_ATTEMPTS = 3
    job = make_job()
    for _ in range(3):
        claimed(job)
        let_lease_run_out(job)
    assert claim(job) is None
    services.sweep()
    assert (row(job).status, row(job).error_code) == ("failed", "worker_lost")
    assert "lost 3 times" in row(job).error
    services.retry([row(job)])
    for _ in range(3):
        claimed(job)
        let_lease_run_out(job)
    assert claim(job) is None


@pytest.mark.django_db
def test_the_sweep_wakes_what_can_run_and_nothing_else(
    sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    done = make_job("proxy", status="done")
    ready, lost = make_job("shots", needs=[done]), running_job(seconds_left=-1)
    running_job(seconds_left=30)
    make_job("faces", needs=[ready])
    with django_capture_on_commit_callbacks(execute=True):
        assert services.sweep() == 2
    assert sorted(sent) == sorted([ready.pk, lost.pk])


@pytest.mark.django_db
def test_the_sweep_fails_what_was_planned_while_what_it_needs_was_failing() -> None:
    waiting = make_job("shots", needs=[make_job("proxy", status="failed")])
    services.sweep()
    assert (row(waiting).status, row(waiting).error_code) == ("failed", "needs_failed")


@pytest.mark.django_db
def test_progress_is_a_whole_percentage_below_one_hundred_until_it_is_done() -> None:
    job = claimed(make_job())
    for share, percent in ((0.0, 0), (0.505, 50), (1.0, 99), (7.0, 99), (-1.0, 0)):
        services.report(job, share=share, step="x" * 200)
        assert (row(job).progress, len(row(job).step)) == (percent, 100)


@pytest.mark.django_db
def test_jobs_of_dead_processes_of_this_machine_are_freed_at_once() -> None:
    dead, alive = running_job(worker="me:11"), running_job(worker="me:12")
    elsewhere = running_job(worker="other:11")
    assert services.free_jobs_of("me:", lambda pid: pid == 12) == 1
    assert claim(dead) is not None
    assert claim(alive) is None
    assert claim(elsewhere) is None


def test_equal_parts_have_one_key_whatever_their_order() -> None:
    assert services.job_key({"a": 1, "b": [2]}) == services.job_key({"b": [2], "a": 1})
    assert services.job_key({"a": 1}) != services.job_key({"a": 2})


@pytest.mark.django_db
def test_a_broker_that_is_away_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(*_args: object, **_options: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        services.wake(make_job())


@pytest.mark.django_db
@pytest.mark.timeout(60)
def test_the_api_answers_while_redis_is_away(
    as_user: Callable[[User], APIClient],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    from celery import Celery

    from webapp.settings.base import REDIS_TRANSPORT

    nobody = Celery("nobody", set_as_current=False)
    nobody.conf.update(broker_url="redis://127.0.0.1:1/0", broker_transport_options=REDIS_TRANSPORT)
    monkeypatch.setattr(services, "current_app", nobody)
    episode = make_bare_episode()
    began = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_user(make_user(admin=True)).post(f"/api/episodes/{episode.pk}/analyse/")
    assert answer.status_code == 202
    assert Job.objects.get(episode=episode).status == "waiting"
    assert timezone.now() - began < timedelta(seconds=10)
