"""The clips of a project as admins list them: what is loaded, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from webapp.annotation.models import Assignment, Clip, Project
from webapp.relationships.models import ClipFacts, ClipPerson

#: What a list of clips can be narrowed to: those that are labelled, all that were dropped, or one reason.
KEPT, DROPPED, RESTORED = "kept", "dropped", "restored"
SHOWN = (KEPT, DROPPED, RESTORED, *ClipFacts.Drop.values)

_IS_DROPPED = ~Q(facts__drop="") & Q(facts__restored_at__isnull=True)


def clips_of(project: Project, *, shown: str = "", episode: int | None = None) -> QuerySet[Clip]:
    """The clips of a project by episode and time. `shown`: one of SHOWN, "" for all.

    Page through their ids and load those `with_details`: what is skipped then costs a look at the index alone.
    """
    clips = Clip.objects.filter(project=project)
    if episode is not None:
        clips = clips.filter(episode=episode)
    if shown == KEPT:
        clips = clips.exclude(_IS_DROPPED)
    elif shown == DROPPED:
        clips = clips.filter(_IS_DROPPED)
    elif shown == RESTORED:
        clips = clips.filter(facts__restored_at__isnull=False)
    elif shown:
        clips = clips.filter(_IS_DROPPED, facts__drop=shown)
    return clips.order_by("episode", "start_ms", "end_ms")


def with_details(ids: Collection[int]) -> list[Clip]:
    """Return clips in the order of their ids, with what a list shows of them: two queries for any number."""
    done = Assignment.objects.filter(task__clip=OuterRef("pk"), status=Assignment.Status.DONE)
    counted = done.order_by().values("task__clip").annotate(n=Count("pk")).values("n")
    people = ClipPerson.objects.select_related("identity__character").order_by("place")
    rows = (
        Clip.objects.filter(facts__isnull=False)
        .select_related("facts__restored_by", "episode__series")
        .annotate(answers=Coalesce(Subquery(counted), 0), answers_wanted=Coalesce(F("task__answers_wanted"), 0))
        .prefetch_related(Prefetch("people", queryset=people))
        .in_bulk(ids)
    )
    return [rows[pk] for pk in ids if pk in rows]


def dropped_clips(clips: QuerySet[Clip]) -> Counter[int]:
    """Return episode id -> how many of its clips are dropped, in one query."""
    dropped = clips.filter(_IS_DROPPED, facts__isnull=False).order_by()
    return Counter(dict(dropped.values_list("episode").annotate(Count("pk"))))


@dataclass(frozen=True, slots=True)
class ClipCounts:
    """How many clips a project has; `reasons` counts those that are dropped by ClipFacts.Drop."""

    total: int
    kept: int
    restored: int
    reasons: dict[str, int]

    @property
    def dropped(self) -> int:
        return sum(self.reasons.values())


def clip_counts(project: Project) -> ClipCounts:
    """Count the clips of a project in one query."""
    facts = ClipFacts.objects.filter(clip__project=project).order_by()
    rows = list(facts.values_list("drop").annotate(Count("pk"), Count("restored_at")))
    dropped = {drop: number - restored for drop, number, restored in rows if drop}
    total = sum(number for _, number, _ in rows)
    return ClipCounts(
        total=total,
        kept=total - sum(dropped.values()),
        restored=sum(restored for _, _, restored in rows),
        reasons={reason: dropped.get(reason, 0) for reason in ClipFacts.Drop.values},
    )
