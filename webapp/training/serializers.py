"""What is sent and received about trainings."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from baselines.catalogue import CATALOGUE, EMOTIONS, MODALITIES
from webapp.annotation.api.serializers import ProjectNameSerializer
from webapp.jobs.models import Job
from webapp.quality.models import Release
from webapp.training.models import SeedResult, TrainingRun

#: What can be downloaded of a seed's run folder.
FILES: Final = ("metrics.json", "card.md", "confusion.png", "confusion.csv", "predictions.csv", "epochs.jsonl")
MOST_SEEDS: Final = 10
PARTS: Final = tuple(MODALITIES.values())
VIEWS: Final = ("cells", "dialogue", "sequence", "streams")


class ListedModelSerializer(serializers.Serializer[Any]):
    """A model that can be trained on a release."""

    name = serializers.CharField()
    title = serializers.CharField()
    learns_from = serializers.ChoiceField(choices=VIEWS)
    ablations = serializers.ListField(child=serializers.CharField())


class TrainingOptionsSerializer(serializers.Serializer[Any]):
    emotions = serializers.ChoiceField(choices=EMOTIONS, default="primary")
    modalities = serializers.ListField(
        child=serializers.ChoiceField(choices=PARTS), default=list(PARTS), allow_empty=False, max_length=len(PARTS)
    )
    without = serializers.ListField(child=serializers.CharField(max_length=40), default=list, max_length=4)
    seeds = serializers.IntegerField(min_value=1, max_value=MOST_SEEDS, default=1, help_text="How many.")
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=125, help_text="The first.")
    epochs = serializers.IntegerField(
        min_value=1, max_value=10_000, default=None, allow_null=True, help_text="At most; null: as published."
    )


class NewTrainingSerializer(TrainingOptionsSerializer):
    release = serializers.IntegerField(min_value=1, max_value=2**62)
    model = serializers.ChoiceField(choices=list(CATALOGUE), default="amer")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        known = CATALOGUE[values["model"]].ablations
        if unknown := [name for name in values["without"] if name not in known]:
            raise serializers.ValidationError(
                {"without": f"{values['model']} has no ablation {unknown[0]!r}; it has: {', '.join(known) or 'none'}."}
            )
        if set(values["modalities"]) == {"personality"}:
            raise serializers.ValidationError({"modalities": "Choose text, audio or visual too."})
        return values

    def options(self) -> dict[str, Any]:
        """Return what the run keeps, as plain values."""
        names: list[str] = [*TrainingOptionsSerializer().fields]
        given: dict[str, Any] = {name: self.validated_data[name] for name in names}
        given["modalities"] = [part for part in PARTS if part in given["modalities"]]
        given["without"] = list(dict.fromkeys(given["without"]))
        return given


class ForProjectSerializer(serializers.Serializer[Any]):
    project = serializers.IntegerField(min_value=1, max_value=2**62)


class ScoresSerializer(serializers.Serializer[Any]):
    micro_f1 = serializers.FloatField()
    macro_f1 = serializers.FloatField()
    weighted_f1 = serializers.FloatField()
    ua = serializers.FloatField()


class SummarySerializer(serializers.Serializer[Any]):
    """Test scores over the seeds, beside those of always saying the most frequent class."""

    mean = ScoresSerializer()
    deviation = ScoresSerializer()
    constant = ScoresSerializer()
    selection = serializers.CharField()


class RunReleaseSerializer(serializers.ModelSerializer[Release]):
    class Meta:
        model = Release
        fields = ["id", "number", "samples"]


class TrainingRunSerializer(serializers.ModelSerializer[TrainingRun]):
    title = serializers.SerializerMethodField()
    release = RunReleaseSerializer()
    status = serializers.ChoiceField(source="job.status", choices=Job.Status.choices)
    progress = serializers.IntegerField(source="job.progress")
    step = serializers.CharField(source="job.step")
    error = serializers.CharField(source="job.error")
    started_at = serializers.DateTimeField(source="job.started_at", allow_null=True)
    finished_at = serializers.DateTimeField(source="job.finished_at", allow_null=True)
    created_by = serializers.CharField(source="created_by.full_name", default="")
    options = TrainingOptionsSerializer()
    summary = SummarySerializer(allow_null=True)

    class Meta:
        model = TrainingRun
        fields = [
            "id", "number", "model", "title", "release", "status", "progress", "step", "error", "created_at",
            "started_at", "finished_at", "created_by", "options", "summary",
        ]  # fmt: skip

    def get_title(self, run: TrainingRun) -> str:
        return CATALOGUE[run.model].title if run.model in CATALOGUE else run.model


class CurveSerializer(serializers.Serializer[Any]):
    """The epochs of a stage of a seed; every measure has one value per epoch."""

    seed = serializers.IntegerField()
    stage = serializers.IntegerField()
    epochs = serializers.ListField(child=serializers.IntegerField())
    measures = serializers.DictField(child=serializers.ListField(child=serializers.FloatField()))


class ClassScoreSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    support = serializers.IntegerField()
    precision = serializers.FloatField()
    recall = serializers.FloatField()
    f1 = serializers.FloatField()


class SideScoresSerializer(ScoresSerializer):
    samples = serializers.IntegerField()
    per_class = ClassScoreSerializer(many=True)


class FileSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    url = serializers.CharField()


class SeedResultSerializer(serializers.ModelSerializer[SeedResult]):
    best_epoch = serializers.IntegerField(source="metrics.best_epoch")
    epochs = serializers.IntegerField(source="metrics.epochs")
    parameters = serializers.IntegerField(source="metrics.parameters")
    train_samples = serializers.IntegerField(source="metrics.train_samples")
    validation = ScoresSerializer(source="metrics.validation")
    test = SideScoresSerializer(source="metrics.test")
    constant = ScoresSerializer(source="metrics.constant")
    breakdowns = serializers.DictField(
        source="metrics.breakdowns", child=serializers.DictField(child=serializers.DictField())
    )
    conditions = serializers.DictField(source="metrics.conditions", child=ScoresSerializer())
    notes = serializers.ListField(source="metrics.notes", child=serializers.CharField())
    confusion = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    files = serializers.SerializerMethodField()

    class Meta:
        model = SeedResult
        fields = [
            "seed", "best_epoch", "epochs", "parameters", "train_samples", "validation", "test", "constant",
            "breakdowns", "conditions", "notes", "confusion", "files",
        ]  # fmt: skip

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, result: SeedResult) -> list[dict[str, str]]:
        return [
            {"name": name, "url": reverse("training-file", args=[result.run_id, result.seed, name])} for name in FILES
        ]


class TrainingRunDetailSerializer(TrainingRunSerializer):
    project = ProjectNameSerializer()
    curves = CurveSerializer(many=True)
    results = SeedResultSerializer(many=True)
    suggests_for = serializers.ListField(child=serializers.CharField())

    class Meta(TrainingRunSerializer.Meta):
        fields = [*TrainingRunSerializer.Meta.fields, "project", "curves", "results", "suggests_for"]
