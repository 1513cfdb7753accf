"""What an annotator did and what comes next: to go back to an answer, and to warm the next clip."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.annotation.api.views import viewer
from webapp.annotation.models import Assignment, Project, StateRevision, Task
from webapp.annotation.queries import newest_of
from webapp.annotation.services import turns


class SinceSerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField(required=False, help_text="Finished at that time or later.")


class SaidSerializer(serializers.Serializer[Any]):
    """What was said of one character, in short."""

    character = serializers.CharField()
    status = serializers.ChoiceField(choices=StateRevision.Status.choices)
    fine_grained = serializers.CharField(allow_blank=True)
    unsure = serializers.BooleanField()


class OwnTurnSerializer(serializers.Serializer[Any]):
    """A clip that one has finished."""

    id = serializers.IntegerField()
    finished_at = serializers.DateTimeField()
    may_correct = serializers.BooleanField()
    title = serializers.CharField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    said = SaidSerializer(many=True)


def own_turn(turn: Assignment) -> dict[str, Any]:
    """Return the values of OwnTurnSerializer of a turn loaded with its clip, episode and states."""
    clip = turn.task.clip
    assert clip is not None, "turns at clips are listed"
    return {
        "id": turn.pk,
        "finished_at": turn.finished_at,
        "may_correct": turns.may_be_corrected(turn, timezone.now()),
        "title": turn.task.episode.title,
        "start_ms": clip.start_ms,
        "end_ms": clip.end_ms,
        "said": [
            {
                "character": state.character.name,
                "status": state.status,
                "fine_grained": state.fine_grained,
                "unsure": state.unsure,
            }
            for state in sorted(newest_of(turn.states.all()), key=lambda one: (one.character.order, one.character_id))
        ],
    }


class OwnTurnsView(generics.GenericAPIView[Assignment]):
    """One's own finished clips."""

    serializer_class = OwnTurnSerializer
    queryset = Assignment.objects.none()

    @extend_schema(
        operation_id="projects_turns_list",
        parameters=[SinceSerializer],
        responses=OwnTurnSerializer(many=True),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The clips that this user has finished, the last one first."""
        user = viewer(request)
        project = get_object_or_404(Project.objects.visible_to(user), pk=project_id)
        form = SinceSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        done = Assignment.objects.of(user).filter(
            task__project=project, task__kind=Task.Kind.STATES, status=Assignment.Status.DONE
        )
        if since := form.validated_data.get("since"):
            done = done.filter(finished_at__gte=since)
        said = StateRevision.objects.select_related("character").order_by("created_at", "pk")
        rows = done.with_work().prefetch_related(Prefetch("states", queryset=said)).order_by("-finished_at", "-pk")
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(OwnTurnSerializer([own_turn(turn) for turn in page], many=True).data)


class UpcomingSerializer(serializers.Serializer[Any]):
    """The clip that one would be given next, as far as can be said now."""

    video_url = serializers.CharField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()


class UpcomingView(APIView):
    @extend_schema(operation_id="projects_upcoming_retrieve", responses={200: UpcomingSerializer, 204: None})
    def get(self, request: Request, project_id: int) -> Response:
        """What is probably next, so that a browser can load it; nothing is reserved."""
        user = viewer(request)
        project = get_object_or_404(Project.objects.visible_to(user), pk=project_id)
        kind = Task.Kind.RELATE if project.protocol == Project.Protocol.ERATO else Task.Kind.STATES
        task = turns.upcoming(project=project, user=user, kind=kind)
        if task is None or task.clip is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        values = {
            "video_url": reverse("media-video", args=[task.episode_id]),
            "start_ms": task.clip.start_ms,
            "end_ms": task.clip.end_ms,
        }
        return Response(UpcomingSerializer(values).data)
