"""Dialogues as samples: what MELD, IEMOCAP and their like have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.utils.data import Dataset

from baselines.data.batches import DialogueBatch
from baselines.data.corpus import Side, Wording
from baselines.data.modality import Modality
from baselines.data.splitting import held_out_groups
from baselines.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class Dialogue:
    name: str
    features: Mapping[str, np.ndarray]
    """Modality -> float32 [L, D]; mapped into memory where it is large."""
    speaker: np.ndarray
    """int64 [L], numbers inside the dialogue."""
    label: np.ndarray
    """int64 [L]"""

    def __len__(self) -> int:
        return len(self.label)


class DialogueSet(Dataset[Dialogue]):
    def __init__(self, dialogues: Sequence[Dialogue]) -> None:
        self.dialogues = tuple(dialogues)

    def __len__(self) -> int:
        return len(self.dialogues)

    def __getitem__(self, place: int) -> Dialogue:
        return self.dialogues[place]


def collate_dialogues(items: Sequence[Dialogue]) -> DialogueBatch:
    """Pad dialogues to the longest; every utterance is scored."""
    lengths = torch.tensor([len(item) for item in items])
    longest = int(lengths.max())
    place = torch.arange(longest)
    real = place[None] < lengths[:, None]
    speaker = torch.zeros(real.shape, dtype=torch.long)
    speaker[real] = torch.from_numpy(np.concatenate([item.speaker for item in items]))
    features = {}
    for name in items[0].features:
        rows = torch.from_numpy(np.concatenate([item.features[name] for item in items]))
        features[name] = Modality(rows, real)
    return DialogueBatch(
        features=features,
        label=torch.from_numpy(np.concatenate([item.label for item in items])),
        personality=torch.zeros(*real.shape, 0),
        speaker=speaker,
        time=place.expand_as(real).clone(),
        real=real,
        scored=real.clone(),
    )


def dialogue_side(dialogues: Sequence[Dialogue], wording: Wording | None = None) -> Side:
    """Return a side of the split. Raises DataError where it is empty."""
    if not dialogues:
        raise DataError("a side of the split has no dialogues: each of train, validation and test needs some")
    return Side(
        items=DialogueSet(dialogues),
        collate=collate_dialogues,
        labels=np.concatenate([one.label for one in dialogues]),
        keys=tuple((one.name, place) for one in dialogues for place in range(len(one))),
        wording=wording,
    )


def hold_out_dialogues(dialogues: Sequence[Dialogue], share: float, seed: int) -> tuple[list[Dialogue], list[Dialogue]]:
    """Return train and validation: whole dialogues, drawn with a seed. One dialogue stays in training at least."""
    held = held_out_groups(len(dialogues), share, seed)
    train = [one for place, one in enumerate(dialogues) if place not in held]
    return train, [dialogues[place] for place in sorted(held)]


def check_dialogues(dialogues: Sequence[Dialogue], classes: int, where: object) -> None:
    """Raise DataError where features do not fit each other, are not finite, or labels are not classes."""
    sizes: dict[str, int] = {}
    for one in dialogues:
        for name, rows in one.features.items():
            size = sizes.setdefault(name, rows.shape[-1])
            if rows.ndim != 2 or rows.shape != (len(one), size):
                raise DataError(
                    f"{where}, dialogue {one.name}: {name} has the shape {rows.shape}, expected ({len(one)}, {size})"
                )
            if not np.isfinite(rows).all():
                raise DataError(f"{where}, dialogue {one.name}: its {name} features hold numbers that are not finite")
        if len(one.speaker) != len(one) or not len(one):
            raise DataError(f"{where}, dialogue {one.name}: {len(one)} labels and {len(one.speaker)} speakers")
        if one.label.min() < 0 or one.label.max() >= classes:
            raise DataError(f"{where}, dialogue {one.name}: its labels must lie between 0 and {classes - 1}")
    if len({int(label) for one in dialogues for label in one.label}) < 2:
        raise DataError(f"{where}: all utterances have one label: at least two classes are needed to learn from")
