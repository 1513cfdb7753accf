"""The cells of a MEmoR folder in three files that are mapped into memory, made once and found again.

The official layout is JSON and a tensor per clip: reading it takes minutes at the published size. What stands in the
cells is written once as rows, clip by clip, then by character and segment, under a name that changes with the files:

<cache>/<key>/audio.npy, text.npy, visual.npy   float32 [K, D]
<cache>/<key>/index.npz      per modality: first row of each clip [clips + 1], character and segment [K]
<cache>/<key>/vectors.json   keys and length of the audio and text vectors, which labels are checked against
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.lib.format import open_memmap

from baselines.progress import Progress
from exports.errors import FormatError
from exports.formats.manifest import file_sha256
from exports.formats.memor.dataset import MemorDataset
from exports.formats.memor.layout import Layout
from exports.formats.memor.reader import find_layout, read_memor
from exports.formats.memor.vectors import VectorTable

PARTS: Final = ("visual", "audio", "text")
_VERSION: Final = 1
_READING: Final = "reading the features (once)"


@dataclass(frozen=True, slots=True, eq=False)
class ClipRows:
    """What one modality has of one clip, by character and then segment."""

    rows: np.ndarray
    """float32 [K, D], mapped"""
    character: np.ndarray
    segment: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class PackedCells:
    clips: Mapping[str, int]
    rows: Mapping[str, np.ndarray]
    index: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]
    """Modality -> first row of each clip, character, segment."""

    def of(self, clip: str, part: str) -> ClipRows:
        first, character, segment = self.index[part]
        place = self.clips[clip]
        inside = slice(int(first[place]), int(first[place + 1]))
        return ClipRows(self.rows[part][inside], character[inside], segment[inside])


def cache_folder() -> Path:
    """Return where features are kept between runs: AFFECTORY_CACHE, else the user's cache folder."""
    named = os.environ.get("AFFECTORY_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(base) / "affectory"


def open_packed(
    folder: Path, cache: Path, on_progress: Progress, personality_lengths: np.ndarray | None = None
) -> tuple[MemorDataset, PackedCells]:
    """Read a MEmoR folder, its features from the cache, which is filled first if it must be. Raises FormatError."""
    place = cache / "cells" / _key(find_layout(folder))
    if (place / "vectors.json").exists():
        kept = json.loads((place / "vectors.json").read_bytes())
        return read_memor(folder, personality_lengths, lambda path: _only_keys(kept[path.name])), _load(place)
    dataset = read_memor(folder, personality_lengths)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=place.parent, prefix=".part-"))
    try:
        _write(dataset, part, on_progress)
        try:
            part.rename(place)
        except OSError:  # another run was faster: its files are the same
            if not (place / "vectors.json").exists():
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return dataset, _load(place)


def _key(layout: Layout) -> str:
    """Return a name for the features as they stand on disk: names, sizes and times of change, and what says of whom."""
    digest = hashlib.sha256(f"{_VERSION} {layout.data.resolve()}".encode())
    digest.update(file_sha256(layout.clips).encode())
    for path in sorted((layout.data / "features").rglob("*")):
        if path.is_file():
            status = path.stat()
            digest.update(f"{path.relative_to(layout.data)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


def _write(dataset: MemorDataset, folder: Path, on_progress: Progress) -> None:
    everybody = range(len(dataset.speakers))
    index: dict[str, np.ndarray] = {}
    # Two passes over the clips: a memory map needs to know its length. The second finds what the first has read.
    counts: dict[str, list[int]] = {part: [0] for part in PARTS}
    for done, clip in enumerate(dataset.clips):
        cells = dataset.cells(clip, everybody)
        for part in PARTS:
            counts[part].append(counts[part][-1] + int(getattr(cells, f"{part}_mask").sum()))
        on_progress(0.5 * done / len(dataset.clips), _READING)
    for part in PARTS:
        total, dim = counts[part][-1], getattr(dataset.dims, part)
        rows = open_memmap(folder / f"{part}.npy", "w+", np.float32, (total, dim)) if total * dim else None
        where = np.zeros((2, total), np.int16)
        for place, clip in enumerate(dataset.clips):
            first, last = counts[part][place], counts[part][place + 1]
            if first == last:
                continue
            cells = dataset.cells(clip, everybody)
            mask, values = getattr(cells, f"{part}_mask"), getattr(cells, part)
            _check_finite(values[mask], clip, part)
            where[:, first:last] = np.nonzero(mask)
            if rows is not None:
                rows[first:last] = values[mask]
        index |= {f"{part}_first": np.array(counts[part]), f"{part}_where": where}
        if rows is None:
            np.save(folder / f"{part}.npy", np.zeros((total, dim), np.float32))
        else:
            rows.flush()
    np.savez(folder / "index.npz", clips=np.array(list(dataset.clips)), **cast(Any, index))
    layout = dataset.layout
    kept = {
        path.name: {"dim": table.dim, "keys": list(table.places)}
        for path, table in ((layout.audio, dataset.audio), (layout.text, dataset.text))
    }
    (folder / "vectors.json").write_text(json.dumps(kept), "utf-8")  # last: it says that the rest is whole


def _check_finite(values: np.ndarray, clip: str, part: str) -> None:
    if not np.isfinite(values).all():
        raise FormatError(f"clip {clip!r}: its {part} features hold numbers that are not finite; make them again")


def _load(folder: Path) -> PackedCells:
    index = np.load(folder / "index.npz")
    return PackedCells(
        clips={str(name): place for place, name in enumerate(index["clips"])},
        rows={part: np.load(folder / f"{part}.npy", mmap_mode="r") for part in PARTS},
        index={part: (index[f"{part}_first"], *index[f"{part}_where"]) for part in PARTS},
    )


def _only_keys(kept: Mapping[str, Any]) -> VectorTable:
    """Return a table that knows its keys and length, but no rows: those are packed."""
    keys: Iterable[str] = kept["keys"]
    return VectorTable(np.zeros((0, kept["dim"]), np.float32), {key: place for place, key in enumerate(keys)})
