"""The demo episode, made once for all tests of a run that need a video whose truth is known."""

from __future__ import annotations

import pytest

from workers.demo import DemoFiles, make_demo_episode


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The demo's files (see `workers/demo/episode.py` for what `truth` holds)."""
    return make_demo_episode(tmp_path_factory.mktemp("demo"))
