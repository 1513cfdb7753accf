"""SMTA, synchronous modal-temporal attention (Gao et al., ACM MM 2021: ERATO, PERR), and the models beside it.

    f_t = sum_m f_t^m;  h~_t, c~_t = LSTM(f_t; h~, c~)          streams m = 1..M of equal width                (1)
    Z_t = [f_t^1; ...; f_t^M; h~_t];  Z^_t = Attention(Z_t)     all modalities and what was before, at once    (2-3)
    g_t^m = [h~_t; Z^_t^m];  h_t^m = LSTM_m(g_t^m)                                                             (4)
    logits = FC(sum_m h_T^m);  logits^m = FC_m(h_T^m);  loss = CE(logits) + sum_m CE(logits^m)                 (5-6)

As h~ does not depend on the attention, all steps are computed at once. `memory=False` are the same attentions without
SMTA: no h~. `attention="none"` is the plain LSTM over f_t. The paper leaves open which five streams there are, whether
the LSTMs of (4) are shared (here they are not) and the width: persons a and b, background, audio and text, each by a
linear layer to 256.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from baselines.data.batches import SequenceBatch
from baselines.errors import DataError
from baselines.layers import last_states, run_lstm, weights
from baselines.models.base import Attention, Model, TaskLoss

KINDS = ("dot", "non_local", "multi_head", "transformer", "none")


@dataclass(frozen=True, slots=True)
class Config:
    attention: str
    sizes: Mapping[str, int]
    classes: int = 5
    width: int = 256
    heads: int = 8
    memory: bool = True
    """The row h~ of the past; False: attention between the modalities alone."""
    share_temporal: bool = False

    def __post_init__(self) -> None:
        if self.attention not in KINDS:
            raise ValueError(f"attention is one of {', '.join(KINDS)}")


class SMTA(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        d = config.width
        self.streams = list(config.sizes)
        self.project = nn.ModuleDict({name: nn.Linear(size, d) for name, size in config.sizes.items()})
        self.head = nn.Linear(d, config.classes)
        if config.memory or config.attention == "none":
            self.past = nn.LSTM(d, d, batch_first=True)
        if config.attention != "none":
            self.mix = mixer(config.attention, d, config.heads)
            size = 2 * d if config.memory else d
            count = 1 if config.share_temporal else len(self.streams)
            self.temporal = nn.ModuleList(nn.LSTM(size, d, batch_first=True) for _ in range(count))
            self.heads = nn.ModuleList(nn.Linear(d, config.classes) for _ in self.streams)

    def forward(self, batch: SequenceBatch) -> Tensor:
        """Return the logits (B, C)."""
        return self._logits(batch)[0]

    def loss(self, batch: SequenceBatch, task_loss: TaskLoss) -> Tensor:
        logits, each = self._logits(batch)
        return task_loss(logits, batch.label) + sum((task_loss(one, batch.label) for one in each), logits.new_zeros(()))

    def attention(self, batch: SequenceBatch) -> dict[str, Attention]:
        """Return how much each stream is looked at over time, the mean over who looks."""
        if self.config.attention == "none":
            return {}
        z, keys, _, _ = self._rows(batch)
        assert isinstance(self.mix, Mixer)
        shares = self.mix.weights(z, keys).mean(dim=2)  # (B, T, M [+ 1])
        steps = tuple(f"step {place + 1}" for place in range(shares.shape[1]))
        return {"streams": Attention(shares, steps, (*self.streams, *(["past"] if self.config.memory else [])))}

    def _logits(self, batch: SequenceBatch) -> tuple[Tensor, list[Tensor]]:
        z, keys, past, lengths = self._rows(batch)
        if self.config.attention == "none":
            return self.head(last_states(self.past, past, lengths)), []
        mixed = self.mix(z, keys)  # (B, T, M', d)
        states = []
        for place, _ in enumerate(self.streams):
            g = mixed[:, :, place]
            if self.config.memory:
                g = torch.cat([past, g], dim=-1)
            lstm = self.temporal[0 if self.config.share_temporal else place]
            assert isinstance(lstm, nn.LSTM)
            states.append(last_states(lstm, run_lstm(lstm, g, lengths), lengths))
        logits: Tensor = self.head(torch.stack(states).sum(dim=0))
        return logits, [head(state) for head, state in zip(self.heads, states, strict=True)]

    def _rows(self, batch: SequenceBatch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return Z (B, T, M', d), which of its rows are there, h~ (B, T, d) and the lengths (B,)."""
        if len({batch.real[name].shape for name in self.streams}) != 1:
            raise DataError("SMTA needs streams aligned step by step: use the aligned file")
        parts = [batch.features[name] for name in self.streams]
        present = torch.stack([part.mask for part in parts], dim=2)  # (B, T, M)
        encoded = [self.project[name](part.dense()) for name, part in zip(self.streams, parts, strict=True)]
        streams = torch.stack(encoded, dim=2) * present[..., None]  # (B, T, M, d); missing: zeros, as published
        lengths = torch.stack([batch.real[name] for name in self.streams]).any(dim=0).sum(dim=1)
        if not self.config.memory and self.config.attention != "none":
            return streams, present, streams[:, :, 0], lengths
        past = run_lstm(self.past, streams.sum(dim=2), lengths)
        return torch.cat([streams, past[:, :, None]], dim=2), _and_past(present), past, lengths


