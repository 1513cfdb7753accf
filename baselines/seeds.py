"""The same training with several seeds: what of a score is luck. It can be interrupted and gone on with at any moment.

seeds.json   first what is to be done (training, data, seeds), at the end the result too
seed-125/    a run folder per seed, see `baselines.runs`
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from baselines.errors import RunError
from baselines.files import write_json
from baselines.progress import Progress, no_progress
from baselines.runs import new_run_folder
from baselines.training import TrainingConfig, resume, train

PLAN: Final = "seeds.json"


@dataclass(frozen=True, slots=True)
class SeedsReport:
    out: Path
    runs: tuple[dict[str, Any], ...]
    """metrics.json of each seed."""
    mean: dict[str, float]
    """Score -> mean of the test scores."""
    deviation: dict[str, float]
    """Of the sample: divided by n - 1; 0 for one seed."""


def folder_of(out: Path, seed: int) -> Path:
    return out / f"seed-{seed}"


def train_seeds(
    config: TrainingConfig, count: int, data: Path, out: Path, on_progress: Progress = no_progress
) -> SeedsReport:
    """Train once per seed, from the config's on, and write mean and deviation of the test scores.

    Raises RunError where `out` holds something, and what `train` raises.
    """
    new_run_folder(out)
    seeds = [config.seed + number for number in range(count)]
    write_json(out / PLAN, {"training": asdict(config), "data": str(data.resolve()), "seeds": seeds})
    return go_on(out, on_progress)


def go_on(out: Path, on_progress: Progress = no_progress, data: Path | None = None) -> SeedsReport:
    """Do what is left of a training with several seeds: finished ones are read, an interrupted one is resumed.

    `data`: where its data are now, if they have moved. Raises RunError, FormatError.
    """
    plan = _plan(out)
    config, seeds = TrainingConfig.of(plan["training"]), plan["seeds"]
    for place, seed in enumerate(seeds):
        part = _part(on_progress, place, len(seeds), seed)
        _train_one(replace(config, seed=seed), data or Path(plan["data"]), folder_of(out, seed), part)
    report = summary(out, [_metrics(folder_of(out, seed)) for seed in seeds])
    first = report.runs[0]
    result = {
        "mean": report.mean,
        "deviation": report.deviation,
        "constant": scores_of(first["constant"]),
        "selection": first["selection"],
    }
    write_json(out / PLAN, plan | result)
    return report


def has_ended(out: Path) -> bool:
    return "mean" in _plan(out)


def _train_one(config: TrainingConfig, data: Path, folder: Path, on_progress: Progress) -> None:
    if (folder / "metrics.json").exists():
        return
    if (folder / "state.pt").exists():
        resume(folder, on_progress, data)
        return
    shutil.rmtree(folder, ignore_errors=True)  # stopped before its first epoch had ended
    train(config, data, folder, on_progress)


def _part(on_progress: Progress, place: int, count: int, seed: int) -> Progress:
    """Return the progress of one seed, as a part of all."""
    name = f"seed {seed} ({place + 1} of {count}): " if count > 1 else ""
    return lambda share, step: on_progress((place + share) / count, f"{name}{step}")


def _plan(out: Path) -> dict[str, Any]:
    try:
        plan: dict[str, Any] = json.loads((out / PLAN).read_bytes())
        if not all(plan[name] for name in ("training", "data", "seeds")):
            raise KeyError("a plan")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{out / PLAN} does not say what is to be done: train anew ({error})") from error
    return plan


def _metrics(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "metrics.json").read_bytes())
    return document


def scores_of(document: Mapping[str, Any]) -> dict[str, float]:
    """Return the scores that are single numbers, of what a metrics.json has under `test` or `constant`."""
    return {name: value for name, value in document.items() if isinstance(value, float)}


def summary(out: Path, runs: Sequence[dict[str, Any]]) -> SeedsReport:
    """Return mean and deviation of the test scores."""
    rows = [scores_of(run["test"]) for run in runs]
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    spread = {name: float(values.std(ddof=1)) if len(values) > 1 else 0.0 for name, values in table.items()}
    return SeedsReport(out, tuple(runs), {name: float(values.mean()) for name, values in table.items()}, spread)


def render_seeds(report: SeedsReport) -> str:
    """Return the scores of all seeds for people, with the constant predictor and what the epochs were chosen by."""
    first = report.runs[0]
    scale, digits = (100, 2) if "weighted_f1" in report.mean else (1, 4)

    def line(name: str, numbers: Mapping[str, float]) -> str:
        return f"{name:<16}" + "".join(f"{scale * value:>13.{digits}f}" for value in numbers.values())

    return "\n".join(
        [
            f"{first['model']} on {first['data']}, test side; epochs chosen by {first['selection']}",
            f"{'':<16}" + "".join(f"{name:>13}" for name in report.mean),
            *(line(f"seed {run['seed']}", scores_of(run["test"])) for run in report.runs),
            line("mean", report.mean),
            line("deviation", report.deviation),
            line("constant", scores_of(first["constant"])),
            f"run folders: {report.out}",
        ]
    )
