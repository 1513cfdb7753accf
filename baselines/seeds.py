"""The same training with several seeds: what of a score is luck."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from baselines.evaluation import headline
from baselines.files import write_json
from baselines.reporting import Report
from baselines.runs import new_run_folder
from baselines.tasks import ClassScores


@dataclass(frozen=True, slots=True)
class SeedsReport:
    reports: tuple[Report, ...]
    mean: dict[str, float]
    """Score -> mean of the test scores."""
    deviation: dict[str, float]
    """Of the sample: divided by n - 1; 0 for one seed."""


def train_seeds(train_one: Callable[[int], Report], seeds: Iterable[int], out: Path) -> SeedsReport:
    """Train once per seed into `out`/seed-N and write `out`/seeds.json. Raises RunError where `out` holds something."""
    new_run_folder(out)
    report = summary(tuple(train_one(seed) for seed in seeds))
    document: dict[str, Any] = {
        "seeds": [one.seed for one in report.reports],
        "mean": report.mean,
        "deviation": report.deviation,
        "constant": headline(report.reports[0].constant),
        "selection": report.reports[0].selection,
    }
    write_json(out / "seeds.json", document)
    return report


def summary(reports: tuple[Report, ...]) -> SeedsReport:
    """Return mean and deviation of the test scores."""
    rows = [headline(one.test) for one in reports]
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    spread = {name: float(values.std(ddof=1)) if len(values) > 1 else 0.0 for name, values in table.items()}
    return SeedsReport(reports, {name: float(values.mean()) for name, values in table.items()}, spread)


def render_seeds(report: SeedsReport) -> str:
    """Return the scores of all seeds for people, with the constant predictor and what the epochs were chosen by."""
    first = report.reports[0]
    scale, digits = (100, 2) if isinstance(first.test, ClassScores) else (1, 4)

    def line(name: str, numbers: dict[str, float]) -> str:
        return f"{name:<16}" + "".join(f"{scale * value:>13.{digits}f}" for value in numbers.values())

    return "\n".join(
        [
            f"{first.model} on {first.data}, test side; epochs chosen by {first.selection}",
            f"{'':<16}" + "".join(f"{name:>13}" for name in report.mean),
            *(line(f"seed {one.seed}", headline(one.test)) for one in report.reports),
            line("mean", report.mean),
            line("deviation", report.deviation),
            line("constant", headline(first.constant)),
            f"run folders: {first.run_dir.parent}",
        ]
    )
