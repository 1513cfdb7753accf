"""What tests of workers share: the demo episode, made once for a run, and a look at the programs they start."""

from __future__ import annotations

import subprocess

import pytest

from tests.demo import shared_demo
from workers.demo import DemoFiles


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The demo's files (see `workers/demo/episode.py` for what `truth` holds)."""
    return shared_demo(tmp_path_factory)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen]:
    """All programs that are started to make a proxy."""
    processes: list[subprocess.Popen] = []

    class Watched(subprocess.Popen):
        def __init__(self, *args, **options) -> None:
            super().__init__(*args, **options)
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    return processes
