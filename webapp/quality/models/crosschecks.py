"""The weekly cross-check: clips of a week that others answer too, without seeing the first answer."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from webapp.annotation.models import Project, Task


class CrossCheckSettings(models.Model):
    """What an admin decides; a project without a row has the defaults, and no cross-check."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="cross_check")
    is_on = models.BooleanField(default=False)
    #: Percent of each annotator's clips of a week, and how many others answer for them.
    percent = models.PositiveSmallIntegerField(default=20, validators=[MinValueValidator(1), MaxValueValidator(100)])
    others = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1), MaxValueValidator(8)])
    seed = models.PositiveIntegerField(default=2021, validators=[MaxValueValidator(2**31 - 1)])

    class Meta:
        verbose_name_plural = "cross-check settings"


class CrossCheckWeek(models.Model):
    """A week that was drawn, with the settings it was drawn by. It is never drawn again."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="cross_check_weeks")
    monday = models.DateField()
    percent = models.PositiveSmallIntegerField()
    others = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    #: None: by the clock.
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["monday"]
        constraints = [models.UniqueConstraint(fields=["project", "monday"], name="a_week_is_drawn_once")]

    def __str__(self) -> str:
        return f"week of {self.monday}"


class CrossCheck(models.Model):
    """A clip that was drawn. `annotator` answered first; the task wants the others of its week."""

    week = models.ForeignKey(CrossCheckWeek, on_delete=models.CASCADE, related_name="checks")
    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="cross_check")
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
