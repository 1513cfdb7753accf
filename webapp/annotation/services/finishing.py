"""Ending a turn: each kind of turn asks for something else before it is done."""

from __future__ import annotations

from typing import Final, Protocol

from webapp.annotation.models import Assignment, Task
from webapp.annotation.services.moments import finish_moments
from webapp.annotation.services.states import finish_states


class Finish(Protocol):
    """Ends a turn for which all is said; a repeated call changes nothing. Raises LeaseLost, RuleError."""

    def __call__(self, *, assignment: Assignment) -> None: ...


#: An app with turns of its own adds how they end when it is ready.
FINISHES: Final[dict[str, Finish]] = {
    Task.Kind.MOMENTS: finish_moments,
    Task.Kind.STATES: finish_states,
}

#: What apps do once a turn has ended; ending it again calls them again.
AFTERWARDS: Final[list[Finish]] = []


def finish(*, assignment: Assignment) -> None:
    """End the turn. Raises LeaseLost, and RuleError for what is missing."""
    FINISHES[assignment.task.kind](assignment=assignment)
    for then in AFTERWARDS:
        then(assignment=assignment)
