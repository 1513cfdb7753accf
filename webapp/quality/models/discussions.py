"""What annotators say to one another of a clip on which they differ, and what they agree on. Rows are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from exports.erato.clips import Pair
from exports.erato.relations import FIVE
from webapp.annotation.models import Clip
from webapp.corpus.models import Identity


class Comment(models.Model):
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="discussion")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="one_comment_per_client_id"),
            models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something"),
        ]

    def __str__(self) -> str:
        return f"comment #{self.pk}"


class Consensus(models.Model):
    """What the discussion of a clip ended with: its gold answer. The newest of a clip counts; earlier ones stay."""

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="consensuses")
    client_id = models.UUIDField()
    #: The pair, the smaller number first.
    first = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    relationship = models.CharField(max_length=10, choices=[(one, one) for one in FIVE])
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "consensuses"
        constraints = [
            models.UniqueConstraint(fields=["decided_by", "client_id"], name="one_consensus_per_client_id"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_consensus_names_the_smaller_first"),
            models.CheckConstraint(condition=Q(relationship__in=FIVE), name="a_consensus_is_one_of_five"),
        ]

    def __str__(self) -> str:
        return f"clip #{self.clip_id}: {self.relationship}"

    @property
    def pair(self) -> Pair:
        return (self.first_id, self.second_id)
