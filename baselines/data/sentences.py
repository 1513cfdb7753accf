"""Sentence vectors made on the spot: the text extractor that releases use, with a file that keeps what it made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from baselines.errors import RunError
from baselines.progress import Progress
from workers.analysers.errors import AnalysisError
from workers.analysers.features.text import TextExtractor, choose_text_extractor

_AT_ONCE = 256


def sentence_vectors(sentences: Sequence[str], cache: Path, on_progress: Progress) -> np.ndarray:
    """Return one vector per sentence, float32 [n, 384], mapped from a file that is made at the first time.

    Raises RunError where the language model is not installed.
    """
    extractor = _extractor()
    made_by = f"{extractor.made_by.name} {extractor.made_by.version}"
    key = hashlib.sha256(json.dumps([made_by, list(sentences)]).encode()).hexdigest()[:32]
    path = cache / "sentences" / f"{key}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        order = sorted(range(len(sentences)), key=lambda place: len(sentences[place]))  # little padding in a batch
        vectors = np.zeros((len(sentences), extractor.made_by.dim), np.float32)
        for first in range(0, len(order), _AT_ONCE):
            places = order[first : first + _AT_ONCE]
            vectors[places] = extractor.extract([sentences[place] for place in places])
            on_progress(first / len(order), "sentence vectors (once)")
        partial = path.with_suffix(".part.npy")
        np.save(partial, vectors)
        partial.replace(path)
    kept: np.ndarray = np.load(path, mmap_mode="r")
    return kept


def vectors_now(sentences: Sequence[str]) -> np.ndarray:
    """Return one vector per sentence, float32 [n, 384], kept nowhere."""
    made: np.ndarray = _extractor().extract(sentences)
    return made


def _extractor() -> TextExtractor:
    try:
        return choose_text_extractor("minilm")
    except AnalysisError as error:
        raise RunError(str(error)) from error
