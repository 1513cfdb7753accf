"""The three networks of MTCNN (Zhang et al. 2016), with the weights that facenet-pytorch carries.

The numbers are facenet-pytorch's, at half the cost on a CPU: its (pixel - 127.5) / 128 is folded into the first
convolution, which pads nothing, so that pixels go in as they are; PReLU is written in operations that onnxruntime
vectorises, and the first one comes after its pooling (P-Net and R-Net take three quarters of the time for it); and
the first convolution is filled up to a multiple of 16 channels, as onnxruntime's fast path wants.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from workers.nets.modules.packages import packaged_file

_MEAN, _SCALE = 127.5, 1 / 128
_PACKED_CHANNELS = 16


class PRelu(nn.Module):
    """max(x, 0) + slope * min(x, 0), a slope a channel: (N, C, ...) -> (N, C, ...)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        slope = self.weight.view(1, -1, *([1] * (x.dim() - 2)))
        return slope * x + (1 - slope) * x.relu()


class PooledPRelu(nn.Module):
    """max-pool(PReLU(convolution)), with the activation after the pooling, where there is a quarter to do.

    Where a channel's slope is not negative, PReLU rises, and the largest of a window is the largest also after it.
    Where it is negative, PReLU falls and then rises: the largest after it comes of the largest or of the smallest. The
    convolution gives such a channel twice, the second time negated, so that the smallest is a largest too.
    Channels come in another `order`: those that rise first.
    """

    def __init__(self, conv: nn.Conv2d, prelu: PRelu, pool: nn.MaxPool2d) -> None:
        """Make it of the three it replaces, without gradients."""
        super().__init__()
        slope = prelu.weight.detach()
        rising, falling = (slope >= 0).nonzero().ravel(), (slope < 0).nonzero().ravel()
        self.order = torch.cat([rising, falling])
        self._parts = [len(rising), len(falling), len(falling)]
        packed = -(-sum(self._parts) // _PACKED_CHANNELS) * _PACKED_CHANNELS
        self._parts.append(packed - sum(self._parts))  # of no use
        assert conv.bias is not None
        weight = torch.cat([conv.weight[self.order], -conv.weight[falling]])
        bias = torch.cat([conv.bias[self.order], -conv.bias[falling]])
        self.conv = nn.Conv2d(conv.in_channels, packed, conv.kernel_size)  # type: ignore[arg-type]
        self.conv.weight.copy_(functional.pad(weight, [0] * 6 + [0, self._parts[-1]]))
        assert self.conv.bias is not None
        self.conv.bias.copy_(functional.pad(bias, [0, self._parts[-1]]))
        self.pool = pool
        self.rising = PRelu(len(rising))
        self.rising.weight.copy_(slope[rising])
        self.falling = nn.Parameter(-slope[falling].view(1, -1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        rising, largest, smallest, _ = self.pool(self.conv(x)).split(self._parts, dim=1)
        return torch.cat([self.rising(rising), torch.maximum(largest, self.falling * smallest)], dim=1)


class ProposalNet(nn.Module):
    """P-Net: every 12 x 12 window of a picture, 2 pixels apart. (N, 3, H, W) -> (N, 4, h, w), (N, h, w)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 10, 3)
        self.prelu1 = PRelu(10)
        self.pool1 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(10, 16, 3)
        self.prelu2 = PRelu(16)
        self.conv3 = nn.Conv2d(16, 32, 3)
        self.prelu3 = PRelu(32)
        self.conv4_1 = nn.Conv2d(32, 2, 1)
        self.conv4_2 = nn.Conv2d(32, 4, 1)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        x = self.pool1(self.prelu1(self.conv1(pixels)))
        x = self.prelu3(self.conv3(self.prelu2(self.conv2(x))))
        return self.conv4_2(x), self.conv4_1(x).softmax(1)[:, 1]


class RefinementNet(nn.Module):
    """R-Net: candidates scaled to 24 x 24. (N, 3, 24, 24) -> box offsets (N, 4), scores (N,)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 28, 3)
        self.prelu1 = PRelu(28)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(28, 48, 3)
        self.prelu2 = PRelu(48)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv3 = nn.Conv2d(48, 64, 2)
        self.prelu3 = PRelu(64)
        self.dense4 = nn.Linear(576, 128)
        self.prelu4 = PRelu(128)
        self.dense5_1 = nn.Linear(128, 2)
        self.dense5_2 = nn.Linear(128, 4)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        x = self.pool1(self.prelu1(self.conv1(pixels)))
        x = self.pool2(self.prelu2(self.conv2(x)))
        x = self.prelu3(self.conv3(x)).permute(0, 3, 2, 1).flatten(1)  # the weights come from MATLAB: x before y
        x = self.prelu4(self.dense4(x))
        return self.dense5_2(x), self.dense5_1(x).softmax(1)[:, 1]


class OutputNet(nn.Module):
    """O-Net: candidates scaled to 48 x 48. (N, 3, 48, 48) -> box offsets (N, 4), points (N, 10), scores (N,).

    Points are shares of the box: five x (the eyes, the nose, the corners of the mouth), then five y.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3)
        self.prelu1 = PRelu(32)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.prelu2 = PRelu(64)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.prelu3 = PRelu(64)
        self.pool3 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.conv4 = nn.Conv2d(64, 128, 2)
        self.prelu4 = PRelu(128)
        self.dense5 = nn.Linear(1152, 256)
        self.prelu5 = PRelu(256)
        self.dense6_1 = nn.Linear(256, 2)
        self.dense6_2 = nn.Linear(256, 4)
        self.dense6_3 = nn.Linear(256, 10)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.pool1(self.prelu1(self.conv1(pixels)))
        x = self.pool2(self.prelu2(self.conv2(x)))
        x = self.pool3(self.prelu3(self.conv3(x)))
        x = self.prelu4(self.conv4(x)).permute(0, 3, 2, 1).flatten(1)
        x = self.prelu5(self.dense5(x))
        return self.dense6_2(x), self.dense6_3(x), self.dense6_1(x).softmax(1)[:, 1]


def proposal_net() -> nn.Module:
    return _loaded(ProposalNet(), "pnet.pt")


def refinement_net() -> nn.Module:
    return _loaded(RefinementNet(), "rnet.pt")


def output_net() -> nn.Module:
    return _loaded(OutputNet(), "onet.pt")


def _loaded(net: ProposalNet | RefinementNet | OutputNet, file_name: str) -> nn.Module:
    path = packaged_file("facenet_pytorch", f"data/{file_name}")
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    with torch.no_grad():
        weight, bias = net.conv1.weight, net.conv1.bias
        assert bias is not None
        bias -= _MEAN * _SCALE * weight.sum(dim=(1, 2, 3))
        weight *= _SCALE
        _pool_first(net)
    return net.eval()


def _pool_first(net: ProposalNet | RefinementNet | OutputNet) -> None:
    """Put the first layer's pooling before its activation, and its channels in another order."""
    pooled = PooledPRelu(net.conv1, net.prelu1, net.pool1)
    second = nn.Conv2d(net.conv1.out_channels, net.conv2.out_channels, 3)
    second.load_state_dict({"weight": net.conv2.weight[:, pooled.order], "bias": net.conv2.bias})
    net.conv1, net.conv2 = pooled, second  # type: ignore[assignment]
    net.prelu1, net.pool1 = nn.Identity(), nn.Identity()  # type: ignore[assignment]
