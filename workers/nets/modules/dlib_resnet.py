"""dlib's face ResNet (King 2017; 29 layers, 128 dimensions), read from the file in face_recognition_models.

dlib itself looks at one face at a time and holds Python's lock for all of its 55 ms. The file is dlib's serialised
network (dlib/serialize.h, dlib/dnn/layers.h): whole numbers are a byte with the count of bytes and the sign (bit 7),
then little-endian bytes; a layer's parameters stand behind its name as a tensor: version, four dimensions, float32.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from workers.analysers.errors import AnalysisError
from workers.nets.modules.packages import packaged_file

#: dlib's input_rgb_image_sized: mean of red, green, blue.
_MEAN = (122.782, 117.001, 104.298)
#: Channels of each block after the first pooling, and whether it halves the picture.
_BLOCKS = (
    *(((32, False),) * 3),
    *((64, True), *((64, False),) * 3),
    *((128, True), *((128, False),) * 2),
    *((256, True), *((256, False),) * 2, (256, True)),
)
_TENSOR_VERSION = 2
_LAYER = re.compile(rb"(con|affine|fc)_\d?")


class Block(nn.Module):
    """Two convolutions beside a skip; a halving block's skip is an average pooling."""

    def __init__(self, inputs: int, outputs: int, halves: bool) -> None:
        super().__init__()
        self.halves = halves
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=2 if halves else 1, padding=0 if halves else 1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv2(functional.relu(self.conv1(x)))
        if not self.halves:
            return functional.relu(x + y)
        x = functional.avg_pool2d(x, 2)
        return functional.relu(_grown(x, y) + _grown(y, x))


def _grown(x: Tensor, other: Tensor) -> Tensor:
    """Add zeros at the right, below and as channels, where another tensor is larger: dlib adds unlike shapes so."""
    missing = [max(0, other.shape[axis] - x.shape[axis]) for axis in (3, 2, 1)]
    return functional.pad(x, [0, missing[0], 0, missing[1], 0, missing[2]]) if any(missing) else x


class DlibResnet(nn.Module):
    """(N, 3, 150, 150), RGB as 0 to 255, as dlib's get_face_chip cuts faces -> (N, 128), not normalised."""

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        self.conv = nn.Conv2d(3, 32, 7, stride=2)
        channels = (32, *(outputs for outputs, _ in _BLOCKS))
        self.blocks = nn.Sequential(
            *(Block(inputs, outputs, halves) for inputs, (outputs, halves) in zip(channels, _BLOCKS, strict=False))
        )
        self.dense = nn.Linear(256, 128, bias=False)

    def forward(self, pixels: Tensor) -> Tensor:
        x = (pixels - self.mean) / 256
        x = functional.max_pool2d(functional.relu(self.conv(x)), 3, 2)
        return self.dense(self.blocks(x).mean(dim=(2, 3)))


def dlib_resnet() -> nn.Module:
    """Return the network with its weights. Raises AnalysisError `weights_missing`, `weights_unusable`."""
    path = packaged_file("face_recognition_models", "models/dlib_face_recognition_resnet_model_v1.dat")
    net = DlibResnet()
    convolutions = [layer for layer in net.modules() if isinstance(layer, nn.Conv2d)]
    try:
        tensors = iter(list(_tensors(path.read_bytes())))
        with torch.no_grad():
            for convolution in convolutions:
                _fill(convolution, next(tensors)[1], next(tensors)[1])
            net.dense.weight.copy_(torch.from_numpy(next(tensors)[1].reshape(256, 128).T.copy()))
    except (ValueError, RuntimeError, StopIteration) as error:
        raise _unusable(path, f"its layers have other shapes: {error}") from error
    if next(tensors, None) is not None:
        raise _unusable(path, "it has more layers")
    return net.eval()


def _fill(convolution: nn.Conv2d, parameters: NDArray[np.float32], affine: NDArray[np.float32]) -> None:
    """Take over a convolution (all weights, then the biases) and the affine layer (scales, then shifts) after it."""
    assert convolution.bias is not None
    count = convolution.out_channels
    weight = torch.from_numpy(parameters[:-count].reshape(convolution.weight.shape).copy())
    bias = torch.from_numpy(parameters[-count:].copy())
    scale, shift = torch.from_numpy(affine.copy()).view(2, count)
    convolution.weight.copy_(weight * scale.view(-1, 1, 1, 1))
    convolution.bias.copy_(bias * scale + shift)


def _tensors(data: bytes) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield the kind (con, affine, fc) and the parameters of each layer that has any, from the input on."""
    place = 0
    while (found := _LAYER.search(data, place)) is not None:
        place = found.end()
        if found.group(1) == b"fc":  # its counts of outputs and inputs stand first
            _, place = _whole_number(data, place)
            _, place = _whole_number(data, place)
        version, place = _whole_number(data, place)
        dimensions = []
        for _ in range(4):
            size, place = _whole_number(data, place)
            dimensions.append(size)
        count = math.prod(dimensions)
        if version != _TENSOR_VERSION or count <= 0 or place + 4 * count > len(data):
            raise ValueError(f"no tensor behind {found.group()!r} at byte {found.start()}")
        yield found.group(1).decode(), np.frombuffer(data, dtype="<f4", count=count, offset=place)
        place += 4 * count  # the names of layers may occur among the bytes of numbers, which are jumped over so


def _whole_number(data: bytes, place: int) -> tuple[int, int]:
    """Return the whole number at a byte, and the byte behind it."""
    count, negative = data[place] & 0x0F, data[place] & 0x80
    value = int.from_bytes(data[place + 1 : place + 1 + count], "little")
    return (-value if negative else value), place + 1 + count


def _unusable(path: Path, reason: str) -> AnalysisError:
    return AnalysisError(
        "weights_unusable",
        f"{path} does not hold dlib's face network ({reason}). Install the package face-recognition-models again.",
    )
