"""Memory that was freed inside this process: the C library keeps it for later, the system may need it now."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable


def give_back() -> None:
    """Return freed memory to the system, where the C library is one that can (glibc); takes milliseconds.

    After an episode's pass a quarter of what a worker holds is free: pieces of some kilobytes between others that stay.
    """
    _trim()(0)


@functools.cache
def _trim() -> Callable[[int], object]:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # musl, macOS; Windows knows no library None
        return lambda _: None
