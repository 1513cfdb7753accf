"""Several threads that do the same at the same moment, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(number: int, action: Callable[[int], Result]) -> list[Result]:
    """Call `action(0)` to `action(number - 1)` in as many threads, released together; return what they returned.

    What one of them raises is raised here.
    """
    start = threading.Barrier(number)

    def run(position: int) -> Result:
        try:
            start.wait(timeout=30)
            return action(position)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=number) as pool:
        return [done.result(timeout=120) for done in [pool.submit(run, position) for position in range(number)]]
