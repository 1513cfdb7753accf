"""torchvision beside a CPU-only torch: the operator declared for it behaves as torchvision's own."""

from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.torch_compat import prepare_torchvision, suppress_overlaps


def test_a_box_that_overlaps_a_better_one_is_dropped() -> None:
    # The second box shares 80 of 120 units of area with the first (IoU 2/3); the third touches neither.
    boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0], [2.0, 0.0, 12.0, 10.0], [50.0, 50.0, 60.0, 60.0]])
    scores = torch.tensor([0.8, 0.9, 0.1])
    assert suppress_overlaps(boxes, scores, 0.5).tolist() == [1, 2]


def test_an_overlap_of_exactly_the_threshold_stays() -> None:
    boxes = torch.tensor([[0.0, 0.0, 2.0, 1.0], [0.0, 0.0, 1.0, 1.0]])  # IoU 1/2
    assert suppress_overlaps(boxes, torch.tensor([0.9, 0.8]), 0.5).tolist() == [0, 1]


def test_no_boxes_give_no_boxes() -> None:
    kept = suppress_overlaps(torch.zeros(0, 4), torch.zeros(0), 0.5)
    assert kept.shape == (0,)
    assert kept.dtype == torch.int64


def test_boxes_without_area_do_not_suppress_each_other() -> None:
    assert suppress_overlaps(torch.zeros(2, 4), torch.tensor([0.5, 0.4]), 0.5).tolist() == [0, 1]


def _iou(a: list[float], b: list[float]) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return width * height / (both - width * height)


@given(
    corners=arrays.arrays(np.int64, st.tuples(st.integers(0, 12), st.just(4)), elements=st.integers(0, 20)),
    threshold=st.sampled_from([0.3, 0.5, 0.7]),
)
def test_what_stays_does_not_overlap_and_what_goes_overlaps_a_better_one(corners, threshold: float) -> None:
    boxes = corners.astype(np.float32)
    boxes[:, 2:] = boxes[:, :2] + boxes[:, 2:] + 1  # x2 > x1, y2 > y1
    scores = torch.linspace(1.0, 0.1, len(boxes))
    kept = suppress_overlaps(torch.from_numpy(boxes), scores, threshold).tolist()
    assert kept == sorted(kept)  # scores fall with the index
    rows = boxes.tolist()
    for index, row in enumerate(rows):
        overlaps_better = any(_iou(row, rows[better]) > threshold for better in kept if better < index)
        assert overlaps_better != (index in kept)


@pytest.mark.models
def test_torchvision_suppresses_boxes_after_the_preparation() -> None:
    prepare_torchvision()
    prepare_torchvision()  # a second call changes nothing
    from torchvision.ops import batched_nms

    boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0], [1.0, 0.0, 11.0, 10.0], [1.0, 0.0, 11.0, 10.0]])
    kept = batched_nms(boxes, torch.tensor([0.9, 0.8, 0.7]), torch.tensor([0, 0, 1]), 0.5)
    assert kept.tolist() == [0, 2]  # the third belongs to another group
