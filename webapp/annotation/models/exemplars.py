"""Examples beside the guideline: what a label looks like."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from webapp.annotation.models.project import Project
from webapp.annotation.models.work import Clip
from webapp.corpus.models import Character


class Exemplar(models.Model):
    """A clip that shows annotators what a label means: a fine-grained emotion, a status such as `no_emotion`, or a
    relationship. It is one of a character, but of a relationship, which is one of the clip's pair."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="exemplars")
    label = models.CharField(max_length=20)
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="exemplars")
    character = models.ForeignKey(Character, on_delete=models.CASCADE, null=True, related_name="+")
    #: What to look at, in the admin's words.
    note = models.CharField(max_length=300, blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["project", "label"], name="one_exemplar_per_label")]

    def __str__(self) -> str:
        return f"{self.label} in clip {self.clip_id}"
