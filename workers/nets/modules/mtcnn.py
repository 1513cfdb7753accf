"""The three networks of MTCNN (Zhang et al. 2016), with the weights that facenet-pytorch carries.

`ProposalNet`, `RefinementNet` and `OutputNet` are as published. What runs are their lean forms, which give the same
numbers but for rounding, at less than half the cost on a CPU: see `lean`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from workers.nets.modules.lean import PooledPRelu, ScaledPRelu, heads, over_flat, without_shift
from workers.nets.modules.packages import packaged_file

_MEAN, _SCALE = 127.5, 1 / 128


class ProposalNet(nn.Module):
    """P-Net: every 12 x 12 window of a picture, 2 pixels apart."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 10, 3)
        self.prelu1 = nn.PReLU(10)
        self.pool1 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(10, 16, 3)
        self.prelu2 = nn.PReLU(16)
        self.conv3 = nn.Conv2d(16, 32, 3)
        self.prelu3 = nn.PReLU(32)
        self.conv4_1 = nn.Conv2d(32, 2, 1)
        self.conv4_2 = nn.Conv2d(32, 4, 1)


class RefinementNet(nn.Module):
    """R-Net: candidates scaled to 24 x 24."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 28, 3)
        self.prelu1 = nn.PReLU(28)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(28, 48, 3)
        self.prelu2 = nn.PReLU(48)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv3 = nn.Conv2d(48, 64, 2)
        self.prelu3 = nn.PReLU(64)
        self.dense4 = nn.Linear(576, 128)
        self.prelu4 = nn.PReLU(128)
        self.dense5_1 = nn.Linear(128, 2)
        self.dense5_2 = nn.Linear(128, 4)


class OutputNet(nn.Module):
    """O-Net: candidates scaled to 48 x 48."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3)
        self.prelu1 = nn.PReLU(32)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.prelu2 = nn.PReLU(64)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.prelu3 = nn.PReLU(64)
        self.pool3 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.conv4 = nn.Conv2d(64, 128, 2)
        self.prelu4 = nn.PReLU(128)
        self.dense5 = nn.Linear(1152, 256)
        self.prelu5 = nn.PReLU(256)
        self.dense6_1 = nn.Linear(256, 2)
        self.dense6_2 = nn.Linear(256, 4)
        self.dense6_3 = nn.Linear(256, 10)


class LeanProposal(nn.Module):
    """(N, 3, H, W), 0 to 255 -> moves (N, 4, h, w), scores (N, h, w)."""

    def __init__(self, net: ProposalNet) -> None:
        super().__init__()
        self.first = PooledPRelu(without_shift(net.conv1, _MEAN, _SCALE), net.prelu1, net.pool1)
        second, third = ScaledPRelu(net.prelu2), ScaledPRelu(net.prelu3)
        self.rest = nn.Sequential(
            *(self.first.before(net.conv2), second),
            *(second.before(net.conv3), third),
            third.before(heads(net.conv4_2, scores=net.conv4_1)),
        )

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        x = self.rest(self.first(pixels))
        return x[:, :4], x[:, 4].sigmoid()


class LeanRefinement(nn.Module):
    """(N, 3, 24, 24), 0 to 255 -> moves (N, 4), scores (N,)."""

    def __init__(self, net: RefinementNet) -> None:
        super().__init__()
        self.first = PooledPRelu(without_shift(net.conv1, _MEAN, _SCALE), net.prelu1, net.pool1)
        second, third, fourth = ScaledPRelu(net.prelu2), ScaledPRelu(net.prelu3), ScaledPRelu(net.prelu4)
        self.rest = nn.Sequential(
            *(self.first.before(net.conv2), second, net.pool2),
            *(second.before(net.conv3), third, nn.Flatten()),
            *(over_flat(net.dense4, third), fourth),
            fourth.before(heads(net.dense5_2, scores=net.dense5_1)),
        )

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        x = self.rest(self.first(pixels))
        return x[:, :4], x[:, 4].sigmoid()


class LeanOutput(nn.Module):
    """(N, 3, 48, 48), 0 to 255 -> moves (N, 4), points (N, 10), scores (N,).

    Points are shares of the box: five x (the eyes, the nose, the corners of the mouth), then five y.
    """

    def __init__(self, net: OutputNet) -> None:
        super().__init__()
        self.first = PooledPRelu(without_shift(net.conv1, _MEAN, _SCALE), net.prelu1, net.pool1)
        second, third, fourth, fifth = (
            ScaledPRelu(prelu) for prelu in (net.prelu2, net.prelu3, net.prelu4, net.prelu5)
        )
        self.rest = nn.Sequential(
            *(self.first.before(net.conv2), second, net.pool2),
            *(second.before(net.conv3), third, net.pool3),
            *(third.before(net.conv4), fourth, nn.Flatten()),
            *(over_flat(net.dense5, fourth), fifth),
            fifth.before(heads(net.dense6_2, net.dense6_3, scores=net.dense6_1)),
        )

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.rest(self.first(pixels))
        return x[:, :4], x[:, 4:14], x[:, 14].sigmoid()


def proposal_net() -> nn.Module:
    net = ProposalNet()
    _load(net, "pnet.pt")
    return LeanProposal(net).eval()


def refinement_net() -> nn.Module:
    net = RefinementNet()
    _load(net, "rnet.pt")
    return LeanRefinement(net).eval()


def output_net() -> nn.Module:
    net = OutputNet()
    _load(net, "onet.pt")
    return LeanOutput(net).eval()


def _load(net: nn.Module, file_name: str) -> None:
    path = packaged_file("facenet_pytorch", f"data/{file_name}")
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    net.requires_grad_(False)
