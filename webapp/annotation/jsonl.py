"""Annotations as JSON lines: one format for export and import (docs/formats.md, “Annotations”).

Three kinds of lines, all naming series, episode and annotator:
`turn` (task, clip, status), `moment` (id, time_ms, removed), `state` (clip, character, status, ...).
A file without `turn` lines is one of finished turns. Where one annotator had several turns at the same task (given back
and taken again), `turn` numbers them from 1.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Never, TextIO
from uuid import UUID

from webapp.annotation.models import Assignment, Moment, Project, StateRevision, Task
from webapp.annotation.remarks import Evidence, Remarks, check_remarks
from webapp.annotation.rules import RuleError, StateAnswer, check_state

ClipKey = tuple[int, int]

LONGEST_NAME: Final = 200
_TASKS: Final = (Task.Kind.MOMENTS, Task.Kind.STATES)


class LineError(RuleError):
    """A line cannot be used: which, and why."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__("bad_line", f"Line {number}: {message} Nothing was imported.")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was checked on its own; names are looked up later."""

    number: int
    kind: str
    series: str
    episode: str
    annotator: str
    clip: ClipKey | None
    turn: int
    values: dict[str, Any]


def check_protocol(project: Project) -> None:
    """Raise RuleError unless the format holds what is said in the project."""
    if project.protocol != Project.Protocol.MEMOR:
        raise RuleError(
            "other_protocol",
            f"These lines hold moments and states of MEmoR projects; “{project.name}” follows"
            f" {project.get_protocol_display()}. export_dataset writes its clips with all answers (snapshot.jsonl).",
        )


def write_lines(project: Project, file: TextIO) -> int:
    """Write all annotations of a MEmoR project (`check_protocol`), in a fixed order; return the number of lines."""
    count = 0
    for document in documents(project):
        file.write(json.dumps(document, ensure_ascii=False) + "\n")
        count += 1
    return count


def documents(project: Project) -> Iterator[dict[str, Any]]:
    """Yield turns, then moments, then states, each oldest first within an episode."""
    numbers = _turn_numbers(project)
    turns = (
        Assignment.objects.filter(task__project=project)
        .select_related("task__episode__series", "task__clip", "annotator", "watched")
        .order_by("task__episode", "task__kind", "task__clip__start_ms", "task__clip__end_ms", "pk")
    )
    for turn in turns.iterator(chunk_size=1000):
        done = turn.status == Assignment.Status.DONE
        yield {
            "kind": "turn",
            "task": turn.task.kind,
            **_where(turn, numbers),
            "status": "done" if done else "open",
            "finished_at": turn.finished_at.isoformat() if turn.finished_at else None,
            **({"watched": turn.watched.spans} if hasattr(turn, "watched") else {}),
        }
    moments = Moment.objects.filter(assignment__task__project=project).select_related(
        "assignment__task__episode__series", "assignment__annotator"
    )
    for moment in moments.order_by("assignment__task__episode", "time_ms", "client_id", "pk").iterator(chunk_size=1000):
        where = _where(moment.assignment, numbers)
        where.pop("clip", None)
        yield {
            "kind": "moment",
            **where,
            "id": str(moment.client_id),
            "time_ms": moment.time_ms,
            "playback_rate": moment.playback_rate,
            "corrected_ms": moment.corrected_ms,
            "removed": moment.removed,
            "created_at": moment.created_at.isoformat(),
        }
    states = StateRevision.objects.filter(assignment__task__project=project).select_related(
        "assignment__task__episode__series", "assignment__task__clip", "assignment__annotator", "character"
    )
    order = ("assignment__task__episode", "assignment__task__clip__start_ms", "created_at", "client_id", "pk")
    for state in states.order_by(*order).iterator(chunk_size=1000):
        yield {
            "kind": "state",
            **_where(state.assignment, numbers),
            "client_id": str(state.client_id),
            "character": state.character.name,
            "status": state.status,
            "primary": state.primary,
            "fine_grained": state.fine_grained,
            "reasons": state.reasons,
            "duration_ms": state.duration_ms,
            "prelabel": state.prelabel,
            "unsure": state.unsure,
            "comment": state.comment,
            "evidence": state.evidence,
            "context_watched_ms": state.context_watched_ms,
            "created_at": state.created_at.isoformat(),
        }


