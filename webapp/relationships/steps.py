"""The three steps of labelling a clip, and their order (rule 4): plain values and functions, no Django.

A turn is a log of events. What is said stays until it is said anew: going back, or discarding, takes nothing away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

from exports.erato.clips import Pair
from exports.erato.discards import DISCARDS
from exports.erato.relations import FIVE
from webapp.annotation.remarks import LONGEST_COMMENT
from webapp.annotation.rules import RuleError

LINES: Final = "lines"
PAIR: Final = "pair"
RELATIONSHIP: Final = "relationship"
DONE: Final = "done"
DISCARDED: Final = "discarded"

#: In their order. A discarded clip stands beside them.
STEPS: Final = (LINES, PAIR, RELATIONSHIP, DONE)
#: Where one can go back to.
BACK_TO: Final = (LINES, PAIR, RELATIONSHIP)

#: What an event that says something asks for: the step it belongs to.
_BELONGS_TO: Final = {"lines_done": LINES, "pair": PAIR, "relationship": RELATIONSHIP}
_NEEDS: Final = {
    LINES: "The subtitles of this clip are checked already: go back to change them.",
    PAIR: "The pair is chosen after the subtitles are checked.",
    RELATIONSHIP: "The relationship is chosen after the pair.",
}


@dataclass(frozen=True, slots=True)
class StepEvent:
    """Something that was said or done in a turn. Of a relationship, `pair` is the one it is said of."""

    kind: str
    pair: Pair | None = None
    relationship: str = ""
    back_to: str = ""
    reason: str = ""
    words: str = ""
    unsure: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn says of its clip: how a pair stands to each other, or why the clip is no good."""

    pair: Pair | None = None
    relationship: str = ""
    unsure: bool = False
    comment: str = ""
    discarded: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a turn is. `pair` and `relationship` are the last that were said, also after going back."""

    step: str = LINES
    pair: Pair | None = None
    relationship: str = ""
    outcome: Outcome | None = None
    """The last that was complete; a finished turn counts with it. Once there is one, there always is."""
    answer: Outcome | None = None
    """The last complete one with a relationship."""
    resumes: str = LINES
    """Where one goes on who does not discard the clip after all."""

    @property
    def is_complete(self) -> bool:
        """Whether the turn can be finished."""
        return self.step in (DONE, DISCARDED)


def standing(events: Iterable[StepEvent]) -> Standing:
    """Return where a turn is after its events, oldest first; they were checked when they were made."""
    return reduce(after, events, Standing())


def after(now: Standing, event: StepEvent) -> Standing:
    """Return where a turn is after one more event."""
    match event.kind:
        case "lines_done":
            return replace(now, step=PAIR)
        case "pair":
            return replace(now, step=RELATIONSHIP, pair=event.pair)
        case "relationship":
            said = Outcome(event.pair, event.relationship, event.unsure, event.comment)
            return replace(now, step=DONE, relationship=event.relationship, outcome=said, answer=said)
        case "back":
            return replace(now, step=event.back_to)
        case "discard":
            resumes = now.resumes if now.step == DISCARDED else now.step
            return replace(
                now, step=DISCARDED, resumes=resumes, outcome=Outcome(discarded=event.reason, words=event.words)
            )
        case "undiscard":
            return replace(now, step=now.resumes, outcome=now.answer or now.outcome)
    raise ValueError(f"{event.kind!r} is no event of a turn")


def check_event(now: Standing, event: StepEvent, candidates: Collection[int]) -> None:
    """Raise RuleError unless the event may come now, and says something that can be said."""
    _check_order(now, event)
    wrong: dict[str, list[str]] = {}
    if event.kind == "pair" and (event.pair is None or not set(event.pair) <= set(candidates)):
        wrong["pair"] = ["Choose two of the people who are offered."]
    elif event.kind == "pair" and event.pair is not None and event.pair[0] >= event.pair[1]:
        wrong["pair"] = ["Choose two different people."]
    if event.kind == "relationship" and event.relationship not in FIVE:
        wrong["relationship"] = [f"Choose one of {', '.join(FIVE)}."]
    if event.kind == "discard" and event.reason not in DISCARDS:
        wrong["reason"] = [f"Choose one of {', '.join(DISCARDS)}."]
    if event.kind == "discard" and event.reason == "other" and not event.words:
        wrong["words"] = ["Say in your own words why this clip is no good."]
    for name, text in (("words", event.words), ("comment", event.comment)):
        if len(text) > LONGEST_COMMENT:
            wrong[name] = [f"This has at most {LONGEST_COMMENT} characters."]
    if wrong:
        raise RuleError("rule_broken", "This cannot be said of the clip.", wrong)


def _check_order(now: Standing, event: StepEvent) -> None:
    """Raise RuleError `wrong_step` for an event whose time has not come, or is over."""
    problem = ""
    if event.kind == "undiscard":
        problem = "" if now.step == DISCARDED else "This clip is not discarded."
    elif event.kind == "discard":
        problem = ""
    elif now.step == DISCARDED:
        problem = "This clip is discarded: take that back first."
    elif event.kind == "back":
        if event.back_to not in BACK_TO or STEPS.index(event.back_to) >= STEPS.index(now.step):
            problem = "One can only go back to a step that was done before."
    elif now.step != (wanted := _BELONGS_TO[event.kind]):
        later = STEPS.index(now.step) > STEPS.index(wanted)
        problem = "This step is done: go back to change it." if later else _NEEDS[wanted]
    if problem:
        raise RuleError("wrong_step", problem)


def check_lines_may_change(now: Standing) -> None:
    """Raise RuleError `wrong_step` unless the turn is at its subtitles."""
    if now.step != LINES:
        raise RuleError("wrong_step", _NEEDS[LINES])
