"""Train and evaluate a published baseline: `python -m baselines.train RELEASE --model amer`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from baselines.catalogue import EMOTIONS, MODALITIES
from baselines.errors import RunError
from baselines.progress import progress_bar
from baselines.recipe import MEASURES, SAMPLERS
from baselines.registry import MODELS
from baselines.reporting import render
from baselines.seeds import PLAN, go_on, has_ended, render_seeds, train_seeds
from baselines.training import TrainingConfig, resume, train
from exports.errors import ExportError

EXAMPLE = "python -m baselines.train releases/season-1 --model amer --emotions primary --seeds 5"
_DEFAULTS = TrainingConfig()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a training run to a parser."""
    add = parser.add_argument
    add("release", type=Path, nargs="?", help="a release folder, or another data set (docs/baselines.md)")
    add("--model", choices=sorted(MODELS), help=f"default {_DEFAULTS.model}")
    add("--emotions", choices=EMOTIONS, help="9 or 14 classes of a release, as published")
    add("--modalities", help="some of a,t,v,p: audio, text, visual, personality (default all)")
    add("--without", action="append", default=[], metavar="ABLATION", help="a published ablation; may be given again")
    add("--set", action="append", default=[], metavar="NAME=VALUE", dest="settings", help="a setting of the model")
    add("--epochs", type=int, help="at most; this and what follows: default as published for the model")
    add("--patience", type=int, help="stop after so many epochs without a better one")
    add("--batch-size", type=int)
    add("--learning-rate", type=float)
    add("--weight-decay", type=float)
    add("--sampler", choices=SAMPLERS, help="classes equally often, or every sample once")
    add("--select", choices=MEASURES, help="what the best epoch is chosen by, on the validation side")
    add("--seed", type=int, help=f"weights and sample order (default {_DEFAULTS.seed})")
    add("--seeds", type=int, default=1, metavar="N", help="train so often, from --seed on; mean and deviation")
    add("--split-seed", type=int, help=f"what is held out for validation (default {_DEFAULTS.split_seed})")
    add("--device", help=f"auto, cpu, cuda, cuda:1 (default {_DEFAULTS.device})")
    add("--config", type=Path, help="JSON file with any of these, as a run's config.json has under `training`")
    add("--resume", type=Path, metavar="RUN", help="go on with an interrupted run; nothing else is needed")
    add("--out", type=Path, help="new run folder (default: a numbered one in runs/ beside the data)")


def config_of(arguments: argparse.Namespace) -> TrainingConfig:
    """Return what is asked for: the config file, and over it what was typed. Raises RunError."""
    asked: dict[str, Any] = _file(arguments.config) if arguments.config else {}
    for name in (
        *("model", "emotions", "epochs", "patience", "batch_size", "learning_rate", "weight_decay"),
        *("sampler", "select", "seed", "split_seed", "device"),
    ):
        if getattr(arguments, name) is not None:
            asked[name] = getattr(arguments, name)
    if arguments.modalities:
        letters = [word.strip() for word in arguments.modalities.split(",")]
        if unknown := [word for word in letters if word not in MODALITIES]:
            raise RunError(f"modality {unknown[0]!r} is not known: use some of {', '.join(MODALITIES)}")
        asked["modalities"] = tuple(name for letter, name in MODALITIES.items() if letter in letters)
    if arguments.without:
        asked["without"] = tuple(dict.fromkeys(arguments.without))
    if arguments.settings:
        pairs = [word.partition("=") for word in arguments.settings]
        if bad := [name for name, equals, _ in pairs if not equals]:
            raise RunError(f"--set {bad[0]} must be NAME=VALUE")
        asked["settings"] = {name: value for name, _, value in pairs}
    return TrainingConfig.of(asked)


def run(arguments: argparse.Namespace) -> int:
    """Train as the arguments say. Return the exit code: 0, or 1 after one line on standard error."""
    try:
        print(_run(arguments))
    except (ExportError, RunError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        run_dir = arguments.resume or arguments.out
        print(f"stopped; --resume {run_dir} goes on after the last epoch that was finished", file=sys.stderr)
        return 1
    return 0


def _run(arguments: argparse.Namespace) -> str:
    if arguments.resume:
        return _resumed(arguments.resume)
    if arguments.release is None:
        raise RunError("name the data to train on, or a run to --resume")
    if arguments.seeds < 1:
        raise RunError(f"--seeds must be at least 1, not {arguments.seeds}")
    config = config_of(arguments)
    out = arguments.out = arguments.out or next_run_folder(arguments.release, config)
    with progress_bar(config.model) as progress:
        if arguments.seeds == 1:
            return render(train(config, arguments.release, out, progress))
        return render_seeds(train_seeds(config, arguments.seeds, arguments.release, out, progress))


def _resumed(run_dir: Path) -> str:
    with progress_bar(run_dir.name) as progress:
        if not (run_dir / PLAN).exists():
            return render(resume(run_dir, progress))
        if has_ended(run_dir):
            raise RunError(f"{run_dir} has ended: its result is in {PLAN}")
        return render_seeds(go_on(run_dir, progress))


def _file(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except ValueError as error:
        raise RunError(f"{path} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise RunError(f"{path} must hold an object")
    return document


def next_run_folder(release: Path, config: TrainingConfig) -> Path:
    """Return a folder name that is free: runs/<data>-<model>-<emotions>-<number> beside the data."""
    stem = f"{release.resolve().stem}-{config.model}-{config.emotions}"
    place = release.resolve().parent / "runs"
    number = 1
    while (place / f"{stem}-{number}").exists():
        number += 1
    return place / f"{stem}-{number}"


def main(words: list[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(
        prog="python -m baselines.train",
        description="Train and evaluate a published baseline on a release folder.",
        epilog=f"example:\n  {EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    return run(parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main())