def _turn_numbers(project: Project) -> dict[int, int]:
    """Return assignment id -> which of its annotator's turns at the task it is, from 1."""
    counted: Counter[tuple[int, int]] = Counter()
    numbers = {}
    turns = Assignment.objects.filter(task__project=project).order_by("pk")
    for pk, task, annotator in turns.values_list("pk", "task", "annotator").iterator(chunk_size=5000):
        counted[task, annotator] += 1
        numbers[pk] = counted[task, annotator]
    return numbers


def _where(turn: Assignment, numbers: Mapping[int, int]) -> dict[str, Any]:
    task = turn.task
    return {
        "series": task.episode.series.name,
        "episode": task.episode.title,
        "clip": {"start_ms": task.clip.start_ms, "end_ms": task.clip.end_ms} if task.clip else None,
        "annotator": turn.annotator.username,
        "turn": numbers[turn.pk],
    }


def open_lines(path: Path) -> TextIO:
    """Open a file for `read_lines`, which can then say which line is not UTF-8."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n")


def read_lines(file: TextIO) -> list[Line]:
    """Read and check every line on its own. Raises LineError at the first that cannot be used."""
    return [_line(number, text) for number, text in enumerate(file, start=1) if text.strip()]


def _line(number: int, text: str) -> Line:
    if not _can_be_stored(text):
        raise LineError(number, "it is not UTF-8 text.")
    try:
        document = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise LineError(number, f"it is not JSON ({error.msg}, column {error.colno}).") from error
    except (ValueError, RecursionError) as error:
        raise LineError(number, "it is JSON with numbers too long, or too many brackets, to be read.") from error
    kind = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in _CHECKS:
        raise LineError(number, f"it must be an object whose “kind” is one of {', '.join(_CHECKS)}.")
    series, episode, annotator = (_text(number, document, name) for name in ("series", "episode", "annotator"))
    clip = _clip(number, document)
    turn = _whole(number, document, "turn", 1)
    return Line(number, kind, series, episode, annotator, clip, turn, _CHECKS[kind](number, document, clip))


def _no_number(name: str) -> Never:
    raise json.JSONDecodeError(f"{name} is no number", name, 0)


def _can_be_stored(text: str) -> bool:
    """Whether a database can hold the text: no NUL, and no half of a surrogate pair (a byte that is not UTF-8)."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _text(number: int, document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value or len(value) > LONGEST_NAME or not _can_be_stored(value):
        raise LineError(number, f"“{name}” must be a text of 1 to {LONGEST_NAME} characters.")
    return value


