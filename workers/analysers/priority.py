"""Who looks at pictures lets those go first who bring them.

A pass is as fast as its pictures come. Where cores are fewer than threads, the one that decodes would wait for a core
as often as those that have work in store; whenever their store is used up, a core has nothing to do.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final

#: Three steps back, a thread gets a third of a core that another wants too.
_STEPS: Final = 3
_LAST: Final = 19


def stand_back(process: int) -> None:
    """Let the calling thread, and those it starts, have a core after the threads of a process with that number.

    May be called again. Does nothing where threads have no priority of their own (other systems than Linux).
    """
    if sys.platform != "linux":
        return
    with suppress(OSError):  # it only costs time
        os.setpriority(os.PRIO_PROCESS, 0, min(_LAST, os.getpriority(os.PRIO_PROCESS, process) + _STEPS))
