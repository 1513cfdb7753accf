"""MDAE, the autoencoder of the MEmoR table, after Ngiam et al. (ICML 2011): one code from which all modalities come.

    s      = MLP([E_V(x^V); E_A(x^A); E_T(x^T)])             the shared code of the target cell
    x^k'   = D_k(s)                                          for every modality k
    logits = MLP([s; E_p(p_m)])                              personality after the fusion, as the paper says
    loss   = cross-entropy + lambda sum_k present_k mean((x^k' - x^k)^2)

In training, one or two of the modalities that are there are left out at random of what goes in, never of what must come
out (Ngiam's denoising). What is missing in the data is not asked for. Wiring and sizes are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from baselines.data.batches import CellBatch
from baselines.data.modality import Modality
from baselines.layers import mlp
from baselines.models.amer import PUBLISHED, encoders
from baselines.models.base import Model, TaskLoss


@dataclass(frozen=True, slots=True)
class Config:
    sizes: Mapping[str, int] = field(default_factory=lambda: dict(PUBLISHED))
    personality: int = 118
    classes: int = 9
    encoded: int = 256
    reconstruction: float = 1.0
    """lambda"""


class MDAE(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        e, parts = config.encoded, len(config.sizes)
        self.encoders = nn.ModuleDict(encoders(config.sizes, e))
        self.code = mlp(parts * e, 2 * e, e)
        self.spread = mlp(e, 2 * e, parts * e)
        hidden = {"visual": (3 * e // 2, 2 * e), "audio": (2 * e, 4 * e), "text": (2 * e,)}
        self.decoders = nn.ModuleDict({name: mlp(e, *hidden[name], size) for name, size in config.sizes.items()})
        if config.personality:
            self.traits = mlp(config.personality, 2 * e, e)
        self.head = mlp(2 * e if config.personality else e, e, config.classes)

    def forward(self, batch: CellBatch) -> Tensor:
        """Return the logits (B, C)."""
        return self._classify(self._encode(batch.at_target()), batch)

    def loss(self, batch: CellBatch, task_loss: TaskLoss) -> Tensor:
        target = batch.at_target()
        code = self._encode(leave_out(target) if self.training else target)
        error = sum(self.reconstruction_errors(code, target).values(), code.new_zeros(()))
        return task_loss(self._classify(code, batch), batch.label) + self.config.reconstruction * error

    def reconstruction_errors(self, code: Tensor, target: Mapping[str, Modality]) -> dict[str, Tensor]:
        """Return per modality the squared error, a mean over its numbers and over the batch; 0 where it is missing."""
        spread = self.spread(code).chunk(len(self.config.sizes), dim=-1)  # of (B, E)
        errors = {}
        for name, part in zip(self.config.sizes, spread, strict=True):
            there = target[name]
            made = self.decoders[name](part[there.mask])  # (K, D): nothing is made that cannot be compared
            errors[name] = ((made - there.rows) ** 2).mean(dim=1).sum() / len(code)
        return errors

    def _encode(self, target: Mapping[str, Modality]) -> Tensor:
        encoded = [target[name].encode(self.encoders[name]) for name in self.config.sizes]
        code: Tensor = self.code(torch.cat(encoded, dim=-1))  # (B, E)
        return code

    def _classify(self, code: Tensor, batch: CellBatch) -> Tensor:
        fused = [code, *([self.traits(batch.target_personality())] if self.config.personality else [])]
        logits: Tensor = self.head(torch.cat(fused, dim=-1))
        return logits


def leave_out(target: Mapping[str, Modality]) -> dict[str, Modality]:
    """Return the modalities (grid (B,)) with none, one or two of those that are there left out, at least one kept."""
    names = list(target)
    present = torch.stack([target[name].mask for name in names], dim=1)  # (B, M)
    drops = torch.randint(0, 3, (len(present),), device=present.device)
    drops = torch.minimum(drops, present.sum(dim=1) - 1).clamp(min=0)
    lots = torch.rand(present.shape, device=present.device).masked_fill(~present, 2.0)  # the present ones come first
    left = present & (lots.argsort(dim=1).argsort(dim=1) >= drops[:, None])
    return {name: target[name].keep(left[:, column]) for column, name in enumerate(names)}
