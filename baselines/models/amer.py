"""AMER, the attention model of MEmoR (Shen et al., ACM MM 2020), as its official code has it.

For a target person m at a target segment n, with encoders E_k of the modalities k in (V, A, T) and E_p of personality:

    f^k_ij  = [E_k(x^k_ij); E_p(p_i)]                        person i, segment j
    h1^k_ij = f^k_ij + Att(f^k_ij, f^k_:j, f^k_:j)           between persons, in each segment, keys that are there
    h2^k_in = h1^k_in + Att(h1^k_in, h1^k_i:, h1^k_i:)       between segments, of each person, keys that are there
    u_i     = W [h2^V_in; h2^A_in; h2^T_in; E_p(p_i)] + b
    U       = U + Att(U, U, U)                               between persons, if there is more than one
    logits  = MLP(u_m)

with Att(Q, K, V) = softmax(Q K^T / sqrt(d)) V, one head, no projections. The code differs from the paper's text in
the depth of E_t and in the place of the fusion; the published numbers are the code's. The names of the layers are the
official ones, so that its checkpoints load.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from baselines.batch import Batch


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes as published by default; `encoded` is 2 D_e of the official code."""

    visual: int = 4302
    audio: int = 6373
    text: int = 1024
    personality: int = 118
    classes: int = 9
    encoded: int = 256
    missing: str = "code"
    """`code`: a missing cell keeps the encoder's answer to zeros and is only no key. `paper`: its f is zero, and
    attention without any key gives zero."""
    use_personality: bool = True
    use_intra: bool = True
    """Attention between the segments of a person."""
    use_inter: bool = True
    """Attention between persons, in segments and at the end."""

    def __post_init__(self) -> None:
        if self.missing not in ("code", "paper"):
            raise ValueError(f"missing is 'code' or 'paper', not {self.missing!r}")


class AMER(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        e = config.encoded
        self.enc_v = _mlp(config.visual, 2 * e, 3 * e // 2, e)
        self.enc_a = _mlp(config.audio, 4 * e, 2 * e, e)
        self.enc_t = _mlp(config.text, 2 * e, e)
        if config.use_personality:
            self.enc_p = _mlp(config.personality, 2 * e, e)
        self.fusion_layer = nn.Linear((3 * 2 + 1) * e if config.use_personality else 3 * e, 2 * e)
        self.out_layer = _mlp(2 * e, e, config.classes)

    def forward(self, batch: Batch) -> Tensor:
        """Return the logits (B, C)."""
        traits = self.enc_p(batch.personality) if self.config.use_personality else None  # (B, N, E)
        target = [
            self._modality(self.enc_v(batch.visual), traits, batch.visual_mask, batch),
            self._modality(self.enc_a(batch.audio), traits, batch.audio_mask, batch),
            self._modality(self.enc_t(batch.text), traits, batch.text_mask, batch),
        ]  # 3 of (B, N, F)
        persons = self.fusion_layer(torch.cat(target if traits is None else [*target, traits], dim=-1))  # (B, N, 2E)
        rows = torch.arange(len(batch), device=persons.device)
        person = persons[rows, batch.target_person]  # (B, 2E)
        if self.config.use_inter:
            there = batch.person_mask[:, None, :]  # (B, 1, N)
            seen = attend(person[:, None], persons, there, there)[:, 0]  # (B, 2E)
            alone = batch.person_mask.sum(dim=1, keepdim=True) == 1
            person = person + seen.masked_fill(alone, 0.0)  # one person: u, not u + u
        logits: Tensor = self.out_layer(person)
        return logits

    def _modality(self, encoded: Tensor, traits: Tensor | None, present: Tensor, batch: Batch) -> Tensor:
        """Return h2 of every person at the target segment; encoded (B, N, S, E), present (B, N, S) -> (B, N, F)."""
        if traits is None:
            f = encoded
        else:
            f = torch.cat([encoded, traits[:, :, None].expand(-1, -1, encoded.shape[2], -1)], dim=-1)  # (B, N, S, F)
        literal = self.config.missing == "paper"
        if literal:
            f = f.masked_fill(~present[..., None], 0.0)
        if self.config.use_inter:
            by_segment = f.transpose(1, 2)  # (B, S, N, F)
            keys = present.transpose(1, 2)[:, :, None]  # (B, S, 1, N)
            real = batch.person_mask[:, None, None]  # (B, 1, 1, N)
            h1 = f + attend(by_segment, by_segment, keys, real, zero_without_keys=literal).transpose(1, 2)
        else:
            h1 = f
        rows = torch.arange(len(batch), device=f.device)
        query = h1[rows, :, batch.target_segment]  # (B, N, F)
        if not self.config.use_intra:
            return query
        real = batch.segment_mask[:, None, None]  # (B, 1, 1, S)
        seen = attend(query[:, :, None], h1, present[:, :, None], real, zero_without_keys=literal)  # (B, N, 1, F)
        return query + seen[:, :, 0]


def attend(query: Tensor, memory: Tensor, keys: Tensor, real: Tensor, *, zero_without_keys: bool = False) -> Tensor:
    """Return softmax(query memory^T / sqrt(F)) memory over the keys; (..., Q, F), (..., K, F) -> (..., Q, F).

    `keys` and `real` broadcast to (..., Q, K). Without any key among the real places, attention is uniform over these,
    as in the official code, or zero if `zero_without_keys`. Two finite floors keep padding out even then, without NaN.
    """
    scores = query @ memory.transpose(-1, -2) / math.sqrt(query.shape[-1])
    lowest = torch.finfo(scores.dtype).min
    scores = scores.masked_fill(~keys, lowest / 2).masked_fill(~real, lowest)
    seen = scores.softmax(dim=-1) @ memory
    if zero_without_keys:
        seen = seen.masked_fill(~(keys & real).any(dim=-1, keepdim=True), 0.0)
    return seen


def _mlp(*sizes: int) -> nn.Sequential:
    """Linear layers with ReLU between them, none after the last."""
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
