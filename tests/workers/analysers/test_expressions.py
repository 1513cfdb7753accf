"""What a face shows in a span: the weighted mean of the looks in it, of one person, and only where enough was seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.expressions import LEAST_WEIGHT, suggest_expressions
from workers.analysers.facts import Expression, ExpressionFacts, TrackExpressions

EMOTIONS = ("joy", "sadness", "neutral")


def facts(*tracks: tuple[int, list[Expression]]) -> ExpressionFacts:
    return ExpressionFacts(EMOTIONS, tuple(TrackExpressions(track, tuple(looks)) for track, looks in tracks), "net-1")


def test_looks_count_by_their_weight() -> None:
    looks = [Expression(0, (1.0, 0.0, 0.0), 0.9), Expression(500, (0.0, 0.0, 1.0), 0.3)]
    (one,) = suggest_expressions(facts((4, looks)), {4: 7}, [(0, 1000)])
    assert (one.identity, one.start_ms, one.end_ms, one.looks) == (7, 0, 1000, 2)
    assert one.probabilities == (("joy", pytest.approx(0.75)), ("neutral", pytest.approx(0.25)), ("sadness", 0.0))


def test_tracks_of_one_person_are_put_together_and_those_of_two_are_not() -> None:
    joy, sadness = Expression(0, (1.0, 0.0, 0.0), 1.0), Expression(10, (0.0, 1.0, 0.0), 1.0)
    seen = facts((0, [joy]), (1, [sadness]), (2, [sadness]))
    both, other = suggest_expressions(seen, {0: 0, 1: 0, 2: 1}, [(0, 100)])
    assert dict(both.probabilities) == {"joy": 0.5, "sadness": 0.5, "neutral": 0.0}
    assert (other.identity, other.probabilities[0]) == (1, ("sadness", 1.0))


def test_a_span_ends_before_its_end() -> None:
    looks = [Expression(time, (1.0, 0.0, 0.0), 1.0) for time in (999, 1000)]
    found = suggest_expressions(facts((0, looks)), {0: 0}, [(0, 1000), (1000, 2000), (2000, 3000)])
    assert [(one.start_ms, one.looks) for one in found] == [(0, 1), (1000, 1)]


def test_faces_that_tell_little_and_faces_of_nobody_suggest_nothing() -> None:
    dim = [Expression(0, (1.0, 0.0, 0.0), LEAST_WEIGHT / 2 - 0.01)] * 2
    clear = [Expression(0, (1.0, 0.0, 0.0), 1.0)]
    assert suggest_expressions(facts((0, dim), (1, clear), (2, clear)), {0: 0, 1: None}, [(0, 1000)]) == ()
    assert suggest_expressions(ExpressionFacts(), {0: 0}, [(0, 1000)]) == ()


share = st.floats(0.01, 1)
looks = st.lists(
    st.builds(Expression, st.integers(0, 999), st.tuples(share, share, share), st.floats(0, 1)), min_size=1, max_size=6
)


@given(looks)
def test_probabilities_are_sorted_sum_to_one_and_lie_between_those_of_the_looks(seen: list[Expression]) -> None:
    whole = [
        Expression(one.time_ms, tuple(p / sum(one.probabilities) for p in one.probabilities), one.weight)
        for one in seen
    ]
    found = suggest_expressions(facts((0, whole)), {0: 0}, [(0, 1000)])
    assert len(found) == (sum(one.weight for one in seen) >= LEAST_WEIGHT)
    for one in found:
        shares = [p for _, p in one.probabilities]
        assert sum(shares) == pytest.approx(1)
        assert shares == sorted(shares, reverse=True)
        joy = [look.probabilities[0] for look in whole]
        assert min(joy) - 1e-9 <= dict(one.probabilities)["joy"] <= max(joy) + 1e-9
