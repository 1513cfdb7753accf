"""Story segments of a project: its own parameters, and where admins joined and split. Edits are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from webapp.annotation.models import Project
from webapp.corpus.models import Episode


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
