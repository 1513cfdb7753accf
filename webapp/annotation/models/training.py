"""Clips that annotators learn from, or are checked by, instead of being work."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from webapp.annotation.models.work import Clip


class TrainingClip(models.Model):
    """A clip with a part in the training of annotators; every other clip is work.

    A demo clip is shown before the training, and has no task. Training and gold clips have one that every member
    answers: training clips before the annotating period, gold clips unannounced among the work.
    """

    class Kind(models.TextChoices):
        DEMO = "demo"
        TRAINING = "training"
        GOLD = "gold"

    clip = models.OneToOneField(Clip, on_delete=models.CASCADE, related_name="training")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Demo and training clips are seen in this order.
    order = models.PositiveSmallIntegerField(default=0)
    #: What to look at: annotators read it with a demo clip, and in the discussion of a training clip.
    note = models.CharField(max_length=300, blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} clip #{self.clip_id}"
