"""What every model of the MEmoR task is given: the cells (person, segment) of some clips, padded, with masks."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """B samples, N persons and S segments of the largest one. Masks are bool, True = there.

    A cell that is missing (mask False) holds zeros: the loader puts zeros there, so that nothing that stood there
    can reach an output. Padding (`person_mask`, `segment_mask` False) is not missing data and counts for nothing.
    """

    visual: Tensor  # (B, N, S, Dv)
    audio: Tensor  # (B, N, S, Da)
    text: Tensor  # (B, N, S, Dt)
    personality: Tensor  # (B, N, Dp)
    visual_mask: Tensor  # (B, N, S)
    audio_mask: Tensor  # (B, N, S)
    text_mask: Tensor  # (B, N, S)
    person_mask: Tensor  # (B, N)
    segment_mask: Tensor  # (B, S)
    target_person: Tensor  # (B,) place among the persons
    target_segment: Tensor  # (B,)
    label: Tensor  # (B,) class number

    def __len__(self) -> int:
        return len(self.label)

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))
