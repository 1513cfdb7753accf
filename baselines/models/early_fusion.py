"""Early-fusion LSTM, BLSTM and CNN for multi-label emotion intensity (Williams et al., Challenge-HML 2018).

    x_t = [visual_t; audio_t; text_t]                            aligned word by word, the last steps up to `longest`
    BLSTM, LSTM: BatchNorm -> k x LSTM(64), dropout after each -> ReLU(Linear 100) -> dropout -> Linear C
    CNN:         BatchNorm -> k x (convolution of 3, 128 maps, ReLU, halve) -> ReLU(Linear 100) -> Linear C

What the official code divides by before (the largest value of each column) BatchNorm takes out again. Series are padded
in front; here the padding is left out of everything (`compat` reads it, as Keras did). The CNN has a fixed length, so
it always reads its padding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from baselines.data.batches import SequenceBatch
from baselines.errors import DataError
from baselines.layers import last_states, run_lstm
from baselines.models.base import Model

_ORDER = ("visual", "audio", "text")


@dataclass(frozen=True, slots=True)
class Config:
    kind: str
    """`lstm`, `blstm` or `cnn`."""
    sizes: Mapping[str, int] = field(default_factory=lambda: {"visual": 35, "audio": 74, "text": 300})
    classes: int = 6
    layers: int = 2
    hidden: int = 64
    maps: int = 128
    dense: int = 100
    dropout: float = 0.2
    longest: int = 0
    """0: the default of 20 steps, of the CNN 22, the fewest of which its halving loses none at the end."""
    compat: bool = False

    def __post_init__(self) -> None:
        if self.kind not in ("lstm", "blstm", "cnn"):
            raise ValueError("kind is 'lstm', 'blstm' or 'cnn'")
        if self.kind == "cnn" and self.steps_left() < 1:
            raise ValueError(f"{self.steps()} steps are too few for {self.layers} convolutions (3 need 22)")

    def steps(self) -> int:
        return self.longest or (22 if self.kind == "cnn" else 20)

    def steps_left(self) -> int:
        """Return how many steps the CNN's last layer has."""
        steps = self.steps()
        for _ in range(self.layers):
            steps = (steps - 2) // 2
        return steps


class EarlyFusion(Model):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        size = sum(config.sizes.values())
        self.norm = nn.BatchNorm1d(size)
        if config.kind == "cnn":
            sizes = [size, *[config.maps] * config.layers]
            self.layers = nn.ModuleList(nn.Conv1d(sizes[k], sizes[k + 1], 3) for k in range(config.layers))
            width = config.maps * config.steps_left()
        else:
            both = config.kind == "blstm"
            width = config.hidden * (2 if both else 1)
            self.layers = nn.ModuleList(
                nn.LSTM(width if k else size, config.hidden, batch_first=True, bidirectional=both)
                for k in range(config.layers)
            )
        self.drop = nn.Dropout(config.dropout)
        self.dense = nn.Linear(width, config.dense)
        self.head = nn.Linear(config.dense, config.classes)

    def forward(self, batch: SequenceBatch) -> Tensor:
        """Return the outputs (B, C): logits, or intensities."""
        x, real = self._joined(batch)  # (B, T, D), (B, T), the end at the right
        if self.config.compat or self.config.kind == "cnn":
            real = torch.ones_like(real)
        normed = x.new_zeros(x.shape)
        normed[real] = self._normalise(x[real])
        series = self._convolve(normed) if self.config.kind == "cnn" else self._read(normed, real)
        outputs: Tensor = self.head(self.drop(self.dense(series).relu()))
        return outputs

    def _normalise(self, rows: Tensor) -> Tensor:
        if len(rows) > 1 or not self.training:
            normed: Tensor = self.norm(rows)
            return normed
        self.norm.eval()  # one row has no deviation
        normed = self.norm(rows)
        self.norm.train()
        return normed

    def _joined(self, batch: SequenceBatch) -> tuple[Tensor, Tensor]:
        names = [name for name in _ORDER if name in self.config.sizes]
        if len({batch.real[name].shape for name in names}) != 1:
            raise DataError("early fusion needs modalities aligned step by step: use the aligned file")
        x = torch.cat([batch.features[name].dense() for name in names], dim=-1)
        real = torch.stack([batch.real[name] for name in names]).any(dim=0)
        steps = self.config.steps()
        # Every series' end goes to the right; what is further back than `steps` is cut, what is not there is zeros.
        places = real.sum(dim=1)[:, None] - steps + torch.arange(steps, device=x.device)
        rows = torch.arange(len(x), device=x.device)[:, None]
        there = places >= 0
        return x[rows, places.clamp(min=0)] * there[..., None], there

    def _convolve(self, x: Tensor) -> Tensor:
        maps = x.transpose(1, 2)
        for layer in self.layers:
            maps = nn.functional.max_pool1d(layer(maps).relu(), 2)
        return maps.transpose(1, 2).flatten(1)

    def _read(self, x: Tensor, real: Tensor) -> Tensor:
        lengths = real.sum(dim=1)
        first = x.shape[1] - lengths
        rows = torch.arange(len(x), device=x.device)[:, None]
        outputs = x[rows, (first[:, None] + torch.arange(x.shape[1], device=x.device)).clamp(max=x.shape[1] - 1)]
        for layer in self.layers:
            assert isinstance(layer, nn.LSTM)
            outputs = self.drop(run_lstm(layer, outputs, lengths))
        last = self.layers[-1]
        assert isinstance(last, nn.LSTM)
        return last_states(last, outputs, lengths)
