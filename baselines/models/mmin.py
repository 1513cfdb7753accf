"""MMIN, the missing modality imagination network (Zhao et al., ACL 2021), with its baselines.

    h   = [A; L; V]                  encoders on what is available, zeros for what is not                     (1)
    h_T = encoders on what is missing, zeros for what is available: frozen ones of the full-modality baseline
    CRA: x_1 = h;  c_k = Enc_k(x_k);  x_k+1 = x_k + Dec_k(c_k)      k = 1..5;   h' = W W' x_6                  (2-3)
    h'' = CRA_back(h')                                              the way back                                (4)
    logits = MLP([c_1; ...; c_5])                                   the joint code of both imaginations         (5)
    loss = cross-entropy + 4 MSE(h_T, h') + 2 MSE(stop(h), h'')                                                 (6-8)

Stage 0 trains the full-modality baseline, stage 1 the network, under a pattern of missing modalities that is drawn per
sample. The last two layers of h' and the weights of the losses are the official code's. Two ablations: `autoencoder`
has one autoencoder in place of each cascade, `cycle=0` no way back. The augmented baseline is the full-modality network
trained on all patterns, the full one among them as the paper says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

import torch
from torch import Tensor, nn

from baselines.data.batches import SequenceBatch
from baselines.layers import run_lstm
from baselines.models.base import Model, TaskLoss

_ORDER = ("audio", "text", "visual")
_HEIGHTS = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Config:
    sizes: Mapping[str, int] = field(default_factory=lambda: {"visual": 342, "audio": 130, "text": 1024})
    classes: int = 4
    hidden: int = 128
    blocks: int = 5
    autoencoder: bool = False
    imagination: float = 4.0
    cycle: float = 2.0
    dropout: float = 0.5
    """Of MMIN's classifier; the baseline's is 0.3."""
    augmented: bool = False
    """The baseline learns under all patterns."""
    pool_padding: bool = False
    """As in the official code: what is put after the end of a series can be its maximum."""

    def modalities(self) -> tuple[str, ...]:
        return tuple(name for name in _ORDER if name in self.sizes)


class SeriesEncoder(nn.Module):
    """LSTM and maximum over time, of sound and picture."""

    def __init__(self, size: int, hidden: int, pool_padding: bool) -> None:
        super().__init__()
        self.lstm = nn.LSTM(size, hidden, batch_first=True)
        self.pool_padding = pool_padding

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        if self.pool_padding:
            outputs = self.lstm(x)[0]
            return outputs.amax(dim=1)
        outputs = run_lstm(self.lstm, x, real.sum(dim=1))
        return outputs.masked_fill(~real[..., None], torch.finfo(outputs.dtype).min).amax(dim=1)


class TextCNN(nn.Module):
    """Convolutions over 3, 4 and 5 words and their maximum over time (Kim 2014)."""

    def __init__(self, size: int, hidden: int, pool_padding: bool) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(nn.Conv1d(size, hidden, height) for height in _HEIGHTS)
        self.out = nn.Sequential(nn.Dropout(0.5), nn.Linear(len(_HEIGHTS) * hidden, hidden), nn.ReLU())
        self.pool_padding = pool_padding

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        short = max(0, max(_HEIGHTS) - x.shape[1])
        padded = nn.functional.pad(x, (0, 0, 0, short)).transpose(1, 2)  # (B, D, T)
        length = real.sum(dim=1)[:, None]
        pooled = []
        for convolution, height in zip(self.convolutions, _HEIGHTS, strict=True):
            maps = convolution(padded).relu()  # (B, H, T')
            if not self.pool_padding:  # nothing is below 0, so zeros never win
                starts = torch.arange(maps.shape[2], device=x.device)
                maps = maps * (starts <= (length - height).clamp(min=0))[:, None]
            pooled.append(maps.amax(dim=2))
        encoded: Tensor = self.out(torch.cat(pooled, dim=1))
        return encoded


class FullModality(Model):
    """The full-modality baseline: encoders, one code, a classifier."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.encoders = _encoders(config)
        self.classifier = _classifier(len(config.sizes) * config.hidden, config, dropout=0.3)
        self.patterns = subsets(config.modalities()) if config.augmented else ()

    def forward(self, batch: SequenceBatch) -> Tensor:
        """Return the logits (B, C)."""
        logits: Tensor = self.classifier(encode(self.encoders, batch))
        return logits

    def loss(self, batch: SequenceBatch, task_loss: TaskLoss) -> Tensor:
        if not self.config.augmented:
            return task_loss(self(batch), batch.label)
        everything = (*subsets(self.config.modalities()), self.config.modalities())
        kept = draw(everything, self.config.modalities(), batch)
        return task_loss(self(_keep(batch, kept)), batch.label)


