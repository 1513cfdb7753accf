"""The lean layers give what the usual ones give."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from workers.nets.modules.lean import PooledPRelu, ScaledPRelu, heads, over_flat, without_shift

SLOPES = torch.tensor([-1.3, -0.2, 0.0, 0.4, 1.0, 1.4])

pytestmark = pytest.mark.models


def prelu(slopes: torch.Tensor) -> nn.PReLU:
    layer = nn.PReLU(len(slopes))
    layer.weight.data = slopes.clone()
    return layer


@torch.inference_mode()
def test_a_pooled_prelu_and_the_convolution_behind_it_whatever_the_slopes() -> None:
    torch.manual_seed(3)
    conv, activation, pool, behind = nn.Conv2d(3, 6, 3), prelu(SLOPES), nn.MaxPool2d(2), nn.Conv2d(6, 5, 3)
    pixels = torch.rand(2, 3, 20, 24) * 255
    expected = behind(pool(activation(conv((pixels - 127.5) / 128))))
    first = PooledPRelu(without_shift(conv, 127.5, 1 / 128), activation, pool)
    assert torch.allclose(first.before(behind)(first(pixels)), expected, atol=1e-5)


@torch.inference_mode()
def test_a_scaled_prelu_before_a_pooling_and_a_dense_layer_with_matlabs_order() -> None:
    torch.manual_seed(4)
    slopes = torch.tensor([-0.7, 0.0, 0.3, 0.9])
    activation, pool, dense, scores = prelu(slopes), nn.MaxPool2d(2), nn.Linear(36, 4), nn.Linear(36, 2)
    maps = torch.randn(5, 4, 6, 6)
    flat = pool(activation(maps)).permute(0, 3, 2, 1).flatten(1)
    scaled = ScaledPRelu(activation)
    found = over_flat(heads(dense, scores=scores), scaled)(pool(scaled(maps)).flatten(1))
    assert torch.allclose(found[:, :4], dense(flat), atol=1e-5)
    assert torch.allclose(found[:, 4].sigmoid(), scores(flat).softmax(1)[:, 1], atol=1e-6)


@torch.inference_mode()
def test_a_slope_of_one_cannot_be_scaled_away() -> None:
    with pytest.raises(ValueError, match="slope"):
        ScaledPRelu(prelu(SLOPES))
