"""DialogueGCN (Ghosal et al., EMNLP 2019): utterances as nodes, edges inside a window, relations by who and when.

    g       = BiLSTM(u)                                                          context, (1)
    a_ij    = softmax_j(g_i^T W g_j)                     j within the window of i                       (2)
    h1_i    = W_0 g_i + b + sum_j a_ij W_r(i,j) g_j,     W_r = sum_b c_rb B_b    relation: speakers of i and j, i < j
    h2_i    = W_1 h1_i + b + sum_j W_2 h1_j              over the same edges
    e       = [g; h2];  e_t <- sum_s softmax_s(tanh(e_t^T W e_s)) e_s            nodal attention (4-6)
    logits  = W'' ReLU(W' e_t)

`compat` is conv-emotion's code: edge weights from a location score that knows only dialogues of up to 110 utterances,
the mean instead of the sum, over the edges that come in while the weights add to 1 over those that leave, and no ReLU
between the two layers. In MEmoR's table the nodes are all cells of a clip, missing ones too, of which E_k (see AMER)
make 100 numbers first, and personality joins before the last layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from baselines.data.batches import DialogueBatch
from baselines.errors import DataError
from baselines.layers import mlp, run_lstm, weights
from baselines.models.amer import encoders
from baselines.models.base import Model, TaskLoss
from baselines.models.bc_lstm import pooled

#: IEMOCAP's, of (happy, sad, neutral, angry, excited, frustrated), from the official code.
IEMOCAP_CLASS_WEIGHTS = (1 / 0.086747, 1 / 0.144406, 1 / 0.227883, 1 / 0.160585, 1 / 0.127711, 1 / 0.252668)
_LONGEST = 110


@dataclass(frozen=True, slots=True)
class Config:
    sizes: Mapping[str, int] = field(default_factory=lambda: {"text": 100})
    personality: int = 0
    classes: int = 6
    speakers: int = 2
    encoded: int = 0
    """MEmoR's encoders and their output; 0: vectors as they are."""
    node: int = 100
    """Length of a node's vector where there are encoders."""
    hidden: int = 100
    window: int = 10
    """In time: utterances, or segments, each way. -1: everything."""
    bases: int = 30
    dropout: float = 0.4
    input_dropout: float = 0.0
    """Of the numbers of a node. The paper's 100 need none, sentence vectors of some hundreds do."""
    nodal_attention: bool = True
    compat: bool = False
    class_weights: tuple[float, ...] = ()


