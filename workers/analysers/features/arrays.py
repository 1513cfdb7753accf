"""The features of an episode as arrays, and their file (see docs/formats.md, features)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.analysers.npz import Rows, write_npz

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Extractor:
    """What made one part: name and version, the length of its vectors, and what its licence asks for."""

    name: str
    version: str
    dim: int
    licence: str


@dataclass(frozen=True, slots=True, eq=False)
class FeatureArrays:
    """Input features of one episode: U utterances, F looked-at faces, R looked-at frames. Times in ms on the proxy.

    The largest, of sound and surroundings, may be on disk: 65 MB of an hour.
    """

    audio: Floats | Rows
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
    environment: Floats | Rows
    """[R, De]"""
    objects: Floats
    """[R, Do]"""
    extractors: dict[str, Extractor]
    """By part: audio, text, face, environment, objects."""


def write_features(arrays: FeatureArrays, path: Path) -> None:
    """Write the arrays as an `.npz` file with their extractors in `meta`; equal arrays give equal bytes.

    The file appears whole or not at all. Raises OSError.
    """
    members = {field.name: getattr(arrays, field.name) for field in fields(arrays) if field.name != "extractors"}
    write_npz(path, members, {part: asdict(made) for part, made in arrays.extractors.items()})
