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

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from baselines.data.batches import CellBatch
from baselines.data.modality import Modality
from baselines.layers import attend, mlp, weights
from baselines.models.base import Attention, Model

PUBLISHED: Mapping[str, int] = {"visual": 4302, "audio": 6373, "text": 1024}


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes as published by default; `encoded` is 2 D_e of the official code."""

    sizes: Mapping[str, int] = field(default_factory=lambda: dict(PUBLISHED))
    """Modality -> length of its vectors; one that is left out is no part of the network."""
    personality: int = 118
    """0: the ablation without personality."""
    classes: int = 9
    encoded: int = 256
    missing: str = "code"
    """`code`: a missing cell keeps the encoder's answer to zeros and is only no key. `paper`: its f is zero, and
    attention without any key gives zero."""
    use_intra: bool = True
    """Attention between the segments of a person."""
    use_inter: bool = True
    """Attention between persons, in segments and at the end."""

    def __post_init__(self) -> None:
        if self.missing not in ("code", "paper"):
            raise ValueError(f"missing is 'code' or 'paper', not {self.missing!r}")


def encoders(sizes: Mapping[str, int], encoded: int) -> dict[str, nn.Sequential]:
    """Return E_V, E_A, E_T for the modalities that are there; the other models of the MEmoR table share them."""
    e = encoded
    hidden = {"visual": (2 * e, 3 * e // 2, e), "audio": (4 * e, 2 * e, e), "text": (2 * e, e)}
    return {name: mlp(size, *hidden[name]) for name, size in sizes.items()}


class AMER(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        e = config.encoded
        for name, net in encoders(config.sizes, e).items():
            self.add_module(f"enc_{name[0]}", net)
        if config.personality:
            self.enc_p = mlp(config.personality, 2 * e, e)
        parts = len(config.sizes)
        self.fusion_layer = nn.Linear((2 * parts + 1) * e if config.personality else parts * e, 2 * e)
        self.out_layer = mlp(2 * e, e, config.classes)

    def forward(self, batch: CellBatch) -> Tensor:
        """Return the logits (B, C)."""
        traits = self.enc_p(batch.personality) if self.config.personality else None  # (B, N, E)
        heard = [self._modality(name, batch.features[name], traits, batch) for name in self.config.sizes]
        persons = self.fusion_layer(torch.cat(heard if traits is None else [*heard, traits], dim=-1))  # (B, N, 2E)
        rows = torch.arange(len(batch), device=persons.device)
        person = persons[rows, batch.target_person]  # (B, 2E)
        if self.config.use_inter:
            there = batch.person_mask[:, None, :]  # (B, 1, N)
            seen = attend(person[:, None], persons, there, there)[:, 0]  # (B, 2E)
            alone = batch.person_mask.sum(dim=1, keepdim=True) == 1
            person = person + seen.masked_fill(alone, 0.0)  # one person: u, not u + u
        logits: Tensor = self.out_layer(person)
        return logits

    def attention(self, batch: CellBatch) -> dict[str, Attention]:
        """Return how the target looks at segments, and in its own at persons, in every modality."""
        traits = self.enc_p(batch.personality) if self.config.personality else None
        rows = torch.arange(len(batch), device=batch.label.device)
        person, segment = batch.target_person, batch.target_segment
        at_segments, at_persons = [], []
        for name in self.config.sizes:
            present = batch.features[name].mask
            f = self._f(name, batch.features[name], traits)
            mine = self._between_persons(f, present, batch)[rows, person]  # (B, S, F)
            scores = (mine * mine[rows, segment][:, None]).sum(dim=-1) / mine.shape[-1] ** 0.5
            at_segments.append(weights(scores, present[rows, person], batch.segment_mask))
            others = f[rows, :, segment]  # (B, N, F)
            scores = (others * others[rows, person][:, None]).sum(dim=-1) / others.shape[-1] ** 0.5
            at_persons.append(weights(scores, present[rows, :, segment], batch.person_mask))
        names, found = tuple(self.config.sizes), {}
        for used, what, shares in (
            (self.config.use_intra, "segment", at_segments),
            (self.config.use_inter, "person", at_persons),
        ):
            if used:
                columns = tuple(f"{what} {place + 1}" for place in range(shares[0].shape[1]))
                found[f"{what}s"] = Attention(torch.stack(shares, dim=1), names, columns)
        return found

    def _f(self, name: str, part: Modality, traits: Tensor | None) -> Tensor:
        encoded = part.encode(self.get_submodule(f"enc_{name[0]}"))  # (B, N, S, E)
        if traits is not None:
            encoded = torch.cat([encoded, traits[:, :, None].expand_as(encoded)], dim=-1)  # (B, N, S, F)
        return encoded.masked_fill(~part.mask[..., None], 0.0) if self.config.missing == "paper" else encoded

    def _between_persons(self, f: Tensor, present: Tensor, batch: CellBatch) -> Tensor:
        """Return h1 (B, N, S, F)."""
        if not self.config.use_inter:
            return f
        by_segment = f.transpose(1, 2)  # (B, S, N, F)
        keys = present.transpose(1, 2)[:, :, None]  # (B, S, 1, N)
        real = batch.person_mask[:, None, None]  # (B, 1, 1, N)
        literal = self.config.missing == "paper"
        return f + attend(by_segment, by_segment, keys, real, zero_without_keys=literal).transpose(1, 2)

    def _modality(self, name: str, part: Modality, traits: Tensor | None, batch: CellBatch) -> Tensor:
        """Return h2 of every person at the target segment (B, N, F)."""
        h1 = self._between_persons(self._f(name, part, traits), part.mask, batch)
        rows = torch.arange(len(batch), device=h1.device)
        query = h1[rows, :, batch.target_segment]  # (B, N, F)
        if not self.config.use_intra:
            return query
        real = batch.segment_mask[:, None, None]  # (B, 1, 1, S)
        literal = self.config.missing == "paper"
        seen = attend(query[:, :, None], h1, part.mask[:, :, None], real, zero_without_keys=literal)  # (B, N, 1, F)
        return query + seen[:, :, 0]
