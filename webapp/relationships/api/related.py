"""What finished turns say of pairs: one's own to correct them, all of them for admins, and examples out of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.erato.discards import DISCARDS
from exports.erato.relations import FIVE
from webapp.accounts.api import IsAdmin
from webapp.annotation.api.history import SinceSerializer
from webapp.annotation.api.views import LOST, viewer
from webapp.annotation.models import Assignment, Exemplar, Project, Task
from webapp.annotation.services.turns import may_be_corrected
from webapp.corpus.api import EpisodeMediaSerializer, episode_media
from webapp.corpus.models import Episode
from webapp.relationships.models import ClipPerson, StepRevision
from webapp.relationships.queries import standing_of
from webapp.relationships.services.labelling import choose_example
from webapp.relationships.steps import Outcome, StepEvent

#: What a list of answers can be narrowed to besides a relationship.
DISCARDED = "discarded"


class RelatedFilterSerializer(serializers.Serializer[Any]):
    said = serializers.ChoiceField(choices=[*FIVE, DISCARDED], required=False)
    unsure = serializers.BooleanField(required=False, help_text="true: only where the annotator is unsure.")
    commented = serializers.BooleanField(required=False, help_text="true: only with a comment or own words.")


class RelatedSerializer(serializers.Serializer[Any]):
    """What one annotator says of one clip, in a finished turn."""

    id = serializers.IntegerField(help_text="Of the turn.")
    annotator = serializers.CharField()
    finished_at = serializers.DateTimeField()
    may_correct = serializers.BooleanField()
    episode = EpisodeMediaSerializer()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    people = serializers.ListField(child=serializers.CharField(), help_text="Names of the pair; empty if unknown.")
    relationship = serializers.ChoiceField(choices=FIVE, allow_blank=True)
    discarded = serializers.ChoiceField(choices=DISCARDS, allow_blank=True)
    unsure = serializers.BooleanField()
    comment = serializers.CharField(allow_blank=True, help_text="Of a discarded clip: why, in own words.")
    is_exemplar = serializers.BooleanField(help_text="The clip is the project's example of the relationship.")


def finished(project: Project) -> QuerySet[Assignment]:
    """Finished turns at a project's pairs, the last one first."""
    # Not joined: a page then walks the index of the last finished, and stops when it is full.
    of_project = Task.objects.filter(pk=OuterRef("task"), project=project, kind=Task.Kind.RELATE)
    done = Assignment.objects.filter(Exists(of_project), status=Assignment.Status.DONE)
    return done.with_work().select_related("annotator").order_by("-finished_at", "-pk")


def narrowed(turns: QuerySet[Assignment], *, said: str = "", unsure: bool = False, commented: bool = False) -> Any:
    """Return the turns whose last word is of a kind."""
    final = (StepRevision.Kind.RELATIONSHIP, StepRevision.Kind.DISCARD)
    last = StepRevision.objects.filter(assignment=OuterRef("pk"), kind__in=final).order_by("-pk")
    if said == DISCARDED:
        turns = turns.annotate(last_kind=Subquery(last.values("kind")[:1])).filter(last_kind=StepRevision.Kind.DISCARD)
    elif said:
        turns = turns.annotate(last_said=Subquery(last.values("relationship")[:1])).filter(last_said=said)
    if unsure:
        turns = turns.annotate(last_unsure=Subquery(last.values("unsure")[:1])).filter(last_unsure=True)
    if commented:
        turns = turns.annotate(
            last_comment=Subquery(last.values("comment")[:1]), last_words=Subquery(last.values("words")[:1])
        ).exclude(last_comment="", last_words="")
    return turns


