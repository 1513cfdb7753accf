"""BiLSTM+TFN and BiLSTM+LMF of the MEmoR table: the target person's segments as series, then a product of modalities.

    r_k = BiLSTM_k(present * E_k(x^k_m:))  at the target segment          k in (V, A, T)
    TFN (Zadeh et al., EMNLP 2017):  z_k = ReLU(W_k r_k);  Z = [1; z_V] x [1; z_A] x [1; z_T];  h = MLP(Z)
    LMF (Liu et al., ACL 2018):      h = sum_r w_r (prod_k [1; r_k] F_k,r) + b
    logits = MLP([h; E_p(p_m)])

MEmoR's paper says "summarised" of the series and gives no sizes: the wiring is ours. `readout="final"` takes the last
states instead of those at the target segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from baselines.data.batches import CellBatch
from baselines.layers import last_states, mlp, run_lstm
from baselines.models.amer import PUBLISHED, encoders
from baselines.models.base import Model


@dataclass(frozen=True, slots=True)
class Config:
    fusion: str
    """`tfn` or `lmf`."""
    sizes: Mapping[str, int] = field(default_factory=lambda: dict(PUBLISHED))
    personality: int = 118
    classes: int = 9
    encoded: int = 256
    reduced: int = 32
    """TFN: length of z_k; the tensor has (reduced + 1)^modalities numbers."""
    fused: int = 128
    rank: int = 4
    dropout: float = 0.3
    readout: str = "target"

    def __post_init__(self) -> None:
        if self.fusion not in ("tfn", "lmf") or self.readout not in ("target", "final"):
            raise ValueError("fusion is 'tfn' or 'lmf', readout 'target' or 'final'")


class TensorFusion(nn.Module):
    def __init__(self, parts: int, size: int, reduced: int, fused: int, dropout: float) -> None:
        super().__init__()
        self.reduce = nn.ModuleList(nn.Sequential(nn.Linear(size, reduced), nn.ReLU()) for _ in range(parts))
        width = (reduced + 1) ** parts
        self.after = nn.Sequential(nn.Dropout(dropout), mlp(width, fused, fused, last=nn.ReLU()))

    def forward(self, parts: list[Tensor]) -> Tensor:
        reduced = [net(part) for net, part in zip(self.reduce, parts, strict=True)]
        fused: Tensor = self.after(outer_product(reduced))
        return fused


def outer_product(parts: list[Tensor]) -> Tensor:
    """Return the flat tensor [1; z_1] x [1; z_2] x ... of vectors (B, D_k): (B, prod (D_k + 1))."""
    product = parts[0].new_ones(len(parts[0]), 1)
    for part in parts:
        product = (product[:, :, None] * with_one(part)[:, None, :]).flatten(1)
    return product


class LowRankFusion(nn.Module):
    def __init__(self, parts: int, size: int, fused: int, rank: int) -> None:
        super().__init__()
        self.factors = nn.ParameterList(torch.empty(rank, size + 1, fused) for _ in range(parts))
        self.rank_weights = nn.Parameter(torch.empty(1, rank))
        self.bias = nn.Parameter(torch.zeros(fused))
        for factor in (*self.factors, self.rank_weights):
            nn.init.xavier_normal_(factor)

    def forward(self, parts: list[Tensor]) -> Tensor:
        """Return (B, fused): one product over the modalities for each rank, then their weighted sum."""
        product = torch.ones((), device=parts[0].device)
        for part, factor in zip(parts, self.factors, strict=True):
            product = product * torch.einsum("bd,rdf->brf", with_one(part), factor)
        return torch.einsum("r,brf->bf", self.rank_weights[0], product) + self.bias


def with_one(part: Tensor) -> Tensor:
    """Return [1; z], which keeps products of fewer modalities in the tensor."""
    return torch.cat([part.new_ones(len(part), 1), part], dim=1)


class BiLSTMFusion(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        e, parts = config.encoded, len(config.sizes)
        self.encoders = nn.ModuleDict(encoders(config.sizes, e))
        self.series = nn.ModuleDict(
            {name: nn.LSTM(e, e // 2, batch_first=True, bidirectional=True) for name in config.sizes}
        )
        if config.fusion == "tfn":
            self.fuse: nn.Module = TensorFusion(parts, e, config.reduced, config.fused, config.dropout)
        else:
            self.fuse = LowRankFusion(parts, e, config.fused, config.rank)
        if config.personality:
            self.traits = mlp(config.personality, 2 * e, e)
        self.head = mlp(config.fused + (e if config.personality else 0), e, config.classes)

    def forward(self, batch: CellBatch) -> Tensor:
        """Return the logits (B, C)."""
        fused = self.fuse([self._read_out(name, batch) for name in self.config.sizes])
        if self.config.personality:
            fused = torch.cat([fused, self.traits(batch.target_personality())], dim=-1)
        logits: Tensor = self.head(fused)
        return logits

    def _read_out(self, name: str, batch: CellBatch) -> Tensor:
        """Return r_k (B, E)."""
        part = batch.features[name]
        n, s = part.mask.shape[1:]
        rows = torch.arange(len(batch), device=batch.label.device)
        places = ((rows * n + batch.target_person) * s)[:, None] + torch.arange(s, device=rows.device)
        mine = part.select(places)  # grid (B, S)
        encoded = mine.encode(self.encoders[name]) * mine.mask[..., None]  # (B, S, E)
        lengths = batch.segment_mask.sum(dim=1)
        lstm = self.series[name]
        assert isinstance(lstm, nn.LSTM)
        outputs = run_lstm(lstm, encoded, lengths)
        if self.config.readout == "final":
            return last_states(lstm, outputs, lengths)
        return outputs[rows, batch.target_segment]
