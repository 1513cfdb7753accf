"""What people say of faces: reference pictures of characters, and who is who, with its history."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from webapp.corpus.models.episode import Character
from webapp.corpus.models.facts import Identity
from webapp.jobs.models import Job


class FaceReference(models.Model):
    """A picture that shows a character's face: uploaded, and then read by a worker, or taken from an identity."""

    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="references")
    #: Names in the media storage: what was uploaded, and the face that was found in it.
    upload = models.CharField(max_length=300, blank=True)
    picture = models.CharField(max_length=300, blank=True)
    embedding = models.JSONField(default=list)
    embedder = models.CharField(max_length=60, blank=True)
    #: Why no face could be read from the upload.
    error = models.CharField(max_length=300, blank=True)
    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]


class CastingEvent(models.Model):
    """One decision on faces of an analysis. `before` and `after` hold what it changed, so that it can be taken back."""

    class Kind(models.TextChoices):
        LINK = "link"
        MERGE = "merge"
        SPLIT = "split"

    #: The job that found the faces.
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
