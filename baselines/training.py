"""The recipe: seed, data, model, loop, best epoch by validation, then the test split, once.

Defaults are those of the official MEmoR code: Adam with amsgrad, learning rate 5e-5 times 0.9 every 50 epochs, batches
of 8 drawn with replacement so that classes come equally often, at most 1000 epochs, stop after 50 without a better
validation micro-F1, where an equal one counts as better.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, WeightedRandomSampler
from torch.utils.tensorboard import SummaryWriter

from baselines.data import SampleSet, collate
from baselines.evaluation import Scores, confusion, draw_confusion, predict, score, write_confusion_csv
from baselines.inputs import write_inputs
from baselines.registry import ABLATIONS, MISSING, Choices, baseline
from baselines.runs import (
    RunError,
    append_json,
    new_run_folder,
    release_hash,
    software,
    write_json,
    write_predictions,
)
from baselines.validation import hold_out
from exports.formats.memor.dataset import MemorDataset
from exports.formats.memor.reader import read_memor

Progress = Callable[[float, str], None]
EMOTIONS = ("primary", "fine_grained")


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    model: str = "amer"
    emotions: str = "primary"
    epochs: int = 1000
    patience: int = 50
    batch_size: int = 8
    learning_rate: float = 5e-5
    decay_every: int = 50
    decay: float = 0.9
    validation_share: float = 0.2
    seed: int = 125
    """Weights and the order of samples."""
    split_seed: int = 2020
    """Which clips are held out for validation."""
    device: str = "auto"
    """`auto` (a GPU if there is one), `cpu`, `cuda`, `cuda:1`, ..."""
    missing: str = "code"
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, value, allowed in (("emotions", self.emotions, EMOTIONS), ("missing", self.missing, MISSING)):
            if value not in allowed:
                raise RunError(f"{name} {value!r} is not known: use one of {', '.join(allowed)}")
        if unknown := set(self.without) - set(ABLATIONS):
            raise RunError(f"without {sorted(unknown)[0]!r} is not known: use one of {', '.join(ABLATIONS)}")
        for name, number in (("epochs", self.epochs), ("patience", self.patience), ("batch size", self.batch_size)):
            if number < 1:
                raise RunError(f"{name} must be at least 1, not {number}")
        if self.learning_rate <= 0:
            raise RunError(f"the learning rate must be above 0, not {self.learning_rate}")


@dataclass(frozen=True, slots=True)
class Report:
    run_dir: Path
    model: str
    emotions: str
    parameters: int
    train_samples: int
    epochs: int
    best_epoch: int
    """From 1."""
    validation: Scores
    test: Scores
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, without the folder."""
        document = asdict(self)
        del document["run_dir"]
        return document


def no_progress(share: float, step: str) -> None:
    """Ignore progress."""


def train(config: TrainingConfig, release_dir: Path, run_dir: Path, on_progress: Progress = no_progress) -> Report:
    """Train a baseline on a release and evaluate it; everything goes to the new folder `run_dir`.

    Raises FormatError for a release that cannot be read, RunError for a run that cannot be made, UnknownModel.
    """
    entry = baseline(config.model)
    device = _device(config.device)
    on_progress(0.0, "reading the release")
    dataset = read_memor(release_dir)
    for side, ids in (("train", dataset.train_ids), ("test", dataset.test_ids)):
        if not ids:
            raise RunError(f"{release_dir} has no {side} samples")
    new_run_folder(run_dir)
    classes = dataset.classes[config.emotions]
    held = hold_out(dataset, config.emotions, config.validation_share, config.split_seed)
    sets = {
        "train": SampleSet(dataset, held.train, dataset.train_ids, config.emotions),
        "validation": SampleSet(dataset, held.validation, dataset.train_ids, config.emotions),
        "test": SampleSet(dataset, dataset.test_ids, dataset.test_ids, config.emotions),
    }
    model_config = entry.configure(dataset.dims, len(classes), Choices(config.missing, config.without))
    write_json(
        run_dir / "config.json",
        {
            "model": config.model,
            "training": asdict(config),
            "model_config": model_config,
            "classes": list(classes),
            "device": str(device),
            "release": {"sha256": release_hash(dataset), "split": dataset.config.get("split")},
            "samples": {name: len(samples) for name, samples in sets.items()},
            "software": software(),
        },
    )
    write_inputs(run_dir, dataset)
    with _seeded(config.seed):
        model = entry.build(model_config).to(device)
        epochs, best_epoch = _fit(model, sets, config, classes, device, run_dir, on_progress)
    model.load_state_dict(torch.load(run_dir / "weights.pt", map_location=device, weights_only=True))
    validation = predict(model, _in_order(sets["validation"], config), device)
    on_progress(1.0, "test")
    test = predict(model, _in_order(sets["test"], config), device)
    report = Report(
        run_dir=run_dir,
        model=config.model,
        emotions=config.emotions,
        parameters=sum(weights.numel() for weights in model.parameters()),
        train_samples=len(sets["train"]),
        epochs=epochs,
        best_epoch=best_epoch,
        validation=score(validation.labels, validation.predicted, classes),
        test=score(test.labels, test.predicted, classes),
        notes=(*held.notes, *_notes(dataset, sets, classes)),
    )
    matrix = confusion(test.labels, test.predicted, classes)
    write_predictions(run_dir / "predictions.csv", dataset, sets["test"].positions, test, classes)
    write_confusion_csv(run_dir / "confusion.csv", matrix, classes)
    draw_confusion(run_dir / "confusion.png", matrix, classes, f"{config.model}, {config.emotions}, test")
    write_json(run_dir / "metrics.json", report.as_dict())
    return report


