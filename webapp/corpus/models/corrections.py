"""What people corrected in the dialogue: rows are only added, the newest of a line counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from webapp.corpus.corrections import Correction, Line
from webapp.corpus.models.episode import Episode


class DialogueCorrection(models.Model):
    """One person's word on one line: what is said, by whom and when (`said`), that nobody says it (`not_spoken`), or
    that earlier words on it do not count any more (`withdrawn`)."""

    class Status(models.TextChoices):
        SAID = "said"
        NOT_SPOKEN = "not_spoken"
        WITHDRAWN = "withdrawn"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="corrections_made")
    client_id = models.UUIDField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    #: The line as it was found when it was first corrected, and the name of that (`Line.key`).
    line = models.CharField(max_length=64)
    anchor_start_ms = models.PositiveIntegerField()
    anchor_end_ms = models.PositiveIntegerField()
    anchor_text = models.TextField(blank=True)
    anchor_speaker = models.CharField(max_length=100, blank=True)
    #: Whether no analysis found it: somebody heard it.
    added = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices)
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    text = models.TextField()
    speaker = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["episode", "line"], name="correction_by_line")]
        constraints = [
            models.UniqueConstraint(fields=["episode", "client_id"], name="one_correction_per_client_id"),
            models.CheckConstraint(condition=Q(start_ms__lt=F("end_ms")), name="corrected_line_starts_before_it_ends"),
        ]

    @property
    def anchor(self) -> Line:
        return Line(self.anchor_start_ms, self.anchor_end_ms, self.anchor_text, self.anchor_speaker)

    @property
    def said(self) -> Line:
        return Line(self.start_ms, self.end_ms, self.text, self.speaker)

    @property
    def word(self) -> Correction:
        """What counts of it."""
        return Correction(self.anchor, self.said if self.status == self.Status.SAID else None, self.added)
