"""What is known of a clip before anybody labels it: who is in it for how long, and whether it stays (rule 2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.annotation.models import Clip
from webapp.corpus.models import Identity
from webapp.jobs.models import Job


class ClipFacts(models.Model):
    """One row a clip. A clip that is dropped keeps the reason, and has no task until an admin restores it."""

    class Drop(models.TextChoices):
        """Why a clip is not labelled: the first four of `exports.erato.clips.DROPS` that are known beforehand."""

        TOO_SHORT = "too_short"
        TOO_LONG = "too_long"
        TOO_FEW_PEOPLE = "too_few_people"
        TOO_MANY_PEOPLE = "too_many_people"

    clip = models.OneToOneField(Clip, on_delete=models.CASCADE, primary_key=True, related_name="facts")
    #: The analysis whose faces were counted.
    faces = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField()
    drop = models.CharField(max_length=20, choices=Drop.choices, blank=True)
    restored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    restored_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "clip facts"
        constraints = [
            models.CheckConstraint(
                condition=Q(restored_by__isnull=True, restored_at__isnull=True)
                | Q(restored_by__isnull=False, restored_at__isnull=False),
                name="who_restored_a_clip_did_it_at_a_time",
            )
        ]

    @property
    def is_restored(self) -> bool:
        return self.restored_at is not None


class ClipPerson(models.Model):
    """An identity that is seen in a clip. The first `ClipRules.candidates` by `place` are the candidates."""

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="people")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    #: 0 for who is seen longest.
    place = models.PositiveSmallIntegerField()
    screen_time_ms = models.PositiveIntegerField()
    #: [[start_ms, end_ms], ...] inside the clip, in order, apart from each other.
    spans = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "clip people"
        ordering = ["clip", "place"]
        constraints = [models.UniqueConstraint(fields=["clip", "identity"], name="a_person_once_in_a_clip")]
