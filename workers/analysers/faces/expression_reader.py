"""What faces show, by the packaged network (see workers.nets.modules.expression)."""

from __future__ import annotations

import importlib.metadata
import logging
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.analysers.errors import AnalysisError
from workers.nets import load_net

logger = logging.getLogger(__name__)

#: In the order of the network's outputs, by the names of primary emotions (FER-2013 says angry, happy, sad). Trust and
#: anticipation are not among them.
EMOTIONS: Final = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
SIDE: Final = 64


class ExpressionReader:
    """Raises AnalysisError `weights_missing`, `weights_unusable`."""

    def __init__(self) -> None:
        self._net = load_net("expression")
        self.name = f"fer-mini-xception-{importlib.metadata.version('fer')}"

    def read(self, faces: Sequence[NDArray[np.uint8]]) -> list[tuple[float, ...]]:
        """Return the probabilities of EMOTIONS for grey faces of SIDE x SIDE pixels; each row's sum is 1."""
        if not faces:
            return []
        (found,) = self._net.run(np.stack(faces)[:, None].astype(np.float32))
        rows = found.astype(np.float64)
        rows /= rows.sum(axis=1, keepdims=True)
        return [tuple(row) for row in rows.tolist()]


def find_reader() -> ExpressionReader | None:
    """Return a reader, None where its network is missing or does not load: what faces show is only a suggestion."""
    try:
        return ExpressionReader()
    except AnalysisError as error:
        logger.warning("Faces are followed without their expressions: %s", error)
        return None
