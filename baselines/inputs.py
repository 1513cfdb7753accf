"""What a run must remember of its release so that its model can be used on other episodes: `inputs.json`.

| key | holds |
| --- | --- |
| `extractors` | part -> what made its features, as in the release's `config.json` |
| `lexicon` | name and version of the word categories of the profiles |
| `audio_mean`, `audio_deviation` | numbers [Da]: standard scores of audio |
| `personality_lengths` | numbers [Dp]: what the columns of the profiles were divided by |
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from baselines.errors import RunError
from baselines.files import write_json
from exports.errors import FormatError
from exports.formats.features import Extractor
from exports.formats.manifest import NAME as MANIFEST
from exports.formats.manifest import file_sha256
from exports.formats.memor.dataset import MemorDataset
from exports.formats.memor.normalise import Standardiser

NAME: Final = "inputs.json"


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    extractors: dict[str, Extractor]
    lexicon: str
    scores: Standardiser
    personality_lengths: np.ndarray
    """float64 [Dp]"""


def release_hash(dataset: MemorDataset) -> str:
    """Return what names the data: the SHA-256 of a release's manifest, else of the published dataset's label files."""
    manifest = dataset.layout.data.parent / MANIFEST
    if dataset.config and manifest.exists():
        return file_sha256(manifest)
    layout = dataset.layout
    hashes = [file_sha256(path) for path in (layout.anno, layout.clips, layout.train_ids, layout.test_ids)]
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def write_inputs(run_dir: Path, dataset: MemorDataset) -> None:
    """Write the file, if the data are a release of ours: of others nobody can make the features again.

    Raises FormatError where the release lacks its normalisation.
    """
    if not dataset.config:
        return
    path = dataset.layout.data.parent / dataset.config["audio_normalisation"]["values"]
    try:
        scores = json.loads(path.read_bytes())
        mean, deviation = scores["mean"], scores["deviation"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{path} is not the audio normalisation of a release: {error}") from error
    write_json(
        run_dir / NAME,
        {
            "extractors": dataset.config["extractors"],
            "lexicon": dataset.config["personality"]["lexicon"],
            "audio_mean": mean,
            "audio_deviation": deviation,
            "personality_lengths": dataset.personality_lengths.tolist(),
        },
    )


def read_inputs(run_dir: Path) -> Inputs:
    """Read the file. Raises RunError for a run that cannot be used on other episodes."""
    path = run_dir / NAME
    if not path.exists():
        raise RunError(
            f"{run_dir} has no {NAME}: only a model that was trained on a release of this program, by this version or "
            "a later one, can be used on other episodes. Train it again."
        )
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
        mean = np.array(document["audio_mean"], np.float64)
        deviation = np.array(document["audio_deviation"], np.float64)
        lengths = np.array(document["personality_lengths"], np.float64)
        extractors = {
            part: Extractor(made["name"], made["version"], int(made["dim"]), made.get("licence", ""))
            for part, made in document["extractors"].items()
        }
        lexicon = str(document["lexicon"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{path} is damaged ({error}): train the model again") from error
    if mean.ndim != 1 or mean.shape != deviation.shape or lengths.ndim != 1:
        raise RunError(f"{path} is damaged (its rows of numbers do not fit): train the model again")
    return Inputs(extractors, lexicon, Standardiser(mean, deviation, rows=0), lengths)
