"""Trainings of baselines on releases: what was asked for, their learning curves, their results."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from webapp.annotation.models import Project
from webapp.jobs.models import Job
from webapp.quality.models import Release


class TrainingRun(models.Model):
    """A model trained on a release, once per seed. Its job trains it; `path` is a folder in the media storage.

    The folder is there when the job is done; `summary` then says what the seeds' test scores come to.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="training_runs")
    number = models.PositiveIntegerField()
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="training_runs")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="training_run")
    #: A name of `baselines.catalogue`.
    model = models.CharField(max_length=40)
    #: {"emotions", "modalities", "without", "seeds", "seed", "epochs"}; epochs: at most, null as published.
    options = models.JSONField()
    path = models.CharField(max_length=300, blank=True)
    #: {"mean", "deviation", "constant": score -> number, "selection"}
    summary = models.JSONField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="training_run_numbers_differ_in_a_project")
        ]

    def __str__(self) -> str:
        return f"{self.project.name} run {self.number} ({self.model})"

    @property
    def seeds(self) -> list[int]:
        return [self.options["seed"] + place for place in range(self.options["seeds"])]

    def folder_of(self, seed: int) -> str:
        """Return the media folder of one seed's run."""
        return f"{self.path}/seed-{seed}"


class Epoch(models.Model):
    """A finished epoch, also while the run goes on."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="epochs")
    seed = models.PositiveBigIntegerField()
    #: Both count from 1; a model that learns in one go has one stage.
    stage = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    #: train_loss, validation_loss and scores, learning_rate
    measures = models.JSONField()

    class Meta:
        ordering = ["seed", "stage", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "seed", "stage", "number"], name="an_epoch_of_a_seed_once")
        ]


class SeedResult(models.Model):
    """What one seed's metrics.json says, and its confusion matrix: rows true, columns predicted, classes in order."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="results")
    seed = models.PositiveBigIntegerField()
    metrics = models.JSONField()
    confusion = models.JSONField()

    class Meta:
        ordering = ["seed"]
        constraints = [models.UniqueConstraint(fields=["run", "seed"], name="one_result_of_a_seed")]
