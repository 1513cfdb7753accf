"""Where two people interact, as annotators marked it (rule 1). Rows are only added."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from webapp.annotation.models import Assignment


class InteractionRevision(models.Model):
    """What an annotator says of one interaction of an episode; the newest revision of each interaction counts.

    A removed one that names a suggestion says that it was refused.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="interactions")
    #: Made by the client, as is the id of each revision of it.
    interaction = models.UUIDField()
    client_id = models.UUIDField()
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    removed = models.BooleanField(default=False)
    #: The key of the suggestion it was made of (`exports.erato.suggestions`), "" without one.
    suggestion = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "client_id"], name="one_interaction_revision_per_client_id"),
            models.CheckConstraint(condition=Q(start_ms__lt=F("end_ms")), name="interaction_starts_before_it_ends"),
        ]
