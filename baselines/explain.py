"""Pictures of why a trained baseline said what it said: `python -m baselines.explain RUN --samples 5`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from baselines.data.batches import Batch
from baselines.errors import RunError
from baselines.evaluate import open_for
from baselines.evaluation import Judge
from baselines.explaining import PERTURBATIONS, Explanation, explain, name_of, scored_rows
from baselines.files import write_json
from baselines.progress import Progress, progress_bar
from baselines.runs import load_run
from exports.errors import ExportError

EXAMPLE = "python -m baselines.explain runs/season-1-amer --samples 5"
_FOR, _AGAINST = "#2b8a3e", "#c92a2a"


def explain_run(
    run_dir: Path, data: Path | None, out: Path, samples: int, perturbations: int, on_progress: Progress
) -> list[Path]:
    """Explain the first scored things of the test side; write a PNG and a JSON each. Return the pictures."""
    run = load_run(run_dir)
    corpus = open_for(run, data, on_progress)
    judge = Judge(run.task, run.view, torch.device("cpu"))
    out.mkdir(parents=True, exist_ok=True)
    pictures = []
    for place, (item, row) in enumerate(islice(scored_rows(corpus.test), samples)):
        found = explain(judge, run.model, corpus.test, item, row, perturbations=perturbations)
        batch = corpus.test.collate([corpus.test.items[item]])
        stem = out / f"{place:03d}"
        write_json(stem.with_suffix(".json"), document(found, batch))
        draw(stem.with_suffix(".png"), found, batch)
        pictures.append(stem.with_suffix(".png"))
        on_progress((place + 1) / samples, f"sample {place + 1} of {samples}")
    return pictures


def document(found: Explanation, batch: Batch) -> dict[str, Any]:
    """Return an explanation as plain values."""
    return {
        "sample": list(found.key),
        "true": found.true,
        "said": found.said,
        "explained": found.explained,
        "modalities": found.modalities,
        "things": [asdict(one) | {"name": name_of(batch, one.place)} for one in found.things],
        "words": [{"word": word, "weight": weight} for word, weight in found.words],
        "attention": {
            name: {"rows": one.rows, "columns": one.columns, "weights": one.weights[0].tolist()}
            for name, one in found.attention.items()
        },
    }


def draw(path: Path, found: Explanation, batch: Batch) -> None:
    """Draw an explanation: what was said, modalities, things, and attention where the model has one."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = 1 + -(-len(found.attention) // 3) + bool(found.words)
    tall = max(3.2, 0.28 * len(found.things) + 1)
    figure = Figure(figsize=(14, tall + 2.4 * (rows - 1)), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(rows, 3, height_ratios=[tall, *[2.4] * (rows - 1)])
    figure.suptitle(f"{' · '.join(map(str, found.key))}: true {found.true}, said {found.explained}")
    said = sorted(found.said.items(), key=lambda pair: pair[1])
    _bars(figure.add_subplot(grid[0, 0]), dict(said), "what was said", one_colour=True)
    _bars(figure.add_subplot(grid[0, 1]), found.modalities, f"modalities, for {found.explained}")
    things = {f"{one.modality}: {name_of(batch, one.place)}": one.weight for one in reversed(found.things)}
    _bars(figure.add_subplot(grid[0, 2]), things, f"what was recorded, for {found.explained}")
    if found.words:
        _sentence(figure.add_subplot(grid[rows - 1, :]), found)
    for place, (name, looks) in enumerate(found.attention.items()):
        axes = figure.add_subplot(grid[1 + place // 3, place % 3])
        image = axes.imshow(looks.weights[0].cpu().numpy(), cmap="Blues", vmin=0, vmax=1, aspect="auto")
        axes.set_title(f"where it looks: {name}", fontsize=10)
        axes.set_xticks(range(len(looks.columns)), looks.columns, rotation=30, ha="right", fontsize=8)
        axes.set_yticks(range(len(looks.rows)), looks.rows, fontsize=8)
        figure.colorbar(image, ax=axes)
    figure.savefig(path, dpi=110)


def _sentence(axes: Any, found: Explanation) -> None:
    """Draw the words in the order they were said, up for what the model said, down against it."""
    heights = [weight for _, weight in found.words]
    axes.bar(range(len(heights)), heights, color=[_FOR if height >= 0 else _AGAINST for height in heights])
    axes.axhline(0, color="grey", linewidth=0.8)
    axes.set_title(f"words, for {found.explained}", fontsize=10)
    axes.set_xticks(range(len(heights)), [word for word, _ in found.words], rotation=40, ha="right", fontsize=9)


def _bars(axes: Any, values: dict[str, float], title: str, *, one_colour: bool = False) -> None:
    colours = ["#1971c2" if one_colour else _FOR if value >= 0 else _AGAINST for value in values.values()]
    axes.barh(list(values), list(values.values()), color=colours)
    axes.axvline(0, color="grey", linewidth=0.8)
    axes.set_title(title, fontsize=10)
    axes.tick_params(labelsize=8)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments to a parser."""
    parser.add_argument("run_dir", type=Path, help="folder that train_baseline wrote")
    parser.add_argument("data", type=Path, nargs="?", help="other data of the same kind (default: the run's own)")
    parser.add_argument("--samples", type=int, default=5, help="the first so many of the test side (%(default)s)")
    parser.add_argument("--perturbations", type=int, default=PERTURBATIONS, help="copies per sample (%(default)s)")
    parser.add_argument("--out", type=Path, help="folder for pictures and JSON (default: explanations/ in the run)")


def run(arguments: argparse.Namespace) -> int:
    """Explain as the arguments say. Return the exit code: 0, or 1 after one line on standard error."""
    out = arguments.out or arguments.run_dir / "explanations"
    try:
        if arguments.samples < 1 or arguments.perturbations < 10:
            raise RunError("--samples must be at least 1, --perturbations at least 10")
        with progress_bar("explaining") as progress:
            pictures = explain_run(
                arguments.run_dir, arguments.data, out, arguments.samples, arguments.perturbations, progress
            )
    except (ExportError, RunError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(pictures)} pictures in {out}")
    return 0


def main(words: list[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(
        prog="python -m baselines.explain",
        description="Draw why a trained baseline said what it said.",
        epilog=f"example:\n  {EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    return run(parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main())