def class_weights(labels: tuple[int, ...]) -> list[float]:
    """Return one weight per sample, 1 / count of its class, so that every class is drawn equally often."""
    counts = Counter(labels)
    return [1.0 / counts[label] for label in labels]


def _fit(
    model: nn.Module,
    sets: dict[str, SampleSet],
    config: TrainingConfig,
    classes: tuple[str, ...],
    device: torch.device,
    run_dir: Path,
    on_progress: Progress,
) -> tuple[int, int]:
    """Train; leave the best epoch's weights in the run folder. Return (epochs run, best epoch), from 1."""
    draws = torch.Generator().manual_seed(config.seed)
    weights = class_weights(sets["train"].labels)
    sampler = WeightedRandomSampler(weights, len(weights), replacement=True, generator=draws)
    batches = DataLoader(sets["train"], config.batch_size, sampler=sampler, collate_fn=collate, generator=draws)
    optimiser = torch.optim.Adam(model.parameters(), lr=config.learning_rate, amsgrad=True)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, config.decay_every, config.decay)
    best, best_epoch, epoch = -1.0, 0, 0
    with SummaryWriter(str(run_dir / "tensorboard")) as board:
        for epoch in range(1, config.epochs + 1):
            model.train()
            losses = []
            for batch in batches:
                there = batch.to(device)
                loss = nn.functional.cross_entropy(model(there), there.label)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                losses.append(loss.item())
            if not np.isfinite(losses).all():
                raise RunError(f"the loss is no number any more in epoch {epoch}: lower the learning rate")
            found = predict(model, _in_order(sets["validation"], config), device)
            scores = score(found.labels, found.predicted, classes)
            row = {
                "epoch": epoch,
                "train_loss": sum(losses) / len(losses),
                "validation_loss": found.loss,
                "validation_micro_f1": scores.micro_f1,
                "validation_macro_f1": scores.macro_f1,
                "validation_weighted_f1": scores.weighted_f1,
                "learning_rate": optimiser.param_groups[0]["lr"],
            }
            append_json(run_dir / "epochs.jsonl", row)
            for name, value in row.items():
                board.add_scalar(name, value, epoch)
            schedule.step()
            if scores.micro_f1 >= best:
                best, best_epoch = scores.micro_f1, epoch
                partial = run_dir / "weights.pt.partial"
                torch.save({name: tensor.cpu() for name, tensor in model.state_dict().items()}, partial)
                partial.replace(run_dir / "weights.pt")
            on_progress(epoch / config.epochs, f"epoch {epoch}, validation micro-F1 {scores.micro_f1:.3f}")
            if epoch - best_epoch >= config.patience:
                break
    return epoch, best_epoch


def _in_order(samples: SampleSet, config: TrainingConfig) -> DataLoader[Any]:
    return DataLoader(samples, config.batch_size, collate_fn=collate)


def _notes(dataset: MemorDataset, sets: dict[str, SampleSet], classes: tuple[str, ...]) -> list[str]:
    notes = []
    for name, samples in sets.items():
        if outside := samples.moments_outside():
            notes.append(f"{outside} {name} moments lie in no segment of their clip: the nearest one is the target")
    learned, asked = set(sets["train"].labels), set(sets["test"].labels)
    if never := [classes[label] for label in sorted(asked - learned)]:
        notes.append(f"the test set asks for classes that training never saw: {', '.join(never)}")
    both = {dataset.samples[i].clip for i in dataset.train_ids} & {dataset.samples[i].clip for i in dataset.test_ids}
    if both:
        notes.append(f"{len(both)} clips are in train and test: scores are higher than on unseen clips")
    return notes


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise RunError(f"the device {name!r} cannot be used here: {str(error).partition(chr(10))[0]}") from error
    return device


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed all generators and ask for deterministic kernels; put torch's switches back at the end."""
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
