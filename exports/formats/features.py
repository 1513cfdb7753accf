"""The input features of one episode: an `.npz` file that a worker writes and a release is made of.

| key | shape | meaning |
| --- | --- | --- |
| `audio`, `audio_segment` | float32 [U, Da], int32 [U] | one per utterance; index of its segment in the episode |
| `text`, `text_segment` | float32 [U, Dt], int32 [U] | the same for text |
| `face`, `face_time_ms`, `face_track` | float32 [F, Df], int32 [F], int32 [F] | one vector per looked-at face |
| `frame_time_ms` | int32 [R] | looked-at frames, rising |
| `environment`, `objects` | float32 [R, De], float32 [R, Do] | one vector per looked-at frame |
| `meta` | one string | JSON: part -> `name`, `version`, `dim`, `licence`, for each of the five parts |

Times are milliseconds on the proxy. A part without rows keeps its true width in `meta`.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from exports.errors import FormatError

PARTS: Final = ("audio", "text", "face", "environment", "objects")
_ROWS: Final = {
    "audio": ("audio_segment",),
    "text": ("text_segment",),
    "face": ("face_time_ms", "face_track"),
    "environment": ("frame_time_ms",),
    "objects": ("frame_time_ms",),
}


@dataclass(frozen=True, slots=True)
class Extractor:
    """What made a part: name, version, the length of its vectors, and what its licence asks for ("" if unsaid)."""

    name: str
    version: str
    dim: int
    licence: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.dim} numbers)"


@dataclass(frozen=True, slots=True, eq=False)
class EpisodeFeatures:
    audio: np.ndarray
    audio_segment: np.ndarray
    text: np.ndarray
    text_segment: np.ndarray
    face: np.ndarray
    face_time_ms: np.ndarray
    face_track: np.ndarray
    frame_time_ms: np.ndarray
    environment: np.ndarray
    objects: np.ndarray
    extractors: dict[str, Extractor]


def write_episode_features(path: Path, features: EpisodeFeatures) -> None:
    """Write the file; the same values give the same bytes."""
    meta = {
        part: {"name": made.name, "version": made.version, "dim": made.dim, "licence": made.licence}
        for part, made in sorted(features.extractors.items())
    }
    arrays: dict[str, Any] = {part: np.ascontiguousarray(getattr(features, part), np.float32) for part in PARTS} | {
        key: np.asarray(getattr(features, key), np.int32) for keys in _ROWS.values() for key in keys
    }
    np.savez(path, meta=np.array(json.dumps(meta)), **arrays)


def read_extractors(path: Path) -> dict[str, Extractor]:
    """Return what made each part without reading the vectors. Raises FormatError."""
    return _open(path, ())[1]


def read_episode_features(path: Path) -> EpisodeFeatures:
    """Read and check the file. Raises FormatError that says which array of which file is wrong."""
    keys = (*PARTS, *dict.fromkeys(key for keys in _ROWS.values() for key in keys))
    arrays, extractors = _open(path, keys)
    for part in PARTS:
        arrays[part] = _checked(path, part, arrays, extractors[part].dim)
    for key in keys[len(PARTS) :]:
        if arrays[key].ndim != 1 or arrays[key].dtype.kind not in "iu":
            raise FormatError(f"{path}: {key} must be a row of integers, it is {_shape(arrays[key])}")
        arrays[key] = arrays[key].astype(np.int32)
    for key in ("audio_segment", "text_segment"):
        if len(np.unique(arrays[key])) != len(arrays[key]):
            raise FormatError(f"{path}: {key} names a segment twice")
    if np.any(np.diff(arrays["frame_time_ms"]) <= 0):
        raise FormatError(f"{path}: frame_time_ms must rise")
    return EpisodeFeatures(**arrays, extractors=extractors)


def _open(path: Path, keys: tuple[str, ...]) -> tuple[dict[str, np.ndarray], dict[str, Extractor]]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            if missing := sorted({*keys, "meta"} - set(stored.files)):
                raise FormatError(f"{path} lacks {', '.join(missing)}: extract the episode's features again")
            return {key: stored[key] for key in keys}, _extractors(path, stored["meta"])
    except OSError as error:
        raise FormatError(f"the feature file {path} cannot be read: {error}") from error
    except (zipfile.BadZipFile, ValueError, EOFError, AttributeError) as error:
        raise FormatError(f"{path} is no feature file (.npz): {error}") from error


def _extractors(path: Path, meta: np.ndarray) -> dict[str, Extractor]:
    try:
        document = json.loads(str(meta.reshape(-1)[0]))
        return {
            part: Extractor(
                name=str(document[part]["name"]),
                version=str(document[part]["version"]),
                dim=int(document[part]["dim"]),
                licence=str(document[part].get("licence", "")),
            )
            for part in PARTS
        }
    except (json.JSONDecodeError, KeyError, TypeError, IndexError, ValueError) as error:
        raise FormatError(
            f"{path}: meta must be JSON with name, version and dim for each of {', '.join(PARTS)} ({error!r})"
        ) from error


def _checked(path: Path, part: str, arrays: dict[str, np.ndarray], dim: int) -> np.ndarray:
    """Return the part as float32 [rows, dim]."""
    array = arrays[part]
    rows = len(arrays[_ROWS[part][0]])
    if rows == 0 and array.size == 0:
        return np.zeros((0, dim), np.float32)
    if array.shape != (rows, dim) or array.dtype.kind != "f":
        raise FormatError(f"{path}: {part} is {_shape(array)}, its times and meta ask for floats [{rows}, {dim}]")
    if any(len(arrays[key]) != rows for key in _ROWS[part]):
        raise FormatError(f"{path}: {' and '.join(_ROWS[part])} have different lengths")
    if not np.isfinite(array).all():
        raise FormatError(f"{path}: {part} holds numbers that are not finite")
    return array.astype(np.float32)


def _shape(array: np.ndarray) -> str:
    return f"{array.dtype} {list(array.shape)}"
