"""Annotations of a file become turns of a project: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TextIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from webapp.accounts.models import User
from webapp.annotation.jsonl import ClipKey, Line, LineError, check_protocol, read_lines
from webapp.annotation.models import Assignment, Clip, Moment, MomentEvent, Project, StateRevision, Task, Watched
from webapp.annotation.queries import main_characters
from webapp.annotation.remarks import stored
from webapp.annotation.rules import missing_answers
from webapp.annotation.services import clips
from webapp.annotation.services.projects import add_members
from webapp.annotation.services.turns import lease_end
from webapp.annotation.watching import merged
from webapp.corpus.models import Character, Episode, Proxy

TurnKey = tuple[int, str, ClipKey | None, int]  # episode, annotator, clip, which turn


LONGEST_USERNAME: Final = 150


@dataclass
class Turn:
    """What a file says of one annotator's turn; `line` is where it first speaks of it."""

    line: Line
    episode: Episode
    clip: ClipKey | None
    annotator: User
    done: bool
    finished_at: datetime | None = None
    watched: list[list[int]] = field(default_factory=list)
    moments: list[Line] = field(default_factory=list)
    states: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportCounts:
    turns: int
    moments: int
    states: int
    known: int
    """Moments and states that were there already: importing a file twice changes nothing."""


@transaction.atomic
def import_annotations(*, project: Project, file: TextIO, create_annotators: bool = False) -> ImportCounts:
    """Import a file of JSON lines (docs/formats.md). Raises RuleError (LineError); then nothing was imported."""
    check_protocol(project)
    lines = read_lines(file)
    people = _people(lines, create_annotators)
    add_members(project=project, users=list(people.values()))
    turns = _turns(project, lines, people)
    counts = {"turns": 0, "moments": 0, "states": 0, "known": 0}
    episodes_touched: dict[int, Task] = {}
    for turn in (turn for turn in turns.values() if turn.clip is None):
        task = Task.objects.get(project=project, kind=Task.Kind.MOMENTS, episode=turn.episode)
        _store_moments(turn, task, counts)
        episodes_touched[task.pk] = task
    for task in episodes_touched.values():
        clips.make_clips_when_ready(task=task)
    made = {(clip.episode_id, clip.start_ms, clip.end_ms): clip for clip in project.clips.all()}
    tasks = [(turn, _states_task(turn, made)) for turn in turns.values() if turn.clip is not None]
    for turn, task in tasks:
        _store_states(turn, task, counts)
    return ImportCounts(**counts)


def _people(lines: list[Line], create: bool) -> dict[str, User]:
    names = {line.annotator: line.number for line in reversed(lines)}
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    for name in sorted(set(names) - set(people), key=names.__getitem__):
        if not create:
            raise LineError(names[name], f"there is no user “{name}”: make one, or use --create-annotators.")
        if len(name) > LONGEST_USERNAME:
            raise LineError(names[name], f"a user name has at most {LONGEST_USERNAME} characters.")
        people[name] = User.objects.create_user(username=name, is_active=False)  # without a password
    return people


def _turns(project: Project, lines: list[Line], people: dict[str, User]) -> dict[TurnKey, Turn]:
    episodes = {(e.series.name, e.title): e for e in project.episodes.select_related("series")}
    says_turns = any(line.kind == "turn" for line in lines)
    turns: dict[TurnKey, Turn] = {}
    for line in lines:
        episode = episodes.get((line.series, line.episode))
        if episode is None:
            raise LineError(line.number, f"the project has no episode “{line.series}/{line.episode}”.")
        clip = line.clip if line.kind != "moment" else None
        key = (episode.pk, line.annotator, clip, line.turn)
        turn = turns.setdefault(key, Turn(line, episode, clip, people[line.annotator], done=not says_turns))
        if line.kind == "turn":
            turn.done = turn.done or line.values["done"]
            turn.finished_at = line.values["finished_at"] or turn.finished_at
            turn.watched = line.values["watched"] or turn.watched
        elif line.kind == "moment":
            turn.moments.append(line)
        else:
            turn.states.append(line)
    _check_done_once(turns)
    return turns


def _check_done_once(turns: dict[TurnKey, Turn]) -> None:
    """Nobody answers a task twice: of an annotator's turns at it, one can be done. Raises LineError."""
    done: dict[tuple[int, str, ClipKey | None], int] = {}
    for (episode, annotator, clip, _number), turn in turns.items():
        if turn.done and done.setdefault((episode, annotator, clip), turn.line.turn) != turn.line.turn:
            raise LineError(turn.line.number, f"{annotator} has finished this task in another turn already.")


def _new_lines(lines: list[Line], name: str, known: Iterable[UUID]) -> list[Line]:
    """Return the lines whose id (values[name]) is not known; a line twice is one. Raises LineError."""
    seen: dict[UUID, Line | None] = dict.fromkeys(known)
    new = []
    for line in lines:
        first = seen.setdefault(line.values[name], line)
        if first is line:
            new.append(line)
        elif first is not None and first.values != line.values:
            raise LineError(line.number, f"its id was used by line {first.number} for something else.")
    return new


