"""The pickles of MMSA and MMSA-FET (specification 11.3): utterances as time series, with intensities.

dict with `train`, `valid`, `test`; each with `id`, `text` [n, L, 768], `audio` [n, Ta, Da], `vision` [n, Tv, Dv],
`regression_labels` [n] (sentiment, -3 to 3) or [n, 6] (emotions, 0 to 3) and, in unaligned files, `audio_lengths` and
`vision_lengths`. What else is there is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch.utils.data import Dataset

from baselines.data.batches import SequenceBatch
from baselines.data.corpus import Corpus, Shape, Side, Wanted, chosen
from baselines.data.modality import Modality
from baselines.errors import DataError
from baselines.tasks import Intensities
from exports.errors import FormatError
from exports.formats.manifest import file_sha256

#: In the order of the CMU SDK's labels after sentiment, which is not that of the papers.
EMOTIONS: Final = ("happy", "sad", "anger", "surprise", "disgust", "fear")
_KEYS: Final = {"visual": "vision", "audio": "audio", "text": "text"}


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    features: Mapping[str, np.ndarray]
    """Modality -> float32 [T, D], as long as it is real."""
    label: np.ndarray
    """float32 [K]"""


class SeriesSet(Dataset[Series]):
    def __init__(
        self, features: Mapping[str, np.ndarray], lengths: Mapping[str, np.ndarray], labels: np.ndarray
    ) -> None:
        self.features, self.lengths, self.labels = features, lengths, labels

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, place: int) -> Series:
        cut = {name: rows[place, : self.lengths[name][place]] for name, rows in self.features.items()}
        return Series(cut, self.labels[place])


def collate_series(items: Sequence[Series]) -> SequenceBatch:
    """Pad series at their ends, each modality to its longest. A step of zeros is a missing one."""
    features, real = {}, {}
    for name in items[0].features:
        lengths = torch.tensor([len(item.features[name]) for item in items])
        inside = torch.arange(int(lengths.max()))[None] < lengths[:, None]
        rows = torch.from_numpy(np.concatenate([item.features[name] for item in items]))
        there = torch.zeros_like(inside)
        there[inside] = rows.any(dim=1)
        features[name] = Modality(rows[there[inside]], there)
        real[name] = inside
    label = torch.from_numpy(np.stack([item.label for item in items]))
    return SequenceBatch(features, label, torch.zeros(len(items), 0), real)


def open_mmsa(path: Path, document: Mapping[str, Any], wanted: Wanted) -> Corpus:
    """Read the file; its `valid` part is the validation side. Raises FormatError, DataError."""
    sides = {}
    for side, key in (("train", "train"), ("validation", "valid"), ("test", "test")):
        try:
            sides[side] = _side(path, key, document[key], wanted)
        except (KeyError, TypeError, AttributeError) as error:
            raise FormatError(f"{path}, {key}: it lacks {error}, or it is not what MMSA writes") from error
    widths = {side: part[1] for side, part in sides.items()}
    if len({tuple(sorted(width.items())) for width in widths.values()}) != 1:
        raise DataError(f"{path}: the sides have features of different lengths: {widths}")
    labels = sides["train"][0].labels
    if float(np.ptp(labels, axis=0).max()) == 0:
        raise DataError(f"{path}: all train labels are the same: nothing can be learned from them")
    emotions = labels.shape[1] == len(EMOTIONS)
    task = Intensities(EMOTIONS, 0.0, 3.0) if emotions else Intensities(("sentiment",), -3.0, 3.0)
    return Corpus(
        title=f"MMSA file {path.name}",
        family="mmsa",
        kind="sequence",
        task=task,
        shape=Shape(chosen(widths["train"], wanted, path), len(task.names)),
        key_names=("id",),
        train=sides["train"][0],
        validation=sides["validation"][0],
        test=sides["test"][0],
        selection="the file's valid part",
        sha256=file_sha256(path),
        published=False,
    )


def _side(path: Path, key: str, part: Mapping[str, Any], wanted: Wanted) -> tuple[Side, dict[str, int]]:
    labels = np.asarray(part["regression_labels"], np.float32)
    labels = labels[:, None] if labels.ndim == 1 else labels
    if labels.ndim != 2 or labels.shape[1] not in (1, len(EMOTIONS)) or not np.isfinite(labels).all():
        raise DataError(f"{path}, {key}: regression_labels must be numbers [n] or [n, {len(EMOTIONS)}]")
    if not len(labels):
        raise DataError(f"{path}, {key}: there is no sample")
    features, lengths = {}, {}
    for name, entry in _KEYS.items():
        if entry not in part or name not in wanted.modalities:
            continue
        rows = np.asarray(part[entry], np.float32)
        if rows.ndim != 3 or len(rows) != len(labels):
            raise DataError(f"{path}, {key}: {entry} has the shape {rows.shape}, expected ({len(labels)}, steps, size)")
        features[name] = np.nan_to_num(rows, nan=0.0, neginf=0.0, posinf=0.0)  # COVAREP's silences
        given = part.get(f"{entry}_lengths")
        whole = np.full(len(rows), rows.shape[1]) if given is None else np.asarray(given, np.int64)
        lengths[name] = np.clip(whole, 1, rows.shape[1])
    ids = part.get("id", range(len(labels)))
    side = Side(
        items=SeriesSet(features, lengths, labels),
        collate=collate_series,
        labels=labels,
        keys=tuple((str(one),) for one in ids),
    )
    return side, {name: rows.shape[2] for name, rows in features.items()}
