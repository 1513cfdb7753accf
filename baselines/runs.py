"""The run folder: enough to repeat a run, to go on with it, to look at it, and to load its model.

config.json        what was asked for: model, training, sizes, classes, data and their hash, commit, software
inputs.json        what makes input of other episodes, see `baselines.inputs`; only of releases of ours
epochs.jsonl       one object per epoch: stage, train loss, validation loss and scores, learning rate
tensorboard/       the same curves
weights.pt         the best epoch's weights (a plain state dict: nothing but tensors is unpickled)
state.pt           while it runs, or was interrupted: all that the next epoch depends on
metrics.json       written last: best epoch, validation and test scores, breakdowns, the constant predictor, notes
predictions.csv    the test samples: what is true, what was said
confusion.csv/.png rows true, columns predicted, test set; of classes only
card.md            the model card
"""

from __future__ import annotations

import json
import pickle
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from baselines.data.corpus import Corpus, Shape, Side
from baselines.data.views import View
from baselines.errors import RunError
from baselines.evaluation import Predictions
from baselines.files import write_csv
from baselines.models.base import Model
from baselines.registry import build, view_for
from baselines.tasks import Classes, Intensities, Task
from exports.errors import FormatError


@dataclass(frozen=True, slots=True, eq=False)
class LoadedRun:
    model: Model
    """In eval mode, on the CPU."""
    task: Task
    kind: str
    view: View
    config: dict[str, Any]

    @property
    def classes(self) -> tuple[str, ...]:
        return self.task.names

    @property
    def modalities(self) -> tuple[str, ...]:
        return tuple(self.config["data"]["modalities"])


def new_run_folder(folder: Path) -> None:
    """Make the folder of a run. Raises RunError if it holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(f"{folder} exists and is not empty: a run goes to a new folder")
    folder.mkdir(parents=True, exist_ok=True)


def describe_data(corpus: Corpus, path: Path) -> dict[str, Any]:
    """Return what config.json keeps of the data; `read_data` understands it."""
    task = corpus.task
    return {
        "path": str(path.resolve()),
        "title": corpus.title,
        "sha256": corpus.sha256,
        "kind": corpus.kind,
        "task": task.kind,
        "range": [task.low, task.high] if isinstance(task, Intensities) else None,
        "modalities": [*corpus.shape.sizes, *(["personality"] if corpus.shape.personality else [])],
        "sizes": dict(corpus.shape.sizes),
        "personality": corpus.shape.personality,
        "scene": corpus.shape.scene,
        "selection": corpus.selection,
        "samples": {name: len(side.labels) for name, side in corpus.sides.items()},
        **corpus.about,
    }


def read_config(folder: Path) -> dict[str, Any]:
    """Return config.json. Raises RunError for a folder that is no run."""
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
        if not isinstance(config["model"], str) or not isinstance(config["data"], dict):
            raise TypeError("config.json is of another program")
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else error
        raise RunError(f"{folder} is no run folder of this version: {why}") from error
    return config


def load_run(folder: Path) -> LoadedRun:
    """Load a run's model. Raises RunError for a folder that is none, FormatError for damaged weights."""
    config = read_config(folder)
    try:
        data, model_config = config["data"], config["model_config"]
        names = tuple(config["classes"])
        task: Task = Classes(names) if data["task"] == "classes" else Intensities(names, *data["range"])
        shape = Shape(model_config["sizes"], len(names), scene=data["scene"])
        view = view_for(config["model"], data["kind"], data["task"], shape)
        model = build(config["model"], model_config)
        model.begin(model.stages - 1)
    except (KeyError, TypeError) as error:
        raise RunError(f"{folder} is no run folder of this version: {error}") from error
    try:
        model.load_state_dict(torch.load(folder / "weights.pt", map_location="cpu", weights_only=True))
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        first_line = str(error).partition("\n")[0]
        raise FormatError(f"{folder / 'weights.pt'} does not fit config.json: {first_line}") from error
    return LoadedRun(model.eval(), task, data["kind"], view, config)


def save_tensors(path: Path, document: Mapping[str, Any]) -> None:
    """Write tensors and plain values; a half-written file never has the name."""
    partial = path.with_name(f"{path.name}.partial")
    torch.save(document, partial)
    partial.replace(path)


def write_predictions(path: Path, corpus: Corpus, side: Side, found: Predictions) -> None:
    """Write one row per scored thing: what names it, what is true, what was said (probabilities: sum 1)."""
    names = corpus.task.names
    if corpus.task.kind == "classes":
        header = [*corpus.key_names, "true", "predicted", *(f"p_{name}" for name in names)]
        best = found.said.argmax(axis=1)
        middle = [[names[true], names[said]] for true, said in zip(found.labels, best, strict=True)]
    else:
        header = [*corpus.key_names, *(f"true_{name}" for name in names), *(f"said_{name}" for name in names)]
        middle = [[f"{value:.6f}" for value in row] for row in found.labels]
    rows = (
        [*key, *between, *(f"{value:.6f}" for value in said)]
        for key, between, said in zip(side.keys, middle, found.said, strict=True)
    )
    write_csv(path, header, rows)


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