def _assignment(turn: Turn, task: Task, counts: dict[str, int]) -> Assignment:
    """Return the annotator's turn at the task, or fill a free slot. Raises LineError if the task has its k answers.

    An open turn comes back as one that was given back: its answers count for nobody yet.
    """
    kept = list(task.assignments.exclude(status=Assignment.Status.ABANDONED))
    theirs = list(task.assignments.filter(annotator=turn.annotator).order_by("pk"))
    if turn.done:
        known = next((assignment for assignment in theirs if assignment in kept), None)
    else:
        known = theirs[turn.line.turn - 1] if 1 <= turn.line.turn <= len(theirs) else None
    if known is not None:
        return known
    free = sorted(set(range(task.answers_wanted)) - {assignment.slot for assignment in kept})
    if turn.done and not free:
        raise LineError(turn.line.number, f"this {task.kind} task has its {task.answers_wanted} answers already.")
    counts["turns"] += 1
    now = timezone.now()
    return Assignment.objects.create(
        task=task,
        annotator=turn.annotator,
        slot=free[0] if free else 0,
        status=Assignment.Status.HELD if turn.done else Assignment.Status.ABANDONED,
        leased_until=lease_end(now),
    )


def _close(assignment: Assignment, turn: Turn) -> None:
    if turn.done and assignment.status == Assignment.Status.HELD:
        assignment.status = Assignment.Status.DONE
        assignment.finished_at = turn.finished_at or timezone.now()
        assignment.save(update_fields=["status", "finished_at"])


def _store_moments(turn: Turn, task: Task, counts: dict[str, int]) -> None:
    assignment = _assignment(turn, task, counts)
    duration_ms = Proxy.objects.current_for(turn.episode).get().duration_ms
    for line in turn.moments:
        if line.values["time_ms"] > duration_ms:
            raise LineError(line.number, f"the episode ends at {duration_ms} ms.")
    new = _new_lines(turn.moments, "id", assignment.moments.values_list("client_id", flat=True))
    if new and assignment.status == Assignment.Status.DONE:
        raise LineError(new[0].number, "this turn is finished in the project: moments cannot be added to it.")
    moments = Moment.objects.bulk_create(
        Moment(
            assignment=assignment,
            client_id=line.values["id"],
            time_ms=line.values["time_ms"],
            playback_rate=line.values["playback_rate"],
            corrected_ms=line.values["corrected_ms"],
            removed=line.values["removed"],
            created_at=line.values["created_at"] or timezone.now(),
        )
        for line in new
    )
    MomentEvent.objects.bulk_create(
        MomentEvent(moment=moment, client_id=moment.client_id, kind=MomentEvent.Kind.REMOVED)
        for moment in moments
        if moment.removed
    )
    if turn.watched:
        Watched.objects.get_or_create(assignment=assignment, defaults={"spans": merged(turn.watched, duration_ms)})
    counts["moments"] += len(new)
    counts["known"] += len(turn.moments) - len(new)
    _close(assignment, turn)


def _states_task(turn: Turn, made: dict[tuple[int, int, int], Clip]) -> Task:
    """Return the task of a states turn's clip. Raises LineError."""
    assert turn.clip is not None
    clip = made.get((turn.episode.pk, *turn.clip))
    task = Task.objects.filter(clip=clip).first() if clip else None
    if clip is None or task is None:
        why = "is too long to be labelled" if clip else "was not made from any moment"
        raise LineError(turn.line.number, f"the clip {turn.clip[0]}-{turn.clip[1]} ms {why}.")
    return task


def _store_states(turn: Turn, task: Task, counts: dict[str, int]) -> None:
    assignment = _assignment(turn, task, counts)
    mains = {character.name: character for character in main_characters(turn.episode.series_id)}
    new = _new_lines(turn.states, "client_id", assignment.states.values_list("client_id", flat=True))
    if new and assignment.status == Assignment.Status.DONE:
        raise LineError(new[0].number, "this turn is finished in the project: answers cannot be added to it.")
    StateRevision.objects.bulk_create(_revision(line, assignment, mains) for line in new)
    counts["states"] += len(new)
    counts["known"] += len(turn.states) - len(new)
    if turn.done:
        answered = assignment.states.values_list("character", flat=True)
        missing = missing_answers(((c.pk, c.name) for c in mains.values()), answered)
        if missing:
            raise LineError(
                turn.line.number, f"{turn.line.annotator} has no answer for {', '.join(missing)} in this clip."
            )
    _close(assignment, turn)


def _revision(line: Line, assignment: Assignment, mains: dict[str, Character]) -> StateRevision:
    values: dict[str, Any] = line.values
    character = mains.get(values["character"])
    if character is None:
        raise LineError(
            line.number, f"“{values['character']}” is no main character; main characters are {', '.join(mains)}."
        )
    answer = values["answer"]
    return StateRevision(
        assignment=assignment,
        client_id=values["client_id"],
        character=character,
        status=answer.status,
        primary=answer.primary,
        fine_grained=answer.fine_grained,
        reasons=list(answer.reasons),
        duration_ms=values["duration_ms"],
        prelabel=values["prelabel"],
        **stored(values["remarks"]),
        created_at=values["created_at"] or timezone.now(),
    )
