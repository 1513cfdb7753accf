"""Looking for interactions over HTTP: what is known of the episode, and what the annotator marks."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.erato.interactions import warnings_of
from webapp.annotation.api.views import LOST, viewer
from webapp.annotation.models import Assignment, Project, Task
from webapp.corpus.api import SpanSerializer, face_url
from webapp.relationships.models import InteractionRevision
from webapp.relationships.services.clips import rules_of
from webapp.relationships.services.desk import LocatingDesk, desk_of
from webapp.relationships.services.locating import say_interaction
from webapp.relationships.services.stories import storyboard_of

LONGEST_MS = 2**31 - 1
WARNINGS = ("too_short", "too_long", "leaves_story")


class StorySerializer(SpanSerializer):
    """Neighbouring shots that form one scene."""

    first_shot = serializers.IntegerField(source="first", help_text="Place in the list of shots.")
    last_shot = serializers.IntegerField(source="last", help_text="Place in the list of shots.")


class KeyShotSerializer(SpanSerializer):
    key_frame_ms = serializers.IntegerField(help_text="The frame that shows what the shot is about.")


class SubtitleSerializer(SpanSerializer):
    text = serializers.CharField()


class SeenPersonSerializer(serializers.Serializer[Any]):
    """Somebody whose face was followed through the episode."""

    id = serializers.IntegerField(source="identity.pk")
    number = serializers.SerializerMethodField(help_text="What he or she is called without a name.")
    name = serializers.CharField(source="identity.character.name", default="", allow_blank=True)
    face_url = serializers.SerializerMethodField()
    screen_time_ms = serializers.IntegerField()
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Spans [start_ms, end_ms], in order, apart from each other.",
    )

    def get_number(self, person: Any) -> int:
        number: int = person.identity.index + 1
        return number

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_face_url(self, person: Any) -> str | None:
        return face_url(person.identity)


class InteractionSuggestionSerializer(serializers.Serializer[Any]):
    """Where two people alternate or share the screen. Nobody has to take it."""

    key = serializers.CharField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    people = serializers.ListField(child=serializers.IntegerField(), help_text="Two ids of people.")


class InteractionSerializer(serializers.ModelSerializer[InteractionRevision]):
    """An interaction as it was said last. Warnings forbid nothing: such a clip is made, and dropped with the reason."""

    id = serializers.UUIDField(source="interaction")
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = InteractionRevision
        fields = ["id", "start_ms", "end_ms", "removed", "suggestion", "warnings", "created_at"]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=WARNINGS)))
    def get_warnings(self, row: InteractionRevision) -> list[str]:
        return list(warnings_of((row.start_ms, row.end_ms), self.context["stories"], self.context["rules"]))


class NewInteractionSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Made by the client, new for every change.")
    interaction = serializers.UUIDField(help_text="Made by the client, the same for every change of one interaction.")
    start_ms = serializers.IntegerField(min_value=0, max_value=LONGEST_MS)
    end_ms = serializers.IntegerField(min_value=1, max_value=LONGEST_MS)
    removed = serializers.BooleanField(default=False)
    suggestion = serializers.RegexField(
        r"^[0-9]{1,10}-[0-9]{1,10}$", allow_blank=True, default="", help_text="Key of the suggestion it is made of."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["start_ms"] >= data["end_ms"]:
            raise serializers.ValidationError({"end_ms": "An interaction ends after it starts."})
        return data


class LimitsSerializer(serializers.Serializer[Any]):
    """Clips outside of these are dropped."""

    shortest_ms = serializers.IntegerField()
    longest_ms = serializers.IntegerField()
    fewest_people = serializers.IntegerField()
    most_people = serializers.IntegerField()


class LocatingSerializer(serializers.Serializer[Any]):
    """What is known of the episode of a turn, and what was marked in this turn."""

    stories = StorySerializer(source="storyboard.stories", many=True)
    shots = KeyShotSerializer(source="storyboard.shots", many=True)
    lines = SubtitleSerializer(many=True)
    people = SeenPersonSerializer(many=True, help_text="Longest seen first.")
    suggestions = InteractionSuggestionSerializer(many=True)
    interactions = InteractionSerializer(many=True, help_text="Removed ones too, by time.")
    limits = LimitsSerializer(source="rules")


def locating_values(desk: LocatingDesk) -> Any:
    stories = [(story.start_ms, story.end_ms) for story in desk.storyboard.stories]
    return LocatingSerializer(desk, context={"stories": stories, "rules": desk.rules}).data


def _own_turn(request: Request, assignment_id: int) -> Assignment:
    user = viewer(request)
    turns = Assignment.objects.of(user).filter(task__project__in=Project.objects.visible_to(user)).with_work()
    return get_object_or_404(turns.filter(task__kind=Task.Kind.LOCATE), pk=assignment_id)


class LocatingView(APIView):
    """One's own turn at an episode."""

    @extend_schema(operation_id="locating_retrieve", responses=LocatingSerializer)
    def get(self, request: Request, assignment_id: int) -> Response:
        """Story segments, shots, lines, people, suggestions, and what was marked so far."""
        return Response(locating_values(desk_of(_own_turn(request, assignment_id))))


class InteractionsView(APIView):
    @extend_schema(
        operation_id="locating_interactions_create",
        request=NewInteractionSerializer,
        responses={201: InteractionSerializer, **LOST},
    )
    def post(self, request: Request, assignment_id: int) -> Response:
        """Mark, change, remove or restore an interaction; sending it twice is one change."""
        assignment = _own_turn(request, assignment_id)
        form = NewInteractionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = say_interaction(assignment=assignment, **form.validated_data)
        project = assignment.task.project
        stories = [(s.start_ms, s.end_ms) for s in storyboard_of(project, assignment.task.episode).stories]
        context = {"stories": stories, "rules": rules_of(project)}
        return Response(InteractionSerializer(row, context=context).data, status=status.HTTP_201_CREATED)
