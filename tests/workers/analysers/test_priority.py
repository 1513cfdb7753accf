"""Who looks at pictures lets those go first who bring them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from workers.analysers.behind import Behind
from workers.analysers.priority import stand_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")


def niceness(thread: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, thread)


def test_the_thread_that_looks_stands_back_and_the_one_that_gives_does_not() -> None:
    seen: list[int] = []

    def take(things: list[int]) -> None:
        seen.append(niceness(threading.get_native_id()))

    own = niceness(os.getpid())
    line: Behind[int] = Behind("test", take, waiting=1)
    line.give(1)
    line.finish()
    assert seen == [min(own + 3, 19)]
    assert niceness(os.getpid()) == own


def test_standing_back_again_is_no_further_back() -> None:
    """A process for text does one work after the other, and says so with each."""
    code = (
        "import os; from workers.analysers.priority import stand_back;"
        "stand_back(os.getppid()); stand_back(os.getppid()); print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(told.stdout) == min(niceness(os.getpid()) + 3, 19)


def test_nobody_to_stand_behind_is_no_error() -> None:
    before = niceness(threading.get_native_id())
    stand_back(2**30)  # no such process
    assert niceness(threading.get_native_id()) == before
