"""Moments over HTTP, for admins: what came of them, how far annotators agree on them, how late each one presses."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.moment_agreement import MomentAgreement, MomentPair, moment_agreement
from exports.moment_counts import by_annotator, by_episode, count_moments
from webapp.accounts.api import IsAdmin
from webapp.annotation.api.watching import CalibrationSerializer
from webapp.annotation.models import Project
from webapp.quality.moments import episode_names, marked_episodes, marked_turns, reaction_times


class MomentCountsSerializer(serializers.Serializer[Any]):
    """Moments = clips + duplicates + waiting: each clip is made once, when its episode is complete."""

    turns = serializers.IntegerField()
    moments = serializers.IntegerField()
    removed = serializers.IntegerField()
    corrected = serializers.IntegerField()
    waiting = serializers.IntegerField()
    clips = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    too_long = serializers.IntegerField()
    watched_share = serializers.FloatField(allow_null=True, help_text="0 to 1; null without a turn.")
    per_minute = serializers.FloatField(allow_null=True)


class EpisodeMomentsSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    counts = MomentCountsSerializer()


class AnnotatorMomentsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    counts = MomentCountsSerializer()
    calibration = CalibrationSerializer(allow_null=True)


class MomentPairSerializer(serializers.Serializer[Any]):
    """Two annotators; shares are null where one of them marked nothing."""

    first = serializers.CharField()
    second = serializers.CharField()
    episodes = serializers.IntegerField()
    first_moments = serializers.IntegerField()
    second_moments = serializers.IntegerField()
    matched = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    f1 = serializers.FloatField(allow_null=True)
    offset_ms = serializers.IntegerField(allow_null=True, help_text="How much later the second presses; the median.")


class MomentAgreementSerializer(serializers.Serializer[Any]):
    tolerance_ms = serializers.IntegerField()
    episodes = serializers.IntegerField(help_text="Those that two annotators or more have finished.")
    pairs = MomentPairSerializer(many=True)
    precision = serializers.FloatField(allow_null=True, help_text="Mean of the pairs, as the next two.")
    recall = serializers.FloatField(allow_null=True)
    f1 = serializers.FloatField(allow_null=True)
    krippendorff_alpha = serializers.FloatField(allow_null=True)
    note = serializers.CharField(allow_blank=True, help_text="Why there is no coefficient.")


class MomentsReportSerializer(serializers.Serializer[Any]):
    moment_time = serializers.ChoiceField(choices=Project.MomentTime.choices)
    total = MomentCountsSerializer()
    episodes = EpisodeMomentsSerializer(many=True)
    annotators = AnnotatorMomentsSerializer(many=True)
    agreement = MomentAgreementSerializer()


class MomentsReportView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_moments_retrieve", responses=MomentsReportSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """What came of the moments, and how far annotators agree on them."""
        project = get_object_or_404(Project, pk=project_id)
        return Response(MomentsReportSerializer(moments_report(project)).data)


def moments_report(project: Project) -> dict[str, Any]:
    """Return the values of MomentsReportSerializer in a fixed number of queries."""
    turns = marked_turns(project)
    names = episode_names(project)
    times = reaction_times(project)
    people = by_annotator(turns)
    return {
        "moment_time": project.moment_time,
        "total": count_moments(turns),
        "episodes": [{"id": pk, "name": names[pk], "counts": counts} for pk, counts in by_episode(turns).items()],
        "annotators": [
            {"username": name, "counts": people.get(name) or count_moments([]), "calibration": times.get(name)}
            for name in sorted({*people, *times})
        ],
        "agreement": agreement_values(moment_agreement(marked_episodes(turns), project.moment_tolerance_ms)),
    }


def agreement_values(report: MomentAgreement) -> dict[str, Any]:
    """Return the values of MomentAgreementSerializer."""

    def pair_values(pair: MomentPair) -> dict[str, Any]:
        names = ("episodes", "first_moments", "second_moments", "matched", "precision", "recall", "f1", "offset_ms")
        first, second = pair.annotators
        return {"first": first, "second": second, **{name: getattr(pair, name) for name in names}}

    return {
        "tolerance_ms": report.tolerance_ms,
        "episodes": report.episodes,
        "pairs": [pair_values(pair) for pair in report.pairs],
        "precision": report.precision,
        "recall": report.recall,
        "f1": report.f1,
        "krippendorff_alpha": report.alpha.value,
        "note": report.alpha.reason,
    }
