"""Training over HTTP: what admins decide and see, and how an annotator stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.erato.relations import FIVE
from exports.erato.training import Said, Score
from webapp.accounts.api import IsAdmin
from webapp.annotation.api.views import LOST, viewer
from webapp.annotation.models import Assignment, Clip, Membership, Project, Task, TrainingClip
from webapp.annotation.models.project import HIGHEST_GOLD_PERCENT
from webapp.annotation.services import training
from webapp.corpus.api import EpisodeMediaSerializer, episode_media
from webapp.corpus.models import Episode
from webapp.quality.discussions import accept_unanimous
from webapp.quality.training import AnnotatorAccount, ClipAccount, open_who_passed, training_account


class AnnotatorTrainingSettingsSerializer(serializers.ModelSerializer[Project]):
    """How a project trains its annotators."""

    training_threshold = serializers.IntegerField(
        min_value=0, max_value=100, required=False, help_text="Percent of the training clips to answer as agreed."
    )
    gold_percent = serializers.IntegerField(
        min_value=0, max_value=HIGHEST_GOLD_PERCENT, required=False, help_text="Of an annotator's clips; 0: none."
    )

    class Meta:
        model = Project
        fields = ["trains", "training_threshold", "opens_by_itself", "gold_percent"]


class PairSaidSerializer(serializers.Serializer[Any]):
    """A relationship that is said of a pair; without a pair the clip was discarded."""

    pair = serializers.ListField(child=serializers.IntegerField(), allow_null=True, help_text="Two identities.")
    relationship = serializers.ChoiceField(choices=FIVE, allow_blank=True)


class TrainingClipSerializer(serializers.Serializer[Any]):
    clip = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=TrainingClip.Kind.choices)
    note = serializers.CharField(allow_blank=True)
    series = serializers.CharField()
    title = serializers.CharField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    answers = serializers.IntegerField(help_text="Annotators who have finished it.")
    differs = serializers.BooleanField(help_text="They say different things.")
    unanimous = serializers.BooleanField(help_text="Two or more have finished it, and say the same.")
    comments = serializers.IntegerField()
    gold = PairSaidSerializer(allow_null=True)


class TrainingScoreSerializer(serializers.Serializer[Any]):
    """Answers compared with gold answers, in five and in three categories."""

    answered = serializers.IntegerField()
    judged = serializers.IntegerField(help_text="Those whose clip has a gold answer.")
    same_five = serializers.IntegerField()
    same_three = serializers.IntegerField()


class TraineeSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    full_name = serializers.CharField()
    training = TrainingScoreSerializer()
    gold = TrainingScoreSerializer()
    has_passed = serializers.BooleanField()
    opened_at = serializers.DateTimeField(allow_null=True)
    opened_by = serializers.CharField(allow_blank=True, help_text="Empty where the period opened by itself.")


class AnnotatorTrainingSerializer(serializers.Serializer[Any]):
    settings = AnnotatorTrainingSettingsSerializer()
    clips = TrainingClipSerializer(many=True)
    annotators = TraineeSerializer(many=True)


def said_values(said: Said | None) -> dict[str, Any] | None:
    return {"pair": said.pair, "relationship": said.relationship} if said else None


def clip_values(one: ClipAccount) -> dict[str, Any]:
    """Return the values of TrainingClipSerializer."""
    clip = one.chosen.clip
    return {
        "clip": clip.pk,
        "kind": one.chosen.kind,
        "note": one.chosen.note,
        "series": clip.episode.series.name,
        "title": clip.episode.title,
        "start_ms": clip.start_ms,
        "end_ms": clip.end_ms,
        "answers": len(one.answers),
        "differs": one.differs,
        "unanimous": one.all_say is not None,
        "comments": one.comments,
        "gold": said_values(one.gold),
    }


def _score_values(score: Score) -> dict[str, int]:
    return {name: getattr(score, name) for name in ("answered", "judged", "same_five", "same_three")}


def _trainee_values(one: AnnotatorAccount) -> dict[str, Any]:
    person, by = one.member.user, one.member.opened_by
    return {
        "id": person.pk,
        "username": person.username,
        "full_name": person.full_name,
        "training": _score_values(one.training),
        "gold": _score_values(one.gold),
        "has_passed": one.has_passed,
        "opened_at": one.member.opened_at,
        "opened_by": by.full_name if by else "",
    }


def _training(project: Project) -> Response:
    account = training_account(project)
    values = {
        "settings": project,
        "clips": [clip_values(one) for one in account.clips],
        "annotators": [_trainee_values(one) for one in account.annotators],
    }
    return Response(AnnotatorTrainingSerializer(values).data)


class TrainingView(APIView):
    """The training of a project. Its clips are limited (`MOST_TRAINING_CLIPS`), so no pages are needed."""

    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_annotator_training_retrieve", responses=AnnotatorTrainingSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """Demo, training and gold clips, and how the annotators answered them."""
        return _training(get_object_or_404(Project, pk=project_id))

    @extend_schema(
        operation_id="projects_annotator_training_update",
        request=AnnotatorTrainingSettingsSerializer,
        responses=AnnotatorTrainingSerializer,
    )
    def patch(self, request: Request, project_id: int) -> Response:
        """Decide whether and how annotators train."""
        project = get_object_or_404(Project, pk=project_id)
        form = AnnotatorTrainingSettingsSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        training.decide_training(project=project, **form.validated_data)
        open_who_passed(project)
        return _training(project)


class CandidateFilterSerializer(serializers.Serializer[Any]):
    episode = serializers.IntegerField(min_value=1, max_value=2**62, required=False)


class CandidateSerializer(serializers.Serializer[Any]):
    """A clip of work that may become a demo, training or gold clip."""

    clip = serializers.IntegerField()
    episode = EpisodeMediaSerializer()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    answers = serializers.IntegerField()


class NewTrainingClipSerializer(serializers.Serializer[Any]):
    clip = serializers.IntegerField(min_value=1, max_value=2**62)
    kind = serializers.ChoiceField(choices=TrainingClip.Kind.choices)
    note = serializers.CharField(allow_blank=True, default="", max_length=300)


class TrainingClipsView(generics.GenericAPIView[Clip]):
    permission_classes = [IsAdmin]
    serializer_class = CandidateSerializer
    queryset = Clip.objects.none()

    @extend_schema(
        operation_id="projects_annotator_training_clips_list",
        parameters=[CandidateFilterSerializer],
        responses=CandidateSerializer(many=True),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Clips of work, by episode and time: those that can be chosen."""
        project = get_object_or_404(Project, pk=project_id)
        form = CandidateFilterSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        clips = Clip.objects.filter(project=project, task__purpose=Task.Purpose.WORK, **form.validated_data)
        page = self.paginate_queryset(clips.order_by("episode", "start_ms", "pk")) or []
        return self.get_paginated_response(CandidateSerializer(_candidates(page), many=True).data)

    @extend_schema(
        operation_id="projects_annotator_training_clips_create",
        request=NewTrainingClipSerializer,
        responses={201: AnnotatorTrainingSerializer, **LOST},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Make a clip a demo, training or gold clip, or another kind of these than it was."""
        project = get_object_or_404(Project, pk=project_id)
        form = NewTrainingClipSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        clip = get_object_or_404(Clip, pk=form.validated_data["clip"], project=project)
        kind, note = form.validated_data["kind"], form.validated_data["note"]
        training.choose_clip(clip=clip, kind=kind, user=viewer(request), note=note)
        response = _training(project)
        response.status_code = status.HTTP_201_CREATED
        return response


def _candidates(clips: Sequence[Clip]) -> list[dict[str, Any]]:
    episodes = {one.pk: one for one in Episode.objects.with_media().filter(pk__in={clip.episode_id for clip in clips})}
    done = Assignment.objects.filter(task__clip__in=[clip.pk for clip in clips], status=Assignment.Status.DONE)
    answers = dict(done.values_list("task__clip").annotate(Count("pk")).order_by())
    return [
        {
            "clip": clip.pk,
            "episode": episode_media(episodes[clip.episode_id]),
            "start_ms": clip.start_ms,
            "end_ms": clip.end_ms,
            "answers": answers.get(clip.pk, 0),
        }
        for clip in clips
    ]


class TrainingClipView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_annotator_training_clips_destroy", responses={200: AnnotatorTrainingSerializer}
    )
    def delete(self, request: Request, project_id: int, clip_id: int) -> Response:
        """Make the clip work again; what was said of it stays."""
        project = get_object_or_404(Project, pk=project_id)
        training.let_go(chosen=get_object_or_404(TrainingClip, clip=clip_id, clip__project=project))
        return _training(project)


class TrainingOrderSerializer(serializers.Serializer[Any]):
    clips = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=training.MOST_TRAINING_CLIPS
    )


class TrainingOrderView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_annotator_training_order_update",
        request=TrainingOrderSerializer,
        responses=AnnotatorTrainingSerializer,
    )
    def put(self, request: Request, project_id: int) -> Response:
        """Show and give out demo and training clips in this order; clips that are not named follow."""
        project = get_object_or_404(Project, pk=project_id)
        form = TrainingOrderSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        training.put_in_order(project=project, clips=form.validated_data["clips"])
        return _training(project)


class PeriodSerializer(serializers.Serializer[Any]):
    is_open = serializers.BooleanField()


class TrainingPeriodView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_annotator_training_period_update",
        request=PeriodSerializer,
        responses=AnnotatorTrainingSerializer,
    )
    def put(self, request: Request, project_id: int, user_id: int) -> Response:
        """Open an annotator's annotating period, or send him or her back to training."""
        project = get_object_or_404(Project, pk=project_id)
        member = get_object_or_404(Membership.objects.select_related("user"), project=project, user=user_id)
        form = PeriodSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        if form.validated_data["is_open"]:
            training.open_period(project=project, annotator=member.user, by=viewer(request))
        else:
            training.close_period(project=project, annotator=member.user)
        return _training(project)


class UnanimousSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()


class UnanimousView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_annotator_training_unanimous_create",
        request=UnanimousSerializer,
        responses={200: AnnotatorTrainingSerializer, **LOST},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Take as gold answer what all members say, of clips where they all say the same."""
        project = get_object_or_404(Project, pk=project_id)
        form = UnanimousSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        accept_unanimous(project=project, user=viewer(request), client_id=form.validated_data["client_id"])
        return _training(project)


class MyTrainingClipSerializer(serializers.Serializer[Any]):
    """A demo clip, or a training clip that this user has finished."""

    clip = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=TrainingClip.Kind.choices)
    note = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    differs = serializers.BooleanField(help_text="Others say something else: it is discussed.")
    comments = serializers.IntegerField()
    gold = PairSaidSerializer(allow_null=True)
    mine = PairSaidSerializer(allow_null=True)


class MyTrainingPageSerializer(serializers.Serializer[Any]):
    project = serializers.CharField()
    guideline = serializers.CharField(allow_blank=True)
    trains = serializers.BooleanField()
    opened_at = serializers.DateTimeField(allow_null=True)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    clips = MyTrainingClipSerializer(many=True)


class MyTrainingView(APIView):
    @extend_schema(operation_id="projects_annotator_training_mine_retrieve", responses=MyTrainingPageSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """Where this user stands: the guideline, demo clips, and the training clips he or she has finished."""
        user = viewer(request)
        project = get_object_or_404(Project.objects.visible_to(user), pk=project_id)
        account = training_account(project)
        member = next((one.member for one in account.annotators if one.member.user_id == user.pk), None)
        mine = [
            {**clip_values(one), "mine": said_values(one.answers.get(user.pk))}
            for one in account.clips
            if one.chosen.kind == TrainingClip.Kind.DEMO
            or (one.chosen.kind == TrainingClip.Kind.TRAINING and user.pk in one.answers)
        ]
        values = {
            "project": project.name,
            "guideline": project.guideline,
            "trains": project.trains,
            "opened_at": member.opened_at if member else None,
            "done": sum(one["kind"] == TrainingClip.Kind.TRAINING for one in mine),
            "total": account.training_clips,
            "clips": mine,
        }
        return Response(MyTrainingPageSerializer(values).data)
