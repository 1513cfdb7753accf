"""Labelling a clip over HTTP: its lines, its steps, and remarks on its faces."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from exports.erato.discards import DISCARDS
from exports.erato.relations import FIVE
from webapp.annotation.api.serializers import ProjectNameSerializer
from webapp.annotation.api.views import LOST, viewer
from webapp.annotation.models import Assignment, Project, Task
from webapp.annotation.remarks import LONGEST_COMMENT
from webapp.api.pagination import ID
from webapp.corpus.api import EpisodeMediaSerializer, SpanSerializer
from webapp.relationships.api.relating_detail import relating_detail
from webapp.relationships.lines import LONGEST_LINE, MOST_LINES, ClipLine
from webapp.relationships.models import IdentityRemark, StepRevision
from webapp.relationships.queries import lines_of
from webapp.relationships.services import labelling
from webapp.relationships.steps import BACK_TO, DISCARDED, STEPS, StepEvent

LARGEST_ID = 2**62


class RelatingClipSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    shots = SpanSerializer(many=True)


class ClipLineSerializer(serializers.Serializer[Any]):
    """A subtitle line of a clip as it counts now."""

    name = serializers.CharField(help_text="`found:` and its number in the analysis, or a UUID.")
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    text = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True, help_text="0 to 1; null for a line that people made.")
    origin = serializers.CharField(source="source", help_text="`file`, `ocr`; empty for a line that people made.")
    box = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Where it was read: x, y, width, height in pixels of the proxy.",
    )
    edited = serializers.BooleanField(help_text="It is not as it was found.")


class ClipPersonSerializer(serializers.Serializer[Any]):
    """Somebody in a clip."""

    identity = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True, help_text="The character's, if it is known.")
    is_candidate = serializers.BooleanField()
    screen_time_ms = serializers.IntegerField()
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    )
    pictures = serializers.ListField(child=serializers.CharField(), help_text="Addresses, the best first.")


class PairField(serializers.ListField):
    """Two identities."""

    child = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=2, max_length=2, **kwargs)


class OutcomeSerializer(serializers.Serializer[Any]):
    """What a turn says of its clip."""

    pair = PairField(allow_null=True)
    relationship = serializers.ChoiceField(choices=FIVE, allow_blank=True)
    unsure = serializers.BooleanField()
    comment = serializers.CharField(allow_blank=True)
    discarded = serializers.ChoiceField(choices=DISCARDS, allow_blank=True)
    words = serializers.CharField(allow_blank=True)


class StandingSerializer(serializers.Serializer[Any]):
    """Where a turn is; pair and relationship are the last that were said."""

    step = serializers.ChoiceField(choices=[*STEPS, DISCARDED])
    pair = PairField(allow_null=True)
    relationship = serializers.ChoiceField(choices=FIVE, allow_blank=True)
    outcome = OutcomeSerializer(allow_null=True)
    resumes = serializers.ChoiceField(choices=STEPS, help_text="Where one goes on who takes a discard back.")


class StepSerializer(serializers.Serializer[Any]):
    """One event of a turn."""

    kind = serializers.ChoiceField(choices=StepRevision.Kind.choices)
    pair = PairField(allow_null=True)
    relationship = serializers.ChoiceField(choices=FIVE, allow_blank=True)
    back_to = serializers.ChoiceField(choices=BACK_TO, allow_blank=True)
    reason = serializers.ChoiceField(choices=DISCARDS, allow_blank=True)
    words = serializers.CharField(allow_blank=True)
    unsure = serializers.BooleanField()
    comment = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class RemarkSerializer(serializers.ModelSerializer[IdentityRemark]):
    class Meta:
        model = IdentityRemark
        fields = ["client_id", "kind", "identity", "comment", "created_at", "settled_at"]


class RelatingSerializer(serializers.Serializer[Any]):
    """A turn at a pair with everything its page shows."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Assignment.Status.choices)
    finished_at = serializers.DateTimeField(allow_null=True)
    may_correct = serializers.BooleanField(help_text="It is finished, and can still be corrected.")
    project = ProjectNameSerializer()
    episode = EpisodeMediaSerializer()
    clip = RelatingClipSerializer()
    lines = ClipLineSerializer(many=True)
    people = ClipPersonSerializer(many=True)
    standing = StandingSerializer()
    steps = StepSerializer(many=True)
    remarks = RemarkSerializer(many=True)


class NewLineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=40)
    start_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    end_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    text = serializers.CharField(allow_blank=True, max_length=LONGEST_LINE)
    removed = serializers.BooleanField(default=False)


class NewLinesSerializer(serializers.Serializer[Any]):
    """Lines that are changed together: of a split or a join all, or none."""

    client_id = serializers.UUIDField()
    lines = NewLineSerializer(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]  # DRF's

    def said(self) -> list[ClipLine]:
        return [ClipLine(**one) for one in self.validated_data["lines"]]


class NewStepSerializer(serializers.Serializer[Any]):
    """Whether an event may come now is the protocol's affair (422), not the form's (400)."""

    client_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=StepRevision.Kind.choices)
    pair = PairField(allow_null=True, default=None)
    relationship = serializers.ChoiceField(choices=FIVE, allow_blank=True, default="")
    back_to = serializers.ChoiceField(choices=BACK_TO, allow_blank=True, default="")
    reason = serializers.ChoiceField(choices=DISCARDS, allow_blank=True, default="")
    words = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_COMMENT)
    unsure = serializers.BooleanField(default=False)
    comment = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_COMMENT)
    duration_ms = serializers.IntegerField(min_value=0, max_value=24 * 3600 * 1000, default=0)

    def event(self) -> StepEvent:
        """Return the event with what its kind says, and nothing else."""
        data, kind = self.validated_data, self.validated_data["kind"]
        if kind == StepRevision.Kind.PAIR and data["pair"]:
            smaller, larger = sorted(data["pair"])
            return StepEvent(kind, pair=(smaller, larger))
        if kind == StepRevision.Kind.RELATIONSHIP:
            said = data["relationship"]
            return StepEvent(kind, relationship=said, unsure=data["unsure"], comment=data["comment"].strip())
        if kind == StepRevision.Kind.BACK:
            return StepEvent(kind, back_to=data["back_to"])
        if kind == StepRevision.Kind.DISCARD:
            return StepEvent(kind, reason=data["reason"], words=data["words"].strip())
        return StepEvent(kind)


class NewRemarkSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=IdentityRemark.Kind.choices)
    identity = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, allow_null=True, default=None)
    comment = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_COMMENT)


class RelatingViewSet(viewsets.GenericViewSet[Assignment]):
    """One's own turns at pairs; those of others are a 404."""

    serializer_class = RelatingSerializer
    queryset = Assignment.objects.none()
    lookup_value_regex = ID

    def get_queryset(self) -> QuerySet[Assignment]:
        user = viewer(self.request)
        visible = Assignment.objects.of(user).filter(task__project__in=Project.objects.visible_to(user))
        return visible.filter(task__kind=Task.Kind.RELATE).with_work()

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        return Response(RelatingSerializer(relating_detail(self.get_object())).data)

    @extend_schema(request=NewLinesSerializer, responses={201: ClipLineSerializer(many=True), **LOST})
    @action(detail=True, methods=["post"])
    def lines(self, request: Request, pk: str | None = None) -> Response:
        """Correct lines of the clip; sending it twice is one correction. Returns all lines as they count now."""
        form = NewLinesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        turn = self.get_object()
        labelling.revise_lines(assignment=turn, client_id=form.validated_data["client_id"], lines=form.said())
        lines = lines_of(labelling.clip_of(turn))
        return Response(ClipLineSerializer(lines, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=NewStepSerializer, responses={201: StandingSerializer, **LOST})
    @action(detail=True, methods=["post"])
    def steps(self, request: Request, pk: str | None = None) -> Response:
        """Go a step on, or back; sending it twice is one step. Returns where the turn is then."""
        form = NewStepSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now = labelling.take_step(
            assignment=self.get_object(),
            client_id=form.validated_data["client_id"],
            event=form.event(),
            duration_ms=form.validated_data["duration_ms"],
        )
        return Response(StandingSerializer(now).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=NewRemarkSerializer, responses={201: RemarkSerializer, **LOST})
    @action(detail=True, methods=["post"])
    def remarks(self, request: Request, pk: str | None = None) -> Response:
        """Say that pictures show somebody else, or that somebody is missing; sending it twice is one remark."""
        form = NewRemarkSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        remark = labelling.remark_on_identity(assignment=self.get_object(), **form.validated_data)
        return Response(RemarkSerializer(remark).data, status=status.HTTP_201_CREATED)
