"""From looks at faces to what one person's face shows in a span: material for suggestions, never an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from workers.analysers.facts import Expression, ExpressionFacts, ExpressionSuggestion

NAME: Final = "suggestions"
VERSION: Final = "1"

#: Looks that weigh less than this together (half of one good look) say nothing.
LEAST_WEIGHT: Final = 0.5

Span = tuple[int, int]


def suggest_expressions(
    expressions: ExpressionFacts, identity_of: Mapping[int, int | None], spans: Sequence[Span]
) -> tuple[ExpressionSuggestion, ...]:
    """Return what each person shows in each span in which enough of the face was seen, by span, then identity.

    `identity_of`: track -> identity, None or absent for a face that is nobody's. `spans` are half open, in ms. The
    probabilities are the mean of the looks in the span, each counted by its weight.
    """
    looks: dict[int, list[Expression]] = defaultdict(list)
    for track in expressions.tracks:
        identity = identity_of.get(track.track)
        if identity is not None:
            looks[identity] += track.looks
    found = []
    for start_ms, end_ms in spans:
        for identity in sorted(looks):
            seen = [look for look in looks[identity] if start_ms <= look.time_ms < end_ms]
            weights = np.array([look.weight for look in seen])
            if weights.sum() < LEAST_WEIGHT:
                continue
            mean = np.average([look.probabilities for look in seen], axis=0, weights=weights)
            shares = (mean / mean.sum()).tolist()
            likeliest = sorted(zip(expressions.emotions, shares, strict=True), key=lambda pair: (-pair[1], pair[0]))
            found.append(ExpressionSuggestion(identity, start_ms, end_ms, tuple(likeliest), len(seen)))
    return tuple(found)
