"""The models that can be trained: a new one is a file in `baselines/models` and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from torch import nn

from baselines.models import amer
from exports.formats.memor.dataset import Dims

#: What `--without` may name: a published ablation.
ABLATIONS: Final = ("personality", "intra", "inter")
MISSING: Final = ("code", "paper")


class UnknownModel(ValueError):
    """No model of that name; the message lists the known ones."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user may choose about a model."""

    missing: str = "code"
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    title: str
    configure: Callable[[Dims, int, Choices], dict[str, Any]]
    """(sizes, number of classes, choices) -> the model's config as plain values."""
    build: Callable[[Mapping[str, Any]], nn.Module]
    """The model of such a config; its `forward` takes a Batch and returns logits (B, C)."""


def _amer_config(dims: Dims, classes: int, choices: Choices) -> dict[str, Any]:
    return asdict(
        amer.Config(
            visual=dims.visual,
            audio=dims.audio,
            text=dims.text,
            personality=dims.personality,
            classes=classes,
            missing=choices.missing,
            use_personality="personality" not in choices.without,
            use_intra="intra" not in choices.without,
            use_inter="inter" not in choices.without,
        )
    )


MODELS: Final[dict[str, Baseline]] = {
    "amer": Baseline(
        title="AMER (MEmoR, Shen et al. 2020)",
        configure=_amer_config,
        build=lambda config: amer.AMER(amer.Config(**config)),
    ),
}


def baseline(name: str) -> Baseline:
    """Return a model's entry. Raises UnknownModel."""
    if name not in MODELS:
        raise UnknownModel(f"there is no model {name!r}: use one of {', '.join(MODELS)}")
    return MODELS[name]
