"""Examples of labels over HTTP: everybody in a project sees them, admins choose them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.erato.relations import FIVE
from webapp.accounts.api import IsAdmin
from webapp.annotation.api.answers import LABELS
from webapp.annotation.api.detail import captions_of
from webapp.annotation.api.serializers import CaptionSerializer
from webapp.annotation.api.views import LOST, viewer
from webapp.annotation.models import Exemplar, Project, StateRevision
from webapp.annotation.services.exemplars import choose_exemplar
from webapp.corpus.api import EpisodeMediaSerializer, episode_media
from webapp.corpus.models import Episode

#: What there can be an example of, in the order in which examples are listed.
SHOWN = [*LABELS, *FIVE]


class NewExemplarSerializer(serializers.Serializer[Any]):
    answer = serializers.IntegerField(min_value=1, max_value=2**62, help_text="The answer whose label it shows.")
    note = serializers.CharField(allow_blank=True, default="", max_length=300, help_text="What to look at.")


class ExemplarSerializer(serializers.Serializer[Any]):
    """A clip that shows what a label means."""

    label = serializers.ChoiceField(choices=SHOWN)  # type: ignore[assignment]  # the wire name
    note = serializers.CharField(allow_blank=True)
    character = serializers.CharField(allow_blank=True, help_text="Empty for a relationship.")
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    episode = EpisodeMediaSerializer()
    lines = CaptionSerializer(many=True)


def exemplar_values(project: Project) -> list[dict[str, Any]]:
    """Return the values of ExemplarSerializer in order: at most one a label, so no page is needed."""
    rows = list(Exemplar.objects.filter(project=project).select_related("clip", "character"))
    rows.sort(key=lambda row: SHOWN.index(row.label))
    episodes = {one.pk: one for one in Episode.objects.with_media().filter(pk__in={r.clip.episode_id for r in rows})}
    lines = captions_of([row.clip for row in rows])
    return [
        {
            "label": row.label,
            "note": row.note,
            "character": row.character.name if row.character else "",
            "start_ms": row.clip.start_ms,
            "end_ms": row.clip.end_ms,
            "episode": episode_media(episodes[row.clip.episode_id]),
            "lines": lines[row.clip_id],
        }
        for row in rows
    ]


class ExemplarsView(APIView):
    """Examples of a project's labels."""

    @extend_schema(operation_id="projects_exemplars_list", responses=ExemplarSerializer(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        """The example of each label that has one."""
        project = get_object_or_404(Project.objects.visible_to(viewer(request)), pk=project_id)
        return Response(ExemplarSerializer(exemplar_values(project), many=True).data)

    def get_permissions(self) -> Sequence[Any]:
        return super().get_permissions() if self.request.method == "GET" else [IsAdmin()]

    @extend_schema(
        operation_id="projects_exemplars_create",
        request=NewExemplarSerializer,
        responses={201: ExemplarSerializer(many=True), **LOST},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Make an answered clip the example of its label, in place of an earlier one."""
        project = get_object_or_404(Project, pk=project_id)
        form = NewExemplarSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        answers = StateRevision.objects.select_related("assignment__task", "character")
        revision = get_object_or_404(answers, pk=form.validated_data["answer"])
        choose_exemplar(project=project, revision=revision, user=viewer(request), note=form.validated_data["note"])
        return Response(ExemplarSerializer(exemplar_values(project), many=True).data, status=status.HTTP_201_CREATED)


class ExemplarView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_exemplars_destroy", responses={204: None})
    def delete(self, request: Request, project_id: int, label: str) -> Response:
        """Take the example of a label away; the clip and its answers stay."""
        get_object_or_404(Exemplar, project=project_id, label=label).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
