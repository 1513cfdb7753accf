"""MMGCN (Hu et al., ACL 2021): one graph over the utterances of a dialogue in all modalities, and deep GCNII layers.

    a = W_a x_a,  v = W_v x_v,  l = BiLSTM(W_l x_l) + S                          S: the speaker, in text only (1-3)
    A_ij = 1 - arccos(0.99999 cos(n_i, n_j)) / pi                                (4-5)
           between all utterances of one modality, and between the modalities of one utterance (there times gamma)
    A    = D^-1/2 A D^-1/2
    H^0  = ReLU(W n);   H^l+1 = ReLU(theta_l [P; H^0] W_l + (1 - theta_l)((1 - alpha) P + alpha H^0)),   P = A H^l
           theta_l = ln(eta / l + 1)                                             (6-7)
    logits = W ReLU([n_a; H_a; n_v; H_v; n_l; H_l])

As in the official code gamma is 1 and the speaker is heard in text only; its 64 layers are `layers=64`, the paper's are
4. Its "focal" loss is not one (its best answer for seven classes is not 1): here is Lin's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from baselines.data.batches import DialogueBatch
from baselines.layers import focal_loss, mlp, run_lstm
from baselines.models.base import Model, TaskLoss
from baselines.models.bc_lstm import pooled

_EPS = 1e-8
_ORDER = ("audio", "visual", "text")


@dataclass(frozen=True, slots=True)
class Config:
    sizes: Mapping[str, int] = field(default_factory=lambda: {"audio": 300, "visual": 342, "text": 600})
    personality: int = 0
    classes: int = 7
    speakers: int = 9
    node: int = 200
    hidden: int = 100
    layers: int = 4
    alpha: float = 0.1
    eta: float = 0.5
    gamma: float = 1.0
    """Weight of edges between modalities; the paper has 0.7."""
    speaker: str = "text"
    """Who hears the speaker: `text` as in the code, `all` as in the paper."""
    dropout: float = 0.4
    focal: float = 2.5
    """0: cross-entropy."""
    class_weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.speaker not in ("text", "all"):
            raise ValueError("speaker is 'text' or 'all'")


class GCNII(nn.Module):
    """Layer l of Chen et al. (ICML 2020), the variant that looks at P and H^0 side by side."""

    def __init__(self, size: int, alpha: float, theta: float) -> None:
        super().__init__()
        self.alpha, self.theta = alpha, theta
        self.weight = nn.Parameter(torch.empty(2 * size, size))
        nn.init.uniform_(self.weight, -1 / math.sqrt(size), 1 / math.sqrt(size))

    def forward(self, adjacency: Tensor, hidden: Tensor, first: Tensor) -> Tensor:
        passed = adjacency @ hidden
        mixed = (1 - self.alpha) * passed + self.alpha * first
        return self.theta * torch.cat([passed, first], dim=-1) @ self.weight + (1 - self.theta) * mixed


class MMGCN(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.modalities = [name for name in _ORDER if name in config.sizes]
        n, h = config.node, config.hidden
        self.into = nn.ModuleDict({name: nn.Linear(config.sizes[name], n) for name in self.modalities})
        if "text" in config.sizes:
            self.context = nn.LSTM(
                n, n // 2, num_layers=2, batch_first=True, bidirectional=True, dropout=config.dropout
            )
        if "text" in config.sizes or config.speaker == "all":
            self.speakers = nn.Embedding(config.speakers, n)
        self.first = nn.Linear(n, h)
        self.layers = nn.ModuleList(
            GCNII(h, config.alpha, math.log(config.eta / layer + 1)) for layer in range(1, config.layers + 1)
        )
        self.drop = nn.Dropout(config.dropout)
        if config.personality:
            self.traits = mlp(config.personality, n, h)
        width = len(self.modalities) * (n + h) + (h if config.personality else 0)
        self.head = nn.Linear(width, config.classes)
        self.register_buffer("class_weights", torch.tensor(config.class_weights), persistent=False)

    def forward(self, batch: DialogueBatch) -> Tensor:
        """Return the logits (n, C) of the scored utterances."""
        nodes = torch.stack([self._nodes(name, batch) for name in self.modalities], dim=1)  # (B, M, L, N)
        adjacency = graph(nodes, batch.real, self.config.gamma)  # (B, M*L, M*L)
        flat = self.drop(nodes.flatten(1, 2))  # (B, M*L, N)
        first = self.first(flat).relu()
        hidden = first
        for layer in self.layers:
            hidden = layer(adjacency, self.drop(hidden), first).relu()
        joined = torch.cat([flat, self.drop(hidden)], dim=-1).unflatten(1, nodes.shape[1:3])  # (B, M, L, N+H)
        utterances = joined.transpose(1, 2).flatten(2)[batch.scored]  # (n, M*(N+H))
        if self.config.personality:
            utterances = torch.cat([utterances, self.traits(batch.personality[batch.scored])], dim=-1)
        logits: Tensor = self.head(self.drop(utterances).relu())
        return logits

    def loss(self, batch: DialogueBatch, task_loss: TaskLoss) -> Tensor:
        class_weights = self.get_buffer("class_weights") if self.config.class_weights else None
        return focal_loss(self(batch), batch.label, self.config.focal, class_weights)

    def _nodes(self, name: str, batch: DialogueBatch) -> Tensor:
        """Return one modality's nodes (B, L, N)."""
        nodes: Tensor = self.into[name](pooled(batch, name))
        if name == "text":
            nodes = run_lstm(self.context, nodes, batch.lengths)
        if name == "text" or self.config.speaker == "all":
            nodes = nodes + self.speakers(batch.speaker)
        return nodes


def graph(nodes: Tensor, real: Tensor, gamma: float) -> Tensor:
    """Return the normalised adjacency (B, M*L, M*L) of nodes (B, M, L, N); padding has no edges."""
    b, m, length, _ = nodes.shape
    unit = nodes / nodes.norm(dim=-1, keepdim=True).clamp(min=_EPS)
    both = real[:, None, :, None] & real[:, None, None, :]
    within = similarity(unit @ unit.transpose(-1, -2)) * both  # (B, M, L, L)
    across = similarity(torch.einsum("bmln,bkln->bmkl", unit, unit)) * gamma * real[:, None, None]  # (B, M, M, L)
    other = ~torch.eye(m, dtype=torch.bool, device=nodes.device)
    blocks = torch.diag_embed(across * other[None, :, :, None])  # (B, M, M, L, L)
    blocks = blocks + torch.diag_embed(within.permute(0, 2, 3, 1)).permute(0, 3, 4, 1, 2)
    adjacency = blocks.permute(0, 1, 3, 2, 4).reshape(b, m * length, m * length)
    degree = adjacency.sum(dim=-1).clamp(min=_EPS).rsqrt()
    return degree[:, :, None] * adjacency * degree[:, None, :]


def similarity(cosine: Tensor) -> Tensor:
    """Return 1 - angle / pi: 0.9986 for the same direction, as the angle's slope is endless there."""
    return 1 - torch.acos(0.99999 * cosine.clamp(-1, 1)) / math.pi
