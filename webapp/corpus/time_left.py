"""How long an analysis will still take: by a step's own rate once it runs, before by what it took lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import OuterRef, Subquery

from webapp.corpus.models import Episode, Proxy
from webapp.jobs.models import Job

#: So many done jobs of a step say what it takes.
REMEMBERED = 20
#: Looked through for them: several episodes' jobs.
LOOKED_THROUGH = 400
#: A step's own rate counts once it ran so long and came so far.
SETTLED_SECONDS = 3.0
SETTLED_PERCENT = 3
#: The step while which others may be done whose jobs are claimed only when it is over.
AHEAD_OF = "proxy"


@dataclass(frozen=True, slots=True)
class Pace:
    """What a step took lately: seconds of work for a second of video; `rides_with`: done while those steps were."""

    seconds_per_second: float
    rides_with: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Whole seconds until a job ends once it is its turn, by job; and until the episode is done. None: not known."""

    jobs: Mapping[int, int | None]
    episode: int | None


def known_paces() -> dict[str, Pace]:
    """Return the median pace of each step's last done jobs, in one query."""
    video = Proxy.objects.filter(episode=OuterRef("episode"), job__is_current=True).values("duration_ms")[:1]
    done = (
        Job.objects.filter(kind=Job.Kind.ANALYSIS, status=Job.Status.DONE)
        .annotate(duration_ms=Subquery(video))
        .order_by("-finished_at")
        .values_list("name", "started_at", "finished_at", "beside__name", "duration_ms")
    )
    paces: dict[str, list[tuple[float, str | None]]] = defaultdict(list)
    for name, started, finished, beside, duration_ms in done[:LOOKED_THROUGH]:
        if started and finished and duration_ms and len(paces[name]) < REMEMBERED:
            took = (finished - started).total_seconds()
            paces[name].append((took / (duration_ms / 1000), beside))
    return {name: _pace(found) for name, found in paces.items() if found}


def _pace(found: Sequence[tuple[float, str | None]]) -> Pace:
    """Return the pace of a step's last jobs, the newest first: what each took, and beside which it was done.

    What was seen while a proxy was encoded only had to be stored: that tells no more of a pass over a proxy than that
    the next one may be seen so too.
    """
    took = [seconds for seconds, beside in found if beside != AHEAD_OF] or [seconds for seconds, _ in found]
    beside = {name for _, name in found if name and (name != AHEAD_OF or found[0][1] == AHEAD_OF)}
    return Pace(median(took), frozenset(beside))


def durations_of(episodes: Sequence[Episode]) -> dict[int, int | None]:
    """Return episode id -> length of its proxy in ms, None before there is one; load them `with_media()`."""
    return {
        episode.pk: next((proxy.duration_ms for proxy in getattr(episode, "current_proxies", ())), None)
        for episode in episodes
    }


def time_left(
    jobs: Mapping[int, Sequence[Job]], durations: Mapping[int, int | None], *, now: datetime
) -> dict[int, TimeLeft]:
    """Return episode id -> time left, for the jobs that `newest_jobs` returned; durations in ms."""
    busy = any(job.status in Job.UNFINISHED for of_episode in jobs.values() for job in of_episode)
    paces = known_paces() if busy else {}
    return {pk: of_one(found, durations.get(pk), paces, now=now) for pk, found in jobs.items()}


def of_one(jobs: Sequence[Job], duration_ms: int | None, paces: Mapping[str, Pace], *, now: datetime) -> TimeLeft:
    """Return the time left of one episode's jobs.

    Steps that run side by side end with the slowest; those that wait come one after the other, but for those that ride
    in a pass that is still to come. More workers are faster than that.
    """
    left = {job.pk: _of_job(job, duration_ms, paces, now=now) for job in jobs if job.status in Job.UNFINISHED}
    running = [left[job.pk] for job in jobs if job.status == Job.Status.RUNNING]
    passes = [
        left[job.pk]
        for job in jobs
        if job.status == Job.Status.WAITING and job.kind == Job.Kind.ANALYSIS and not _rides(job, jobs, paces)
    ]
    planning = any(job.kind == Job.Kind.PLAN for job in jobs if job.status in Job.UNFINISHED)
    if planning or any(seconds is None for seconds in (*running, *passes)):
        return TimeLeft(left, None)
    together = max((seconds for seconds in running if seconds is not None), default=0)
    return TimeLeft(left, together + sum(seconds for seconds in passes if seconds is not None))


def _rides(job: Job, jobs: Sequence[Job], paces: Mapping[str, Pace]) -> bool:
    """Whether a job that waits is expected to be done in the pass of another one that is still to be done."""
    pace = paces.get(job.name)
    return pace is not None and any(
        other.name in pace.rides_with and other.status in Job.UNFINISHED for other in jobs if other is not job
    )


def _of_job(job: Job, duration_ms: int | None, paces: Mapping[str, Pace], *, now: datetime) -> int | None:
    pace = paces.get(job.name)
    expected = pace.seconds_per_second * duration_ms / 1000 if pace and duration_ms else None
    if job.status == Job.Status.WAITING or job.started_at is None:
        return None if expected is None else round(expected)
    ran = (now - job.started_at).total_seconds()
    if ran >= SETTLED_SECONDS and job.progress >= SETTLED_PERCENT:
        return max(1, round(ran * (100 - job.progress) / job.progress))
    return None if expected is None else max(1, round(expected - ran))
