"""What people who know a series said of its characters. Rows are added, never changed: the newest answer counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from exports.questionnaires.scoring import CANNOT_TELL, HIGHEST
from webapp.corpus.models import Character


class ItemAnswer(models.Model):
    """One person's answer to one statement or pair about one character (see exports.questionnaires)."""

    character = models.ForeignKey(Character, on_delete=models.PROTECT, related_name="item_answers")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="item_answers")
    item = models.CharField(max_length=60)
    #: 1 to 5; 0: cannot be told.
    value = models.PositiveSmallIntegerField()
    client_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["character", "rater", "client_id"], name="one_item_answer_per_client_id"),
            models.CheckConstraint(
                condition=models.Q(value__gte=CANNOT_TELL, value__lte=HIGHEST), name="an_item_answer_is_0_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.value}"
