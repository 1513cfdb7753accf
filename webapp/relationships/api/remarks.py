"""What annotators say of mixed-up faces, as admins read it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.api import IsAdmin
from webapp.annotation.api.views import viewer
from webapp.annotation.models import Project
from webapp.corpus.api import face_url
from webapp.relationships.models import IdentityRemark
from webapp.relationships.services.labelling import settle_remark


class RemarkFilterSerializer(serializers.Serializer[Any]):
    is_open = serializers.BooleanField(required=False, help_text="true: only what nobody has looked after.")


class ListedRemarkSerializer(serializers.Serializer[Any]):
    """A remark on the faces of a clip."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=IdentityRemark.Kind.choices)
    comment = serializers.CharField(allow_blank=True)
    annotator = serializers.CharField()
    created_at = serializers.DateTimeField()
    episode = serializers.IntegerField()
    title = serializers.CharField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    identity = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True, help_text="Who the face is said to be.")
    face_url = serializers.CharField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(allow_blank=True)


def listed_remark(remark: IdentityRemark) -> dict[str, Any]:
    """Return the values of ListedRemarkSerializer of a remark loaded by `_remarks`."""
    clip, who = remark.assignment.task.clip, remark.identity
    assert clip is not None, "remarks are made on clips"
    return {
        "id": remark.pk,
        "kind": remark.kind,
        "comment": remark.comment,
        "annotator": remark.assignment.annotator.full_name,
        "created_at": remark.created_at,
        "episode": clip.episode_id,
        "title": str(clip.episode),
        "start_ms": clip.start_ms,
        "end_ms": clip.end_ms,
        "identity": remark.identity_id,
        "name": who.character.name if who and who.character else "",
        "face_url": face_url(who),
        "settled_at": remark.settled_at,
        "settled_by": remark.settled_by.full_name if remark.settled_by else "",
    }


_LOADED = ("assignment__annotator", "assignment__task__clip__episode__series", "identity__character", "settled_by")


class RemarksView(generics.GenericAPIView[IdentityRemark]):
    permission_classes = [IsAdmin]
    serializer_class = ListedRemarkSerializer
    queryset = IdentityRemark.objects.none()

    @extend_schema(
        operation_id="projects_identity_remarks_list",
        parameters=[RemarkFilterSerializer],
        responses=ListedRemarkSerializer(many=True),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Remarks on the faces of a project's clips, the newest first."""
        project = get_object_or_404(Project, pk=project_id)
        form = RemarkFilterSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        rows = IdentityRemark.objects.filter(assignment__task__project=project).select_related(*_LOADED)
        if form.validated_data.get("is_open"):
            rows = rows.filter(settled_at__isnull=True)
        page = self.paginate_queryset(rows.order_by("-pk")) or []
        values = [listed_remark(remark) for remark in page]
        return self.get_paginated_response(ListedRemarkSerializer(values, many=True).data)


class SettledSerializer(serializers.Serializer[Any]):
    settled = serializers.BooleanField()


class RemarkView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="identity_remarks_update", request=SettledSerializer, responses=ListedRemarkSerializer)
    def patch(self, request: Request, remark_id: int) -> Response:
        """Say that a remark was looked after, or that it was not yet."""
        form = SettledSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        remark = get_object_or_404(IdentityRemark.objects.select_related(*_LOADED), pk=remark_id)
        settle_remark(remark=remark, user=viewer(request), settled=form.validated_data["settled"])
        return Response(ListedRemarkSerializer(listed_remark(remark)).data)
