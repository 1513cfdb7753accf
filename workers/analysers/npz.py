"""Arrays in one `.npz` file whose bytes depend on the values alone, and that appears whole or not at all.

An episode's rows need not be in memory to be written: they may be in another such file, or wait on disk (`spill`).
"""

from __future__ import annotations

import json
import math
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from workers.analysers.errors import AnalysisError

#: The oldest date a ZIP member can have; a real one would make equal arrays unequal files.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
#: Where a member's own header (ZIP's "local file header") says how long its name and what follows are.
_LENGTHS_AT: Final = 26
#: So much of an array that is not in memory is there while it is written.
_AT_ONCE_BYTES: Final = 1 << 20


class Rows(Protocol):
    """An array that is not in memory: its rows are read when they are asked for."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def dtype(self) -> np.dtype[Any]: ...

    def rows(self, first: int, after: int) -> npt.NDArray[Any]:
        """Return the rows [first, after)."""

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.asarray(self.rows(0, self.shape[0]), dtype)


def write_npz(path: Path, arrays: Mapping[str, npt.NDArray[Any] | Rows], meta: Mapping[str, Any]) -> None:
    """Write the arrays, and `meta` as JSON under that name.

    Equal values give equal bytes, on any machine: members are stored uncompressed, in the mapping's order, without a
    date. Raises OSError, and what reading Rows raises.
    """
    members = {**arrays, "meta": np.array(json.dumps(meta, sort_keys=True))}
    unfinished = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, values in members.items():
            with archive.open(_member(f"{name}.npy"), "w", force_zip64=True) as member:  # written as it is, not copied
                if isinstance(values, np.ndarray):
                    array = np.asarray(values, order="C")
                    np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
                else:
                    _write_rows(member, values)
    unfinished.replace(path)


def _write_rows(member: IO[bytes], values: Rows) -> None:
    """Write rows as the array that they are would be written, some at a time."""
    header = {"descr": np.lib.format.dtype_to_descr(values.dtype), "fortran_order": False, "shape": values.shape}
    np.lib.format.write_array_header_1_0(member, header)
    count, *axes = values.shape
    at_once = max(1, _AT_ONCE_BYTES // max(1, math.prod(axes) * values.dtype.itemsize))
    for first in range(0, count, at_once):
        member.write(values.rows(first, min(count, first + at_once)).tobytes())


def read_npz(path: Path, names: Mapping[str, int], step: str) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Return the named arrays, each with as many axes as `names` says, and `meta`.

    Raises AnalysisError `arrays_unreadable`, which names the file and the step that writes it.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in names}
            meta = json.loads(str(stored["meta"]))
    except (OSError, KeyError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise _unreadable(path, step, str(error)) from error
    for name, axes in names.items():
        if arrays[name].ndim != axes or arrays[name].dtype.kind not in "iuf":
            raise _unreadable(path, step, f"{name} is {arrays[name].dtype} {list(arrays[name].shape)}")
    if not isinstance(meta, dict):
        raise _unreadable(path, step, "its meta is no JSON object")
    return arrays, meta


class StoredRows(Rows):
    """An array of such a file that stays there: its rows are read when they are asked for.

    Raises AnalysisError `arrays_unreadable`, at the beginning and for rows that are not there.
    """

    def __init__(self, path: Path, name: str, axes: int, step: str) -> None:
        self._path = path
        self._step = step
        try:
            with zipfile.ZipFile(path) as archive, path.open("rb") as file:
                member = archive.getinfo(f"{name}.npy")
                if member.compress_type != zipfile.ZIP_STORED:
                    raise ValueError(f"{name} is compressed")
                file.seek(member.header_offset + _LENGTHS_AT)
                lengths = struct.unpack("<HH", file.read(4))
                file.seek(member.header_offset + _LENGTHS_AT + 4 + sum(lengths))
                np.lib.format.read_magic(file)
                self._shape, _, self._dtype = np.lib.format.read_array_header_1_0(file)
                self._start = file.tell()
        except (OSError, KeyError, ValueError, struct.error, zipfile.BadZipFile) as error:
            raise _unreadable(path, step, str(error)) from error
        if len(self.shape) != axes or self._dtype.kind not in "iuf":
            raise _unreadable(path, step, f"{name} is {self._dtype} {list(self.shape)}")

    @property
    def shape(self) -> tuple[int, ...]:
        return self._shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._dtype

    def rows(self, first: int, after: int) -> npt.NDArray[Any]:
        """Return the rows [first, after)."""
        width = math.prod(self.shape[1:])
        offset = self._start + first * width * self._dtype.itemsize
        try:
            found = np.fromfile(self._path, self._dtype, (after - first) * width, offset=offset)
            return found.reshape(after - first, *self.shape[1:])
        except (OSError, ValueError) as error:
            raise _unreadable(self._path, self._step, str(error)) from error


def _unreadable(path: Path, step: str, why: str) -> AnalysisError:
    return AnalysisError("arrays_unreadable", f"{path} cannot be read ({why}). Run the {step} step again.")


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=_NO_DATE)
    member.create_system = 3  # Unix, also where it is not
    member.external_attr = 0o644 << 16
    return member
