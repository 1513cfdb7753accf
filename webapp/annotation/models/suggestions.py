"""What a trained model thinks of a clip: an offer to annotators, made again whenever there is a better model."""

from __future__ import annotations

from django.db import models

from webapp.annotation.models.work import Clip
from webapp.corpus.models import Character


class ClipSuggestion(models.Model):
    """Of one character in one clip. What an annotator saw of it is kept with the answer (StateRevision.prelabel)."""

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="suggestions")
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="+")
    #: `baseline:` and the name of the project's pre-labeller.
    source = models.CharField(max_length=80)
    #: [[emotion, probability], ...], likeliest first.
    probabilities = models.JSONField(default=list)
    #: Of the probabilities, 0 for certainty, 1 where all are the same.
    entropy = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clip", "character", "source"], name="one_suggestion_of_a_source")
        ]
