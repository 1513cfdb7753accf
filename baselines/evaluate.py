"""Evaluate a trained baseline, on its own data or on others like them: `python -m baselines.evaluate RUN [DATA]`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from baselines.data.corpus import Corpus
from baselines.data.opening import open_corpus
from baselines.data.packed import cache_folder
from baselines.errors import RunError
from baselines.evaluation import Judge, by_group, constant_scores, headline, under_conditions
from baselines.files import write_json
from baselines.progress import Progress, progress_bar
from baselines.runs import LoadedRun, load_run
from baselines.tasks import Scores
from baselines.training import TrainingConfig
from exports.errors import ExportError

EXAMPLE = "python -m baselines.evaluate runs/season-1-amer releases/season-2 --side test"


@dataclass(frozen=True, slots=True)
class Evaluation:
    model: str
    data: str
    side: str
    scores: Scores
    constant: Scores
    breakdowns: dict[str, dict[str, dict[str, float]]]
    conditions: dict[str, dict[str, float]]

    def as_dict(self) -> dict[str, Any]:
        plain = {name: getattr(self, name) for name in self.__slots__}
        return plain | {"scores": self.scores.as_dict(), "constant": self.constant.as_dict()}


def evaluate(run: LoadedRun, corpus: Corpus, side: str) -> Evaluation:
    """Return what a run's model is worth on a side of some data, and under every choice of modalities."""
    judge = Judge(run.task, run.view, torch.device("cpu"))
    chosen = corpus.sides[side]
    found = judge.predict(run.model, judge.batches(chosen))
    modalities = [name for name in run.modalities if name in corpus.shape.sizes]
    return Evaluation(
        model=run.config["model"],
        data=corpus.title,
        side=side,
        scores=run.task.score(found.labels, found.said),
        constant=constant_scores(run.task, corpus.train.labels, found.labels),
        breakdowns=by_group(run.task, found),
        conditions=under_conditions(judge, run.model, chosen, modalities) if len(modalities) > 1 else {},
    )


def open_for(run: LoadedRun, data: Path | None, on_progress: Progress) -> Corpus:
    """Open a run's own data, or others; as the run saw its own. Raises RunError where the model does not fit them."""
    path = data or Path(run.config["data"]["path"])
    corpus = open_corpus(path, TrainingConfig.of(run.config["training"]).wanted(), cache_folder(), on_progress)
    there, known = dict(corpus.shape.sizes), run.config["data"]["sizes"]
    if corpus.kind != run.kind or corpus.task != run.task:
        raise RunError(
            f"{path} holds {corpus.task.kind} of {corpus.kind} with other names than the model was trained on"
        )
    if there != known or corpus.shape.personality != run.config["data"]["personality"]:
        raise RunError(f"{path} has features of the lengths {there}, the model was trained on {known}")
    return corpus


def render(evaluation: Evaluation) -> str:
    """Return the evaluation for people."""
    numbers = headline(evaluation.scores)
    lines = [
        f"{evaluation.model} on the {evaluation.side} side of {evaluation.data}",
        f"{'':<24}" + "".join(f"{name:>13}" for name in numbers),
    ]

    def add(name: str, scores: dict[str, float]) -> None:
        lines.append(f"{name:<24}" + "".join(f"{scores[one]:>13.4f}" for one in numbers))

    add("all", numbers)
    add("constant", headline(evaluation.constant))
    for table in evaluation.breakdowns.values():
        for group, scores in table.items():
            add(f"{group} ({int(scores['samples'])})", scores)
    for kept, scores in evaluation.conditions.items():
        add(f"only {kept}", scores)
    return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of an evaluation to a parser."""
    parser.add_argument("run_dir", type=Path, help="folder that train_baseline wrote")
    parser.add_argument("data", type=Path, nargs="?", help="other data of the same kind (default: the run's own)")
    parser.add_argument("--side", choices=("train", "validation", "test"), default="test")
    parser.add_argument("--out", type=Path, help="write the numbers as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Evaluate as the arguments say. Return the exit code: 0, or 1 after one line on standard error."""
    try:
        with progress_bar("evaluating") as progress:
            loaded = load_run(arguments.run_dir)
            corpus = open_for(loaded, arguments.data, progress)
            evaluation = evaluate(loaded, corpus, arguments.side)
        if arguments.out:
            write_json(arguments.out, evaluation.as_dict())
    except (ExportError, RunError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(render(evaluation))
    return 0


def main(words: list[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(
        prog="python -m baselines.evaluate",
        description="Evaluate a trained baseline.",
        epilog=f"example:\n  {EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    return run(parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main())
