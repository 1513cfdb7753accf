"""The surroundings as one file: `time_ms` int32 [R], `environment` float32 [R, De]; `meta` says what made them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from workers.analysers.errors import AnalysisError
from workers.analysers.features.scene import ENVIRONMENT, Surroundings
from workers.analysers.npz import StoredRows, read_npz, write_npz

NAME: Final = "surroundings.npz"
_STEP: Final = "surroundings"


def write_surroundings(found: Surroundings, path: Path) -> None:
    """Write the file; equal surroundings give equal bytes. It appears whole or not at all. Raises OSError."""
    arrays = {"time_ms": found.time_ms.astype(np.int32), "environment": found.environment}
    write_npz(path, arrays, {"name": ENVIRONMENT.name, "version": ENVIRONMENT.version})


def read_surroundings(path: Path) -> Surroundings:
    """Read what `write_surroundings` wrote, the environments when they are asked for.

    Raises AnalysisError `arrays_unreadable`, then, too.
    """
    arrays, _ = read_npz(path, {"time_ms": 1}, _STEP)
    environment = StoredRows(path, "environment", 2, _STEP)
    if environment.shape != (len(arrays["time_ms"]), ENVIRONMENT.dim):
        raise AnalysisError(
            "arrays_unreadable",
            f"{path} holds {list(environment.shape)} numbers for {len(arrays['time_ms'])} frames. "
            "Run the surroundings step again.",
        )
    return Surroundings(arrays["time_ms"], environment)
