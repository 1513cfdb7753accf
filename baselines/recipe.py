"""How a model is trained: numbers only, so that a run folder can repeat itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import nn

from baselines.errors import RunError

SAMPLERS: Final = ("balanced", "shuffled")
#: What an epoch can be chosen by; of `loss` and `mae` less is better.
MEASURES: Final = ("micro_f1", "macro_f1", "weighted_f1", "ua", "loss", "mae")
_LESS_IS_BETTER: Final = ("loss", "mae")
_SCHEDULES: Final = ("constant", "step", "linear")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Defaults are those of the official MEmoR code."""

    epochs: int = 1000
    """At most, in each stage."""
    patience: int = 50
    """Stop after so many epochs without a better one; an equal one counts as better."""
    batch_size: int = 8
    learning_rate: float = 5e-5
    beta1: float = 0.9
    amsgrad: bool = True
    weight_decay: float = 0.0
    schedule: str = "step"
    """`constant`; `step`: times `decay` every `decay_every` epochs; `linear`: constant for `decay_every` epochs, then
    down to zero at `epochs`."""
    decay_every: int = 50
    decay: float = 0.9
    sampler: str = "balanced"
    """`balanced`: with replacement, so that classes come equally often; `shuffled`: every sample once."""
    select: str = "micro_f1"
    """What the best epoch is chosen by on the validation side."""
    clip: float | None = None
    """Longest gradient of each of the model's parts."""

    def __post_init__(self) -> None:
        for name, number in (("epochs", self.epochs), ("patience", self.patience), ("batch size", self.batch_size)):
            if number < 1:
                raise RunError(f"{name} must be at least 1, not {number}")
        if self.learning_rate <= 0:
            raise RunError(f"the learning rate must be above 0, not {self.learning_rate}")
        for name, value, allowed in (
            ("sampler", self.sampler, SAMPLERS),
            ("select", self.select, MEASURES),
            ("schedule", self.schedule, _SCHEDULES),
        ):
            if value not in allowed:
                raise RunError(f"{name} {value!r} is not known: use one of {', '.join(allowed)}")

    def better(self, new: float, best: float | None) -> bool:
        """Say whether a validation score is taken instead of the best so far: ties go to the later epoch."""
        if best is None:
            return True
        return new <= best if self.select in _LESS_IS_BETTER else new >= best

    def optimiser(self, model: nn.Module) -> torch.optim.Optimizer:
        learned = [weights for weights in model.parameters() if weights.requires_grad]
        return torch.optim.Adam(
            learned,
            lr=self.learning_rate,
            betas=(self.beta1, 0.999),
            weight_decay=self.weight_decay,
            amsgrad=self.amsgrad,
        )

    def rate(self, epoch: int) -> float:
        """Return what the learning rate is multiplied by in an epoch, from 0."""
        if self.schedule == "step":
            return self.decay ** (epoch // self.decay_every)
        if self.schedule == "linear":
            return 1.0 - max(0, epoch + 1 - self.decay_every) / max(1, self.epochs - self.decay_every + 1)
        return 1.0

    def clip_gradients(self, model: nn.Module) -> None:
        """Shorten the gradient of each direct part of a model to `clip`."""
        if self.clip is not None:
            for part in model.children():
                nn.utils.clip_grad_norm_(part.parameters(), self.clip)
