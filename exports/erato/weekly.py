"""The weekly cross-check: percent agreement for five and three categories, over time, per annotator and category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from types import MappingProxyType
from typing import Final

from exports.erato.clips import Answer
from exports.erato.relations import FIVE, THREE, THREE_OF_FIVE

#: (three, five) categories, percent: what the authors reached in their first and last weeks.
PUBLISHED_EARLY: Final = (88.3, 82.6)
PUBLISHED_LATE: Final = (94.8, 90.1)


@dataclass(frozen=True, slots=True)
class Percent:
    """`same` of `pairs` pairs of answers say the same."""

    pairs: int = 0
    same: int = 0

    @property
    def value(self) -> float | None:
        """Percent; None where nothing was compared."""
        return 100 * self.same / self.pairs if self.pairs else None

    def __add__(self, other: Percent) -> Percent:
        return Percent(self.pairs + other.pairs, self.same + other.same)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far annotators agree on the clips they share.

    `by_category` counts answers, not pairs: of the answers that name it, to how many the other one says the same.
    """

    clips: int
    three: Percent
    five: Percent
    by_annotator: Mapping[str, tuple[Percent, Percent]]
    """Annotator -> (three, five), over the pairs that he or she is in."""
    by_category: Mapping[str, Percent]
    """Of FIVE, and of THREE but `neutral`, which is the same in both."""


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    agreement: Agreement


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weekly_agreement(clips: Iterable[tuple[Answer, ...]]) -> list[Week]:
    """Return the agreement of each week, in order; weeks without a clip that two people answered are left out.

    `clips` gives the answers of each clip, one by each annotator. A clip belongs to the week of its first answer,
    whenever others answer, so that a week's number grows truer and never moves into another week.
    """
    weeks: dict[date, list[tuple[Answer, ...]]] = defaultdict(list)
    for answers in clips:
        if len(answers) > 1:
            weeks[monday_of(min(answer.day for answer in answers))].append(answers)
    return [Week(monday, agreement_of(weeks[monday])) for monday in sorted(weeks)]


def agreement_of(clips: Iterable[tuple[Answer, ...]]) -> Agreement:
    """Return the agreement over clips, each given by its answers; every pair of answers of a clip counts once."""
    tally = _Tally()
    count = 0
    for answers in clips:
        if len(answers) > 1:
            count += 1
            for one, other in combinations(answers, 2):
                tally.add(one, other)
    return tally.agreement(count)


class _Tally:
    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        self._together: dict[tuple[str, str], int] = defaultdict(int)

    def add(self, one: Answer, other: Answer) -> None:
        said = (one.relationship, other.relationship)
        counts = self._pairs[one.annotator, other.annotator]
        counts[0] += 1
        counts[1] += THREE_OF_FIVE[said[0]] == THREE_OF_FIVE[said[1]]
        counts[2] += said[0] == said[1]
        self._together[said] += 1

    def agreement(self, clips: int) -> Agreement:
        three, five = Percent(), Percent()
        people: dict[str, tuple[Percent, Percent]] = {}
        for who, (pairs, same_three, same_five) in self._pairs.items():
            of_three, of_five = Percent(pairs, same_three), Percent(pairs, same_five)
            three, five = three + of_three, five + of_five
            for annotator in who:
                before = people.get(annotator, (Percent(), Percent()))
                people[annotator] = (before[0] + of_three, before[1] + of_five)
        categories = {category: self._category({category}) for category in FIVE}
        for group in THREE:
            members = {name for name in FIVE if THREE_OF_FIVE[name] == group}
            categories.setdefault(group, self._category(members))
        return Agreement(
            clips, three, five, MappingProxyType(dict(sorted(people.items()))), MappingProxyType(categories)
        )

    def _category(self, members: set[str]) -> Percent:
        named = same = 0
        for said, count in self._together.items():
            hits = sum(name in members for name in said)
            named += hits * count
            same += 2 * count * (hits == 2)
        return Percent(named, same)
