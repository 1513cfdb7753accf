"""The training loop: stages, epochs, the best one by validation, and all that makes it go on where it was stopped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, RandomSampler, Sampler, WeightedRandomSampler
from torch.utils.tensorboard import SummaryWriter

from baselines.data.corpus import Corpus, Side
from baselines.errors import RunError
from baselines.evaluation import Judge
from baselines.files import append_json, read_json_lines
from baselines.models.base import Model
from baselines.progress import Progress
from baselines.recipe import Recipe
from baselines.runs import save_tensors


def class_weights(labels: tuple[int, ...]) -> list[float]:
    """Return one weight per sample, 1 / count of its class, so that every class is drawn equally often."""
    counts = Counter(labels)
    return [1.0 / counts[label] for label in labels]


@dataclass(slots=True)
class Place:
    """Where a run is: after an epoch of a stage. Epochs count from 1, in their stage."""

    stage: int = 0
    epoch: int = 0
    best: float | None = None
    best_epoch: int = 0
    done: bool = False
    """The stage has ended."""


class Fit:
    """One training. `run` may be interrupted at any moment; a new Fit on the same folder goes on with `resume`."""

    def __init__(
        self,
        model: Model,
        corpus: Corpus,
        recipe: Recipe,
        judge: Judge,
        run_dir: Path,
        seed: int,
        on_progress: Progress,
    ) -> None:
        self.model, self.corpus, self.recipe, self.judge = model, corpus, recipe, judge
        self.run_dir, self.on_progress = run_dir, on_progress
        self.draws = torch.Generator().manual_seed(seed)
        self.place = Place()
        self.batches = self._loader(corpus.train)
        self._begin(0)

    def run(self) -> tuple[int, int]:
        """Train; leave the best weights of the last stage in the folder and the model. Return (epochs run, best)."""
        with SummaryWriter(str(self.run_dir / "tensorboard")) as board:
            while True:
                while not self.place.done:
                    self._epoch(board)
                self._take_best()
                if self.place.stage + 1 == self.model.stages:
                    return self.place.epoch, self.place.best_epoch
                self._begin(self.place.stage + 1)

    def resume(self) -> None:
        """Go back to the end of the last epoch that was finished. Raises RunError where there is none."""
        path = self.run_dir / "state.pt"
        if not path.exists():
            raise RunError(f"{self.run_dir} holds nothing to go on with: no epoch was finished, or the run has ended")
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        self._begin(state["place"]["stage"])
        self.place = Place(**state["place"])
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.draws.set_state(state["draws"])
        torch.set_rng_state(state["random"])
        if torch.cuda.is_available() and state["cuda"] is not None:
            torch.cuda.set_rng_state_all(state["cuda"])
        self._forget_later_rows()

    def _begin(self, stage: int) -> None:
        self.model.begin(stage)
        self.model.to(self.judge.device)
        self.place = Place(stage)
        self.optimiser = self.recipe.optimiser(self.model)

    def _epoch(self, board: SummaryWriter) -> None:
        place, recipe = self.place, self.recipe
        rate = recipe.learning_rate * recipe.rate(place.epoch)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        train_loss = self._learn(place.epoch + 1)
        measures = self.judge.measures(self.judge.under_patterns(self.model, self.corpus.validation))
        place.epoch += 1
        if recipe.select not in measures:
            raise RunError(f"these data have no {recipe.select}: choose the epoch by one of {', '.join(measures)}")
        if recipe.better(measures[recipe.select], place.best):
            place.best, place.best_epoch = measures[recipe.select], place.epoch
            save_tensors(self.run_dir / "weights.pt", self._weights())
        place.done = place.epoch >= recipe.epochs or place.epoch - place.best_epoch >= recipe.patience
        self._report(board, train_loss, measures, rate)
        self._save()

    def _learn(self, epoch: int) -> float:
        """Go once through the train side. Return the mean loss."""
        model, device = self.model, self.judge.device
        model.train()
        total, count = torch.zeros((), dtype=torch.float64, device=device), 0
        share = 1 / (self.recipe.epochs * model.stages)
        done_epochs = self.place.stage * self.recipe.epochs + epoch - 1
        for number, batch in enumerate(self.batches):
            given = self.judge.view(batch.to(device))
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                loss = model.loss(given, self.judge.task.loss)
            self.optimiser.zero_grad()
            loss.backward()
            self.recipe.clip_gradients(model)
            self.optimiser.step()
            total += loss.detach()
            count += 1
            self.on_progress(share * (done_epochs + number / len(self.batches)), self._step(epoch))
        mean = float(total) / count
        if not np.isfinite(mean):
            raise RunError(f"the loss is no number any more in epoch {epoch}: lower the learning rate")
        return mean

    def _step(self, epoch: int) -> str:
        best = "" if self.place.best is None else f", best {self.recipe.select} {self.place.best:.3f}"
        return f"{f'stage {self.place.stage + 1}, ' if self.model.stages > 1 else ''}epoch {epoch}{best}"

    def _report(self, board: SummaryWriter, train_loss: float, measures: dict[str, float], rate: float) -> None:
        row: dict[str, Any] = {
            "stage": self.place.stage + 1,
            "epoch": self.place.epoch,
            "train_loss": train_loss,
            **{f"validation_{name}": value for name, value in measures.items()},
            "learning_rate": rate,
        }
        append_json(self.run_dir / "epochs.jsonl", row)
        for name, value in row.items():
            if name not in ("stage", "epoch"):
                board.add_scalar(f"stage_{row['stage']}/{name}" if self.model.stages > 1 else name, value, row["epoch"])

    def _weights(self) -> dict[str, Tensor]:
        return {name: tensor.cpu() for name, tensor in self.model.state_dict().items()}

    def _take_best(self) -> None:
        best = torch.load(self.run_dir / "weights.pt", map_location=self.judge.device, weights_only=True)
        self.model.load_state_dict(best)

    def _save(self) -> None:
        place = self.place
        state = {
            "place": {name: getattr(place, name) for name in ("stage", "epoch", "best", "best_epoch", "done")},
            "model": self._weights(),
            "optimiser": self.optimiser.state_dict(),
            "draws": self.draws.get_state(),
            "random": torch.get_rng_state(),
            "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else None,
        }
        save_tensors(self.run_dir / "state.pt", state)

    def _forget_later_rows(self) -> None:
        """Drop what an epoch wrote that did not get to its end."""
        path = self.run_dir / "epochs.jsonl"
        until = (self.place.stage + 1, self.place.epoch)
        rows = [row for row in read_json_lines(path) if (row["stage"], row["epoch"]) <= until]
        path.unlink(missing_ok=True)
        for row in rows:
            append_json(path, row)

    def _loader(self, side: Side) -> DataLoader[Any]:
        sampler: Sampler[int]
        if self.recipe.sampler == "balanced" and side.item_labels is not None:
            weights = class_weights(side.item_labels)
            sampler = WeightedRandomSampler(weights, len(weights), replacement=True, generator=self.draws)
        else:
            sampler = RandomSampler(side.items, generator=self.draws)  # type: ignore[arg-type]
        return DataLoader(
            side.items,
            self.recipe.batch_size,
            sampler=sampler,
            collate_fn=side.collate,
            generator=self.draws,
        )