class MMIN(Model):
    stages = 2

    def __init__(self, config: Config) -> None:
        super().__init__()
        if len(config.sizes) < 2:
            raise ValueError("MMIN imagines missing modalities: it needs at least two")
        self.config = config
        width = len(config.sizes) * config.hidden
        self.baseline = FullModality(replace(config, augmented=False))
        self.encoders = _encoders(config)
        self.forth, self.back = _Imagination(width, config), _Imagination(width, config)
        self.classifier = _classifier(self.forth.code, config, dropout=config.dropout)
        for part in (self.forth, self.back, self.classifier):
            part.apply(_kaiming)
        self.begin(1)

    def begin(self, stage: int) -> None:
        self.stage = stage
        for weights in self.parameters():
            weights.requires_grad_(stage == 1)
        for weights in self.baseline.parameters():
            weights.requires_grad_(stage == 0)
        self.patterns = subsets(self.config.modalities()) if stage == 1 else ()
        if stage == 1:  # the encoders start as those of the baseline
            self.encoders.load_state_dict(self.baseline.encoders.state_dict())

    def train(self, mode: bool = True) -> MMIN:
        """Switch all but the teacher, which stays as it is used in stage 1."""
        super().train(mode)
        if self.stage == 1:
            self.baseline.eval()
        return self

    def forward(self, batch: SequenceBatch) -> Tensor:
        """Return the logits (B, C)."""
        if self.stage == 0:
            return self.baseline(batch)
        logits: Tensor = self.classifier(self.forth(encode(self.encoders, batch))[1])
        return logits

    def loss(self, batch: SequenceBatch, task_loss: TaskLoss) -> Tensor:
        if self.stage == 0:
            return self.baseline.loss(batch, task_loss)
        kept = draw(self.patterns, self.config.modalities(), batch)
        h = encode(self.encoders, _keep(batch, kept))
        with torch.no_grad():
            missing = encode(self.baseline.encoders, _keep(batch, ~kept))
        imagined, code = self.forth(h)
        loss = task_loss(self.classifier(code), batch.label)
        loss = loss + self.config.imagination * nn.functional.mse_loss(imagined, missing)
        if self.config.cycle:
            loss = loss + self.config.cycle * nn.functional.mse_loss(self.back(imagined)[0], h.detach())
        return loss


class _Imagination(nn.Module):
    """The cascade of residual autoencoders, or one autoencoder; from h to (h', the code)."""

    def __init__(self, width: int, config: Config) -> None:
        super().__init__()
        h = config.hidden
        self.single = config.autoencoder
        if config.autoencoder:
            inner = (4 * h, 7 * h // 2 + 2, 3 * h, 2 * h)  # 512, 450, 384, 256 as published
            self.encode = nn.ModuleList([_chain(width, *inner, leaky=True, ends=True)])
            self.decode = nn.ModuleList([_chain(*reversed(inner), width, leaky=True, ends=False)])
            self.out: nn.Module = nn.ReLU()
            self.code = inner[-1]
        else:
            self.encode = nn.ModuleList(_chain(width, 2 * h, h, h // 2, leaky=True) for _ in range(config.blocks))
            self.decode = nn.ModuleList(_chain(h // 2, h, 2 * h, width) for _ in range(config.blocks))
            self.out = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
            self.code = config.blocks * h // 2

    def forward(self, h: Tensor) -> tuple[Tensor, Tensor]:
        x, codes = h, []
        for into, out_of in zip(self.encode, self.decode, strict=True):
            codes.append(into(x))
            x = out_of(codes[-1]) if self.single else x + out_of(codes[-1])
        return self.out(x), torch.cat(codes, dim=-1)


def subsets(modalities: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return all choices of some but not all modalities: the six conditions of three."""
    return tuple(kept for size in range(1, len(modalities)) for kept in combinations(modalities, size))


def draw(patterns: tuple[tuple[str, ...], ...], modalities: tuple[str, ...], batch: SequenceBatch) -> Tensor:
    """Return which modalities each sample keeps (B, M), a pattern drawn for each."""
    table = torch.tensor([[name in pattern for name in modalities] for pattern in patterns], device=batch.label.device)
    return table[torch.randint(len(table), (len(batch),), device=table.device)]


def encode(encoders: nn.ModuleDict, batch: SequenceBatch) -> Tensor:
    """Return h (B, M * H), the encodings side by side; a missing one is the encoder's answer to zeros."""
    parts = [net(batch.features[name].dense(), batch.real[name]) for name, net in encoders.items()]
    return torch.cat(parts, dim=-1)


def _keep(batch: SequenceBatch, kept: Tensor) -> SequenceBatch:
    names = [name for name in _ORDER if name in batch.features]
    features = {name: batch.features[name].keep(kept[:, column, None]) for column, name in enumerate(names)}
    return replace(batch, features=features)


def _encoders(config: Config) -> nn.ModuleDict:
    def made(name: str) -> nn.Module:
        kind = TextCNN if name == "text" else SeriesEncoder
        return kind(config.sizes[name], config.hidden, config.pool_padding)

    return nn.ModuleDict({name: made(name) for name in config.modalities()})


def _classifier(width: int, config: Config, dropout: float) -> nn.Sequential:
    h = config.hidden
    layers = [nn.Linear(width, h), nn.ReLU(), nn.Dropout(dropout), nn.Linear(h, h), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(h, config.classes))


def _chain(*sizes: int, leaky: bool = False, ends: bool = False) -> nn.Sequential:
    """Linear layers with (leaky) ReLU between them, and after the last if it `ends` so."""
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.LeakyReLU(0.01) if leaky else nn.ReLU()]
    return nn.Sequential(*(layers if ends else layers[:-1]))


def _kaiming(layer: nn.Module) -> None:
    if isinstance(layer, nn.Linear):
        nn.init.kaiming_normal_(layer.weight)
        nn.init.zeros_(layer.bias)
