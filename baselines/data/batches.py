"""What models are given: samples of one of three kinds, padded, with masks.

| kind | a sample is | read from |
| --- | --- | --- |
| `cells` | the persons and segments of a clip, and the one person and segment that is asked for | MEmoR folders |
| `dialogue` | the utterances of a dialogue, of which some are asked for | MELD, MMGCN's files; cells |
| `sequence` | one utterance or person as time series, one per modality | MMSA's files; cells, dialogues |

B samples; padding (`real` False) is not missing data (a modality's `mask` False): it counts for nothing anywhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import torch
from torch import Tensor

from baselines.data.modality import Modality


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    features: dict[str, Modality]
    label: Tensor
    """(n,) class numbers, or (n, K) intensities: one for everything that is asked for."""

    def __len__(self) -> int:
        return len(self.label)

    def to(self, device: torch.device) -> Self:
        """Return the batch on a device."""

        def moved(value: Any) -> Any:
            if isinstance(value, dict):
                return {name: moved(part) for name, part in value.items()}
            return value.to(device)

        return type(self)(**{field.name: moved(getattr(self, field.name)) for field in fields(self)})

    def keep(self, modalities: Collection[str]) -> Self:
        """Return the batch as if only these modalities had been recorded."""
        kept = {name: part if name in modalities else part.none() for name, part in self.features.items()}
        return replace(self, features=kept)

    def groups(self) -> dict[str, list[str]]:
        """Return name of a breakdown -> the group of everything that is asked for."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class CellBatch(Batch):
    """Grid (B, N, S): persons and segments."""

    personality: Tensor  # (B, N, Dp)
    character: Tensor  # (B, N) who it is
    person_mask: Tensor  # (B, N)
    segment_mask: Tensor  # (B, S)
    target_person: Tensor  # (B,) place among the persons
    target_segment: Tensor  # (B,)
    speaks: Tensor  # (B,) bool: the target speaks in the target segment

    def at_target(self) -> dict[str, Modality]:
        """Return the features of the target cells, grid (B,)."""
        shape = next(iter(self.features.values())).mask.shape
        rows = torch.arange(len(self), device=self.label.device)
        places = (rows * shape[1] + self.target_person) * shape[2] + self.target_segment
        return {name: part.select(places) for name, part in self.features.items()}

    def target_personality(self) -> Tensor:
        """Return (B, Dp)."""
        return self.personality[torch.arange(len(self), device=self.label.device), self.target_person]

    def groups(self) -> dict[str, list[str]]:
        masks = {name: part.mask for name, part in self.at_target().items()}
        role = ["speaker" if speaks else "non-speaker" for speaks in self.speaks.tolist()]
        return {"role": role, "modalities": _present(masks)}


@dataclass(frozen=True, slots=True, eq=False)
class DialogueBatch(Batch):
    """Grid (B, L), or (B, L, P) where an utterance has P positions (tokens, frames). Rows of `label` are the scored
    utterances in row-major order."""

    personality: Tensor  # (B, L, Dp)
    speaker: Tensor  # (B, L)
    time: Tensor  # (B, L) place in time; persons of one segment share it
    real: Tensor  # (B, L)
    scored: Tensor  # (B, L)

    @property
    def lengths(self) -> Tensor:
        return self.real.sum(dim=1)

    def groups(self) -> dict[str, list[str]]:
        masks = {
            name: part.mask.flatten(2).any(2) if part.mask.dim() > 2 else part.mask
            for name, part in self.features.items()
        }
        return {"modalities": _present({name: mask[self.scored] for name, mask in masks.items()})}


@dataclass(frozen=True, slots=True, eq=False)
class SequenceBatch(Batch):
    """Grid (B, T_m) of each modality; in data that are aligned all T_m are the same."""

    personality: Tensor  # (B, Dp)
    real: dict[str, Tensor]
    """(B, T_m): True up to the length of the series."""

    def groups(self) -> dict[str, list[str]]:
        return {"modalities": _present({name: part.mask.any(1) for name, part in self.features.items()})}


def _present(masks: dict[str, Tensor]) -> list[str]:
    """Return which modalities are there, as `audio+text`, for every row of masks (n,)."""
    names = list(masks)
    table = torch.stack([masks[name] for name in names], dim=1).tolist()
    return ["+".join(name for name, there in zip(names, row, strict=True) if there) or "nothing" for row in table]
