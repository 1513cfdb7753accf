"""How somebody watches: what was seen of an episode, and how late he or she presses."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from webapp.accounts.models import User
from webapp.annotation.models.work import Assignment


class Watched(models.Model):
    """What was seen in a turn at an episode, and where the annotator was last: another computer goes on from there."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="watched")
    #: [[start_ms, end_ms], ...], in order and apart from one another.
    spans = models.JSONField(default=list)
    position_ms = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    def current_of(self, user: User) -> Calibration | None:
        """The newest one of this person that can be used."""
        return self.filter(annotator=user, usable=True).order_by("-created_at", "-pk").first()


class Calibration(models.Model):
    """One run of the reaction time clip: the presses, and what `reaction.reaction_time` made of them. Never changed."""

    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calibrations")
    client_id = models.UUIDField()
    #: Version of the clip's data file.
    clip = models.CharField(max_length=20)
    presses_ms = models.JSONField(default=list)
    #: Per counted onset, null where no press answered it.
    delays_ms = models.JSONField(default=list)
    discarded = models.PositiveSmallIntegerField()
    hits = models.PositiveSmallIntegerField()
    delay_ms = models.PositiveIntegerField(null=True)
    spread_ms = models.PositiveIntegerField(null=True)
    deviation_ms = models.PositiveIntegerField(null=True)
    problems = models.JSONField(default=list)
    usable = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["annotator", "client_id"], name="one_calibration_per_client_id"),
            models.CheckConstraint(
                condition=models.Q(usable=False) | models.Q(delay_ms__isnull=False),
                name="a_usable_calibration_has_a_delay",
            ),
        ]
