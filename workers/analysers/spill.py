"""Bytes that wait on disk until they are wanted, so that memory does not grow with the length of a video."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass


class Spill:
    """A file without a name, in the system's folder for such; it goes with this object. For one thread at a time."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="affectory-")  # noqa: SIM115 - it lives as long as this object
        self._end = 0

    def put(self, data: bytes | memoryview) -> Spilled:
        """Keep bytes. Raises OSError where the disk is full."""
        start, self._end = self._end, self._end + len(data)
        self._file.seek(start)
        self._file.write(data)
        return Spilled(self, start, len(data))

    def get(self, start: int, size: int) -> bytes:
        """Return what was kept from a place on; all is `get(0, -1)`."""
        self._file.seek(start)
        return self._file.read(size)


@dataclass(frozen=True, slots=True, eq=False)
class Spilled:
    """Bytes that are kept by a Spill."""

    kept_by: Spill
    start: int
    size: int

    def read(self) -> bytes:
        return self.kept_by.get(self.start, self.size)