def _whole(number: int, document: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = document.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise LineError(number, f"“{name}” must be a whole number, at least 0.")
    return value


def _clip(number: int, document: Mapping[str, Any]) -> ClipKey | None:
    clip = document.get("clip")
    if clip is None:
        return None
    if not isinstance(clip, dict):
        raise LineError(number, "“clip” must be an object with start_ms and end_ms.")
    return _whole(number, clip, "start_ms"), _whole(number, clip, "end_ms")


def _uuid(number: int, document: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(str(document.get(name)))
    except ValueError as error:
        raise LineError(number, f"“{name}” must be a UUID.") from error


def _time(number: int, document: Mapping[str, Any], name: str) -> datetime | None:
    value = document.get(name)
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(str(value))
        if time.tzinfo is None:
            raise LineError(number, f"“{name}” must name its time zone.")
        return time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise LineError(number, f"“{name}” must be an ISO 8601 time.") from error


def _turn(number: int, document: Mapping[str, Any], clip: ClipKey | None) -> dict[str, Any]:
    if document.get("task") not in _TASKS:
        raise LineError(number, "“task” must be moments or states.")
    if document.get("status") not in ("done", "open"):
        raise LineError(number, "“status” must be done or open.")
    if (document["task"] == Task.Kind.STATES) != (clip is not None):
        raise LineError(number, "a states turn needs a clip, a moments turn has none.")
    return {
        "task": document["task"],
        "done": document["status"] == "done",
        "finished_at": _time(number, document, "finished_at"),
        "watched": _watched(number, document),
    }


def _watched(number: int, document: Mapping[str, Any]) -> list[list[int]]:
    spans = document.get("watched", [])
    if not isinstance(spans, list) or not all(isinstance(span, list) and len(span) == 2 for span in spans):
        raise LineError(number, "“watched” must be a list of [start_ms, end_ms].")
    return [[_whole(number, {"watched": edge}, "watched") for edge in span] for span in spans]


def _moment(number: int, document: Mapping[str, Any], clip: ClipKey | None) -> dict[str, Any]:
    if not isinstance(document.get("removed", False), bool):
        raise LineError(number, "“removed” must be true or false.")
    time_ms = _whole(number, document, "time_ms")
    corrected_ms = None if document.get("corrected_ms") is None else _whole(number, document, "corrected_ms")
    if corrected_ms is not None and corrected_ms > time_ms:
        raise LineError(number, "“corrected_ms” must not be after “time_ms”.")
    rate = document.get("playback_rate", 1.0)
    if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0.25 <= rate <= 4:
        raise LineError(number, "“playback_rate” must be a number from 0.25 to 4.")
    return {
        "id": _uuid(number, document, "id"),
        "time_ms": time_ms,
        "playback_rate": float(rate),
        "corrected_ms": corrected_ms,
        "removed": document.get("removed", False),
        "created_at": _time(number, document, "created_at"),
    }


def _state(number: int, document: Mapping[str, Any], clip: ClipKey | None) -> dict[str, Any]:
    if clip is None:
        raise LineError(number, "“clip” must be an object with start_ms and end_ms.")
    reasons = document.get("reasons", [])
    if not isinstance(reasons, list) or not all(isinstance(reason, str) for reason in reasons):
        raise LineError(number, "“reasons” must be a list of texts.")
    answer = StateAnswer(
        status=str(document.get("status", "")),
        primary=str(document.get("primary") or ""),
        fine_grained=str(document.get("fine_grained") or ""),
        reasons=tuple(reasons),
    )
    _check(number, lambda: check_state(answer))
    return {
        "client_id": _uuid(number, document, "client_id"),
        "character": _text(number, document, "character"),
        "answer": answer,
        "duration_ms": _whole(number, document, "duration_ms", 0),
        "prelabel": _prelabel(number, document),
        "remarks": _remarks(number, document, answer.reasons),
        "created_at": _time(number, document, "created_at"),
    }


def _check(number: int, rule: Callable[[], None]) -> None:
    """Raise LineError with what a rule says against the line."""
    try:
        rule()
    except RuleError as error:
        wrong = "; ".join(f"“{name}”: {' '.join(texts)}" for name, texts in error.fields.items())
        raise LineError(number, wrong) from error


def _remarks(number: int, document: Mapping[str, Any], reasons: tuple[str, ...]) -> Remarks:
    unsure, comment, evidence = document.get("unsure", False), document.get("comment", ""), document.get("evidence", [])
    if not isinstance(unsure, bool):
        raise LineError(number, "“unsure” must be true or false.")
    if not isinstance(comment, str) or not _can_be_stored(comment):
        raise LineError(number, "“comment” must be a text.")
    if not isinstance(evidence, list):
        raise LineError(number, "“evidence” must be a list of objects.")
    places = tuple(_evidence(number, one) for one in evidence)
    remarks = Remarks(unsure, comment, places, _whole(number, document, "context_watched_ms", 0))
    _check(number, lambda: check_remarks(remarks, reasons))
    return remarks


def _evidence(number: int, one: Any) -> Evidence:
    if not isinstance(one, dict):
        raise LineError(number, "“evidence” must be a list of objects.")
    index = None if one.get("index") is None else _whole(number, one, "index")
    start_ms, end_ms = _whole(number, one, "start_ms"), _whole(number, one, "end_ms")
    return Evidence(_text(number, one, "reason"), _text(number, one, "kind"), start_ms, end_ms, index)


def _prelabel(number: int, document: Mapping[str, Any]) -> dict[str, Any] | None:
    prelabel = document.get("prelabel")
    try:
        written = json.dumps(prelabel, ensure_ascii=False, allow_nan=False)
    except ValueError:  # a number so large that it became infinite
        written = "\0"
    if not (prelabel is None or isinstance(prelabel, dict)) or not _can_be_stored(written) or "\\u0000" in written:
        raise LineError(number, "“prelabel” must be an object or null, of texts and numbers that can be stored.")
    return prelabel


_CHECKS = {"turn": _turn, "moment": _moment, "state": _state}
