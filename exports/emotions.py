"""The labels of the MEmoR protocol and their order: the one home, for server, browser and release.

Source: Plutchik's wheel as used by MEmoR (Shen et al., ACM MM 2020): 8 primary emotions with 3 intensities each.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

NEUTRAL: Final = "neutral"

#: Primary emotion -> its three fine-grained ones by rising intensity. The order is that of keys 1 to 8.
WHEEL: Final[dict[str, tuple[str, str, str]]] = {
    "joy": ("serenity", "joy", "ecstasy"),
    "trust": ("acceptance", "trust", "admiration"),
    "fear": ("apprehension", "fear", "terror"),
    "surprise": ("distraction", "surprise", "amazement"),
    "sadness": ("pensiveness", "sadness", "grief"),
    "disgust": ("boredom", "disgust", "loathing"),
    "anger": ("annoyance", "anger", "rage"),
    "anticipation": ("interest", "anticipation", "vigilance"),
}

PRIMARY_OF: Final[dict[str, str]] = {fine: primary for primary, fines in WHEEL.items() for fine in fines}

STATUSES: Final = ("absent", "no_emotion", "several", "one")
REASONS: Final = ("text", "audio", "visual", "context")

#: What a project keeps by default out of the 24; every other intensity merges into its primary.
DEFAULT_FINE_GRAINED_KEPT: Final = ("serenity", "interest", "annoyance", "boredom", "distraction")

#: The official MEmoR order: class numbers of a release. The first 9 are the primary set.
PRIMARY_CLASSES: Final = (
    "neutral", "joy", "anger", "disgust", "sadness", "surprise", "fear", "anticipation", "trust",
)  # fmt: skip


#: What may be kept: the mild and the intense ones. The middle one has its primary emotion's name, and is always there.
KEEPABLE: Final = tuple(fine for primary, fines in WHEEL.items() for fine in fines if fine != primary)


def ordered_kept(names: Iterable[str]) -> tuple[str, ...]:
    """Return what a project keeps, each once, in release order: the published ones as published, then the wheel's.

    Raises ValueError that names what cannot be kept.
    """
    wanted = set(names)
    if unknown := sorted(wanted - set(KEEPABLE)):
        raise ValueError(f"{', '.join(unknown)} cannot be kept: choose out of {', '.join(KEEPABLE)}.")
    order = dict.fromkeys((*DEFAULT_FINE_GRAINED_KEPT, *KEEPABLE))
    return tuple(name for name in order if name in wanted)


def fine_grained_classes(kept: tuple[str, ...] = DEFAULT_FINE_GRAINED_KEPT) -> tuple[str, ...]:
    """Return the fine-grained class names in release order: the primary set, then the kept ones as the project does."""
    return (*PRIMARY_CLASSES, *kept)


def merged(fine_grained: str, kept: tuple[str, ...] = DEFAULT_FINE_GRAINED_KEPT) -> str:
    """Return the class of one of the 24 labels under a project's mapping: itself if kept, else its primary.

    Raises KeyError for a name that is not one of the 24.
    """
    return fine_grained if fine_grained in kept else PRIMARY_OF[fine_grained]
