"""The run folder: enough to repeat a run, to look at it, and to load its model.

config.json        what was asked for: model, training, sizes, classes, release hash, commit, software
inputs.json        what makes input of other episodes, see `baselines.inputs`; only of releases of ours
epochs.jsonl       one object per epoch: train loss, validation loss and scores, learning rate
tensorboard/       the same curves
weights.pt         the best epoch's weights (a plain state dict: nothing but tensors is unpickled)
metrics.json       written last: best epoch, validation and test scores, notes
predictions.csv    the test samples: true, predicted, probability of every class
confusion.csv/.png rows true, columns predicted, test set
"""

from __future__ import annotations

import csv
import hashlib
import json
import pickle
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch
from torch import nn

from baselines.evaluation import Predictions
from baselines.registry import baseline
from exports.errors import FormatError
from exports.formats.manifest import NAME as MANIFEST
from exports.formats.manifest import file_sha256
from exports.formats.memor.dataset import MemorDataset


class RunError(Exception):
    """A run cannot be started or read; the message says what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedRun:
    model: nn.Module
    """In eval mode, on the CPU."""
    classes: tuple[str, ...]
    config: dict[str, Any]


def new_run_folder(folder: Path) -> None:
    """Make the folder of a run. Raises RunError if it holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(f"{folder} exists and is not empty: a run goes to a new folder")
    folder.mkdir(parents=True, exist_ok=True)


def release_hash(dataset: MemorDataset) -> str:
    """Return what names the data: the SHA-256 of a release's manifest, else of the published dataset's label files."""
    manifest = dataset.layout.data.parent / MANIFEST
    if dataset.config and manifest.exists():
        return file_sha256(manifest)
    layout = dataset.layout
    hashes = [file_sha256(path) for path in (layout.anno, layout.clips, layout.train_ids, layout.test_ids)]
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def append_json(path: Path, document: Mapping[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(document, ensure_ascii=False) + "\n")


def write_predictions(
    path: Path, dataset: MemorDataset, positions: Sequence[int], found: Predictions, classes: Sequence[str]
) -> None:
    """Write one row per sample: where it is, what is true, what was predicted, all probabilities (sum 1)."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["sample", "clip", "character", "moment_s", "true", "predicted", *(f"p_{c}" for c in classes)])
        for row, position in enumerate(positions):
            sample = dataset.samples[position]
            writer.writerow(
                [
                    position,
                    sample.clip,
                    dataset.speakers[sample.character],
                    sample.moment_s,
                    classes[found.labels[row]],
                    classes[found.predicted[row]],
                    *(f"{probability:.6f}" for probability in found.probabilities[row]),
                ]
            )


def load_run(folder: Path) -> LoadedRun:
    """Load a finished run's model. Raises RunError for a folder that is none, FormatError for damaged weights."""
    try:
        config = json.loads((folder / "config.json").read_bytes())
        model = baseline(config["model"]).build(config["model_config"])
        classes = tuple(config["classes"])
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise RunError(f"{folder} is no run folder: {error}") from error
    try:
        model.load_state_dict(torch.load(folder / "weights.pt", map_location="cpu", weights_only=True))
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        first_line = str(error).partition("\n")[0]
        raise FormatError(f"{folder / 'weights.pt'} does not fit config.json: {first_line}") from error
    return LoadedRun(model.eval(), classes, config)


def software() -> dict[str, str]:
    """Return versions that can change a result, and the commit where the code is a git checkout."""
    found = {"commit": _commit()}
    for package in ("affectory", "torch", "numpy", "scikit-learn"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "from source"
    return found


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()
