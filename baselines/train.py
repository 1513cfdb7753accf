"""Train and evaluate a published baseline on a release: `python -m baselines.train RELEASE --model amer`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from baselines.evaluation import Scores
from baselines.registry import ABLATIONS, MISSING, MODELS, UnknownModel
from baselines.runs import RunError
from baselines.training import EMOTIONS, Report, TrainingConfig, train
from exports.errors import ExportError

EXAMPLE = "python -m baselines.train releases/season-1 --model amer --emotions primary"
_DEFAULTS = TrainingConfig()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a training run to a parser."""
    parser.add_argument("release", type=Path, help="a release folder, or the published MEmoR data/ folder")
    parser.add_argument("--model", choices=sorted(MODELS), default=_DEFAULTS.model)
    parser.add_argument(
        "--emotions", choices=EMOTIONS, default=_DEFAULTS.emotions, help="9 or 14 classes, as published"
    )
    parser.add_argument("--epochs", type=int, default=_DEFAULTS.epochs, help="at most (default %(default)s)")
    parser.add_argument(
        "--patience",
        type=int,
        default=_DEFAULTS.patience,
        help="stop after so many epochs without a better one (%(default)s)",
    )
    parser.add_argument("--batch-size", type=int, default=_DEFAULTS.batch_size, help="default %(default)s")
    parser.add_argument("--learning-rate", type=float, default=_DEFAULTS.learning_rate, help="default %(default)s")
    parser.add_argument("--seed", type=int, default=_DEFAULTS.seed, help="weights and sample order (%(default)s)")
    parser.add_argument("--split-seed", type=int, default=_DEFAULTS.split_seed, help="validation clips (%(default)s)")
    parser.add_argument("--device", default=_DEFAULTS.device, help="auto, cpu, cuda, cuda:1 (default %(default)s)")
    parser.add_argument(
        "--missing", choices=MISSING, default=_DEFAULTS.missing, help="missing cells as in code or paper"
    )
    parser.add_argument(
        "--without", choices=ABLATIONS, action="append", default=[], help="a published ablation; may be given again"
    )
    parser.add_argument("--out", type=Path, help="new run folder (default: a numbered one in runs/ beside the release)")


def run(arguments: argparse.Namespace) -> int:
    """Train as the arguments say. Return the exit code: 0, or 1 after one line on standard error."""
    try:
        config = TrainingConfig(
            model=arguments.model,
            emotions=arguments.emotions,
            epochs=arguments.epochs,
            patience=arguments.patience,
            batch_size=arguments.batch_size,
            learning_rate=arguments.learning_rate,
            seed=arguments.seed,
            split_seed=arguments.split_seed,
            device=arguments.device,
            missing=arguments.missing,
            without=tuple(dict.fromkeys(arguments.without)),
        )
        out = arguments.out or next_run_folder(arguments.release, config)
        with tqdm(total=1000, desc=config.model, bar_format="{desc} {bar} {elapsed} {postfix}", disable=None) as bar:

            def on_progress(share: float, step: str) -> None:
                bar.set_postfix_str(step, refresh=False)
                bar.update(round(share * 1000) - bar.n)
                bar.refresh()

            report = train(config, arguments.release, out, on_progress)
    except (ExportError, RunError, UnknownModel, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the run folder holds the best epoch so far but no metrics.json", file=sys.stderr)
        return 1
    print(render(report))
    return 0


def render(report: Report) -> str:
    """Return the report for people."""

    def line(name: str, scores: Scores) -> str:
        return (
            f"{name:<11}{scores.samples:>7}{100 * scores.micro_f1:>9.2f}{100 * scores.macro_f1:>9.2f}"
            f"{100 * scores.weighted_f1:>9.2f}"
        )

    return "\n".join(
        [
            f"{report.model}, {report.emotions}: {report.parameters:,} parameters, "
            f"{report.train_samples} train samples, best epoch {report.best_epoch} of {report.epochs}",
            f"{'F1 in %':<11}{'samples':>7}{'micro':>9}{'macro':>9}{'weighted':>9}",
            line("validation", report.validation),
            line("test", report.test),
            *(f"note: {note}" for note in report.notes),
            *([f"note: no test sample of {', '.join(report.test.absent)}"] if report.test.absent else []),
            f"run folder: {report.run_dir}",
        ]
    )


def next_run_folder(release: Path, config: TrainingConfig) -> Path:
    """Return a folder name that is free: runs/<release>-<model>-<emotions>-<number> beside the release."""
    stem = f"{release.resolve().name}-{config.model}-{config.emotions}"
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
