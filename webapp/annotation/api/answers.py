"""Answers as admins read them: who said what, with what doubt, and why."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from exports.emotions import REASONS, WHEEL
from webapp.accounts.api import IsAdmin
from webapp.annotation.api.detail import captions_of
from webapp.annotation.api.serializers import CaptionSerializer, EvidenceSerializer
from webapp.annotation.models import Project, StateRevision
from webapp.annotation.queries import answers_of, listed_answers
from webapp.corpus.api import EpisodeMediaSerializer, episode_media
from webapp.corpus.models import Episode

FINE_GRAINED = [fine for fines in WHEEL.values() for fine in fines]
#: What an answer can be found by, and be an example of.
LABELS = [*FINE_GRAINED, *(status for status in StateRevision.Status.values if status != StateRevision.Status.ONE)]


class AnswerFilterSerializer(serializers.Serializer[Any]):
    label = serializers.ChoiceField(choices=LABELS, required=False)  # type: ignore[assignment]  # the wire name
    unsure = serializers.BooleanField(required=False, help_text="true: only where the annotator is unsure.")
    commented = serializers.BooleanField(required=False, help_text="true: only with a comment.")


class AnswerSerializer(serializers.Serializer[Any]):
    """The last revision of what one annotator said of one character in a finished clip."""

    id = serializers.IntegerField()
    clip = serializers.IntegerField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    episode = EpisodeMediaSerializer()
    character = serializers.CharField()
    annotator = serializers.CharField()
    status = serializers.ChoiceField(choices=StateRevision.Status.choices)
    primary = serializers.CharField(allow_blank=True)
    fine_grained = serializers.CharField(allow_blank=True)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))
    unsure = serializers.BooleanField()
    comment = serializers.CharField(allow_blank=True)
    evidence = EvidenceSerializer(many=True)
    context_watched_ms = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    is_exemplar = serializers.BooleanField(help_text="This clip and character are the project's example of the label.")
    lines = CaptionSerializer(many=True)


def answer_values(rows: list[StateRevision]) -> list[dict[str, Any]]:
    """Return the values of AnswerSerializer, in a fixed number of queries for any number of rows."""
    clips = [row.assignment.task.clip for row in rows if row.assignment.task.clip]
    episodes = {one.pk: one for one in Episode.objects.with_media().filter(pk__in={clip.episode_id for clip in clips})}
    lines = captions_of(clips)
    values = []
    for row in rows:
        clip = row.assignment.task.clip
        assert clip is not None, "states are said of clips"
        copied = ("status", "primary", "fine_grained", "reasons", "unsure", "comment", "evidence", "created_at")
        values.append(
            {
                "id": row.pk,
                "clip": clip.pk,
                "start_ms": clip.start_ms,
                "end_ms": clip.end_ms,
                "episode": episode_media(episodes[clip.episode_id]),
                "character": row.character.name,
                "annotator": row.assignment.annotator.full_name,
                "context_watched_ms": row.context_watched_ms,
                "is_exemplar": getattr(row, "is_exemplar", False),
                "lines": lines[clip.pk],
                **{name: getattr(row, name) for name in copied},
            }
        )
    return values


class AnswersView(generics.GenericAPIView[StateRevision]):
    """All that was said in a project, for admins."""

    permission_classes = [IsAdmin]
    serializer_class = AnswerSerializer
    queryset = StateRevision.objects.none()

    @extend_schema(
        operation_id="projects_answers_list",
        parameters=[AnswerFilterSerializer],
        responses=AnswerSerializer(many=True),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Answers of finished clips, the newest first; doubts and comments can be asked for alone."""
        project = get_object_or_404(Project, pk=project_id)
        form = AnswerFilterSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        page = self.paginate_queryset(answers_of(project, **form.validated_data)) or []
        return self.get_paginated_response(AnswerSerializer(answer_values(listed_answers(page)), many=True).data)
