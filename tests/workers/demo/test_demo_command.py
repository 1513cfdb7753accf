"""The demo's command does not wait for a worker that is not there any more."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from tests.webapp.factories import make_bare_episode
from workers.management.commands.demo import Command


@pytest.mark.django_db
def test_a_worker_that_ends_ends_the_demo_with_where_to_look(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    program = shutil.which("false")
    assert program is not None
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(CommandError) as refused:
        Command()._analyse(make_bare_episode())
    assert "The worker has ended (status 1)" in str(refused.value)
    assert str(tmp_path / "demo" / "worker.log") in str(refused.value)
    assert (tmp_path / "demo" / "worker.log").is_file()
