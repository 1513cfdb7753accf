"""Who the faces of an episode are, over HTTP: suggested, confirmed, merged, split, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.api import IsAdmin
from webapp.accounts.models import User
from webapp.api.errors import ErrorSerializer
from webapp.api.pagination import ID
from webapp.corpus.api import LostLinkSerializer, face_url
from webapp.corpus.casting import (
    CastingRefused,
    known_faces,
    likenesses,
    link_faces,
    merge_faces,
    split_face,
    undo_casting,
    undoable,
)
from webapp.corpus.models import CastingEvent, Character, Episode, FaceTrack, Identity
from webapp.corpus.queries import lost_links

MOST_AT_ONCE = 5000


def _ids() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), min_length=1, max_length=MOST_AT_ONCE
    )


class LikenessSerializer(serializers.Serializer[Any]):
    character = serializers.IntegerField()
    similarity = serializers.FloatField(help_text="0 to 1; one half where it may as well be somebody else.")


class CastTrackSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    picture_url = serializers.CharField(allow_null=True)


class CastFaceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    screen_time_ms = serializers.IntegerField()
    face_url = serializers.CharField(allow_null=True)
    character = serializers.IntegerField(allow_null=True)
    linked_by = serializers.ChoiceField(choices=Identity.LinkedBy.choices, allow_blank=True)
    alike = LikenessSerializer(many=True, help_text="The most similar characters first, three at most.")
    tracks = CastTrackSerializer(many=True)


class CastCharacterSerializer(serializers.ModelSerializer[Character]):
    class Meta:
        model = Character
        fields = ["id", "name", "is_main"]


class CastingSerializer(serializers.Serializer[Any]):
    episode = serializers.IntegerField()
    series = serializers.IntegerField()
    series_name = serializers.CharField()
    title = serializers.CharField()
    characters = CastCharacterSerializer(many=True, help_text="Main characters first, in their order.")
    faces = CastFaceSerializer(many=True, help_text="By falling screen time.")
    lost_links = LostLinkSerializer(many=True)
    undoable = serializers.ChoiceField(
        choices=CastingEvent.Kind.choices, allow_null=True, help_text="Kind of the decision that undo takes back."
    )


class LinkRequestSerializer(serializers.Serializer[Any]):
    faces = _ids()
    character = serializers.IntegerField(allow_null=True, min_value=1, max_value=2**62)


class MergeRequestSerializer(serializers.Serializer[Any]):
    into = serializers.IntegerField(min_value=1, max_value=2**62)
    others = _ids()


class SplitRequestSerializer(serializers.Serializer[Any]):
    face = serializers.IntegerField(min_value=1, max_value=2**62)
    tracks = _ids()


class Refused(APIException):
    status_code = 409
    default_code = "casting_refused"


def casting_document(episode: Episode, viewer: User) -> dict[str, Any]:
    """Return the values of CastingSerializer, in a fixed number of queries."""
    faces = list(Identity.objects.current_for(episode).seen().order_by("-screen_time_ms", "index"))
    tracks: dict[int | None, list[dict[str, Any]]] = {}
    rows = FaceTrack.objects.current_for(episode).filter(identity__isnull=False).order_by("start_ms", "index")
    for pk, identity, start_ms, end_ms, picture in rows.values_list("pk", "identity", "start_ms", "end_ms", "picture"):
        url = reverse("media-track", args=[pk]) if picture else None
        track = {"id": pk, "start_ms": start_ms, "end_ms": end_ms, "picture_url": url}
        tracks.setdefault(identity, []).append(track)
    alike = likenesses(faces, known_faces(episode.series))
    newest = undoable(episode, viewer).first()
    people = episode.series.characters.all()
    return {
        "episode": episode.pk,
        "series": episode.series_id,
        "series_name": episode.series.name,
        "title": episode.title,
        "characters": sorted(people, key=lambda one: (not one.is_main, one.order, one.pk)),
        "faces": [
            {
                "id": face.pk,
                "number": face.index + 1,
                "screen_time_ms": face.screen_time_ms,
                "face_url": face_url(face),
                "character": face.character_id,
                "linked_by": face.linked_by,
                "alike": alike[face.pk][:3],
                "tracks": tracks.get(face.pk, []),
            }
            for face in faces
        ],
        "lost_links": lost_links(episode),
        "undoable": newest.kind if newest else None,
    }


class CastingViewSet(viewsets.GenericViewSet[Episode]):
    """The faces of an episode and who they are, for admins. Every change answers with all of it."""

    permission_classes = [IsAdmin]
    serializer_class = CastingSerializer
    queryset = Episode.objects.none()
    lookup_value_regex = ID
    pagination_class = None

    def get_queryset(self) -> QuerySet[Episode]:
        return Episode.objects.select_related("series")

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        return self._document(self.get_object())

    @extend_schema(request=LinkRequestSerializer, responses={200: CastingSerializer, 409: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def link(self, request: Request, pk: str | None = None) -> Response:
        """Say who faces are; null: nobody that is followed."""
        episode, data = self.get_object(), self._read(LinkRequestSerializer)
        character = None
        if data["character"] is not None:
            character = Character.objects.filter(pk=data["character"], series=episode.series_id).first()
            if character is None:
                raise serializers.ValidationError({"character": "This character belongs to another series."})
        faces = self._faces(episode, data["faces"], "faces")
        return self._change(episode, lambda: link_faces(faces=faces, character=character, author=self._viewer))

    @extend_schema(request=MergeRequestSerializer, responses={200: CastingSerializer, 409: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str | None = None) -> Response:
        """Make faces one: they are the same person's."""
        episode, data = self.get_object(), self._read(MergeRequestSerializer)
        (into,) = self._faces(episode, [data["into"]], "into")
        others = self._faces(episode, data["others"], "others")
        return self._change(episode, lambda: merge_faces(into=into, others=others, author=self._viewer))

    @extend_schema(request=SplitRequestSerializer, responses={200: CastingSerializer, 409: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: str | None = None) -> Response:
        """Make some appearances of a face a face of their own: they are another person's."""
        episode, data = self.get_object(), self._read(SplitRequestSerializer)
        (face,) = self._faces(episode, [data["face"]], "face")
        return self._change(episode, lambda: split_face(face=face, tracks=data["tracks"], author=self._viewer))

    @extend_schema(request=None, responses={200: CastingSerializer, 409: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Take back one's newest decision."""
        episode = self.get_object()
        return self._change(episode, lambda: undo_casting(episode=episode, author=self._viewer))

    @property
    def _viewer(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    def _read(self, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        read = form(data=self.request.data)
        read.is_valid(raise_exception=True)
        return read.validated_data

    def _faces(self, episode: Episode, ids: list[int], field: str) -> list[Identity]:
        """Return the current faces of these ids, in their order; one that is no longer there was analysed anew."""
        found = Identity.objects.current_for(episode).seen().select_related("job__episode__series").in_bulk(ids)
        if len(found) < len(set(ids)):
            raise serializers.ValidationError({field: "These faces have changed meanwhile. Reload the page."})
        return [found[pk] for pk in dict.fromkeys(ids)]

    def _change(self, episode: Episode, change: Callable[[], object]) -> Response:
        try:
            change()
        except CastingRefused as refusal:
            raise Refused(str(refusal)) from refusal
        return self._document(episode)

    def _document(self, episode: Episode) -> Response:
        return Response(CastingSerializer(casting_document(episode, self._viewer)).data)
