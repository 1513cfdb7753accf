"""How late somebody presses (MEmoR protocol, moments): the calibration's rule, plain values and functions, no Django.

The clip shows a face that changes at known times. A press answers the last change before it if it comes neither too
early to be an answer nor too late. The delay is the median of the answers, the spread their median absolute deviation,
scaled to a standard deviation of a normal distribution (Rousseeuw & Croux, 1993), so that one inattentive second moves
neither.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median, stdev
from typing import Final

CLIP_FILE: Final = Path(__file__).parent / "data" / "calibration.json"

#: Nobody sees and presses faster than this: such a press was begun before the change.
FASTEST_MS: Final = 100
#: Later than this it answers nothing any more.
SLOWEST_MS: Final = 2_000
#: Scales a median absolute deviation to a standard deviation.
MAD_SCALE: Final = 1.4826

#: A calibration can be used from so many answers on...
FEWEST_HITS: Final = 8
#: ... with no more spread than this...
WIDEST_SPREAD_MS: Final = 250
#: ... and at most this share of presses that answer nothing.
MOST_DISCARDED: Final = 1 / 3


@dataclass(frozen=True, slots=True)
class CalibrationClip:
    """A clip with known onsets; the first `practice` of them do not count."""

    version: str
    video: str
    duration_ms: int
    practice: int
    onsets_ms: tuple[int, ...]

    @property
    def counted_ms(self) -> tuple[int, ...]:
        return self.onsets_ms[self.practice :]


@cache
def calibration_clip() -> CalibrationClip:
    """Return the clip that the application shows; `workers.demo.calibration` makes its video from the same file."""
    values = json.loads(CLIP_FILE.read_text(encoding="utf-8"))
    return CalibrationClip(
        version=values["version"],
        video=values["video"],
        duration_ms=values["duration_ms"],
        practice=values["practice"],
        onsets_ms=tuple(onset["time_ms"] for onset in values["onsets"]),
    )


@dataclass(frozen=True, slots=True)
class ReactionTime:
    """What presses say of a person. `delays_ms` has an entry per counted onset, None where no press answered it."""

    delays_ms: tuple[int | None, ...]
    discarded: int
    """Presses that answer nothing: too early, too late, or a second one."""
    delay_ms: int | None
    """Median; None without an answer."""
    spread_ms: int | None
    """Scaled median absolute deviation; None with fewer than two answers."""
    deviation_ms: int | None
    """Standard deviation of the answers, for comparison."""

    @property
    def hits(self) -> int:
        return sum(delay is not None for delay in self.delays_ms)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why it cannot be used: `too_few_hits`, `too_much_spread`, `too_many_discarded`; () when it can."""
        pressed = self.hits + self.discarded
        found = {
            "too_few_hits": self.hits < FEWEST_HITS,
            "too_much_spread": self.spread_ms is not None and self.spread_ms > WIDEST_SPREAD_MS,
            "too_many_discarded": pressed > 0 and self.discarded / pressed > MOST_DISCARDED,
        }
        return tuple(name for name, is_so in found.items() if is_so)


def reaction_time(presses_ms: Sequence[int], clip: CalibrationClip) -> ReactionTime:
    """Return what the presses (times on the clip) say. Presses for practice onsets are neither hits nor discarded."""
    delays: dict[int, int] = {}
    discarded = 0
    for press in sorted(presses_ms):
        place = bisect_right(clip.onsets_ms, press) - 1
        if 0 <= place < clip.practice or (place < 0 and clip.practice):
            continue
        delay = press - clip.onsets_ms[place] if place >= 0 else -1
        if place in delays or not FASTEST_MS <= delay <= SLOWEST_MS:
            discarded += 1
        else:
            delays[place] = delay
    found = list(delays.values())
    middle = median(found) if found else None
    spread = None
    if middle is not None and len(found) >= 2:
        spread = round(MAD_SCALE * median(abs(delay - middle) for delay in found))
    return ReactionTime(
        delays_ms=tuple(delays.get(place) for place in range(clip.practice, len(clip.onsets_ms))),
        discarded=discarded,
        delay_ms=None if middle is None else round(middle),
        spread_ms=spread,
        deviation_ms=round(stdev(found)) if len(found) >= 2 else None,
    )


def corrected(time_ms: int, delay_ms: int, playback_rate: float) -> int:
    """Return when the emotion was there: before the press by the delay, in which more of a faster video passes."""
    return max(0, time_ms - round(delay_ms * playback_rate))


def clip_time_ms(raw_ms: int, corrected_ms: int | None, moment_time: str) -> int:
    """Return the time that makes the clip: `raw`, or `corrected`, which without a calibration is the press itself."""
    return corrected_ms if moment_time == "corrected" and corrected_ms is not None else raw_ms
