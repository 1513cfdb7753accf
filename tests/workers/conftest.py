"""The demo episode, made once for all tests of a run that need a video whose truth is known."""

from __future__ import annotations

import pytest

from tests.demo import shared_demo
from workers.demo import DemoFiles


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The demo's files (see `workers/demo/episode.py` for what `truth` holds)."""
    return shared_demo(tmp_path_factory)
