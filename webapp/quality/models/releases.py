"""Releases: frozen, hashed, numbered exports of a project."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from webapp.annotation.models import Project
from webapp.jobs.models import Job


class Release(models.Model):
    """A dataset release. Its job builds it; `path` (a folder) and `archive` (a zip) are names in the media storage."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="release")
    options = models.JSONField()
    path = models.CharField(max_length=300, blank=True)
    archive = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    archive_bytes = models.BigIntegerField(null=True)
    samples = models.PositiveIntegerField(null=True)
    clips = models.PositiveIntegerField(null=True)
    #: Of the ERATO protocol: what its `statistics.json` holds, with the numbers of the example clips.
    statistics = models.JSONField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="release_numbers_differ_in_a_project")
        ]

    def __str__(self) -> str:
        return f"{self.project.name} release {self.number}"
