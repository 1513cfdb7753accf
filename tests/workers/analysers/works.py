"""Works for other processes, as tests of `apart` need them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray


class Sums:
    """Adds up what it is given; the result names its process."""

    def __init__(self, start: int) -> None:
        if start < 0:
            raise ValueError("start below 0")
        self._sums = [start]

    def take(self, arrays: Sequence[NDArray[Any]], what: Any) -> None:
        match what:
            case "fail":
                raise LookupError("nothing here")
            case "fail in a way that cannot be sent":
                raise Unsendable(lambda: None)
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case ("wait for", path):
                while not Path(path).exists():
                    time.sleep(0.01)
        self._sums.append(int(arrays[0].sum()) + int(arrays[1].sum()))

    def finish(self) -> tuple[int, list[int]]:
        return os.getpid(), self._sums


class Imports:
    """Says which of some modules its process had imported before."""

    def __init__(self, names: Sequence[str]) -> None:
        self._found = [name for name in names if name in sys.modules]

    def finish(self) -> list[str]:
        return self._found


class Unsendable(Exception):
    """Cannot be pickled."""
