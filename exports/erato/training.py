"""Training of annotators (rule 5): how their answers compare with the gold answer, and the draw of a cross-check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exports.erato.clips import Pair
from exports.erato.relations import THREE_OF_FIVE


@dataclass(frozen=True, slots=True)
class Said:
    """How a pair stands to each other, as somebody says; without a pair the clip was discarded."""

    pair: Pair | None = None
    relationship: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Of `answered` clips, `judged` have a gold answer; so many were answered alike in five and in three categories."""

    answered: int = 0
    judged: int = 0
    same_five: int = 0
    same_three: int = 0

    @property
    def percent(self) -> float | None:
        """Percent answered as the gold answer says, in five categories; None where nothing can be compared."""
        return 100 * self.same_five / self.judged if self.judged else None


def differ(answers: Iterable[Said]) -> bool:
    """Whether annotators say different things: another pair is another answer, whatever the relationship."""
    return len(set(answers)) > 1


def score(answers: Iterable[tuple[Said, Said | None]]) -> Score:
    """Compare each answer with the gold answer of its clip, None where there is none yet.

    An answer about another pair is not the same, and neither is a clip discarded that others could label.
    """
    answered = judged = five = three = 0
    for said, gold in answers:
        answered += 1
        if gold is None:
            continue
        judged += 1
        if said.pair == gold.pair:
            five += said.relationship == gold.relationship
            three += THREE_OF_FIVE.get(said.relationship) == THREE_OF_FIVE.get(gold.relationship)
    return Score(answered, judged, five, three)


def has_passed(result: Score, total: int, threshold_percent: int) -> bool:
    """Whether the training is over: all `total` clips answered and judged, enough of them as the gold answer says."""
    if not total or result.answered < total or result.judged < total:
        return False
    return 100 * result.same_five >= threshold_percent * result.judged


def draw(clips: Sequence[int], *, percent: int, seed: int, week: str, annotator: int) -> list[int]:
    """Return the clips of one annotator's week that others answer too: `percent` of them, rounded, at least one.

    The draw follows from its arguments alone, and not from the order of `clips`.
    """
    wanted = min(len(clips), max(1, (len(clips) * percent + 50) // 100))

    def ticket(clip: int) -> str:
        return hashlib.sha256(f"{seed}:{week}:{annotator}:{clip}".encode()).hexdigest()

    return sorted(sorted(clips, key=ticket)[:wanted])
