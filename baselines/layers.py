"""Layers that several papers share."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def mlp(*sizes: int, dropout: float = 0.0, last: nn.Module | None = None) -> nn.Sequential:
    """Linear layers with ReLU (and dropout) between them, none after the last unless given."""
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.ReLU(), *([nn.Dropout(dropout)] if dropout else [])]
    kept = layers[: -2 if dropout else -1]
    return nn.Sequential(*kept, *([last] if last else []))


def attend(query: Tensor, memory: Tensor, keys: Tensor, real: Tensor, *, zero_without_keys: bool = False) -> Tensor:
    """Return softmax(query memory^T / sqrt(F)) memory over the keys; (..., Q, F), (..., K, F) -> (..., Q, F).

    `keys` and `real` broadcast to (..., Q, K). Without any key among the real places, attention is uniform over these,
    as in MEmoR's official code, or zero if `zero_without_keys`.
    """
    seen = weights(query @ memory.transpose(-1, -2) / math.sqrt(query.shape[-1]), keys, real) @ memory
    if zero_without_keys:
        seen = seen.masked_fill(~(keys & real).any(dim=-1, keepdim=True), 0.0)
    return seen


def weights(scores: Tensor, keys: Tensor, real: Tensor | None = None) -> Tensor:
    """Return the softmax of scores over the keys that are there; without any, uniform over the real places.

    Two finite floors keep padding out even then, without NaN, in every precision.
    """
    lowest = torch.finfo(scores.dtype).min
    scores = scores.masked_fill(~keys, lowest / 2)
    if real is not None:
        scores = scores.masked_fill(~real, lowest)
    return scores.softmax(dim=-1)


def run_lstm(lstm: nn.LSTM, x: Tensor, lengths: Tensor) -> Tensor:
    """Return all outputs (B, T, H) of a batch-first LSTM over series of these lengths; zeros after their ends.

    Packed, so that a series' outputs do not depend on how long its neighbours are. Length 0 gives zeros.
    """
    packed = pack_padded_sequence(x, lengths.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False)
    outputs, _ = pad_packed_sequence(lstm(packed)[0], batch_first=True, total_length=x.shape[1])
    return outputs * (lengths > 0)[:, None, None]


def last_states(lstm: nn.LSTM, outputs: Tensor, lengths: Tensor) -> Tensor:
    """Return the state (B, H) of each direction after its last step, from the outputs of `run_lstm`."""
    rows = torch.arange(len(outputs), device=outputs.device)
    last = outputs[rows, (lengths - 1).clamp(min=0)]
    if not lstm.bidirectional:
        return last
    size = lstm.hidden_size
    return torch.cat([last[:, :size], outputs[:, 0, size:]], dim=-1)


def focal_loss(logits: Tensor, labels: Tensor, gamma: float, class_weights: Tensor | None = None) -> Tensor:
    """Return the mean of -(1 - p)^gamma log p of the true class (Lin et al. 2017), weighted by class if asked for."""
    log_p = logits.log_softmax(dim=-1).gather(1, labels[:, None])[:, 0]
    losses = -((1 - log_p.exp()) ** gamma) * log_p
    if class_weights is None:
        return losses.mean()
    weight = class_weights[labels]
    return (losses * weight).sum() / weight.sum()
