"""Discussions of clips over HTTP: all answers side by side, comments, and what was agreed on."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.erato.relations import FIVE
from exports.erato.training import differ
from webapp.accounts.api import IsAdmin
from webapp.accounts.models import User
from webapp.annotation.api.views import LOST, viewer
from webapp.annotation.models import Clip, Project, TrainingClip
from webapp.annotation.remarks import LONGEST_COMMENT
from webapp.corpus.api import EpisodeMediaSerializer, episode_media, face_url
from webapp.corpus.models import Episode
from webapp.quality import crosschecks
from webapp.quality.discussions import agree_on, comment_on, may_discuss
from webapp.quality.models import Comment, Consensus
from webapp.quality.said import finished_turns
from webapp.quality.training_api import PairSaidSerializer, said_values
from webapp.relationships.queries import lines_of, people_of


class DiscussedLineSerializer(serializers.Serializer[Any]):
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    text = serializers.CharField()


class DiscussedPersonSerializer(serializers.Serializer[Any]):
    identity = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    face_url = serializers.CharField(allow_null=True)


class DiscussedAnswerSerializer(serializers.Serializer[Any]):
    annotator = serializers.CharField()
    is_mine = serializers.BooleanField()
    said = PairSaidSerializer()
    finished_at = serializers.DateTimeField()


class CommentSerializer(serializers.ModelSerializer[Comment]):
    author = serializers.CharField(source="author.full_name")

    class Meta:
        model = Comment
        fields = ["client_id", "author", "text", "created_at"]


class ConsensusSerializer(serializers.ModelSerializer[Consensus]):
    pair = serializers.ListField(child=serializers.IntegerField())
    relationship = serializers.ChoiceField(choices=FIVE)
    decided_by = serializers.CharField(source="decided_by.full_name")

    class Meta:
        model = Consensus
        fields = ["client_id", "pair", "relationship", "note", "decided_by", "created_at"]


class DiscussionSerializer(serializers.Serializer[Any]):
    clip = serializers.IntegerField()
    project = serializers.CharField()
    part = serializers.ChoiceField(choices=["demo", "training", "gold", "work"])
    note = serializers.CharField(allow_blank=True)
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    episode = EpisodeMediaSerializer()
    lines = DiscussedLineSerializer(many=True)
    people = DiscussedPersonSerializer(many=True, help_text="Longest seen first.")
    answers = DiscussedAnswerSerializer(many=True)
    differs = serializers.BooleanField()
    comments = CommentSerializer(many=True, help_text="The first one first.")
    consensuses = ConsensusSerializer(many=True, help_text="The newest first: it counts.")
    may_decide = serializers.BooleanField()


class NewCommentSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    text = serializers.CharField(max_length=LONGEST_COMMENT)


class NewConsensusSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    pair = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), min_length=2, max_length=2
    )
    relationship = serializers.ChoiceField(choices=FIVE)
    note = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_COMMENT)


def discussion(clip: Clip, user: User) -> dict[str, Any]:
    """Return the values of DiscussionSerializer. Demo clips show everybody what was agreed on, and no answers."""
    chosen = TrainingClip.objects.filter(clip=clip).first()
    turns = finished_turns(clip.project, clip=clip.pk)
    people = {one.pk: one.full_name for one in User.objects.filter(pk__in={turn.annotator for turn in turns})}
    return {
        "clip": clip.pk,
        "project": clip.project.name,
        "part": chosen.kind if chosen else "work",
        "note": chosen.note if chosen else "",
        "start_ms": clip.start_ms,
        "end_ms": clip.end_ms,
        "episode": episode_media(Episode.objects.with_media().get(pk=clip.episode_id)),
        "lines": lines_of(clip),
        "people": [
            {
                "identity": one.identity_id,
                "name": one.identity.character.name if one.identity.character else "",
                "face_url": face_url(one.identity),
            }
            for one in people_of(clip)
        ],
        "answers": [
            {
                "annotator": people[turn.annotator],
                "is_mine": turn.annotator == user.pk,
                "said": said_values(turn.said),
                "finished_at": turn.finished_at,
            }
            for turn in turns
        ],
        "differs": differ(turn.said for turn in turns),
        "comments": list(Comment.objects.filter(clip=clip).select_related("author")),
        "consensuses": list(Consensus.objects.filter(clip=clip).select_related("decided_by").order_by("-pk")),
        "may_decide": user.is_staff,
    }


def _clip(request: Request, project_id: int, clip_id: int) -> Clip:
    """Return a clip whose discussion somebody may read; any other is a 404."""
    user = viewer(request)
    project = get_object_or_404(Project.objects.visible_to(user), pk=project_id)
    clip = get_object_or_404(Clip.objects.select_related("project"), pk=clip_id, project=project)
    if not may_discuss(clip, user):
        raise Http404
    return clip


class DiscussionView(APIView):
    @extend_schema(operation_id="projects_discussions_retrieve", responses=DiscussionSerializer)
    def get(self, request: Request, project_id: int, clip_id: int) -> Response:
        """The clip, what everybody said of it, and what they say to one another."""
        clip = _clip(request, project_id, clip_id)
        return Response(DiscussionSerializer(discussion(clip, viewer(request))).data)


class CommentsView(APIView):
    @extend_schema(
        operation_id="projects_discussions_comments_create",
        request=NewCommentSerializer,
        responses={201: CommentSerializer, **LOST},
    )
    def post(self, request: Request, project_id: int, clip_id: int) -> Response:
        """Say something; sending it twice is one comment."""
        clip = _clip(request, project_id, clip_id)
        form = NewCommentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = comment_on(clip=clip, author=viewer(request), **form.validated_data)
        return Response(CommentSerializer(made).data, status=status.HTTP_201_CREATED)


class ConsensusView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_discussions_consensus_create",
        request=NewConsensusSerializer,
        responses={201: ConsensusSerializer, **LOST},
    )
    def post(self, request: Request, project_id: int, clip_id: int) -> Response:
        """Record what the discussion ended with: the clip's gold answer, in place of an earlier one."""
        clip = _clip(request, project_id, clip_id)
        form = NewConsensusSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        one, other = form.validated_data.pop("pair")
        made = agree_on(clip=clip, user=viewer(request), pair=(one, other), **form.validated_data)
        return Response(ConsensusSerializer(made).data, status=status.HTTP_201_CREATED)


