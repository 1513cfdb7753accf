"""The weekly cross-check over HTTP, for admins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.erato.weekly import PUBLISHED_EARLY, PUBLISHED_LATE, Agreement, Percent
from webapp.accounts.api import IsAdmin
from webapp.annotation.api.views import LOST, viewer
from webapp.annotation.models import Project
from webapp.quality import crosschecks
from webapp.quality.models import CrossCheckSettings, CrossCheckWeek


class CrossCheckSettingsSerializer(serializers.ModelSerializer[CrossCheckSettings]):
    class Meta:
        model = CrossCheckSettings
        fields = ["is_on", "percent", "others", "seed"]


class PercentSerializer(serializers.Serializer[Any]):
    compared = serializers.IntegerField(source="pairs", help_text="Pairs of answers; of a category, answers.")
    same = serializers.IntegerField()
    percent = serializers.FloatField(source="value", allow_null=True)


class AnnotatorAgreementSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    three = PercentSerializer()
    five = PercentSerializer()


class CategoryAgreementSerializer(serializers.Serializer[Any]):
    """Of the answers that name a category, to how many the other one says the same."""

    name = serializers.CharField()
    agreement = PercentSerializer()


class WeekAgreementSerializer(serializers.Serializer[Any]):
    monday = serializers.DateField(allow_null=True, help_text="null: all weeks.")
    clips = serializers.IntegerField()
    three = PercentSerializer()
    five = PercentSerializer()
    annotators = AnnotatorAgreementSerializer(many=True)
    categories = CategoryAgreementSerializer(many=True)


class DrawnWeekSerializer(serializers.Serializer[Any]):
    monday = serializers.DateField()
    clips = serializers.IntegerField()
    percent = serializers.IntegerField()
    others = serializers.IntegerField()


class PublishedSerializer(serializers.Serializer[Any]):
    three = serializers.FloatField()
    five = serializers.FloatField()


class CrossCheckSerializer(serializers.Serializer[Any]):
    settings = CrossCheckSettingsSerializer()
    drawn = DrawnWeekSerializer(many=True)
    weeks = WeekAgreementSerializer(many=True)
    total = WeekAgreementSerializer()
    differing = serializers.IntegerField(help_text="Clips on which annotators differ.")
    published_early = PublishedSerializer()
    published_late = PublishedSerializer()


def _agreement(agreement: Agreement, monday: Any, names: dict[str, str]) -> dict[str, Any]:
    people: Iterable[tuple[str, tuple[Percent, Percent]]] = agreement.by_annotator.items()
    annotators = [{"name": names.get(who, who), "three": three, "five": five} for who, (three, five) in people]
    return {
        "monday": monday,
        "clips": agreement.clips,
        "three": agreement.three,
        "five": agreement.five,
        "annotators": sorted(annotators, key=lambda one: str(one["name"])),
        "categories": [{"name": name, "agreement": percent} for name, percent in agreement.by_category.items()],
    }


def _cross_check(project: Project) -> Response:
    report = crosschecks.report_of(project)
    drawn = CrossCheckWeek.objects.filter(project=project).annotate(clips=Count("checks"))
    values = {
        "settings": crosschecks.settings_of(project),
        "drawn": drawn,
        "weeks": [_agreement(week.agreement, week.monday, report.names) for week in report.weeks],
        "total": _agreement(report.total, None, report.names),
        "differing": len(report.differing),
        "published_early": dict(zip(("three", "five"), PUBLISHED_EARLY, strict=True)),
        "published_late": dict(zip(("three", "five"), PUBLISHED_LATE, strict=True)),
    }
    return Response(CrossCheckSerializer(values).data)


class CrossCheckView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_cross_check_retrieve", responses=CrossCheckSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """How far annotators agree, week by week; a week is one row, so years fit in one answer."""
        return _cross_check(get_object_or_404(Project, pk=project_id))

    @extend_schema(
        operation_id="projects_cross_check_update",
        request=CrossCheckSettingsSerializer,
        responses={200: CrossCheckSerializer, **LOST},
    )
    def patch(self, request: Request, project_id: int) -> Response:
        """Decide whether weeks are cross-checked, and how; weeks that were drawn stay as they are."""
        project = get_object_or_404(Project, pk=project_id)
        form = CrossCheckSettingsSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        crosschecks.decide(project=project, **form.validated_data)
        return _cross_check(project)


class CrossCheckDrawView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_cross_check_draw", request=None, responses={200: CrossCheckSerializer, **LOST}
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Draw the weeks that have ended now, without waiting for the clock; drawing twice changes nothing."""
        project = get_object_or_404(Project, pk=project_id)
        crosschecks.draw_weeks(project=project, by=viewer(request))
        return _cross_check(project)


@extend_schema(exclude=True)
@api_view(["GET"])
@permission_classes([IsAuthenticated, IsAdmin])
def cross_check_csv(request: Request, project_id: int) -> HttpResponse:
    project = get_object_or_404(Project, pk=project_id)
    text = io.StringIO()
    csv.writer(text).writerows(crosschecks.csv_rows(crosschecks.report_of(project)))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cross-check-{project.pk}.csv"'
    return response
