"""bc-LSTM (Poria et al., ACL 2017): a BiLSTM over the utterances of a dialogue, as conv-emotion's code has it.

    h = BiLSTM(BiLSTM([u^1_t; u^2_t; ...]))                            utterances t, modalities side by side
    h_t <- sum_s softmax_s(tanh(h_t^T W h_s)) h_s                      only with attention
    logits_t = W' ReLU(W'' h_t)

Where the cells of a MEmoR clip are the utterances, the target's personality is put beside the last layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from baselines.data.batches import DialogueBatch
from baselines.layers import mlp, run_lstm, weights
from baselines.models.base import Model


@dataclass(frozen=True, slots=True)
class Config:
    sizes: Mapping[str, int] = field(default_factory=lambda: {"text": 600})
    personality: int = 0
    classes: int = 7
    hidden: int = 100
    """Of each direction, and of the last layer."""
    dropout: float = 0.4
    attention: bool = False


class BcLSTM(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        h = config.hidden
        size = sum(config.sizes.values())
        self.context = nn.LSTM(size, h, num_layers=2, batch_first=True, bidirectional=True, dropout=config.dropout)
        if config.attention:
            self.match = nn.Linear(2 * h, 2 * h)
        if config.personality:
            self.traits = mlp(config.personality, h, last=nn.ReLU())
        self.hidden = nn.Linear(2 * h, h)
        self.drop = nn.Dropout(config.dropout)
        self.head = nn.Linear(2 * h if config.personality else h, config.classes)

    def forward(self, batch: DialogueBatch) -> Tensor:
        """Return the logits (n, C) of the scored utterances."""
        utterances = torch.cat([pooled(batch, name) for name in self.config.sizes], dim=-1)  # (B, L, D)
        states = run_lstm(self.context, self.drop(utterances), batch.lengths)  # (B, L, 2H)
        if self.config.attention:
            scores = torch.tanh(self.match(states) @ states.transpose(1, 2))  # (B, L, L)
            states = weights(scores, batch.real[:, None]) @ states
        hidden = self.drop(self.hidden(states[batch.scored]).relu())  # (n, H)
        if self.config.personality:
            hidden = torch.cat([hidden, self.traits(batch.personality[batch.scored])], dim=-1)
        logits: Tensor = self.head(hidden)
        return logits


def pooled(batch: DialogueBatch, name: str) -> Tensor:
    """Return one vector per utterance (B, L, D): the mean over its positions, where it has several."""
    part = batch.features[name]
    dense = part.dense()
    if dense.dim() == 3:
        return dense
    return dense.sum(dim=2) / part.mask.sum(dim=2, keepdim=True).clamp(min=1)
