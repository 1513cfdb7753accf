"""Annotations as JSON lines: one format for export and import (docs/formats.md, “Annotations”).

Three kinds of lines, all naming series, episode and annotator:
`turn` (task, clip, status), `moment` (id, time_ms, removed), `state` (clip, character, status, ...).
A file without `turn` lines is one of finished turns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO
from uuid import UUID

from webapp.annotation.models import Assignment, Moment, Project, StateRevision, Task
from webapp.annotation.rules import RuleError, StateAnswer, check_state

ClipKey = tuple[int, int]


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
    values: dict[str, Any]


def write_lines(project: Project, file: TextIO) -> int:
    """Write all annotations of a project, in a fixed order; return the number of lines."""
    count = 0
    for document in documents(project):
        file.write(json.dumps(document, ensure_ascii=False) + "\n")
        count += 1
    return count


def documents(project: Project) -> Iterator[dict[str, Any]]:
    """Yield turns, then moments, then states, each oldest first within an episode."""
    turns = (
        Assignment.objects.filter(task__project=project)
        .select_related("task__episode__series", "task__clip", "annotator")
        .order_by("task__episode", "task__kind", "task__clip__start_ms", "task__clip__end_ms", "slot", "pk")
    )
    for turn in turns.iterator(chunk_size=1000):
        done = turn.status == Assignment.Status.DONE
        yield {
            "kind": "turn",
            "task": turn.task.kind,
            **_where(turn),
            "status": "done" if done else "open",
            "finished_at": turn.finished_at.isoformat() if turn.finished_at else None,
        }
    moments = Moment.objects.filter(assignment__task__project=project).select_related(
        "assignment__task__episode__series", "assignment__annotator"
    )
    for moment in moments.order_by("assignment__task__episode", "time_ms", "id").iterator(chunk_size=1000):
        where = _where(moment.assignment)
        where.pop("clip", None)
        yield {
            "kind": "moment",
            **where,
            "id": str(moment.pk),
            "time_ms": moment.time_ms,
            "removed": moment.removed,
            "created_at": moment.created_at.isoformat(),
        }
    states = StateRevision.objects.filter(assignment__task__project=project).select_related(
        "assignment__task__episode__series", "assignment__task__clip", "assignment__annotator", "character"
    )
    order = ("assignment__task__episode", "assignment__task__clip__start_ms", "created_at", "client_id")
    for state in states.order_by(*order).iterator(chunk_size=1000):
        yield {
            "kind": "state",
            **_where(state.assignment),
            "client_id": str(state.client_id),
            "character": state.character.name,
            "status": state.status,
            "primary": state.primary,
            "fine_grained": state.fine_grained,
            "reasons": state.reasons,
            "duration_ms": state.duration_ms,
            "prelabel": state.prelabel,
            "created_at": state.created_at.isoformat(),
        }


def _where(turn: Assignment) -> dict[str, Any]:
    task = turn.task
    return {
        "series": task.episode.series.name,
        "episode": task.episode.title,
        "clip": {"start_ms": task.clip.start_ms, "end_ms": task.clip.end_ms} if task.clip else None,
        "annotator": turn.annotator.username,
    }


def read_lines(file: TextIO) -> list[Line]:
    """Read and check every line on its own. Raises LineError at the first that cannot be used."""
    lines = []
    try:
        for number, text in enumerate(file, start=1):
            if text.strip():
                lines.append(_line(number, text))
    except UnicodeDecodeError as error:
        raise LineError(len(lines) + 1, "the file is not UTF-8 from here on.") from error
    return lines


def _line(number: int, text: str) -> Line:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise LineError(number, f"it is not JSON ({error.msg}, column {error.colno}).") from error
    if not isinstance(document, dict) or document.get("kind") not in _CHECKS:
        raise LineError(number, f"it must be an object whose “kind” is one of {', '.join(_CHECKS)}.")
    names = {name: _text(number, document, name) for name in ("series", "episode", "annotator")}
    clip = _clip(number, document)
    return Line(number, document["kind"], clip=clip, values=_CHECKS[document["kind"]](number, document, clip), **names)


def _text(number: int, document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise LineError(number, f"“{name}” must be a text.")
    return value


def _whole(number: int, document: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = document.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise LineError(number, f"“{name}” must be a whole number of milliseconds, at least 0.")
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
    except ValueError as error:
        raise LineError(number, f"“{name}” must be an ISO 8601 time.") from error
    if time.tzinfo is None:
        raise LineError(number, f"“{name}” must name its time zone.")
    return time


def _turn(number: int, document: Mapping[str, Any], clip: ClipKey | None) -> dict[str, Any]:
    if document.get("task") not in Task.Kind.values:
        raise LineError(number, f"“task” must be one of {', '.join(Task.Kind.values)}.")
    if document.get("status") not in ("done", "open"):
        raise LineError(number, "“status” must be done or open.")
    if (document["task"] == Task.Kind.STATES) != (clip is not None):
        raise LineError(number, "a states turn needs a clip, a moments turn has none.")
    return {
        "task": document["task"],
        "done": document["status"] == "done",
        "finished_at": _time(number, document, "finished_at"),
    }


def _moment(number: int, document: Mapping[str, Any], clip: ClipKey | None) -> dict[str, Any]:
    if not isinstance(document.get("removed", False), bool):
        raise LineError(number, "“removed” must be true or false.")
    return {
        "id": _uuid(number, document, "id"),
        "time_ms": _whole(number, document, "time_ms"),
        "removed": document.get("removed", False),
        "created_at": _time(number, document, "created_at"),
    }


def _state(number: int, document: Mapping[str, Any], clip: ClipKey | None) -> dict[str, Any]:
    if clip is None:
        raise LineError(number, "“clip” must be an object with start_ms and end_ms.")
    reasons = document.get("reasons", [])
    if not isinstance(reasons, list) or not all(isinstance(reason, str) for reason in reasons):
        raise LineError(number, "“reasons” must be a list of texts.")
    prelabel = document.get("prelabel")
    if prelabel is not None and not isinstance(prelabel, dict):
        raise LineError(number, "“prelabel” must be an object or null.")
    answer = StateAnswer(
        status=str(document.get("status", "")),
        primary=str(document.get("primary") or ""),
        fine_grained=str(document.get("fine_grained") or ""),
        reasons=tuple(reasons),
    )
    try:
        check_state(answer)
    except RuleError as error:
        wrong = "; ".join(f"“{name}”: {' '.join(texts)}" for name, texts in error.fields.items())
        raise LineError(number, wrong) from error
    return {
        "client_id": _uuid(number, document, "client_id"),
        "character": _text(number, document, "character"),
        "answer": answer,
        "duration_ms": _whole(number, document, "duration_ms", 0),
        "prelabel": prelabel,
        "created_at": _time(number, document, "created_at"),
    }


_CHECKS = {"turn": _turn, "moment": _moment, "state": _state}
