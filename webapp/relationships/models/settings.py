"""What an admin decides about a project's clips."""

from __future__ import annotations

from typing import Final

from django.db import models

from exports.erato.clips import ClipRules
from webapp.annotation.models import Project

_PUBLISHED: Final = ClipRules()


class ClipSettings(models.Model):
    """Which clips of a project stay (rule 2). A project without a row has the published limits."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="clip_settings")
    fewest_people = models.PositiveSmallIntegerField(default=_PUBLISHED.fewest_people)
    most_people = models.PositiveSmallIntegerField(default=_PUBLISHED.most_people)
    shortest_ms = models.PositiveIntegerField(default=_PUBLISHED.shortest_ms)
    longest_ms = models.PositiveIntegerField(default=_PUBLISHED.longest_ms)
    candidates = models.PositiveSmallIntegerField(default=_PUBLISHED.candidates)

    class Meta:
        verbose_name_plural = "clip settings"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fewest_people__gte=2, fewest_people__lte=models.F("most_people")),
                name="a_clip_has_room_for_a_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(shortest_ms__gte=1, shortest_ms__lt=models.F("longest_ms")),
                name="shortest_clip_is_shorter_than_longest",
            ),
            models.CheckConstraint(condition=models.Q(candidates__gte=2), name="a_pair_is_chosen_out_of_two"),
        ]

    @property
    def rules(self) -> ClipRules:
        return ClipRules(self.fewest_people, self.most_people, self.shortest_ms, self.longest_ms, self.candidates)
