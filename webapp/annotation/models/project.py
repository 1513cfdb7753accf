"""Projects: which episodes are labelled, by whom, under which protocol."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from exports.emotions import DEFAULT_FINE_GRAINED_KEPT
from webapp.accounts.models import User
from webapp.corpus.models import Episode

#: Ten minutes: more would be watching the episode.
LONGEST_CONTEXT_MS: Final = 600_000

#: More gold than work would be no annotating period.
HIGHEST_GOLD_PERCENT: Final = 50


def default_kept() -> list[str]:
    return list(DEFAULT_FINE_GRAINED_KEPT)


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> ProjectQuerySet:
        """Admins see all projects, annotators those they belong to."""
        return self if user.is_staff else self.filter(memberships__user=user)


class Project(models.Model):
    class Protocol(models.TextChoices):
        MEMOR = "memor", "MEmoR"
        ERATO = "erato", "ERATO"

    class MomentTime(models.TextChoices):
        """Which time of a moment makes its clip: that of the press, as published, or before it by the reaction time."""

        RAW = "raw"
        CORRECTED = "corrected"

    class Unwatched(models.TextChoices):
        """What happens when somebody finishes an episode without having watched all of it."""

        WARN = "warn"
        REFUSE = "refuse"

    name = models.CharField(max_length=100, unique=True)
    protocol = models.CharField(max_length=10, choices=Protocol.choices)
    guideline = models.TextField(blank=True)
    #: How many annotators mark the moments of an episode, and how many answer for a clip (k).
    moment_annotators = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    answers_per_clip = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1)])
    moment_time = models.CharField(max_length=10, choices=MomentTime.choices, default=MomentTime.RAW)
    unwatched = models.CharField(max_length=10, choices=Unwatched.choices, default=Unwatched.WARN)
    #: Moments of two annotators so near to one another are the same, where agreement is measured.
    moment_tolerance_ms = models.PositiveIntegerField(
        default=2_000, validators=[MinValueValidator(100), MaxValueValidator(30_000)]
    )
    #: The fine-grained labels a release keeps; every other of the 24 becomes its primary (rule 7).
    fine_grained_kept = models.JSONField(default=default_kept)
    #: How much of the episode before a clip annotators of states may watch; 0: nothing.
    context_ms = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(LONGEST_CONTEXT_MS)])
    #: Suggestions bias the people who see them: off until an admin decides otherwise.
    shows_suggestions = models.BooleanField(default=False)
    #: Clips of which the pre-labeller is unsure are given out before others.
    hardest_first = models.BooleanField(default=False)
    #: Annotators label training clips until their annotating period opens.
    trains = models.BooleanField(default=False)
    #: Percent of the training clips to answer as the gold answer says, and whether that opens the period by itself.
    training_threshold = models.PositiveSmallIntegerField(default=80, validators=[MaxValueValidator(100)])
    opens_by_itself = models.BooleanField(default=False)
    #: Percent of an annotator's clips that are gold ones, unannounced.
    gold_percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(HIGHEST_GOLD_PERCENT)])
    #: The trained model that makes suggestions for the project's clips: its name, and its folder in the media storage.
    prelabeller = models.CharField(max_length=60, blank=True)
    prelabeller_folder = models.CharField(max_length=300, blank=True)
    episodes: models.ManyToManyField[Episode, ProjectEpisode] = models.ManyToManyField(
        Episode, through="ProjectEpisode", related_name="projects"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def prelabel_source(self) -> str:
        """What suggestions of the project's pre-labeller name as their source; "" without one."""
        return f"baseline:{self.prelabeller}" if self.prelabeller else ""


class ProjectEpisode(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="project_episodes")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "episode"], name="an_episode_once_in_a_project")]


class Membership(models.Model):
    """Somebody's place in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    #: When the annotating period began, in a project that trains; None: not yet.
    #: Without `opened_by` it opened by itself.
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="a_member_once_in_a_project"),
            models.CheckConstraint(
                condition=models.Q(opened_by__isnull=True) | models.Q(opened_at__isnull=False),
                name="who_opened_a_period_did_it_at_a_time",
            ),
        ]
