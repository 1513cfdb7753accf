"""What is said and shown in the demo episode: neutral, invented dialogue between two made-up characters.

The faces are public-domain portraits that ship inside installed packages (see `pictures.py`); the names and the words
have nothing to do with the people in the portraits.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

FRAME_RATE: Final = Fraction(24000, 1001)
WIDTH: Final = 1280
HEIGHT: Final = 720

NORA: Final = "Nora"
JUNE: Final = "June"


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken line. `joins_previous_subtitle`: it shares the subtitle of the line before it."""

    speaker: str
    text: str
    joins_previous_subtitle: bool = False


@dataclass(frozen=True, slots=True)
class ShotScript:
    """One camera shot: a camera of `pictures.CAMERAS`, silence before its first line, its lines, silence after each."""

    camera: str
    lead_s: float
    lines: tuple[Line, ...] = ()
    tail_s: float = 0.45


SCRIPT: Final[tuple[ShotScript, ...]] = (
    ShotScript("two", 1.2, (Line(NORA, "Good morning, June. Did you sleep well?"),)),
    ShotScript("june", 0.3, (Line(JUNE, "Not at all. I was waiting for the letter all night."),)),
    ShotScript("nora", 0.3, (Line(NORA, "And? Did it arrive?"),), tail_s=0.15),
    ShotScript("june_wide", 0.2, (Line(JUNE, "It did. Here it is, still closed.", joins_previous_subtitle=True),)),
    ShotScript("nora_near", 0.4, (Line(NORA, "Open it! I can not wait any longer."),)),
    ShotScript("june", 0.5, (Line(JUNE, "I am afraid. What if they said no?"),), tail_s=0.9),
    ShotScript("launch_pad", 4.4),
    ShotScript("june_wide", 0.5, (Line(JUNE, "They said yes! I am going to fly!"),)),
    ShotScript("two", 0.3, (Line(NORA, "Oh, that is wonderful! I always knew that you could do it."),)),
    ShotScript(
        "two_close",
        0.3,
        (Line(JUNE, "But I have to leave on Monday."), Line(NORA, "So soon? I will miss you very much.")),
    ),
    ShotScript("june", 0.4, (Line(JUNE, "I will write to you every week, I promise."),)),
    ShotScript("nora", 0.4, (Line(NORA, "Then I will be happy. Come, let us have some coffee."),), tail_s=0.7),
    ShotScript("coffee", 2.0),
)
