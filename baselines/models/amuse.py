"""AMuSE (Biswas et al. 2023): every modality at the centre of a network of its own, fused adaptively, in a dialogue.

    f^m = 2 x [w <- Linear(softmax(w w^T / sqrt(d)) w)] on BiLSTM_m(x^m)              positions of an utterance
    g <- Dense_l(g);  g <- g + 1/|M| sum_{k != m} mean_heads softmax(s g K_k^T / sqrt(d) + c) V_k     4 layers   (1)
    f_CA^m = mean over the positions of the last g                                    a head of its own each
    A(u) = [1/|M| sum_{k != m} (a^m_k f_CA^k + (1 - a^m_k) f_CA^m)]_m                                            (2)
    e = [LSTM over the speaker's own utterances; LSTM over all of them](A),  logits = Linear(e)                  (3)

Stage 0 learns L_NCE + focal loss of the modalities' heads, stage 1 the focal loss of the last head (4-5). No code is
published, and the paper's equations 4 to 6 cannot hold as printed: the contrast is the symmetric InfoNCE, the focal
loss Lin's, and of the adaptive coefficients those are here that need no label: `fixed`, `random`, `learned`, `gate`.
The picture is two streams, person and scene, one after the other along the positions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import torch
from torch import Tensor, nn

from baselines.data.batches import DialogueBatch
from baselines.data.modality import Modality
from baselines.layers import focal_loss, mlp, run_lstm, weights
from baselines.models.base import Model, TaskLoss

FUSIONS = ("fixed", "random", "learned", "gate")


@dataclass(frozen=True, slots=True)
class Config:
    sizes: Mapping[str, int] = field(default_factory=lambda: {"text": 768})
    personality: int = 0
    classes: int = 7
    scene: int = 0
    """Columns at the end of `visual` that are the second stream."""
    width: int = 256
    layers: int = 4
    self_layers: int = 2
    heads: int = 4
    fusion: str = "learned"
    gamma: float = 1.0
    temperature: float = 0.07
    dropout: float = 0.3

    def __post_init__(self) -> None:
        if self.fusion not in FUSIONS:
            raise ValueError(f"fusion is one of {', '.join(FUSIONS)}")


class AMuSE(Model):
    stages = 2

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.modalities = list(config.sizes)
        d = config.width
        self.encoders = nn.ModuleDict(
            {name: Encoder(_streams(name, config), d, config.self_layers, config.dropout) for name in self.modalities}
        )
        self.central = nn.ModuleDict({name: Central(name, self.modalities, config) for name in self.modalities})
        self.heads = nn.ModuleDict({name: nn.Linear(d, config.classes) for name in self.modalities})
        self.fuse = Fusion(self.modalities, d, config.fusion)
        width = len(self.modalities) * d
        self.dialogue = nn.LSTM(width, d // 2, batch_first=True, bidirectional=True)
        self.own = nn.LSTM(width, d // 2, batch_first=True, bidirectional=True)
        if config.personality:
            self.traits = mlp(config.personality, d, last=nn.ReLU())
        self.drop = nn.Dropout(config.dropout)
        self.head = nn.Linear(3 * d if config.personality else 2 * d, config.classes)
        self.stage = 1

    def begin(self, stage: int) -> None:
        self.stage = stage
        for name, weights_ in self.named_parameters():
            early = name.split(".")[0] in ("encoders", "central", "heads")
            weights_.requires_grad_(early if stage == 0 else not name.startswith("heads"))

    def forward(self, batch: DialogueBatch) -> Tensor:
        """Return the logits (n, C) of the scored utterances; in stage 0 the mean of the modalities' heads."""
        found, _ = self._utterances(batch)
        if self.stage == 0:
            scored = batch.scored[batch.real]
            said = [self.heads[name](self.drop(found[name][scored])).log_softmax(dim=-1) for name in self.modalities]
            return torch.stack(said).mean(dim=0)
        fused = self.fuse(found)  # (U, M*d)
        states = self.drop(self.context(fused, batch))  # (U, 2d)
        scored_states = states[batch.scored[batch.real]]
        if self.config.personality:
            scored_states = torch.cat([scored_states, self.traits(batch.personality[batch.scored])], dim=-1)
        logits: Tensor = self.head(scored_states)
        return logits

    def loss(self, batch: DialogueBatch, task_loss: TaskLoss) -> Tensor:
        if self.stage == 1:
            return focal_loss(self(batch), batch.label, self.config.gamma)
        found, present = self._utterances(batch)
        scored = batch.scored[batch.real]
        total = batch.personality.new_zeros(())
        for name in self.modalities:
            total = total + focal_loss(self.heads[name](self.drop(found[name][scored])), batch.label, self.config.gamma)
        return total + self._contrast(found, present)

    def context(self, utterances: Tensor, batch: DialogueBatch) -> Tensor:
        """Return [s; d] (U, 2d) of the real utterances (U, M*d): of the speaker's own ones, of all ones."""
        rows, places = batch.real.nonzero(as_tuple=True)
        group = rows * (int(batch.speaker.max()) + 1) + batch.speaker[rows, places]
        return torch.cat([_by_group(self.own, utterances, group), _by_group(self.dialogue, utterances, rows)], dim=-1)

    def _utterances(self, batch: DialogueBatch) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Return f_CA^m (U, d) of the real utterances and whether the modality is there (U,)."""
        encoded = {name: self.encoders[name](_positions(batch, name)) for name in self.modalities}
        found = {name: self.central[name](encoded) for name in self.modalities}
        return found, {name: mask.any(dim=1) for name, (_, mask) in encoded.items()}

    def _contrast(self, found: Mapping[str, Tensor], present: Mapping[str, Tensor]) -> Tensor:
        """Return the mean over the pairs of the symmetric InfoNCE: an utterance's own other modality among all."""
        losses = []
        for m, k in combinations(self.modalities, 2):
            both = present[m] & present[k]
            if both.sum() < 2:
                continue
            one, other = (nn.functional.normalize(found[name][both], dim=-1) for name in (m, k))
            alike = one @ other.T / self.config.temperature
            own = torch.arange(len(alike), device=alike.device)
            losses.append((nn.functional.cross_entropy(alike, own) + nn.functional.cross_entropy(alike.T, own)) / 2)
        return torch.stack(losses).mean() if losses else next(iter(found.values())).new_zeros(())


