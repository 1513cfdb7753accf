"""The features of an episode as arrays, and their file (see docs/formats.md, features)."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

#: The oldest date a ZIP member can have; a real one would make equal features unequal files.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Extractor:
    """What made one part: name and version, the length of its vectors, and what its licence asks for."""

    name: str
    version: str
    dim: int
    licence: str


@dataclass(frozen=True, slots=True, eq=False)
class FeatureArrays:
    """Input features of one episode: U utterances, F looked-at faces, R looked-at frames. Times in ms on the proxy."""

    audio: Floats
    """[U, Da]; [0, Da] where the episode has no sound."""
    audio_segment: Ints
    """Index of the segment of each row."""
    text: Floats
    """[U, Dt]"""
    text_segment: Ints
    face: Floats
    """[F, Df]"""
    face_time_ms: Ints
    face_track: Ints
    """Index of the face track of each row."""
    frame_time_ms: Ints
    environment: Floats
    """[R, De]"""
    objects: Floats
    """[R, Do]"""
    extractors: dict[str, Extractor]
    """By part: audio, text, face, environment, objects."""


def write_features(arrays: FeatureArrays, path: Path) -> None:
    """Write the arrays as an `.npz` file with their extractors as JSON in `meta`.

    Equal arrays give equal bytes, on any machine: members are stored uncompressed, in one order, without a date. The
    file appears whole or not at all.
    """
    meta = {
        part: {"name": made.name, "version": made.version, "dim": made.dim, "licence": made.licence}
        for part, made in sorted(arrays.extractors.items())
    }
    members: dict[str, npt.NDArray[Any]] = {
        field.name: getattr(arrays, field.name) for field in fields(arrays) if field.name != "extractors"
    }
    members["meta"] = np.array(json.dumps(meta, sort_keys=True))
    unfinished = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, values in members.items():
            archive.writestr(_member(f"{name}.npy"), _npy(values))
    unfinished.replace(path)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=_NO_DATE)
    member.create_system = 3  # Unix, also where it is not
    member.external_attr = 0o644 << 16
    return member


def _npy(values: npt.NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(values, order="C"), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()
