"""What tests of workers share: the demo episode, made once for a run, a folder for media, what programs they start."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.demo import shared_demo
from workers.demo import DemoFiles


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The demo's files (see `workers/demo/episode.py` for what `truth` holds)."""
    return shared_demo(tmp_path_factory)


@pytest.fixture
def media_root(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for media, of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


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
