"""Whose face it may be: faces compared by their embeddings. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: Distance of two directions of unit length at which two faces are as likely one person's as two people's. dlib: of the
#: looks at two people in the MELD sample 95 % are nearer than 0.38 to looks at the same one, 95 % further than 0.40
#: from looks at the other; a mean over pictures lies nearer. VGGFace2: a little below the distance that joins pictures.
EVEN_DISTANCE: Mapping[str, float] = {"dlib-resnet-v1-128": 0.33, "facenet-vggface2-512": 0.8}
_OTHER_EMBEDDER = 0.5

#: A face is suggested to be a character's from this similarity on ...
LIKELY = 0.5
#: ... if the next character is so much less similar.
CLEARLY = 0.05

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Likeness:
    character: int
    similarity: float
    """0 to 1; one half where it may as well be somebody else."""


def rank(face: Vector, known: Mapping[int, Sequence[Vector]], embedder: str) -> list[Likeness]:
    """Return how similar a face is to the most similar known face of each character, most similar first.

    All vectors must be of that embedder; those of another length or without one are left out.
    """
    direction = _direction(face)
    if direction is None:
        return []
    even = EVEN_DISTANCE.get(embedder, _OTHER_EMBEDDER)
    found = []
    for character, vectors in known.items():
        others = [other for vector in vectors if len(vector) == len(face) and (other := _direction(vector)) is not None]
        if others:
            nearest = float(np.linalg.norm(np.stack(others) - direction, axis=1).min())
            found.append(Likeness(character, round(max(0.0, 1 - nearest / (2 * even)), 4)))
    return sorted(found, key=lambda one: (-one.similarity, one.character))


def suggested(ranked: Sequence[Likeness]) -> int | None:
    """Return the character that a face clearly resembles; None where nobody, or more than one."""
    if not ranked or ranked[0].similarity < LIKELY:
        return None
    if len(ranked) > 1 and ranked[0].similarity - ranked[1].similarity < CLEARLY:
        return None
    return ranked[0].character


def _direction(vector: Vector) -> np.ndarray | None:
    values = np.asarray(vector, dtype=np.float64)
    length = float(np.linalg.norm(values)) if values.size else 0.0
    return values / length if length > 0 else None
