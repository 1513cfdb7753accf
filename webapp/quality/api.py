"""Progress, agreement and releases over HTTP, for admins."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.agreement import AgreementReport, agreement
from webapp.accounts.api import IsAdmin
from webapp.annotation.api.views import viewer
from webapp.annotation.models import Project
from webapp.corpus import media
from webapp.jobs.models import Job
from webapp.quality.models import Release
from webapp.quality.remembered import Remembered
from webapp.quality.services import start_release
from webapp.quality.snapshot import states_of


class LevelSerializer(serializers.Serializer[Any]):
    """Agreement on one level; a coefficient is null where it is not defined, and `note` says why."""

    level = serializers.CharField()
    items = serializers.IntegerField()
    percent_agreement = serializers.FloatField(allow_null=True)
    krippendorff_alpha = serializers.FloatField(allow_null=True)
    fleiss_kappa = serializers.FloatField(allow_null=True)
    cohen_kappa = serializers.FloatField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class PairSerializer(serializers.Serializer[Any]):
    level = serializers.CharField()
    first = serializers.CharField()
    second = serializers.CharField()
    items = serializers.IntegerField()
    percent_agreement = serializers.FloatField(allow_null=True)
    cohen_kappa = serializers.FloatField(allow_null=True)


class AgreementSerializer(serializers.Serializer[Any]):
    clips = serializers.IntegerField()
    answers = serializers.IntegerField()
    annotators = serializers.ListField(child=serializers.CharField())
    levels = LevelSerializer(many=True)
    pairs = PairSerializer(many=True)


def agreement_values(report: AgreementReport, clips: int) -> dict[str, Any]:
    """Return the values of AgreementSerializer."""
    levels, pairs = [], []
    for level in report.levels:
        coefficients = (level.alpha, level.fleiss, level.cohen)
        levels.append(
            {
                "level": level.level,
                "items": level.units,
                "percent_agreement": level.percent,
                "krippendorff_alpha": level.alpha.value,
                "fleiss_kappa": level.fleiss.value,
                "cohen_kappa": level.cohen.value,
                "note": "; ".join(dict.fromkeys(c.reason for c in coefficients if c.value is None and c.reason)),
            }
        )
        pairs += [
            {
                "level": level.level,
                "first": pair.annotators[0],
                "second": pair.annotators[1],
                "items": pair.units,
                "percent_agreement": pair.percent,
                "cohen_kappa": pair.kappa.value,
            }
            for pair in level.pairs
        ]
    return {
        "clips": clips,
        "answers": report.answers,
        "annotators": report.annotators,
        "levels": levels,
        "pairs": pairs,
    }


def _project_agreement(project: Project) -> dict[str, Any]:
    states = states_of(project)
    clips = len({state.clip_id for state in states})
    return agreement_values(agreement(states, tuple(project.fine_grained_kept)), clips)


_agreement = Remembered(_project_agreement)


class NewReleaseSerializer(serializers.Serializer[Any]):
    split = serializers.ChoiceField(choices=["grouped", "paper"], default="grouped")
    group_by = serializers.ChoiceField(choices=["clip", "episode", "series"], default="clip")
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=2020)


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    status = serializers.ChoiceField(source="job.status", choices=Job.Status.choices)
    progress = serializers.IntegerField(source="job.progress")
    step = serializers.CharField(source="job.step")
    error = serializers.CharField(source="job.error")
    created_by = serializers.CharField(source="created_by.full_name", default="")
    options = NewReleaseSerializer()
    bytes = serializers.IntegerField(source="archive_bytes", allow_null=True)
    download_url = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields = [
            "id", "number", "status", "progress", "step", "error", "created_at", "created_by", "options",
            "samples", "clips", "sha256", "bytes", "download_url",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_download_url(self, release: Release) -> str | None:
        return reverse("release-download", args=[release.pk]) if release.archive else None


class AgreementView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_agreement_retrieve", responses=AgreementSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """How far annotators agree, on every level."""
        project = get_object_or_404(Project, pk=project_id)
        return Response(AgreementSerializer(_agreement.of(project)).data)


class ReleaseListView(generics.ListAPIView[Release]):
    """Releases of a project, the newest first."""

    permission_classes = [IsAdmin]
    serializer_class = ReleaseSerializer
    queryset = Release.objects.none()

    def get_queryset(self) -> QuerySet[Release]:
        project = get_object_or_404(Project, pk=self.kwargs["project_id"])
        return project.releases.select_related("job", "created_by")

    @extend_schema(
        operation_id="projects_releases_create", request=NewReleaseSerializer, responses={202: ReleaseSerializer}
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Freeze a release: the workers build it."""
        form = NewReleaseSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        project = get_object_or_404(Project, pk=project_id)
        release = start_release(project=project, options=dict(form.validated_data), user=viewer(request))
        return Response(ReleaseSerializer(release).data, status=status.HTTP_202_ACCEPTED)


class ReleaseView(generics.RetrieveAPIView[Release]):
    permission_classes = [IsAdmin]
    serializer_class = ReleaseSerializer
    queryset = Release.objects.select_related("job", "created_by")


@extend_schema(exclude=True)
@api_view(["GET"])
@permission_classes([IsAuthenticated, IsAdmin])
def download(request: Request, pk: int) -> HttpResponseBase:
    release = get_object_or_404(Release.objects.select_related("project"), pk=pk)
    name = f"{release.project.name}-{release.project.protocol}-release-{release.number}.zip"
    return media.send(request._request, release.archive, download_as=name)
