"""The durable job table: what is to be done, who does it, how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class JobQuerySet(models.QuerySet["Job"]):
    def worn_out(self, now: datetime) -> JobQuerySet:
        """Jobs whose worker gave no sign of life until their lease ran out, once too often."""
        used_up = Q(attempt__gte=F("attempts_before") + settings.JOB_ATTEMPTS)
        return self.filter(used_up, status=Job.Status.RUNNING, leased_until__lt=now)

    def free(self, now: datetime) -> JobQuerySet:
        """Jobs that nobody holds and whose time has come, whatever they need."""
        due = Q(not_before__isnull=True) | Q(not_before__lte=now)
        lost = Q(
            status=Job.Status.RUNNING,
            leased_until__lt=now,
            attempt__lt=F("attempts_before") + settings.JOB_ATTEMPTS,
        )
        return self.filter(Q(status=Job.Status.WAITING) & due | lost)

    def claimable(self, now: datetime, *, beside: Iterable[int] = ()) -> JobQuerySet:
        """Jobs that a worker may start now: nobody holds them, and all they need is done or among `beside`."""
        unmet = Job.objects.filter(wakes=models.OuterRef("pk")).exclude(status=Job.Status.DONE)
        return self.free(now).exclude(models.Exists(unmet.exclude(pk__in=list(beside))))

    def claim(self, pk: int, *, now: datetime, lease: timedelta, worker: str, beside: Sequence[Job] = ()) -> Job | None:
        """Take a job over, atomically; None if it is not claimable. The attempt's number fences off earlier workers."""
        taken = (
            self.claimable(now, beside=[held.pk for held in beside])
            .filter(pk=pk)
            .update(
                status=Job.Status.RUNNING,
                leased_until=now + lease,
                worker=worker,
                attempt=F("attempt") + 1,
                beside=beside[0] if beside else None,
                not_before=None,
                started_at=now,
                finished_at=None,
                progress=0,
                step="",
                error="",
                error_code="",
            )
        )
        return self.get(pk=pk) if taken else None

    def claim_group(self, job: Job, names: Iterable[str], *, now: datetime, lease: timedelta) -> list[Job]:
        """Claim, beside a job just claimed, its episode's jobs among `names` that can be done in the same pass.

        Those are the ones nobody holds, and whose unmet needs are all inside the group. Returns `job` and the claimed
        ones, a job behind all it needs. Each has its own attempt, lease and progress, and ends by itself
        (`services.finish`, `fail`); one that needs another of the group must be finished after it. Give the others to
        `Heartbeat.keep`, which renews all leases; whatever is held when the runner raises is ended by `run_job`.
        """
        group = [job]
        wanted = self.filter(episode=job.episode_id, kind=job.kind, name__in=list(names)).exclude(pk=job.pk)
        while True:
            held = [one.pk for one in group]
            ready = wanted.claimable(now, beside=held).exclude(pk__in=held).order_by("pk")
            claimed = [
                taken
                for pk in ready.values_list("pk", flat=True)
                if (taken := self.claim(pk, now=now, lease=lease, worker=job.worker, beside=group))
            ]
            if not claimed:
                return group
            group += claimed

    def held_as(self, job: Job) -> JobQuerySet:
        """The job's row, if it still belongs to the attempt that `job` was claimed with."""
        return self.filter(pk=job.pk, status=Job.Status.RUNNING, attempt=job.attempt)

    def current(self) -> JobQuerySet:
        return self.filter(is_current=True)


class Job(models.Model):
    """One piece of work for a worker.

    `waiting` -> `running` (claimed under a lease) -> `done` | `failed` | `cancelled`; `running` -> `waiting` until
    `not_before` after an error that may pass; `running` whose lease ran out may be claimed again; both at most
    settings.JOB_ATTEMPTS times. `waiting` -> `failed` | `cancelled` with what it needs; `failed` and `cancelled` ->
    `waiting` by a retry. A message only wakes a worker.

    `attempt` only ever grows: it is the fence that keeps a worker from writing into an attempt that is not its own.
    `attempts_before` are those that no longer count: before the last retry, or given back by a worker that had to end.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        PLAN = "plan"
        ANALYSIS = "analysis"
        RELEASE = "release"
        PRELABEL = "prelabel"
        CAST = "cast"
        TRAIN = "train"
        STORIES = "stories"

    UNFINISHED = (Status.WAITING, Status.RUNNING)

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=40)
    version = models.CharField(max_length=40, blank=True)
    parameters = models.JSONField(default=dict)
    key = models.CharField(max_length=64, unique=True)
    queue = models.CharField(max_length=10, default="cpu")
    episode = models.ForeignKey("corpus.Episode", on_delete=models.CASCADE, null=True, blank=True, related_name="jobs")
    needs = models.ManyToManyField("self", symmetrical=False, related_name="wakes", blank=True)
    is_current = models.BooleanField(default=False)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=100, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    attempts_before = models.PositiveIntegerField(default=0)
    #: The job in whose pass over the video this one is done too (see `claim_group`). Of a job that waits: the one that
    #: does its work meanwhile, as long as that runs (see `services.ride`).
    beside = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    worker = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    #: A waiting job that is tried again later; until then nobody claims it.
    not_before = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    figures = models.JSONField(default=dict)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "name"],
                condition=Q(is_current=True),
                name="one_current_analysis_per_episode_and_analyser",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_is_a_percentage"),
            models.CheckConstraint(condition=~Q(is_current=True) | Q(status="done"), name="only_a_done_job_is_current"),
        ]
        indexes = [models.Index(fields=["status", "leased_until"], name="job_by_status")]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk} ({self.status})"


class Worker(models.Model):
    """A worker process that says now and then that it is there."""

    name = models.CharField(max_length=120, unique=True)
    #: Its queues, each between commas: `,cpu,gpu,`.
    takes = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
