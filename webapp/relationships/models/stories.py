"""Story segments of a project: its own parameters, and where admins joined and split. Edits are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from webapp.annotation.models import Project
from webapp.corpus.models import Episode
from webapp.jobs.models import Job


class StorySettings(models.Model):
    """How shots are grouped in a project; the fields are those of the analyser's options, and so are the defaults.

    A project without a row has what the analysis of its episodes found.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="story_settings")
    longest = models.PositiveSmallIntegerField(default=100)
    fresh = models.FloatField(default=0.0)
    shots_per_scene = models.FloatField(default=5.0)
    thread_points = models.PositiveSmallIntegerField(default=20)
    #: The newest job that groups the shots anew.
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "story settings"
        constraints = [
            models.CheckConstraint(condition=Q(longest__gte=2, thread_points__gte=4), name="scenes_have_shots"),
            models.CheckConstraint(condition=Q(fresh__gte=0, fresh__lte=1), name="fresh_is_a_share"),
            models.CheckConstraint(condition=Q(shots_per_scene__gte=1), name="no_more_scenes_than_shots"),
        ]


class ProjectStory(models.Model):
    """A story segment as the project's own parameters find it; an episode without any has that of its analysis."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="stories")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="+")
    index = models.PositiveIntegerField()
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    #: [[shot index, ...], ...]: its shots of one camera's view each.
    threads = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "project stories"
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["project", "episode", "index"], name="a_story_stands_once_in_a_project"),
            models.CheckConstraint(condition=Q(start_ms__lt=F("end_ms")), name="project_story_starts_before_it_ends"),
        ]


class StoryEdit(models.Model):
    """An admin's decision about the place between two shots; the newest about a place counts."""

    class Kind(models.TextChoices):
        JOIN = "join"
        SPLIT = "split"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="story_edits")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    #: Where the second of the two shots starts.
    at_ms = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "episode", "client_id"], name="one_story_edit_per_client_id")
        ]
