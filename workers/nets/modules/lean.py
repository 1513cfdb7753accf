"""Layers that give what usual ones give, in operations that onnxruntime does fast on a CPU.

PReLU has none: it is a sum of the input and of its ReLU, each times a number a channel. What is linear in that belongs
as well to the layer before or behind: weights are changed once, and passes over the pictures saved. The first channels
are filled up to a multiple of 16, as onnxruntime's fast path wants.
"""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

_PACKED_CHANNELS = 16
_STEEPEST = 0.95

Layer = TypeVar("Layer", nn.Conv2d, nn.Linear)


class ScaledPRelu(nn.Module):
    """relu(x) + slope / (1 - slope) * x: PReLU over (1 - slope). The layer behind has to be `before`-ed.

    (N, C, ...) -> (N, C, ...). Slopes are to be below 1, so that a largest of a window is the largest also after it.
    """

    def __init__(self, prelu: nn.PReLU) -> None:
        super().__init__()
        slope = prelu.weight
        if bool((slope > _STEEPEST).any()):
            raise ValueError(f"A PReLU with a slope of {float(slope.max())} cannot be parted by 1 - slope.")
        self.scale = 1 - slope
        self.share = nn.Parameter(slope / self.scale, requires_grad=False)

    def before(self, layer: Layer) -> Layer:
        """Return the layer that may stand behind this one for one that stood behind the PReLU."""
        return _changed(layer, layer.weight * self.scale.view(1, -1, *([1] * (layer.weight.dim() - 2))))

    def forward(self, x: Tensor) -> Tensor:
        return x.relu() + self.share.view(1, -1, *([1] * (x.dim() - 2))) * x


class PooledPRelu(nn.Module):
    """max-pool(PReLU(convolution)), with the activation after the pooling, where there is a quarter to do.

    Where a channel's slope is not negative, PReLU rises, and the largest of a window is the largest also after it:
    slope * x + (1 - slope) * relu(x). Where it is negative, PReLU falls and then rises: the largest after it comes of
    the largest or of the smallest, largest + relu(slope * smallest - largest). The convolution gives such a channel
    twice, the second time negated, so that the smallest is a largest too. Both are a sum of a ReLU and of the input,
    of mixtures of channels. Channels come in another order, those that rise first, and some negated: the convolution
    behind has to be `before`-ed.
    """

    def __init__(self, conv: nn.Conv2d, prelu: nn.PReLU, pool: nn.MaxPool2d) -> None:
        super().__init__()
        slope = prelu.weight
        rising, falling = (slope >= 0).nonzero().ravel(), (slope < 0).nonzero().ravel()
        self._order = torch.cat([rising, falling])
        self._sign = torch.ones(len(slope))
        assert conv.bias is not None
        weight = torch.cat([conv.weight[self._order], -conv.weight[falling]])
        bias = torch.cat([conv.bias[self._order], -conv.bias[falling]])
        spare = -len(bias) % _PACKED_CHANNELS
        self.conv = _changed(conv, functional.pad(weight, [0] * 6 + [0, spare]), functional.pad(bias, [0, spare]))
        self.pool = pool
        sizes = (len(bias) + spare, len(slope))
        self.bent, self.straight = (nn.Conv2d(*sizes, 1, bias=False).requires_grad_(False) for _ in range(2))
        for layer in (self.bent, self.straight):
            layer.weight.zero_()
        for place, channel in enumerate(self._order.tolist()):
            steep = float(slope[channel])
            if place < len(rising):
                # A slope above 1 takes of the ReLU: the channel is negated, and the ReLU added.
                self._sign[place] = 1 if steep <= 1 else -1
                self.straight.weight[place, place] = self._sign[place] * steep
                self.bent.weight[place, place] = abs(1 - steep)
            else:
                self.straight.weight[place, place] = 1
                self.bent.weight[place, place] = -1
                self.bent.weight[place, place + len(falling)] = -steep

    def before(self, conv: nn.Conv2d) -> nn.Conv2d:
        """Return the convolution that may stand behind this for one that stood behind the pooled PReLU."""
        return _changed(conv, conv.weight[:, self._order] * self._sign.view(1, -1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        pooled = self.pool(self.conv(x))
        return self.straight(pooled) + self.bent(pooled).relu()


def without_shift(conv: nn.Conv2d, mean: float, scale: float) -> nn.Conv2d:
    """Return a convolution of pixels for one of (pixels - mean) * scale; it must pad nothing."""
    assert conv.padding == (0, 0)
    assert conv.bias is not None
    changed = _changed(conv, conv.weight * scale)
    assert changed.bias is not None
    changed.bias -= mean * scale * conv.weight.sum(dim=(1, 2, 3))
    return changed


def heads(*layers: Layer, scores: Layer) -> Layer:
    """Return one layer for several; of `scores`, two of a softmax, the last output's sigmoid is the second share."""
    of_score = [scores.weight[1:] - scores.weight[:1], _bias(scores)[1:] - _bias(scores)[:1]]
    weight = torch.cat([*(layer.weight for layer in layers), of_score[0]])
    bias = torch.cat([*(_bias(layer) for layer in layers), of_score[1]])
    return _changed(scores, weight, bias)


def over_flat(dense: nn.Linear, prelu: ScaledPRelu) -> nn.Linear:
    """Return the layer that may stand behind a ScaledPRelu and a flattening of (C, rows, columns).

    The weights come from MATLAB: of its input, columns come before rows, and rows before channels.
    """
    channels = len(prelu.scale)
    side = round((dense.in_features / channels) ** 0.5)
    weight = dense.weight.view(-1, side, side, channels) * prelu.scale
    return _changed(dense, weight.permute(0, 3, 2, 1).flatten(1))


def _bias(layer: nn.Conv2d | nn.Linear) -> Tensor:
    assert layer.bias is not None
    return layer.bias


def _changed(layer: Layer, weight: Tensor, bias: Tensor | None = None) -> Layer:
    """Return a layer like another, with other weights."""
    made: Layer
    if isinstance(layer, nn.Conv2d):
        made = nn.Conv2d(weight.shape[1], weight.shape[0], layer.kernel_size)  # type: ignore[arg-type]
    else:
        made = nn.Linear(weight.shape[1], weight.shape[0])
    made.requires_grad_(False)
    made.weight.copy_(weight)
    made.bias.copy_(_bias(layer) if bias is None else bias)  # type: ignore[union-attr]
    return made
