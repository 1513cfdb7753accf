"""What is slow to work out for a large project, kept in memory for as long as nothing it stands on has changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from django.db.models import Count, Max, QuerySet

from webapp.annotation.models import Assignment, Clip, ClipMoment, MomentEvent, Project, StateRevision
from webapp.corpus.models import Character

T = TypeVar("T")

#: Results of so many projects are kept by each process; one of 54,000 answers takes some 5 MB.
MOST_PROJECTS: Final = 4


class Remembered(Generic[T]):
    """The last result of `make` for each of a few projects; `version` differs whenever the result may."""

    def __init__(
        self, make: Callable[[Project], T], version: Callable[[Project], tuple[object, ...]] | None = None
    ) -> None:
        self._make = make
        self._version = version or answers_version
        self._kept: OrderedDict[int, tuple[object, T]] = OrderedDict()

    def of(self, project: Project) -> T:
        """Return what `make` returns, or returned last time if nothing was said or decided since."""
        version = self._version(project)
        known = self._kept.get(project.pk)
        if known is not None and known[0] == version:
            return known[1]
        made = self._make(project)
        self._kept[project.pk] = (version, made)
        self._kept.move_to_end(project.pk)
        while len(self._kept) > MOST_PROJECTS:
            self._kept.popitem(last=False)
        return made


def answers_version(project: Project) -> tuple[object, ...]:
    """Return what differs whenever a project's answers, clips, characters or decisions do, in eight small queries.

    Rows of answers are only ever added, so their number and the newest one tell; other projects' answers may change
    it too, which costs time and no truth.
    """
    done = Assignment.objects.filter(status=Assignment.Status.DONE).aggregate(Count("pk"), Max("finished_at"))
    people = Character.objects.filter(series__episodes__projects=project).order_by("pk").distinct()
    return (
        decisions(project),
        tuple(done.values()),
        _rows(StateRevision.objects.all()),
        _rows(Clip.objects.filter(project=project)),
        _rows(ClipMoment.objects.filter(clip__project=project)),
        _rows(MomentEvent.objects.all()),
        tuple(people.values_list("pk", "name", "is_main", "order")),
        tuple(project.episodes.order_by("pk").values_list("pk", "title", "series__name")),
    )


def decisions(project: Project) -> tuple[str, ...]:
    """Return all that was decided about the project itself."""
    return tuple(str(getattr(project, field.attname)) for field in project._meta.concrete_fields)


def _rows(rows: QuerySet[Any, Any]) -> tuple[object, ...]:
    return tuple(rows.aggregate(Count("pk"), Max("pk")).values())
