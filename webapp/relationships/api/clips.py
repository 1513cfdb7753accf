"""The clips of an ERATO project over HTTP, for admins: listed, counted, restored, and their limits."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.api import IsAdmin
from webapp.annotation.api.views import viewer
from webapp.annotation.models import Clip, Project
from webapp.api.errors import ErrorSerializer
from webapp.corpus.api import EpisodeMediaSerializer, episode_media, face_url
from webapp.corpus.models import Episode
from webapp.relationships.models import ClipFacts, ClipPerson
from webapp.relationships.services.clips import decide_limits, restore_clip, rules_of
from webapp.relationships.services.listing import SHOWN, clip_counts, clips_of, with_details

LONGEST_MS = 600_000
MOST_PEOPLE = 100


class ClipFilterSerializer(serializers.Serializer[Any]):
    shown = serializers.ChoiceField(choices=SHOWN, required=False, help_text="Without it all clips.")
    episode = serializers.IntegerField(min_value=1, max_value=2**62, required=False)


class ListedPersonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="identity_id")
    number = serializers.SerializerMethodField()
    name = serializers.CharField(source="identity.character.name", default="", allow_blank=True)
    face_url = serializers.SerializerMethodField()
    screen_time_ms = serializers.IntegerField()

    def get_number(self, person: ClipPerson) -> int:
        return person.identity.index + 1

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_face_url(self, person: ClipPerson) -> str | None:
        return face_url(person.identity)


class ListedClipSerializer(serializers.Serializer[Any]):
    """A clip with its people, whether it is dropped, and how far it is labelled."""

    id = serializers.IntegerField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    episode = EpisodeMediaSerializer()
    people = ListedPersonSerializer(many=True, help_text="Longest seen first.")
    drop = serializers.ChoiceField(choices=ClipFacts.Drop.choices, allow_blank=True)
    restored_by = serializers.CharField(allow_blank=True, help_text="Who keeps it all the same.")
    answers = serializers.IntegerField()
    answers_wanted = serializers.IntegerField(help_text="0: nobody is asked about it.")


class DropCountsSerializer(serializers.Serializer[Any]):
    """How many clips there are; those by reason are dropped now."""

    total = serializers.IntegerField()
    kept = serializers.IntegerField()
    dropped = serializers.IntegerField()
    restored = serializers.IntegerField()
    too_short = serializers.IntegerField(source="reasons.too_short")
    too_long = serializers.IntegerField(source="reasons.too_long")
    too_few_people = serializers.IntegerField(source="reasons.too_few_people")
    too_many_people = serializers.IntegerField(source="reasons.too_many_people")


class ClipLimitsSerializer(serializers.Serializer[Any]):
    """Which clips are labelled. A change drops and brings back clips that nobody has answered."""

    fewest_people = serializers.IntegerField(min_value=2, max_value=MOST_PEOPLE)
    most_people = serializers.IntegerField(min_value=2, max_value=MOST_PEOPLE)
    shortest_ms = serializers.IntegerField(min_value=1, max_value=LONGEST_MS)
    longest_ms = serializers.IntegerField(min_value=1, max_value=LONGEST_MS)
    candidates = serializers.IntegerField(min_value=2, max_value=9, help_text="So many people are offered as the pair.")


def clip_values(clips: list[Clip]) -> list[dict[str, Any]]:
    """Return the values of ListedClipSerializer; clips come `with_details`."""
    episodes = {one.pk: one for one in Episode.objects.with_media().filter(pk__in={clip.episode_id for clip in clips})}
    return [
        {
            "id": clip.pk,
            "start_ms": clip.start_ms,
            "end_ms": clip.end_ms,
            "episode": episode_media(episodes[clip.episode_id]),
            "people": clip.people.all(),
            "drop": clip.facts.drop,
            "restored_by": clip.facts.restored_by.full_name if clip.facts.restored_by else "",
            "answers": vars(clip)["answers"],
            "answers_wanted": vars(clip)["answers_wanted"],
        }
        for clip in clips
    ]


def _project(project_id: int) -> Project:
    return get_object_or_404(Project, pk=project_id, protocol=Project.Protocol.ERATO)


class ClipsView(generics.GenericAPIView[Clip]):
    permission_classes = [IsAdmin]
    serializer_class = ListedClipSerializer
    queryset = Clip.objects.none()

    @extend_schema(
        operation_id="projects_clips_list",
        parameters=[ClipFilterSerializer],
        responses=ListedClipSerializer(many=True),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The clips of a project by episode and time."""
        project = _project(project_id)
        form = ClipFilterSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        ids = clips_of(project, **form.validated_data).values_list("pk", flat=True)
        page = self.paginate_queryset(ids) or []
        return self.get_paginated_response(ListedClipSerializer(clip_values(with_details(page)), many=True).data)


class ClipCountsView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_clips_counts", responses=DropCountsSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """How many clips are labelled, and how many are dropped for which reason."""
        return Response(DropCountsSerializer(clip_counts(_project(project_id))).data)


class RestoreClipView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_clips_restore",
        request=None,
        responses={200: ListedClipSerializer, 422: ErrorSerializer},
    )
    def post(self, request: Request, project_id: int, clip_id: int) -> Response:
        """Let a dropped clip be labelled all the same; the reason stays on record."""
        clip = get_object_or_404(clips_of(_project(project_id)), pk=clip_id)
        restore_clip(clip=clip, user=viewer(request))
        (values,) = clip_values(with_details([clip.pk]))
        return Response(ListedClipSerializer(values).data)


class ClipLimitsView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_clip_limits_retrieve", responses=ClipLimitsSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """Which clips are labelled."""
        return Response(ClipLimitsSerializer(rules_of(_project(project_id))).data)

    @extend_schema(
        operation_id="projects_clip_limits_update",
        request=ClipLimitsSerializer,
        responses={200: ClipLimitsSerializer, 422: ErrorSerializer},
    )
    def patch(self, request: Request, project_id: int) -> Response:
        """Change limits, also for the clips there are."""
        project = _project(project_id)
        form = ClipLimitsSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        decide_limits(project=project, **form.validated_data)
        return Response(ClipLimitsSerializer(rules_of(project)).data)
