"""Where two people may interact: runs of shots in which the same two faces alternate or share the screen.

Offers to whoever looks for interactions, never clips by themselves. Times are integer milliseconds on the proxy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exports.erato.clips import ClipRules, Pair, Span, merged
from exports.erato.stories import ShotSpan, Story

#: A face that is seen for less of a shot than this does not make the shot one of its person.
LEAST_SHARE: Final = 0.2
#: So many shots on end may show nobody: a look at a hand, a street.
MOST_ASIDE: Final = 1


@dataclass(frozen=True, slots=True)
class Suggestion:
    start_ms: int
    end_ms: int
    people: Pair

    @property
    def key(self) -> str:
        """Names it by its times: merged or split faces do not bring back what was refused."""
        return f"{self.start_ms}-{self.end_ms}"


@dataclass(frozen=True, slots=True)
class _Run:
    """Shots `first` to `last` (places in the list) in which `people` and nobody else are seen."""

    first: int
    last: int
    people: Pair


def suggestions(
    shots: Sequence[ShotSpan],
    stories: Sequence[Story],
    people: Mapping[int, Sequence[Span]],
    rules: ClipRules,
) -> list[Suggestion]:
    """Return the suggested interactions of an episode, in order, apart from each other, inside of story segments.

    A run shows two people and, but for single shots of nobody, no third. Where runs overlap, the longest is taken
    first. One that is shorter than `rules.shortest_ms` is left out; one that is longer than `rules.longest_ms` is cut
    at the shot edges nearest to equal parts, or in equal parts where there are none near enough.
    """
    seen = _people_of_shots(shots, people)
    found = []
    for story in stories:
        for run in _runs(shots, seen, story):
            span = (shots[run.first].start_ms, shots[run.last].end_ms)
            edges = [shots[place].start_ms for place in range(run.first + 1, run.last + 1)]
            for start_ms, end_ms in _cut(span, edges, rules):
                both = all(merged(people[who], (start_ms, end_ms)) for who in run.people)
                if both and end_ms - start_ms >= rules.shortest_ms:
                    found.append(Suggestion(start_ms, end_ms, run.people))
    return sorted(found, key=lambda one: one.start_ms)


def _people_of_shots(shots: Sequence[ShotSpan], people: Mapping[int, Sequence[Span]]) -> list[frozenset[int]]:
    """Return who is seen in each shot. Shots and spans are walked side by side, once for each face."""
    seen: list[set[int]] = [set() for _ in shots]
    whole = (shots[0].start_ms, shots[-1].end_ms) if shots else (0, 0)
    for who, spans in people.items():
        time_ms: Counter[int] = Counter()
        place = 0
        for start, end in merged(spans, whole):
            while shots[place].end_ms <= start:
                place += 1
            inside = place
            while inside < len(shots) and shots[inside].start_ms < end:
                time_ms[inside] += min(end, shots[inside].end_ms) - max(start, shots[inside].start_ms)
                inside += 1
        for place, ms in time_ms.items():
            if ms >= LEAST_SHARE * (shots[place].end_ms - shots[place].start_ms):
                seen[place].add(who)
    return [frozenset(one) for one in seen]


def _runs(shots: Sequence[ShotSpan], seen: Sequence[frozenset[int]], story: Story) -> list[_Run]:
    """Return the runs of a story segment that do not overlap: the longest first, then what is left beside it."""
    free = [(story.first, story.last)]
    found = []
    while free:
        first, last = free.pop()
        longest = max(
            _widest(seen, first, last),
            key=lambda run: (shots[run.last].end_ms - shots[run.first].start_ms, -run.first),
            default=None,
        )
        if longest is None:
            continue
        found.append(longest)
        free += [(first, longest.first - 1), (longest.last + 1, last)]
    return found


def _widest(seen: Sequence[frozenset[int]], first: int, last: int) -> list[_Run]:
    """Return the runs of two people from each place on, as long as they go."""
    found = []
    for start in range(first, last + 1):
        who: frozenset[int] = frozenset()
        end = start - 1
        if not seen[start]:
            continue
        aside = 0
        for place in range(start, last + 1):
            aside = 0 if seen[place] else aside + 1
            if aside > MOST_ASIDE or len(who | seen[place]) > 2:
                break
            who |= seen[place]
            end = place if seen[place] else end
        if len(who) == 2:
            one, other = sorted(who)
            found.append(_Run(start, end, (one, other)))
    return found


def _cut(span: Span, edges: Sequence[int], rules: ClipRules) -> list[Span]:
    """Return a span in parts of at most `rules.longest_ms`."""
    start, end = span
    parts = -(-(end - start) // rules.longest_ms)
    if parts == 1:
        return [span]
    # The next part begins at the edge nearest to an equal share of what is left, so that the rest still fits.
    share = (end - start) / parts
    earliest = max(start + rules.shortest_ms, end - (parts - 1) * rules.longest_ms)
    latest = min(start + rules.longest_ms, end - rules.shortest_ms)
    fitting = [edge for edge in edges if earliest <= edge <= latest]
    at = min(fitting, key=lambda edge: abs(edge - start - share), default=round(start + share))
    return [(start, at), *_cut((at, end), [edge for edge in edges if edge > at], rules)]