class DialogueGCN(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        h, size = config.hidden, sum(config.sizes.values())
        if config.encoded:
            self.encoders = nn.ModuleDict(encoders(config.sizes, config.encoded))
            self.node = nn.Linear(len(config.sizes) * config.encoded, config.node)
            size = config.node
        self.drop_input = nn.Dropout(config.input_dropout)
        self.context = nn.LSTM(size, h, num_layers=2, batch_first=True, bidirectional=True, dropout=config.dropout)
        self.edge = nn.Linear(2 * h, _LONGEST if config.compat else 2 * h, bias=False)
        relations = 2 * config.speakers**2
        self.bases = nn.Parameter(torch.empty(config.bases, 2 * h, h))
        self.mixture = nn.Parameter(torch.empty(relations, config.bases))
        self.root = nn.Linear(2 * h, h)
        self.second = nn.Linear(h, h)
        self.neighbours = nn.Linear(h, h, bias=False)
        if config.nodal_attention:
            self.match = nn.Linear(3 * h, 3 * h)
        self.hidden = nn.Linear(3 * h, h)
        self.drop = nn.Dropout(config.dropout)
        if config.personality:
            self.traits = mlp(config.personality, 2 * (config.encoded or h), config.encoded or h)
            self.head: nn.Module = mlp(h + (config.encoded or h), config.encoded or h, config.classes)
        else:
            self.head = nn.Linear(h, config.classes)
        self.register_buffer("class_weights", torch.tensor(config.class_weights), persistent=False)
        nn.init.xavier_uniform_(self.bases)
        nn.init.xavier_uniform_(self.mixture)

    def forward(self, batch: DialogueBatch) -> Tensor:
        """Return the logits (n, C) of the scored utterances."""
        g = run_lstm(self.context, self.drop_input(self._nodes(batch)), batch.lengths)  # (B, L, 2H)
        near = neighbourhood(batch.time, batch.real, self.config.window)  # (B, L, L)
        into = self.edge_weights(g, near)  # (B, i, j): how much of j's message goes into i
        relation = relations(batch.speaker, self.config.speakers)
        if self.config.compat:  # messages leave along the pairs, and their mean is taken where they come in
            into = (into / near.sum(dim=1)[:, None].clamp(min=1)).transpose(1, 2)
            relation = relation.transpose(1, 2)
        h1 = self.root(g) + self._messages(g, into, relation)
        if not self.config.compat:
            h1 = h1.relu()
        h2 = self.second(h1) + near.to(h1.dtype) @ self.neighbours(h1)  # (B, L, H)
        e = torch.cat([g, h2], dim=-1)  # (B, L, 3H)
        if self.config.nodal_attention:
            scores = torch.tanh(self.match(e) @ e.transpose(1, 2))
            e = weights(scores, batch.real[:, None]) @ e
        hidden = self.drop(self.hidden(e[batch.scored]).relu())  # (n, H)
        if self.config.personality:
            hidden = torch.cat([hidden, self.traits(batch.personality[batch.scored])], dim=-1)
        logits: Tensor = self.head(hidden)
        return logits

    def loss(self, batch: DialogueBatch, task_loss: TaskLoss) -> Tensor:
        if not self.config.class_weights:
            return task_loss(self(batch), batch.label)
        class_weights = self.get_buffer("class_weights")
        return nn.functional.cross_entropy(self(batch), batch.label, weight=class_weights)

    def edge_weights(self, g: Tensor, near: Tensor) -> Tensor:
        """Return a (B, L, L), rows of real nodes add to 1 over their neighbours and are 0 elsewhere."""
        scores = self.edge(g)
        if self.config.compat:
            if g.shape[1] > _LONGEST:
                raise DataError(f"the official edge attention knows dialogues of up to {_LONGEST} utterances")
            scores = scores[..., : g.shape[1]].transpose(1, 2)  # (B, i, j): the score of j at place i
        else:
            scores = g @ scores.transpose(1, 2)
        return weights(scores, near) * near

    def _nodes(self, batch: DialogueBatch) -> Tensor:
        if not self.config.encoded:
            return torch.cat([pooled(batch, name) for name in self.config.sizes], dim=-1)
        encoded = [batch.features[name].encode(self.encoders[name]) for name in self.config.sizes]
        nodes: Tensor = self.node(torch.cat(encoded, dim=-1))
        return nodes

    def _messages(self, g: Tensor, into: Tensor, relation: Tensor) -> Tensor:
        """Return sum_j into_ij W_r(i,j) g_j (B, L, H), basis by basis: no matrix per edge is ever made."""
        through = torch.einsum("bjd,kdh->bjkh", g, self.bases)  # (B, L, K, H)
        share = into[..., None] * self.mixture[relation]  # (B, L, L, K)
        return torch.einsum("bijk,bjkh->bih", share, through)


def neighbourhood(time: Tensor, real: Tensor, window: int) -> Tensor:
    """Return (B, L, L) bool: i and j are real and not further apart in time than the window; i and i too."""
    both = real[:, :, None] & real[:, None, :]
    if window < 0:
        return both
    return both & ((time[:, :, None] - time[:, None, :]).abs() <= window)


def relations(speaker: Tensor, speakers: int) -> Tensor:
    """Return the relation (B, L, L) of i to j: 2 per ordered pair of speakers, by i < j or not."""
    place = torch.arange(speaker.shape[1], device=speaker.device)
    not_before = (place[:, None] >= place[None, :]).long()
    return (speaker[:, :, None] * speakers + speaker[:, None, :]) * 2 + not_before