class Encoder(nn.Module):
    """From positions (U, P, D) to f^m (U, n, d): a BiLSTM per stream, then self-attention without projections."""

    def __init__(self, streams: tuple[int, ...], d: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.streams = streams
        self.read = nn.ModuleList(nn.LSTM(size, d // 2, batch_first=True, bidirectional=True) for size in streams)
        self.attend = nn.ModuleList(nn.Linear(d, d) for _ in range(layers))
        self.drop = nn.Dropout(dropout)

    def forward(self, part: Modality) -> tuple[Tensor, Tensor]:
        mask, lengths = part.mask, part.mask.sum(dim=1)  # positions of an utterance have no holes
        pieces = part.dense().split(self.streams, dim=-1)
        read = [run_lstm(lstm, self.drop(x), lengths) for lstm, x in zip(self.read, pieces, strict=True)]  # type: ignore[arg-type]
        w, keys = torch.cat(read, dim=1), mask.repeat(1, len(read))
        for linear in self.attend:
            w = linear(weights(w @ w.transpose(1, 2) / math.sqrt(w.shape[-1]), keys[:, None]) @ w)
        return w, keys


class Central(nn.Module):
    """The network with modality m at the centre, which looks at the others layer by layer."""

    def __init__(self, name: str, modalities: list[str], config: Config) -> None:
        super().__init__()
        d, self.heads = config.width, config.heads
        self.name, self.others, self.parts = name, [k for k in modalities if k != name], len(modalities)
        self.dense = nn.ModuleList(nn.Linear(d, d) for _ in range(config.layers))

        def maps() -> nn.ModuleList:
            return nn.ModuleList(
                nn.ModuleDict({k: nn.Linear(d, self.heads * d, bias=False) for k in self.others})
                for _ in range(config.layers)
            )

        self.keys, self.values = maps(), maps()
        if self.others:
            self.scale = nn.Parameter(torch.ones(config.layers, self.heads))
            self.shift = nn.Parameter(torch.zeros(config.layers, self.heads))
        self.drop = nn.Dropout(config.dropout)

    def forward(self, encoded: Mapping[str, tuple[Tensor, Tensor]]) -> Tensor:
        """Return f_CA^m (U, d); zeros where the modality itself is missing."""
        g, mine = encoded[self.name]
        for layer, dense in enumerate(self.dense):
            g = self.drop(dense(g).relu())
            if self.others:
                told = torch.stack([self._look(layer, k, g, *encoded[k]) for k in self.others]).sum(dim=0)
                g = g + told / self.parts
        there = mine[..., None].to(g.dtype)
        return (g * there).sum(dim=1) / there.sum(dim=1).clamp(min=1)

    def _look(self, layer: int, k: str, g: Tensor, f: Tensor, there: Tensor) -> Tensor:
        keys, values = (maps[layer][k](f).unflatten(-1, (self.heads, -1)) for maps in (self.keys, self.values))  # type: ignore[index]
        scores = torch.einsum("uqd,ukhd->uhqk", g, keys) / math.sqrt(g.shape[-1])
        scores = self.scale[layer][:, None, None] * scores + self.shift[layer][:, None, None]
        shares = weights(scores, there[:, None, None]) * there[:, None, None]  # nothing there: nothing is told
        return torch.einsum("uhqk,ukhd->uqd", shares, values) / self.heads


class Fusion(nn.Module):
    """The adaptive fusion (2); one coefficient in [0, 1] for every ordered pair of modalities."""

    def __init__(self, modalities: list[str], d: int, kind: str) -> None:
        super().__init__()
        self.modalities, self.kind = modalities, kind
        pairs = len(modalities) * (len(modalities) - 1)
        if kind == "learned" and pairs:
            self.raw = nn.Parameter(torch.zeros(len(modalities), len(modalities)))
        if kind == "gate" and pairs:
            self.gate = nn.Linear(2 * d, 1)

    def forward(self, found: Mapping[str, Tensor]) -> Tensor:
        if len(self.modalities) == 1:
            return found[self.modalities[0]]
        fused = []
        for i, m in enumerate(self.modalities):
            terms = []
            for j, k in enumerate(self.modalities):
                if k != m:
                    share = self.coefficient(i, j, found[m], found[k])
                    terms.append(share * found[k] + (1 - share) * found[m])
            fused.append(torch.stack(terms).sum(dim=0) / len(self.modalities))
        return torch.cat(fused, dim=-1)

    def coefficient(self, i: int, j: int, mine: Tensor, other: Tensor) -> Tensor:
        """Return a^m_k, (U, 1) or one for all."""
        if self.kind == "learned":
            return self.raw[i, j].sigmoid()
        if self.kind == "gate":
            gate: Tensor = self.gate(torch.cat([mine, other], dim=-1)).sigmoid()
            return gate
        if self.kind == "random" and self.training:
            return torch.rand(len(mine), 1, device=mine.device)
        return mine.new_full((), 0.5)


def _streams(name: str, config: Config) -> tuple[int, ...]:
    size = config.sizes[name]
    if name == "visual" and 0 < config.scene < size:
        return (size - config.scene, config.scene)
    return (size,)


def _positions(batch: DialogueBatch, name: str) -> Modality:
    """Return the features of the real utterances by position, grid (U, P)."""
    part = batch.features[name]
    steps = part.mask.shape[2] if part.mask.dim() == 3 else 1
    places = batch.real.flatten().nonzero()[:, 0]
    return part.select(places[:, None] * steps + torch.arange(steps, device=places.device))


def _by_group(lstm: nn.LSTM, utterances: Tensor, group: Tensor) -> Tensor:
    """Return an LSTM's outputs (U, H) over the utterances of each group, which are in order of time."""
    _, group, counts = torch.unique(group, return_inverse=True, return_counts=True)
    order = torch.argsort(group, stable=True)
    within = torch.empty_like(order)
    starts = counts.cumsum(0) - counts
    within[order] = torch.arange(len(order), device=order.device) - starts[group[order]]
    padded = utterances.new_zeros(len(counts), int(counts.max()), utterances.shape[-1])
    padded[group, within] = utterances
    return run_lstm(lstm, padded, counts)[group, within]
