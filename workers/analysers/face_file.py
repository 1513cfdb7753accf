"""What later steps need of the faces beside their tracks, as one file: embeddings and expressions over time.

| key | type and shape | meaning |
| --- | --- | --- |
| `look_time_ms`, `look_track` | int32 [F] | when and in which track a face was embedded |
| `look_embedding` | float32 [F, D] | |
| `expression_time_ms`, `expression_track` | int32 [E] | when and in which track an expression was seen |
| `expression_probability` | float64 [E, K] | one for each of `meta`'s `emotions` |
| `expression_weight` | float64 [E] | how much the look tells, 0 to 1 |
| `meta` | one string | JSON: `embedder`, `emotions` (K names), `expression_model` |
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np

from workers.analysers.errors import AnalysisError
from workers.analysers.facts import Expression, ExpressionFacts, FaceLooks, TrackExpressions
from workers.analysers.npz import read_npz, write_npz

NAME: Final = "faces.npz"

_STEP: Final = "faces"
_LOOKS: Final = {"look_time_ms": 1, "look_track": 1, "look_embedding": 2}
_EXPRESSIONS: Final = {
    "expression_time_ms": 1,
    "expression_track": 1,
    "expression_probability": 2,
    "expression_weight": 1,
}


def write_face_file(looks: FaceLooks, embedder: str, expressions: ExpressionFacts, path: Path) -> None:
    """Write the file; equal facts give equal bytes. It appears whole or not at all. Raises OSError."""
    rows = [(look, of.track) for of in expressions.tracks for look in of.looks]
    probabilities = np.array([look.probabilities for look, _ in rows], dtype=np.float64)
    arrays: dict[str, np.ndarray] = {
        "look_time_ms": looks.time_ms.astype(np.int32),
        "look_track": looks.track.astype(np.int32),
        "look_embedding": looks.embedding.astype(np.float32),
        "expression_time_ms": np.array([look.time_ms for look, _ in rows], dtype=np.int32),
        "expression_track": np.array([track for _, track in rows], dtype=np.int32),
        "expression_probability": probabilities.reshape(len(rows), len(expressions.emotions)),
        "expression_weight": np.array([look.weight for look, _ in rows], dtype=np.float64),
    }
    meta = {"embedder": embedder, "emotions": list(expressions.emotions), "expression_model": expressions.model}
    write_npz(path, arrays, meta)


def read_looks(path: Path) -> tuple[FaceLooks, str]:
    """Read the embeddings, and what made them, of what `write_face_file` wrote.

    Raises AnalysisError `arrays_unreadable`.
    """
    arrays, meta = read_npz(path, _LOOKS, _STEP)
    if len({len(rows) for rows in arrays.values()}) > 1:
        raise _mixed(path)
    looks = FaceLooks(arrays["look_time_ms"], arrays["look_track"], arrays["look_embedding"])
    return looks, str(meta.get("embedder", ""))


def read_expressions(path: Path) -> ExpressionFacts:
    """Read the expressions of what `write_face_file` wrote. Raises AnalysisError `arrays_unreadable`."""
    arrays, meta = read_npz(path, _EXPRESSIONS, _STEP)
    emotions = tuple(str(name) for name in meta.get("emotions", ()))
    width = arrays["expression_probability"].shape[1]
    if len({len(rows) for rows in arrays.values()}) > 1 or width != len(emotions):
        raise _mixed(path)
    rows = zip(
        arrays["expression_track"].tolist(),
        arrays["expression_time_ms"].tolist(),
        arrays["expression_probability"].tolist(),
        arrays["expression_weight"].tolist(),
        strict=True,
    )
    return ExpressionFacts(
        emotions=emotions,
        tracks=tuple(
            TrackExpressions(track, tuple(Expression(time, tuple(shares), weight) for _, time, shares, weight in of))
            for track, of in groupby(rows, key=lambda row: row[0])
        ),
        model=str(meta.get("expression_model", "")),
    )


def _mixed(path: Path) -> AnalysisError:
    return AnalysisError(
        "arrays_unreadable", f"The rows of {path} do not belong to each other. Run the faces step again."
    )
