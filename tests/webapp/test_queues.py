"""Jobs that prefer a GPU go to one where there is one, and wait for none where there is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone

from tests.webapp.factories import make_job
from webapp.jobs import services
from webapp.jobs.models import Worker
from webapp.jobs.queues import say_gone, say_present

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """Return a function that says by which queue a job that prefers a GPU is woken now."""
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, queue: sent.append(queue))

    def woken_by(prefers: str = "gpu") -> str:
        with django_capture_on_commit_callbacks(execute=True):
            services.wake(make_job(queue=prefers))
        return sent[-1]

    return woken_by


def test_without_a_gpu_worker_every_job_is_for_cpu_workers(queue: Any) -> None:
    assert queue() == "cpu"
    say_present("here:1", {"cpu"})
    assert queue() == "cpu"


def test_with_a_gpu_worker_jobs_go_where_they_would_rather_be(queue: Any) -> None:
    say_present("here:1", {"cpu"})
    say_present("there:1", {"gpu", "cpu"})
    assert queue() == "gpu"
    assert queue("cpu") == "cpu"


def test_a_gpu_worker_that_left_or_fell_silent_is_not_waited_for(queue: Any) -> None:
    say_present("there:1", {"gpu"})
    say_gone("there:1")
    assert queue() == "cpu"
    say_present("there:2", {"gpu"})
    Worker.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert queue() == "cpu"
    say_present("there:2", {"gpu"})
    assert queue() == "gpu"
    assert Worker.objects.count() == 1


def test_the_sweep_wakes_a_job_by_cpu_when_the_gpu_worker_has_gone(queue: Any) -> None:
    say_present("there:1", {"gpu"})
    assert queue() == "gpu"
    say_gone("there:1")
    assert services.sweep() == 1
    assert queue() == "cpu"


def test_workers_that_were_not_seen_for_a_day_are_forgotten() -> None:
    say_present("old:1", {"cpu"})
    Worker.objects.update(seen_at=timezone.now() - timedelta(days=2))
    say_present("new:1", {"cpu"})
    assert list(Worker.objects.values_list("name", flat=True)) == ["new:1"]
