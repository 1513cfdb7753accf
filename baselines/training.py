"""The recipe from end to end: seed, data, model, loop, best epoch by validation, then the test side, once."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from baselines.catalogue import CATALOGUE, EMOTIONS, MODALITIES
from baselines.data.corpus import Corpus, Wanted
from baselines.data.opening import open_corpus
from baselines.data.packed import cache_folder
from baselines.errors import RunError
from baselines.evaluation import Judge, by_group, constant_scores, under_conditions
from baselines.files import write_json
from baselines.loop import Fit
from baselines.models.base import Model, learned
from baselines.progress import Progress, no_progress
from baselines.recipe import Recipe
from baselines.registry import baseline, build, configure, view_for
from baselines.reporting import Report, write_report
from baselines.runs import describe_data, new_run_folder, read_config, software, write_predictions

_RECIPE: Final = tuple(one.name for one in fields(Recipe))


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What is asked for. None: as the model's paper or code has it (`baselines.registry`)."""

    model: str = "amer"
    emotions: str = "primary"
    modalities: tuple[str, ...] = tuple(MODALITIES.values())
    without: tuple[str, ...] = ()
    """Published ablations."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Fields of the model's config, in words."""
    epochs: int | None = None
    patience: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    weight_decay: float | None = None
    sampler: str | None = None
    select: str | None = None
    validation_share: float = 0.2
    seed: int = 125
    """Weights and the order of samples."""
    split_seed: int = 2020
    """Which clips or dialogues are held out for validation, where the data do not say."""
    device: str = "auto"
    """`auto` (a GPU if there is one), `cpu`, `cuda`, `cuda:1`, ..."""

    def __post_init__(self) -> None:
        if self.emotions not in EMOTIONS:
            raise RunError(f"emotions {self.emotions!r} is not known: use one of {', '.join(EMOTIONS)}")
        if unknown := set(self.modalities) - set(MODALITIES.values()):
            raise RunError(f"modality {sorted(unknown)[0]!r} is not known: use some of {', '.join(MODALITIES)}")
        if not 0 < self.validation_share < 1:
            raise RunError(f"the validation share must lie between 0 and 1, not be {self.validation_share}")
        self.recipe("")  # refuses impossible numbers before any data are read
        baseline(self.model)

    def recipe(self, family: str) -> Recipe:
        """Return the recipe for data of a family, with what was asked for instead."""
        own = {name: getattr(self, name) for name in _RECIPE if getattr(self, name, None) is not None}
        return replace(baseline(self.model).recipe_for(family), **own)

    def wanted(self) -> Wanted:
        return Wanted(self.emotions, self.modalities, self.validation_share, self.split_seed)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> TrainingConfig:
        """Return the config that a file says. Raises RunError for an entry that is none."""
        known = {one.name: one for one in fields(cls)}
        if unknown := set(document) - set(known):
            raise RunError(f"{sorted(unknown)[0]!r} is no setting of a training: use some of {', '.join(known)}")
        listed: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in document.items()
        }
        try:
            return cls(**listed)
        except TypeError as error:
            raise RunError(f"the training's settings cannot be used: {error}") from error


def train(config: TrainingConfig, data: Path, run_dir: Path, on_progress: Progress = no_progress) -> Report:
    """Train a baseline on data and evaluate it; everything goes to the new folder `run_dir`.

    Raises FormatError for data that cannot be read, RunError for a run that cannot be made.
    """
    return train_corpus(config, _open(config, data, on_progress), data, run_dir, on_progress)


def train_corpus(
    config: TrainingConfig, corpus: Corpus, data: Path, run_dir: Path, on_progress: Progress = no_progress
) -> Report:
    """Train on a corpus that was opened from `data` before, or made without any file."""
    device = _device(config.device)
    view_for(config.model, corpus.kind, corpus.task.kind, corpus.shape)
    model_config = configure(config.model, corpus.kind, corpus.shape, config.without, config.settings)
    recipe = config.recipe(corpus.family)
    with torch.device("meta"):
        build(config.model, model_config)  # what cannot be built is refused before anything is written
    new_run_folder(run_dir)
    write_json(
        run_dir / "config.json",
        {
            "model": config.model,
            "title": CATALOGUE[config.model].title,
            "training": asdict(config),
            "recipe": asdict(recipe),
            "model_config": model_config,
            "classes": list(corpus.task.names),
            "device": str(device),
            "data": describe_data(corpus, data),
            "software": software(),
        },
    )
    if corpus.remember is not None:
        corpus.remember(run_dir)
    return _run(config, corpus, recipe, model_config, device, run_dir, on_progress, resume=False)


