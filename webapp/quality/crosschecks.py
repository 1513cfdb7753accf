"""The weekly cross-check (ERATO rule 5): drawing the clips of a week, and how far annotators agree on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from exports.erato.clips import Answer
from exports.erato.training import differ, draw
from exports.erato.weekly import Agreement, Percent, Week, agreement_of, monday_of, weekly_agreement
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project, Task
from webapp.annotation.rules import RuleError
from webapp.annotation.services.wanting import want_answers
from webapp.quality.models import CrossCheck, CrossCheckSettings, CrossCheckWeek
from webapp.quality.remembered import Remembered
from webapp.quality.said import FinishedTurn, finished_turns
from webapp.quality.training import answers_by_clip

_WEEK: Final = timedelta(days=7)


def settings_of(project: Project) -> CrossCheckSettings:
    """Return what an admin decided, else the defaults; not yet stored then."""
    return CrossCheckSettings.objects.filter(project=project).first() or CrossCheckSettings(project=project)


def decide(*, project: Project, **values: Any) -> CrossCheckSettings:
    """Set `is_on`, `percent`, `others` or `seed`. Weeks that were drawn stay as they are. Raises RuleError."""
    _check_protocol(project)
    chosen, _ = CrossCheckSettings.objects.update_or_create(project=project, defaults=values)
    return chosen


def _check_protocol(project: Project) -> None:
    if project.protocol != Project.Protocol.ERATO:
        message = "Only projects of the ERATO protocol have a weekly cross-check."
        raise RuleError("wrong_protocol", message)


@transaction.atomic
def draw_weeks(*, project: Project, by: User | None = None, now: datetime | None = None) -> list[CrossCheckWeek]:
    """Draw every week that has ended and was not drawn yet; returns the weeks drawn. Drawing twice changes nothing.

    Raises RuleError where the project has no cross-check, or it is off.
    """
    _check_protocol(project)
    Project.objects.select_for_update().get(pk=project.pk)
    chosen = settings_of(project)
    if not chosen.is_on:
        raise RuleError("cross_check_off", "The cross-check of this project is off. Turn it on first.")
    weeks = []
    for monday, turns in sorted(_undrawn(project, now or timezone.now()).items()):
        week = CrossCheckWeek.objects.create(
            project=project, monday=monday, percent=chosen.percent, others=chosen.others, seed=chosen.seed, drawn_by=by
        )
        _draw(week, turns)
        weeks.append(week)
    return weeks


def _undrawn(project: Project, now: datetime) -> dict[date, list[FinishedTurn]]:
    """Return Monday -> the first turns at clips finished in that week, for weeks that ended and were not drawn.

    Discarded clips are left out: others would have nothing to agree with.
    """
    last = CrossCheckWeek.objects.filter(project=project).aggregate(last=Max("monday"))["last"]
    since = _midnight(last + _WEEK) if last else None
    until = _midnight(monday_of(timezone.localdate(now)))
    new = Assignment.objects.filter(task__project=project, status=Assignment.Status.DONE, finished_at__lt=until)
    if not (new.filter(finished_at__gte=since) if since else new).exists():
        return {}  # by far the most frequent case, and all turns need not be read for it
    found: dict[date, list[FinishedTurn]] = defaultdict(list)
    for first, *_ in answers_by_clip(finished_turns(project, purpose=Task.Purpose.WORK)).values():
        if first.said.pair and (since is None or first.finished_at >= since) and first.finished_at < until:
            found[_week_of(first)].append(first)
    return found


def _draw(week: CrossCheckWeek, turns: Iterable[FinishedTurn]) -> None:
    by_annotator: dict[int, list[int]] = defaultdict(list)
    for turn in turns:
        by_annotator[turn.annotator].append(turn.task)
    checks = [
        CrossCheck(week=week, task_id=task, annotator_id=annotator)
        for annotator, tasks in sorted(by_annotator.items())
        for task in draw(tasks, percent=week.percent, seed=week.seed, week=week.monday.isoformat(), annotator=annotator)
    ]
    CrossCheck.objects.bulk_create(checks)
    drawn = Q(cross_check__week=week)
    Task.objects.filter(drawn).update(others_wanted=week.others)
    want_answers(week.project, of=drawn)


def draw_all(now: datetime | None = None) -> int:
    """Draw the weeks that have ended in every project with a cross-check; returns how many weeks were drawn."""
    projects = Project.objects.filter(cross_check__is_on=True, protocol=Project.Protocol.ERATO)
    return sum(len(draw_weeks(project=project, now=now)) for project in projects)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _week_of(turn: FinishedTurn) -> date:
    return monday_of(timezone.localdate(turn.finished_at))


@dataclass(frozen=True, slots=True)
class Report:
    """Agreement on all clips of work that two annotators or more have answered, names by id."""

    weeks: list[Week]
    total: Agreement
    names: dict[str, str]
    differing: list[int]
    """Clips on which annotators differ, the one that was finished last first."""


def make_report(project: Project) -> Report:
    """Return the agreement of every week; what was said when a turn ended counts (`FinishedTurn`).

    A clip that somebody discards is compared by those who labelled it.
    """
    turns = finished_turns(project, purpose=Task.Purpose.WORK, answers_wanted__gt=1)
    clips: list[tuple[Answer, ...]] = []
    differing = []
    for clip, of_clip in answers_by_clip(turns).items():
        answers = tuple(_answer(turn) for turn in of_clip if turn.said.pair)
        if len(answers) > 1:
            clips.append(answers)
        if differ(turn.said for turn in of_clip):
            differing.append((of_clip[-1].finished_at, clip))
    people = User.objects.filter(assignments__task__project=project).distinct()
    names = {str(one.pk): one.full_name for one in people}
    return Report(
        weekly_agreement(clips), agreement_of(clips), names, [clip for _, clip in sorted(differing, reverse=True)]
    )


def _answer(turn: FinishedTurn) -> Answer:
    assert turn.said.pair is not None, "discards are no answers"
    return Answer(str(turn.annotator), turn.said.pair, turn.said.relationship, timezone.localdate(turn.finished_at))


def _report_version(project: Project) -> tuple[object, ...]:
    """Return what differs whenever a turn of the project has ended: nothing else changes the report."""
    done = Assignment.objects.filter(task__project=project, status=Assignment.Status.DONE)
    return tuple(done.aggregate(Count("pk"), Max("finished_at")).values())


report_of: Final = Remembered(make_report, _report_version).of

COLUMNS: Final = ("week", "group", "name", "compared", "same_three", "percent_three", "same_five", "percent_five")


def csv_rows(report: Report) -> Iterator[tuple[object, ...]]:
    """Yield the lines of the CSV file, its head first: per week all, by annotator and by category (no three there)."""
    yield COLUMNS
    for week in [*report.weeks, None]:
        agreement = week.agreement if week else report.total
        monday = week.monday.isoformat() if week else "all"
        yield (monday, "all", "", *_numbers(agreement.three, agreement.five))
        for who, (three, five) in agreement.by_annotator.items():
            yield (monday, "annotator", report.names.get(who, who), *_numbers(three, five))
        for category, percent in agreement.by_category.items():
            yield (monday, "category", category, percent.pairs, "", "", percent.same, _shown(percent))


def _numbers(three: Percent, five: Percent) -> tuple[object, ...]:
    return (five.pairs, three.same, _shown(three), five.same, _shown(five))


def _shown(percent: Percent) -> str:
    return "" if percent.value is None else f"{percent.value:.1f}"
