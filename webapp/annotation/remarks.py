"""What an annotator may add to an answer: doubt, a comment, and where its reasons are to be seen or heard. No Django.

All of it is optional. It changes no sample; it is stored with the revision and exported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from webapp.annotation.rules import RuleError

LONGEST_COMMENT: Final = 2000
MOST_EVIDENCE: Final = 20

#: What evidence is: a spoken line, any span of time, a face as it is followed through a shot.
EVIDENCE_KINDS: Final = ("line", "span", "track")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where one of the answer's reasons is to be seen or heard; times are milliseconds on the proxy, half open."""

    reason: str
    kind: str
    start_ms: int
    end_ms: int
    index: int | None = None
    """Number of the line or face track in the episode's analysis of that time; None for a span. Times outlive it."""

    def document(self) -> dict[str, Any]:
        """Return it as it is stored and exported."""
        return {
            "reason": self.reason,
            "kind": self.kind,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "index": self.index,
        }


@dataclass(frozen=True, slots=True)
class Remarks:
    """What goes with an answer; `context_watched_ms` is how much of what came before the clip was watched."""

    unsure: bool = False
    comment: str = ""
    evidence: tuple[Evidence, ...] = ()
    context_watched_ms: int = 0


NO_REMARKS: Final = Remarks()


def stored(remarks: Remarks) -> dict[str, Any]:
    """Return remarks as a revision keeps them."""
    return {
        "unsure": remarks.unsure,
        "comment": remarks.comment,
        "evidence": [one.document() for one in remarks.evidence],
        "context_watched_ms": remarks.context_watched_ms,
    }


def check_remarks(remarks: Remarks, reasons: Sequence[str]) -> None:
    """Raise RuleError where remarks do not fit the answer they go with."""
    wrong: dict[str, list[str]] = {}
    if len(remarks.comment) > LONGEST_COMMENT:
        wrong["comment"] = [f"A comment has at most {LONGEST_COMMENT} characters."]
    if len(remarks.evidence) > MOST_EVIDENCE:
        wrong["evidence"] = [f"Point at no more than {MOST_EVIDENCE} places."]
    for place, one in enumerate(remarks.evidence):
        if says := _wrong_evidence(one, reasons):
            wrong[f"evidence[{place}]"] = [says]
    if wrong:
        raise RuleError("rule_broken", "What goes with the answer cannot be used.", wrong)


def _wrong_evidence(one: Evidence, reasons: Sequence[str]) -> str:
    if one.kind not in EVIDENCE_KINDS:
        return f"Evidence is one of {', '.join(EVIDENCE_KINDS)}."
    if one.reason not in reasons:
        return f"“{one.reason}” is not among the reasons of the answer."
    if not 0 <= one.start_ms < one.end_ms:
        return "It must start before it ends, and not before the episode does."
    if (one.index is None) != (one.kind == "span"):
        return "A line or a face track has its number, a span has none."
    return ""
