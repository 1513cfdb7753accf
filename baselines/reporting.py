"""What a run says of itself: metrics.json, the confusion matrix, the model card, and the lines on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from baselines.catalogue import CATALOGUE
from baselines.data.corpus import Corpus
from baselines.evaluation import Predictions, headline
from baselines.files import write_csv, write_json
from baselines.published import Row, published_rows
from baselines.tasks import ClassScores, Scores, confusion


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    run_dir: Path
    model: str
    without: tuple[str, ...]
    emotions: str
    data: str
    selection: str
    """What the epoch was chosen by, on which samples."""
    seed: int
    parameters: int
    """That learn."""
    train_samples: int
    epochs: int
    """Run in the last stage."""
    best_epoch: int
    """From 1."""
    validation: Scores
    test: Scores
    constant: Scores
    """Test scores of who always says the most frequent class of training."""
    breakdowns: Mapping[str, Mapping[str, Mapping[str, float]]]
    conditions: Mapping[str, Mapping[str, float]]
    """Test scores where only these modalities are given."""
    notes: tuple[str, ...]
    found: Predictions

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, without folder and predictions."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("run_dir", "found")}
        for name in ("validation", "test", "constant"):
            plain[name] = plain[name].as_dict()
        return plain


def write_report(run_dir: Path, corpus: Corpus, report: Report) -> None:
    """Write what people and programs read of a run; metrics.json last, which says that it has ended."""
    if isinstance(report.test, ClassScores):
        names = corpus.task.names
        matrix = confusion(report.found.labels, report.found.said.argmax(axis=1), names)
        header = ["true \\ predicted", *names]
        write_csv(
            run_dir / "confusion.csv", header, ([n, *map(int, row)] for n, row in zip(names, matrix, strict=True))
        )
        draw_confusion(run_dir / "confusion.png", matrix, names, f"{report.model}, {report.data}, test")
    rows = published_rows(report.model, report.without, corpus)
    (run_dir / "card.md").write_text(card(report, rows), "utf-8")
    write_json(run_dir / "metrics.json", report.as_dict() | {"published": [row.as_dict() for row in rows]})


def render(report: Report) -> str:
    """Return the report for people."""
    numbers = headline(report.test)
    scale = 100 if isinstance(report.test, ClassScores) else 1
    lines = [
        f"{report.model}{''.join(f' without {part}' for part in report.without)} on {report.data}: "
        f"{report.parameters:,} parameters, {report.train_samples} train samples, seed {report.seed}",
        f"best epoch {report.best_epoch} of {report.epochs}, by {report.selection}",
        f"{'in %' if scale == 100 else '':<22}{'samples':>8}" + "".join(f"{name:>13}" for name in numbers),
    ]
    for name, scores in (("validation", report.validation), ("test", report.test), ("test, constant", report.constant)):
        lines.append(_line(name, scores.samples, headline(scores), scale))
    for table in report.breakdowns.values():
        lines += [
            _line(f"  {group}", int(scores["samples"]), {n: scores[n] for n in numbers}, scale)
            for group, scores in table.items()
            if len(table) > 1
        ]
    lines += [f"note: {note}" for note in report.notes]
    if isinstance(report.test, ClassScores) and report.test.absent:
        lines.append(f"note: no test sample of {', '.join(report.test.absent)}")
    return "\n".join([*lines, f"run folder: {report.run_dir}"])


def _line(name: str, samples: int, numbers: Mapping[str, float], scale: int) -> str:
    return f"{name:<22}{samples:>8}" + "".join(
        f"{scale * value:>13.{2 if scale == 100 else 4}f}" for value in numbers.values()
    )


def card(report: Report, published: Sequence[Row]) -> str:
    """Return the model card (Mitchell et al. 2019), in Markdown."""
    numbers = headline(report.test)
    head = "| | samples | " + " | ".join(numbers) + " |\n|---|---|" + "---|" * len(numbers)

    def row(name: str, samples: int, scores: Mapping[str, float]) -> str:
        return f"| {name} | {samples} | " + " | ".join(f"{scores[one]:.4f}" for one in numbers) + " |"

    parts = [
        f"# {CATALOGUE[report.model].title}",
        f"Model `{report.model}`"
        + (f", without {', '.join(report.without)}" if report.without else "")
        + f", {report.parameters:,} weights. Trained on {report.train_samples} samples of {report.data}; "
        f"epoch {report.best_epoch} of {report.epochs} was chosen by {report.selection}; seed {report.seed}.",
        "## Scores",
        "\n".join(
            [
                head,
                row("validation", report.validation.samples, headline(report.validation)),
                row("**test**", report.test.samples, numbers),
                row("test, always the same answer", report.constant.samples, headline(report.constant)),
            ]
        ),
    ]
    for name, table in report.breakdowns.items():
        rows = [row(group, int(scores["samples"]), scores) for group, scores in table.items()]
        parts += [f"## Test, by {name}", "\n".join([head, *rows])]
    if report.conditions:
        rows = [row(kept, report.test.samples, scores) for kept, scores in report.conditions.items()]
        parts += ["## Test, only these modalities given", "\n".join([head, *rows])]
    if isinstance(report.test, ClassScores):
        lines = [
            f"| {c.name} | {c.support} | {c.precision:.4f} | {c.recall:.4f} | {c.f1:.4f} |"
            for c in report.test.per_class
        ]
        parts += [
            "## Test, by class",
            "\n".join(["| class | samples | precision | recall | F1 |\n|---|---|---|---|---|", *lines]),
        ]
    if published:
        lines = [
            f"| {one.measure} | {one.value:.2f} | {100 * numbers[one.measure]:.2f} | {one.source} |"
            for one in published
        ]
        parts += ["## Published", "\n".join(["| measure | published | here | source |\n|---|---|---|---|", *lines])]
    parts += [
        "## Use and limits",
        "For research on datasets of acted emotion, and to suggest labels that people check. It says what annotators "
        "would probably say of a scene, not what somebody feels: not for decisions about people. It has learned the "
        "cast, the language and the annotators of its data; groups above with few samples say little.",
        *([f"- {note}" for note in report.notes]),
    ]
    return "\n\n".join(parts) + "\n"


def draw_confusion(path: Path, matrix: np.ndarray, classes: Sequence[str], title: str) -> None:
    """Draw the matrix as PNG: colour is the share of the true class, the number is the count."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    size = 2.5 + 0.45 * len(classes)
    figure = Figure(figsize=(size, size), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(classes)), classes, rotation=90)
    axes.set_yticks(range(len(classes)), classes)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.set_title(title, fontsize=9, wrap=True)
    for row, column in np.argwhere(matrix > 0):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, str(matrix[row, column]), ha="center", va="center", color=colour, fontsize=8)
    figure.savefig(path, dpi=150)
