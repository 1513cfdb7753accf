"""What training asks of every model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn


@dataclass(frozen=True, slots=True, eq=False)
class Attention:
    """Where a model looks, for a picture."""

    weights: Tensor  # (B, rows, columns)
    rows: tuple[str, ...]
    columns: tuple[str, ...]


TaskLoss = Callable[[Tensor, Tensor], Tensor]


class Model(nn.Module):
    """A model's `forward` takes a batch of its kind and returns logits (n, C), one row per row of `batch.label`."""

    stages: int = 1
    """Trainings one after the other; each starts from the best epoch of the one before."""
    patterns: tuple[tuple[str, ...], ...] = ()
    """Sets of modalities under which the epoch is chosen, all counted together; none: everything that is there."""

    def begin(self, stage: int) -> None:
        """Get ready for a stage, from 0: its loss, what learns in it. Called again when a run is resumed."""

    def loss(self, batch: Any, task_loss: TaskLoss) -> Tensor:
        """Return the loss of a batch; `task_loss` is that of outputs and labels."""
        return task_loss(self(batch), batch.label)

    def attention(self, batch: Any) -> dict[str, Attention]:
        """Return attention weights worth a picture, by name."""
        return {}


def learned(model: nn.Module) -> int:
    """Return the number of weights that learn."""
    return sum(weights.numel() for weights in model.parameters() if weights.requires_grad)
