"""Bytes that wait on disk until they are wanted, so that memory does not grow with the length of a video."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workers.analysers.npz import Rows


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


class SpilledRows(Rows):
    """Rows of numbers, all of one width, that wait on disk; `npz` writes them from there. For one thread at a time."""

    def __init__(self, width: int, dtype: npt.DTypeLike = np.float32) -> None:
        self._spill = Spill()
        self._width = width
        self._dtype = np.dtype(dtype)
        self._count = 0

    def put(self, rows: npt.NDArray[Any]) -> None:
        """Keep the next row (width,), or the next rows (N, width). Raises OSError where the disk is full."""
        assert rows.shape[-1] == self._width
        self._spill.put(np.asarray(rows, self._dtype).tobytes())
        self._count += rows.size // self._width

    @property
    def shape(self) -> tuple[int, int]:
        return self._count, self._width

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._dtype

    def rows(self, first: int, after: int) -> npt.NDArray[Any]:
        """Return the rows [first, after)."""
        size = self._width * self._dtype.itemsize
        kept = self._spill.get(first * size, (after - first) * size)
        return np.frombuffer(kept, self._dtype).reshape(-1, self._width)