class DifferingClipSerializer(serializers.Serializer[Any]):
    """A clip of work on which annotators differ, and on which nothing was agreed yet."""

    clip = serializers.IntegerField()
    series = serializers.CharField(source="episode.series.name")
    title = serializers.CharField(source="episode.title")
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    comments = serializers.IntegerField()


class DiscussionsView(generics.GenericAPIView[Any]):
    permission_classes = [IsAdmin]
    serializer_class = DifferingClipSerializer
    queryset = Clip.objects.none()

    @extend_schema(operation_id="projects_discussions_list", responses=DifferingClipSerializer(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        """Clips of work that are no sample because annotators differ, the one finished last first."""
        project = get_object_or_404(Project, pk=project_id)
        agreed = set(Consensus.objects.filter(clip__project=project).values_list("clip", flat=True))
        open_ones = [clip for clip in crosschecks.report_of(project).differing if clip not in agreed]
        page: Any = self.paginate_queryset(open_ones)
        return self.get_paginated_response(DifferingClipSerializer(_listed(page), many=True).data)


def _listed(ids: list[int]) -> list[Clip]:
    clips = Clip.objects.select_related("episode__series").in_bulk(ids)
    talk = list(Comment.objects.filter(clip__in=ids).values_list("clip", flat=True))
    for clip in clips.values():
        vars(clip).update(clip=clip.pk, comments=talk.count(clip.pk))
    return [clips[pk] for pk in ids]
