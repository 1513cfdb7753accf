"""A worker that waits has imported what steps need, whatever pool it has; what cannot be imported does not end it."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest
from celery.concurrency import get_implementation
from celery.signals import worker_process_init, worker_ready

from workers import warming
from workers.analysers import subtitles


@pytest.fixture
def warmed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with what is made ready."""
    done: list[str] = []
    monkeypatch.setattr(warming, "import_steps", lambda: done.append("steps"))
    monkeypatch.setattr(subtitles, "prepare_text", lambda: done.append("text"))
    return done


def worker(pool: str, queues: str = "cpu,gpu") -> SimpleNamespace:
    taken = SimpleNamespace(consume_from=dict.fromkeys(queues.split(",")))
    return SimpleNamespace(pool=get_implementation(pool), app=SimpleNamespace(amqp=SimpleNamespace(queues=taken)))


@pytest.mark.parametrize(("pool", "expected"), [("solo", True), ("threads", True), ("prefork", False)])
def test_a_worker_that_works_itself_is_warm_when_it_is_ready(pool: str, expected: bool, warmed: list[str]) -> None:
    warming.warm_worker(sender=worker(pool))
    assert bool(warmed) == expected


@pytest.mark.parametrize(("queues", "expected"), [("cpu,gpu", ["steps", "text"]), ("cpu", ["steps"])])
def test_only_a_worker_that_looks_at_pictures_has_the_process_for_text(
    queues: str, expected: list[str], warmed: list[str]
) -> None:
    warming.warm_worker(sender=worker("solo", queues))
    assert warmed == expected


def test_a_pools_process_is_warm_when_it_starts(warmed: list[str]) -> None:
    warming.warm_process(sender="celery@here")
    assert warmed


def test_celery_tells_of_both() -> None:
    for signal, heard in ((worker_process_init, warming.warm_process), (worker_ready, warming.warm_worker)):
        assert any(ref() is heard for _, ref in signal.receivers)


def test_all_that_steps_need_is_imported_and_no_torch() -> None:
    code = (
        "import sys, django; django.setup(); from workers import warming; warming.import_steps();"
        "print(set(warming.NEEDED) <= set(sys.modules), 'torch' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert told.stdout.split() == ["True", "False"]


def test_what_cannot_be_imported_is_logged_and_the_rest_is_imported(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warming, "NEEDED", ("no_such_library", "json.tool"))
    sys.modules.pop("json.tool", None)
    warming.import_steps()
    assert "no_such_library cannot be imported" in caplog.text
    assert "json.tool" in sys.modules
