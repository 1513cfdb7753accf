"""The five relationships, and the three-way label that follows from each (Gao et al., ERATO, 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: From the worst to the best; `neutral` in the middle.
FIVE: Final = ("hostile", "tense", "neutral", "mild", "intimate")
THREE: Final = ("negative", "neutral", "positive")

THREE_OF_FIVE: Final[Mapping[str, str]] = MappingProxyType(
    {"hostile": "negative", "tense": "negative", "neutral": "neutral", "mild": "positive", "intimate": "positive"}
)
