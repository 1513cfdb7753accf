"""Emotion sets and the account of samples over HTTP, for admins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.emotions import KEEPABLE, NEUTRAL, PRIMARY_OF, REASONS
from exports.samples import DROP_REASONS
from webapp.accounts.api import IsAdmin
from webapp.annotation.models import Project, StateRevision
from webapp.annotation.services.emotions import keep_emotions
from webapp.quality.samples import NONE, SAMPLE, Wanted, account_of, csv_rows, explain, select

OUTCOMES = (SAMPLE, *DROP_REASONS)


class LabelCountSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="One of the 24, or neutral: what annotators agreed on.")
    primary = serializers.CharField()
    pairs = serializers.IntegerField()
    samples = serializers.IntegerField(help_text="A clip with several moments gives several.")


class ReasonCountSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=DROP_REASONS)
    pairs = serializers.IntegerField()


class EmotionSetSerializer(serializers.Serializer[Any]):
    """What is kept as a class of its own, and what there is of each label before any merging."""

    kept = serializers.ListField(child=serializers.ChoiceField(choices=KEEPABLE))
    published = serializers.ListField(child=serializers.CharField(), help_text="What MEmoR kept.")
    answers_per_clip = serializers.IntegerField()
    labels = LabelCountSerializer(many=True)
    pairs = serializers.IntegerField(help_text="Of clip and character.")
    pairs_with_sample = serializers.IntegerField()
    pairs_unfinished = serializers.IntegerField(help_text="Of those with a sample: the next answer may change it.")
    samples = serializers.IntegerField()
    reasons = ReasonCountSerializer(many=True)


class KeepEmotionsSerializer(serializers.Serializer[Any]):
    kept = serializers.ListField(child=serializers.CharField(max_length=20), max_length=len(KEEPABLE))


class EmotionsView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_emotions_retrieve", responses=EmotionSetSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """The project's emotion set, with the samples there are now."""
        return _emotions(get_object_or_404(Project, pk=project_id))

    @extend_schema(
        operation_id="projects_emotions_update", request=KeepEmotionsSerializer, responses=EmotionSetSerializer
    )
    def put(self, request: Request, project_id: int) -> Response:
        """Choose which of the 24 are classes of their own; releases that are there do not change."""
        project = get_object_or_404(Project, pk=project_id)
        form = KeepEmotionsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        keep_emotions(project=project, names=form.validated_data["kept"])
        return _emotions(project)


def _emotions(project: Project) -> Response:
    return Response(EmotionSetSerializer(account_of(project)).data)


class AccountClipSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    episode = serializers.IntegerField(source="episode_id")
    series = serializers.CharField(source="episode.series.name")
    title = serializers.CharField(source="episode.title")
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()


class AccountCharacterSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class AccountAnswerSerializer(serializers.Serializer[Any]):
    """One revision of one annotator; only the newest of an annotator counts."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    annotator = serializers.CharField()
    status = serializers.ChoiceField(choices=StateRevision.Status.choices)
    primary = serializers.CharField(allow_blank=True)
    fine_grained = serializers.CharField(allow_blank=True)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))
    duration_ms = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    counts = serializers.BooleanField()


class PairSamplesSerializer(serializers.Serializer[Any]):
    """A character in a clip: the sample it gives or why it gives none, and the answers that stands on."""

    clip = AccountClipSerializer()
    character = AccountCharacterSerializer()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    # `label` on the wire; the name is an attribute of DRF's fields.
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    primary = serializers.CharField(allow_blank=True)
    fine_grained = serializers.CharField(allow_blank=True)
    votes = serializers.IntegerField()
    named = serializers.IntegerField(help_text="Answers that name one emotion.")
    moments_ms = serializers.ListField(child=serializers.IntegerField())
    answers = AccountAnswerSerializer(many=True)


class AccountFilterSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=[*OUTCOMES, NONE], required=False)
    label = serializers.ChoiceField(choices=[*PRIMARY_OF, NEUTRAL], required=False)  # type: ignore[assignment]
    character = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    episode = serializers.IntegerField(min_value=1, max_value=2**62, required=False)


class SamplesView(generics.GenericAPIView[Any]):
    permission_classes = [IsAdmin]
    serializer_class = PairSamplesSerializer
    queryset = Project.objects.none()

    @extend_schema(
        operation_id="projects_samples_list",
        parameters=[AccountFilterSerializer],
        responses=PairSamplesSerializer(many=True),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Every pair of clip and character, with its sample or the reason why it gives none."""
        project = get_object_or_404(Project, pk=project_id)
        form = AccountFilterSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        page: Any = self.paginate_queryset(select(project, Wanted(**form.validated_data)))
        return self.get_paginated_response(PairSamplesSerializer(explain(project, page), many=True).data)


@extend_schema(exclude=True)
@api_view(["GET"])
@permission_classes([IsAuthenticated, IsAdmin])
def samples_csv(request: Request, project_id: int) -> StreamingHttpResponse:
    project = get_object_or_404(Project, pk=project_id)
    response = StreamingHttpResponse(_csv_lines(project), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="samples-{project.pk}.csv"'
    return response


def _csv_lines(project: Project) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    for row in csv_rows(project):
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()