def related_values(turns: Sequence[Assignment]) -> list[dict[str, Any]]:
    """Return the values of RelatedSerializer, in a fixed number of queries for any number of turns."""
    clips = {turn.task.clip.pk: turn.task.clip for turn in turns if turn.task.clip}
    episodes = Episode.objects.with_media().in_bulk({clip.episode_id for clip in clips.values()})
    outcomes, names = _outcomes(turns), _names(list(clips))
    examples = set(Exemplar.objects.filter(clip__in=clips).values_list("clip", "label"))
    now = timezone.now()
    values = []
    for turn in turns:
        clip = turn.task.clip
        assert clip is not None, "pairs are in clips"
        said = outcomes.get(turn.pk) or Outcome()
        values.append(
            {
                "id": turn.pk,
                "annotator": turn.annotator.full_name,
                "finished_at": turn.finished_at,
                "may_correct": may_be_corrected(turn, now),
                "episode": episode_media(episodes[clip.episode_id]),
                "start_ms": clip.start_ms,
                "end_ms": clip.end_ms,
                "people": [names[clip.pk].get(identity, "") for identity in said.pair or ()],
                "relationship": said.relationship,
                "discarded": said.discarded,
                "unsure": said.unsure,
                "comment": said.words if said.discarded else said.comment,
                "is_exemplar": (clip.pk, said.relationship) in examples,
            }
        )
    return values


def _outcomes(turns: Sequence[Assignment]) -> dict[int, Outcome | None]:
    """Return turn -> what it says, in two queries."""
    tasks = [turn.task_id for turn in turns]
    events: dict[tuple[int, int], list[StepEvent]] = defaultdict(list)
    steps = StepRevision.objects.filter(assignment__task__in=tasks).select_related("assignment").order_by("pk")
    for step in steps:
        events[step.assignment.task_id, step.assignment.annotator_id].append(step.event)
    people: dict[int, set[int]] = defaultdict(set)
    in_clips = ClipPerson.objects.filter(clip__task__in=tasks)
    for task, identity in in_clips.values_list("clip__task", "identity"):
        people[task].add(identity)
    return {
        turn.pk: standing_of(events[turn.task_id, turn.annotator_id], people[turn.task_id]).outcome for turn in turns
    }


def _names(clips: Sequence[int]) -> dict[int, dict[int, str]]:
    """Return clip -> identity -> the character's name, "" if it is not known."""
    names: dict[int, dict[int, str]] = defaultdict(dict)
    people = ClipPerson.objects.filter(clip__in=clips)
    for clip, identity, name in people.values_list("clip", "identity", "identity__character__name"):
        names[clip][identity] = name or ""
    return names


class OwnRelatedView(generics.GenericAPIView[Assignment]):
    serializer_class = RelatedSerializer
    queryset = Assignment.objects.none()

    @extend_schema(
        operation_id="projects_own_related_list", parameters=[SinceSerializer], responses=RelatedSerializer(many=True)
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The clips whose pair this user has labelled, the last one first."""
        user = viewer(request)
        project = get_object_or_404(Project.objects.visible_to(user), pk=project_id)
        form = SinceSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        turns = finished(project).filter(annotator=user)
        if since := form.validated_data.get("since"):
            turns = turns.filter(finished_at__gte=since)
        page = self.paginate_queryset(turns) or []
        return self.get_paginated_response(RelatedSerializer(related_values(page), many=True).data)


class RelatedView(generics.GenericAPIView[Assignment]):
    permission_classes = [IsAdmin]
    serializer_class = RelatedSerializer
    queryset = Assignment.objects.none()

    @extend_schema(
        operation_id="projects_related_list",
        parameters=[RelatedFilterSerializer],
        responses=RelatedSerializer(many=True),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """What all annotators said of pairs, the last one first."""
        project = get_object_or_404(Project, pk=project_id)
        form = RelatedFilterSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        page = self.paginate_queryset(narrowed(finished(project), **form.validated_data)) or []
        return self.get_paginated_response(RelatedSerializer(related_values(page), many=True).data)


class NewExampleSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(allow_blank=True, default="", max_length=300, help_text="What to look at.")


class ExampleView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_related_example",
        request=NewExampleSerializer,
        responses={201: RelatedSerializer, **LOST},
    )
    def post(self, request: Request, project_id: int, turn_id: int) -> Response:
        """Make a labelled clip the example of its relationship, in place of an earlier one."""
        project = get_object_or_404(Project, pk=project_id)
        form = NewExampleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        turn = get_object_or_404(finished(project), pk=turn_id)
        (values,) = related_values([turn])
        choose_example(
            turn=turn, relationship=values["relationship"], user=viewer(request), note=form.validated_data["note"]
        )
        (values,) = related_values([turn])
        return Response(RelatedSerializer(values).data, status=status.HTTP_201_CREATED)
