"""Clips, tasks and turns: what is to be labelled, and whose turn it is."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery

from webapp.accounts.models import User
from webapp.annotation.models.project import Project
from webapp.corpus.models import Episode
from webapp.jobs.models import Job


class Clip(models.Model):
    """The unit that is labelled: segments `first_segment` to `last_segment` of one segmentation of an episode.

    Of the MEmoR protocol the segmentation is that into semantic segments; of ERATO, whose clips start and end anywhere,
    it is that into shots, and the segments are the shots that the clip touches.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="clips")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="clips")
    segmentation = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    first_segment = models.PositiveIntegerField()
    last_segment = models.PositiveIntegerField()
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    too_long = models.BooleanField(default=False)

    class Meta:
        ordering = ["episode", "start_ms", "end_ms"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "episode", "start_ms", "end_ms"], name="identical_clips_are_made_once"
            ),
            models.CheckConstraint(condition=Q(start_ms__lt=F("end_ms")), name="clip_starts_before_it_ends"),
            models.CheckConstraint(
                condition=Q(first_segment__lte=F("last_segment")), name="clip_has_at_least_one_segment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start_ms}-{self.end_ms} ms of {self.episode_id}"


class ClipMoment(models.Model):
    """A moment that the clip was made for."""

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="clip_moments")
    moment = models.OneToOneField("annotation.Moment", on_delete=models.CASCADE, related_name="clip_moment")


class TaskQuerySet(models.QuerySet["Task"]):
    def open_for(self, user: User, now: datetime, *, unsure: str = "") -> TaskQuerySet:
        """Tasks that still want an answer and had none of this user's, those begun by others first.

        `unsure` is the source of a pre-labeller: next come the clips with somebody of whom it is unsure, what it has
        not seen comes last.
        """
        mine = Assignment.objects.taken(now).filter(task=OuterRef("pk"), annotator=user)
        taken = Count(
            "assignments",
            filter=Q(assignments__status=Assignment.Status.DONE)
            | Q(assignments__status=Assignment.Status.HELD, assignments__leased_until__gte=now),
        )
        wanted = self.annotate(taken=taken).filter(taken__lt=F("answers_wanted")).exclude(Exists(mine))
        if not unsure:
            return wanted.order_by("-taken", "pk")
        # A subquery: a join beside the count of turns would count each of them once per suggestion.
        doubt = Max("clip__suggestions__entropy", filter=Q(clip__suggestions__source=unsure))
        per_task = Task.objects.filter(pk=OuterRef("pk")).annotate(doubt=doubt).values("doubt")
        return wanted.annotate(doubt=Subquery(per_task)).order_by("-taken", F("doubt").desc(nulls_last=True), "pk")


class Task(models.Model):
    """An episode (moments, locate) or clip (states, relate) to be labelled by `answers_wanted` different annotators."""

    class Kind(models.TextChoices):
        #: MEmoR protocol: where there is an emotion; who feels what.
        MOMENTS = "moments"
        STATES = "states"
        #: ERATO protocol: where two people interact; how they stand to each other.
        LOCATE = "locate"
        RELATE = "relate"

    class Purpose(models.TextChoices):
        """What an answer is for; annotators are not told which of their clips are gold."""

        WORK = "work"
        TRAINING = "training"
        GOLD = "gold"

    OF_EPISODES = (Kind.MOMENTS, Kind.LOCATE)
    OF_CLIPS = (Kind.STATES, Kind.RELATE)

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="tasks")
    clip = models.OneToOneField(Clip, on_delete=models.CASCADE, null=True, blank=True, related_name="task")
    answers_wanted = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.WORK)
    #: A cross-check asks so many others beside the first annotator.
    others_wanted = models.PositiveSmallIntegerField(default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            # Progress is counted on every page: from these alone, not from the rows.
            models.Index(fields=["project", "purpose", "kind", "answers_wanted"], name="tasks_to_count"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "episode"],
                condition=Q(clip__isnull=True),
                name="one_task_of_a_kind_per_episode",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["moments", "locate"], clip__isnull=True)
                | Q(kind__in=["states", "relate"], clip__isnull=False),
                name="what_is_said_of_a_clip_has_a_clip",
            ),
            models.CheckConstraint(condition=Q(answers_wanted__gte=1), name="a_task_wants_an_answer"),
            models.CheckConstraint(
                condition=Q(purpose="work") | Q(purpose__in=["training", "gold"], clip__isnull=False),
                name="people_train_on_clips",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} task #{self.pk}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def taken(self, now: datetime) -> AssignmentQuerySet:
        """Turns that count against the task's k: done, or held under a lease that still runs."""
        return self.filter(Q(status=Assignment.Status.DONE) | Q(status=Assignment.Status.HELD, leased_until__gte=now))

    def of(self, user: User) -> AssignmentQuerySet:
        return self.filter(annotator=user)

    def with_work(self) -> AssignmentQuerySet:
        return self.select_related("task__project", "task__episode__series", "task__clip")


class Assignment(models.Model):
    """One annotator's turn at a task.

    `held` (under a lease) -> `done` by the annotator | `abandoned` when given back or taken over after its lease ended.
    A held turn fills one of the task's `answers_wanted` slots, so the constraints below keep k and "never twice by one
    person" whatever happens at once.
    """

    class Status(models.TextChoices):
        HELD = "held"
        DONE = "done"
        ABANDONED = "abandoned"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    slot = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.HELD)
    leased_until = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        indexes = [
            # Who has taken a task, and how many: from this alone, not from the rows.
            models.Index(fields=["task", "status", "leased_until", "annotator", "finished_at"], name="turns_to_count"),
            # Lists of what was said begin with the last turn, and stop when a page is full. Not by status: with it a
            # database may count all turns this way, one row after the other.
            models.Index(fields=["-finished_at", "-id"], name="turns_last_finished"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "slot"], condition=~Q(status="abandoned"), name="never_more_than_k_answers"
            ),
            models.UniqueConstraint(
                fields=["task", "annotator"],
                condition=~Q(status="abandoned"),
                name="never_two_answers_by_one_person",
            ),
        ]

    def __str__(self) -> str:
        return f"turn #{self.pk} ({self.status})"
