"""MDL, the first baseline of the MEmoR table (Shen et al. 2020): deep features of the target cell, fused early.

    z      = [E_V(x^V_mn); E_A(x^A_mn); E_T(x^T_mn); E_p(p_m)]     personality only in the second row of the table
    logits = MLP(z)

Persons and segments around the target are not looked at. The paper gives the name and the fusion; the sizes of the
MLP are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from baselines.data.batches import CellBatch
from baselines.layers import mlp
from baselines.models.amer import PUBLISHED, encoders
from baselines.models.base import Model


@dataclass(frozen=True, slots=True)
class Config:
    sizes: Mapping[str, int] = field(default_factory=lambda: dict(PUBLISHED))
    personality: int = 118
    """0: without personality."""
    classes: int = 9
    encoded: int = 256
    dropout: float = 0.3


class MDL(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        e = config.encoded
        self.encoders = nn.ModuleDict(encoders(config.sizes, e))
        if config.personality:
            self.traits = mlp(config.personality, 2 * e, e)
        parts = len(config.sizes) + bool(config.personality)
        self.head = nn.Sequential(
            mlp(parts * e, 2 * e, e), nn.ReLU(), nn.Dropout(config.dropout), nn.Linear(e, config.classes)
        )

    def forward(self, batch: CellBatch) -> Tensor:
        """Return the logits (B, C)."""
        target = batch.at_target()
        encoded = [target[name].encode(self.encoders[name]) for name in self.config.sizes]  # of (B, E)
        if self.config.personality:
            encoded.append(self.traits(batch.target_personality()))
        logits: Tensor = self.head(torch.cat(encoded, dim=-1))
        return logits
