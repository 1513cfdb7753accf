"""The two big JSON files of the layout, `{"key": [numbers], ...}`, written and read without ever holding one whole."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import numpy as np

from exports.errors import FormatError

_READ_CHARACTERS: Final = 1 << 20
#: No entry is longer than this; a file that is something else is refused before it fills the memory.
_LONGEST_ENTRY: Final = 1 << 24
_ENTRY = re.compile(r'\s*([{,])\s*"([^"\\]*)"\s*:\s*\[([^\[\]{}"]*)\]')
_END = re.compile(r"\s*\{?\s*\}\s*")


class VectorWriter:
    """Writes one vector after the other. Nine digits bring every float32 back exactly."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._formats: dict[int, str] = {}
        self.count = 0

    def __enter__(self) -> Self:
        self._file = self._path.open("w", encoding="utf-8", newline="\n")
        self._file.write("{")
        return self

    def add(self, key: str, vector: np.ndarray) -> None:
        """Write one entry; `vector` is [D], finite."""
        if self._file is None:
            raise RuntimeError("a VectorWriter is used in a with statement")
        template = self._formats.setdefault(len(vector), ", ".join(["%.9g"] * len(vector)))
        self._file.write(f"{',' if self.count else ''}\n{json.dumps(key)}: [{template % tuple(vector.tolist())}]")
        self.count += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.write("\n}\n")
            self._file.close()


@dataclass(frozen=True, slots=True, eq=False)
class VectorTable:
    """The file as float32 rows on disk, mapped into memory: only what is looked at is read."""

    rows: np.ndarray
    """[entries, D]"""
    places: dict[str, int]
    """Key -> row."""

    @property
    def dim(self) -> int:
        return int(self.rows.shape[1])

    def get(self, key: str) -> np.ndarray | None:
        """Return the vector [D] of a key, None if the file does not hold it."""
        place = self.places.get(key)
        return None if place is None else np.asarray(self.rows[place])


def read_vectors(path: Path) -> VectorTable:
    """Read the file. Raises FormatError naming the entry that is wrong: not numbers, another length, twice."""
    places: dict[str, int] = {}
    dim = 0
    with tempfile.TemporaryFile() as store:
        for key, vector in _entries(path):
            if key in places:
                raise FormatError(f"{path}: {key!r} is there twice")
            if places and len(vector) != dim:
                raise FormatError(f"{path}: {key!r} has {len(vector)} numbers, the entries before it have {dim}")
            dim = len(vector)
            places[key] = len(places)
            store.write(vector.tobytes())
        store.flush()
        if not places or not dim:
            return VectorTable(np.zeros((len(places), dim), np.float32), places)
        # The map keeps the unnamed file alive after it is closed.
        return VectorTable(np.memmap(store, np.float32, "r", shape=(len(places), dim)), places)


def _entries(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    buffer, place, first = "", 0, True
    try:
        with path.open(encoding="utf-8") as stream:
            while True:
                while found := _ENTRY.match(buffer, place):
                    mark, key, numbers = found.groups()
                    if (mark == "{") != first:
                        raise FormatError(f"{path}: expected an object of number lists, near {key!r}")
                    first = False
                    yield key, _numbers(path, key, numbers)
                    place = found.end()
                buffer, place = buffer[place:], 0
                more = stream.read(_READ_CHARACTERS)
                if not more:
                    break
                if len(buffer) > _LONGEST_ENTRY:
                    raise FormatError(f"{path}: expected an object of number lists, got {buffer[:40]!r}")
                buffer += more
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} is no UTF-8 text: {error}") from error
    if not _END.fullmatch(buffer) or (not first and "{" in buffer) or (first and "{" not in buffer):
        raise FormatError(f"{path}: not an object of number lists, or cut off, near {buffer[:40].strip()!r}")


def _numbers(path: Path, key: str, text: str) -> np.ndarray:
    try:
        vector = np.array(json.loads(f"[{text}]"), np.float32)
    except (json.JSONDecodeError, TypeError, ValueError) as error:
        raise FormatError(f"{path}: {key!r} is no list of numbers ({error})") from error
    if not np.isfinite(vector).all():
        raise FormatError(f"{path}: {key!r} holds a number that is not finite")
    return vector