def _and_past(present: Tensor) -> Tensor:
    return torch.cat([present, torch.ones_like(present[:, :, :1])], dim=2)


class Mixer(nn.Module):
    """Attention between the rows of Z at every step; a missing row is no key, but may be told of the others."""

    def weights(self, z: Tensor, keys: Tensor) -> Tensor:
        """Return (B, T, M', M')."""
        raise NotImplementedError


class Dot(Mixer):
    """softmax(Z Z^T / sqrt(d)) Z"""

    def weights(self, z: Tensor, keys: Tensor) -> Tensor:
        return weights(z @ z.transpose(-1, -2) / math.sqrt(z.shape[-1]), keys[..., None, :])

    def forward(self, z: Tensor, keys: Tensor) -> Tensor:
        return self.weights(z, keys) @ z


class NonLocal(Mixer):
    """Z + W_z softmax(theta(Z) phi(Z)^T) g(Z) (Wang et al. 2018); W_z starts at zero, so Z goes through at first."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.theta, self.phi, self.g = (nn.Linear(d, d // 2) for _ in range(3))
        self.out = nn.Linear(d // 2, d)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def weights(self, z: Tensor, keys: Tensor) -> Tensor:
        return weights(self.theta(z) @ self.phi(z).transpose(-1, -2), keys[..., None, :])

    def forward(self, z: Tensor, keys: Tensor) -> Tensor:
        mixed: Tensor = z + self.out(self.weights(z, keys) @ self.g(z))
        return mixed


class MultiHead(Mixer):
    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = nn.MultiheadAttention(d, heads, batch_first=True)

    def weights(self, z: Tensor, keys: Tensor) -> Tensor:
        return self._attend(z, keys)[1]

    def forward(self, z: Tensor, keys: Tensor) -> Tensor:
        return self._attend(z, keys)[0]

    def _attend(self, z: Tensor, keys: Tensor) -> tuple[Tensor, Tensor]:
        flat = z.flatten(0, 1)
        mixed, shares = self.heads(flat, flat, flat, key_padding_mask=_blocked(keys))
        return mixed.unflatten(0, z.shape[:2]), shares.unflatten(0, z.shape[:2])


class Transformer(Mixer):
    """One post-norm encoder layer (Vaswani et al. 2017), no code of places."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(d, heads, 4 * d, dropout=0.1, batch_first=True)

    def weights(self, z: Tensor, keys: Tensor) -> Tensor:
        flat = z.flatten(0, 1)
        shares = self.layer.self_attn(flat, flat, flat, key_padding_mask=_blocked(keys))[1]
        return shares.unflatten(0, z.shape[:2])

    def forward(self, z: Tensor, keys: Tensor) -> Tensor:
        mixed: Tensor = self.layer(z.flatten(0, 1), src_key_padding_mask=_blocked(keys))
        return mixed.unflatten(0, z.shape[:2])


def _blocked(keys: Tensor) -> Tensor:
    """Return what torch's attention must not look at (B * T, M'); where nothing is there, everything is looked at."""
    flat = keys.flatten(0, 1)
    return ~(flat | ~flat.any(dim=1, keepdim=True))


def mixer(kind: str, d: int, heads: int) -> Mixer:
    """Return one of the four attentions."""
    if kind == "dot":
        return Dot()
    if kind == "non_local":
        return NonLocal(d)
    return MultiHead(d, heads) if kind == "multi_head" else Transformer(d, heads)
