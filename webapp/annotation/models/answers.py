"""What annotators said. Rows are added, never changed: a correction is a new event or revision."""

from __future__ import annotations

import uuid

from django.db import models

from webapp.annotation.models.watching import Calibration
from webapp.annotation.models.work import Assignment
from webapp.annotation.reaction import clip_time_ms
from webapp.corpus.models import Character


class Moment(models.Model):
    """A point in time where an annotator saw an emotion. `removed` mirrors its last event.

    `client_id` is what the API calls its id: the client makes it, and it is unique within a turn. The primary key is
    ours, so that the same annotations can be imported into another project.
    """

    id = models.UUIDField(primary_key=True, editable=False, default=uuid.uuid4)
    client_id = models.UUIDField()
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="moments")
    #: When the annotator pressed, and how fast the video played then.
    time_ms = models.PositiveIntegerField()
    playback_rate = models.FloatField(default=1.0)
    #: The same without the annotator's reaction time, and the calibration that says so; null without one.
    corrected_ms = models.PositiveIntegerField(null=True)
    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, null=True, related_name="+")
    removed = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["time_ms", "created_at", "client_id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "client_id"], name="one_moment_per_client_id"),
            models.CheckConstraint(
                condition=models.Q(corrected_ms__isnull=True) | models.Q(corrected_ms__lte=models.F("time_ms")),
                name="reactions_are_never_early",
            ),
        ]

    def clip_time_ms(self, moment_time: str) -> int:
        """Return the time that makes the clip, under the project's choice; without a calibration the press itself."""
        return clip_time_ms(self.time_ms, self.corrected_ms, moment_time)


class MomentEvent(models.Model):
    """A moment was removed or restored."""

    class Kind(models.TextChoices):
        REMOVED = "removed"
        RESTORED = "restored"

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="events")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["moment", "client_id"], name="one_event_per_client_id")]


class StateRevision(models.Model):
    """What one annotator says of one character in one clip; the newest revision counts."""

    class Status(models.TextChoices):
        ABSENT = "absent"
        NO_EMOTION = "no_emotion"
        SEVERAL = "several"
        ONE = "one"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="states")
    client_id = models.UUIDField()
    character = models.ForeignKey(Character, on_delete=models.PROTECT, related_name="states")
    status = models.CharField(max_length=10, choices=Status.choices)
    primary = models.CharField(max_length=20, blank=True)
    fine_grained = models.CharField(max_length=20, blank=True)
    reasons = models.JSONField(default=list)
    #: How long the annotator took, as the browser measured it.
    duration_ms = models.PositiveIntegerField(default=0)
    #: The suggestion that was on screen, if any.
    prelabel = models.JSONField(null=True, blank=True)
    #: What the annotator added (`webapp.annotation.remarks`); evidence as `Evidence.document` writes it.
    unsure = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    evidence = models.JSONField(default=list, blank=True)
    #: How much of what came before the clip was watched, up to this answer.
    context_watched_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "client_id"], name="one_answer_per_client_id"),
            models.CheckConstraint(
                condition=models.Q(status="one") | models.Q(primary="", fine_grained=""),
                name="only_one_emotion_has_a_label",
            ),
        ]
        indexes = [
            # Is there a newer revision? Without it a database may look through all answers about the character.
            models.Index(fields=["assignment", "character", "created_at", "id"], name="revisions_of_a_character"),
            models.Index(fields=["-created_at", "-id"], name="newest_revisions"),
        ]