def resume(run_dir: Path, on_progress: Progress = no_progress, data: Path | None = None) -> Report:
    """Go on with a run that was interrupted, to the result it would have had. Raises RunError, FormatError.

    `data`: where its data are now, if they have moved.
    """
    document = read_config(run_dir)
    if (run_dir / "metrics.json").exists():
        raise RunError(f"{run_dir} has ended: its result is in metrics.json")
    config = TrainingConfig.of(document["training"])
    device = _device(config.device)
    data = data or Path(document["data"]["path"])
    corpus = _open(config, data, on_progress)
    if corpus.sha256 != document["data"]["sha256"]:
        raise RunError(f"{data} has changed since this run was started: train anew")
    recipe = config.recipe(corpus.family)
    return _run(config, corpus, recipe, document["model_config"], device, run_dir, on_progress, resume=True)


def _open(config: TrainingConfig, data: Path, on_progress: Progress) -> Corpus:
    on_progress(0.0, "reading the data")
    return open_corpus(data, config.wanted(), cache_folder(), on_progress)


def _run(
    config: TrainingConfig,
    corpus: Corpus,
    recipe: Recipe,
    model_config: Mapping[str, Any],
    device: torch.device,
    run_dir: Path,
    on_progress: Progress,
    *,
    resume: bool,
) -> Report:
    view = view_for(config.model, corpus.kind, corpus.task.kind, corpus.shape)
    judge = Judge(corpus.task, view, device, max(recipe.batch_size, 16))
    with seeded(config.seed):
        model = build(config.model, model_config).to(device)
        fit = Fit(model, corpus, recipe, judge, run_dir, config.seed, on_progress)
        if resume:
            fit.resume()
        epochs, best_epoch = fit.run()
    on_progress(1.0, "test")
    report = _evaluate(config, corpus, recipe, judge, model, run_dir, (epochs, best_epoch))
    write_report(run_dir, corpus, report)
    (run_dir / "state.pt").unlink(missing_ok=True)
    return report


def _evaluate(
    config: TrainingConfig,
    corpus: Corpus,
    recipe: Recipe,
    judge: Judge,
    model: Model,
    run_dir: Path,
    epochs: tuple[int, int],
) -> Report:
    task = corpus.task
    validation = judge.predict(model, judge.batches(corpus.validation))
    test = judge.predict(model, judge.batches(corpus.test))
    write_predictions(run_dir / "predictions.csv", corpus, corpus.test, test)
    notes = list(corpus.notes)
    if recipe.sampler == "balanced" and corpus.train.item_labels is None:
        notes.append("classes cannot be drawn equally often here, as a dialogue has many: every one is drawn once")
    several = len(corpus.shape.sizes) > 1
    return Report(
        run_dir=run_dir,
        model=config.model,
        without=config.without,
        emotions=config.emotions,
        data=corpus.title,
        selection=f"{recipe.select} on {corpus.selection}",
        seed=config.seed,
        parameters=learned(model),
        train_samples=len(corpus.train.labels),
        epochs=epochs[0],
        best_epoch=epochs[1],
        validation=task.score(validation.labels, validation.said),
        test=task.score(test.labels, test.said),
        constant=constant_scores(task, corpus.train.labels, test.labels),
        breakdowns=by_group(task, test),
        conditions=under_conditions(judge, model, corpus.test, list(corpus.shape.sizes)) if several else {},
        notes=tuple(notes),
        found=test,
    )


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
def seeded(seed: int) -> Iterator[None]:
    """Seed all generators and ask for deterministic kernels; put torch's switches back at the end."""
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what cuBLAS needs to add in one order
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
