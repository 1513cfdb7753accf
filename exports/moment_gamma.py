"""Gamma for moments (Mathet, Widlöcher & Métivier, 2015: The unified and holistic method gamma), by pygamma-agreement.

Gamma aligns the annotators' units as well as can be and compares the disorder of that alignment with that of random
annotations. A moment is a point, and gamma compares positions in shares of a unit's length, so a moment stands for the
tolerance around it. The library is an extra (`requirements/agreement.in`): its solvers are large, and one is GPL.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from statistics import mean
from typing import Final

import numpy as np

from exports.agreement import Coefficient
from exports.errors import ExportError
from exports.moment_agreement import NO_EPISODES, MarkedEpisode

RANDOM_ANNOTATIONS: Final = 30
_SEED: Final = 2020
_NOTHING_TO_ALIGN: Final = "an annotator marked nothing"


def mean_gamma(episodes: Iterable[MarkedEpisode], tolerance_ms: int) -> Coefficient:
    """Return the mean of gamma over the episodes where it is defined. Raises ExportError without the library."""
    values = [episode_gamma(episode, tolerance_ms) for episode in episodes if len(episode.moments) >= 2]
    defined = [one.value for one in values if one.value is not None]
    if not defined:
        return Coefficient(None, values[0].reason if values else NO_EPISODES)
    return Coefficient(mean(defined))


def episode_gamma(episode: MarkedEpisode, tolerance_ms: int) -> Coefficient:
    """Return gamma of one episode; equal moments give an equal number. Raises ExportError without the library."""
    try:
        from pyannote.core import Segment
        from pygamma_agreement import Continuum, PositionalSporadicDissimilarity
    except ImportError as error:
        raise ExportError(
            "gamma needs the package pygamma-agreement: pip install -r requirements/agreement.txt"
        ) from error
    if not all(episode.moments.values()):
        return Coefficient(None, _NOTHING_TO_ALIGN)
    continuum = Continuum()
    for annotator, times in episode.moments.items():
        for time_ms in times:
            start, end = (time_ms - tolerance_ms) / 1000, (time_ms + tolerance_ms) / 1000
            continuum.add(annotator, Segment(start, end), "moment")
    with _quiet_and_repeatable():
        found = continuum.compute_gamma(
            PositionalSporadicDissimilarity(delta_empty=1.0), n_samples=RANDOM_ANNOTATIONS, fast=True
        )
    return Coefficient(float(found.gamma))


@contextmanager
def _quiet_and_repeatable() -> Iterator[None]:
    """The library draws from NumPy's global generator, and logs at every step which solver it takes."""
    state, level = np.random.get_state(), logging.root.level
    np.random.seed(_SEED)
    logging.root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        np.random.set_state(state)
        logging.root.setLevel(level)
