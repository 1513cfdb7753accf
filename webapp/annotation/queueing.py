"""Which kind of clip an annotator is given: training first, then work with gold clips among it. Plain functions.

Gold clips must not be guessed, so they do not come every so many clips: the places of an annotator's clips are cut into
blocks as long as the share asks for, and one place of each block, drawn by a hash, is gold. So the share holds after
any number of clips, and everything about an annotator's queue can be said again at any time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

WORK, TRAINING, GOLD = "work", "training", "gold"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an annotator stands in a project. Who is no member (an admin) neither trains nor is checked."""

    #: Names the annotator in the project: the same one, the same gold places.
    key: str
    is_member: bool = True
    trains: bool = False
    is_open: bool = False
    gold_percent: int = 0
    #: How many clips of work and gold he or she has had, the one that is held included.
    place: int = 0

    @property
    def is_training(self) -> bool:
        return self.trains and self.is_member and not self.is_open


def purposes(standing: Standing) -> tuple[str, ...]:
    """Return which clips the annotator may be given next, the wanted kind first; a gold one only before work."""
    if standing.is_training:
        return (TRAINING,)
    if standing.is_member and is_gold_place(standing.place, standing.gold_percent, standing.key):
        return (GOLD, WORK)
    return (WORK,)


def is_gold_place(place: int, percent: int, key: str) -> bool:
    """Whether the annotator's clip number `place`, from 0, is a gold one."""
    return percent > 0 and place == _gold_place(place * percent // 100, percent, key)


def gold_before(place: int, percent: int, key: str) -> int:
    """Return how many of the first `place` clips are gold: `percent` of them, give or take one."""
    if percent <= 0:
        return 0
    block = place * percent // 100
    return block + (_gold_place(block, percent, key) < place)


def turns_left(standing: Standing, *, work: int, training: int, gold: int) -> int:
    """Return how many clips the annotator can still take, of so many open ones of each kind.

    Gold clips are counted as they will come: a number that stands still after one would tell which it was.
    """
    if standing.is_training:
        return training
    if not standing.is_member:
        return work
    before = gold_before(standing.place, standing.gold_percent, standing.key)
    total = work
    while True:
        met = gold_before(standing.place + total, standing.gold_percent, standing.key) - before
        if work + min(gold, met) == total:
            return total
        total = work + min(gold, met)


def shuffled_place(key: str, item: int) -> str:
    """Return what to sort items by for an order that is one's own: nobody can tell another what comes next."""
    return hashlib.sha256(f"{key}:{item}".encode()).hexdigest()


def _gold_place(block: int, percent: int, key: str) -> int:
    """Return the gold place of a block: block b holds the places p with floor(p * percent / 100) = b."""
    first, after = -(-block * 100 // percent), -(-(block + 1) * 100 // percent)
    return first + int(shuffled_place(key, block)[:12], 16) % (after - first)
