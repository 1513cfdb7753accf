"""The demo episode, made once for a whole run: some half a minute that test processes share."""

from __future__ import annotations

import fcntl

import pytest

from workers.demo import DemoFiles, make_demo_episode
from workers.demo.episode import files_in


def shared_demo(factory: pytest.TempPathFactory) -> DemoFiles:
    """Return the demo's files; whichever process is first makes them, and others wait. Do not write into them."""
    base = factory.getbasetemp()
    if base.name.startswith("popen-"):  # one of several processes: the folder above is everybody's
        base = base.parent
    folder = base / "demo"
    with (base / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        files = files_in(folder)
        # The truth is written last.
        return files if files.truth.is_file() else make_demo_episode(folder)
