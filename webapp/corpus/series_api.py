"""Series and their people over HTTP."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.api import IsAdmin
from webapp.accounts.models import User
from webapp.api.errors import ErrorSerializer
from webapp.api.pagination import ID
from webapp.corpus import characters, media
from webapp.corpus.models import Character, Episode, FaceReference, Identity, Series

LONGEST_NAME, MOST_ALIASES = 100, 50


class ReferenceSerializer(serializers.ModelSerializer[FaceReference]):
    picture_url = serializers.SerializerMethodField()
    reading = serializers.SerializerMethodField(help_text="A worker has not looked at it yet.")

    class Meta:
        model = FaceReference
        fields = ["id", "picture_url", "reading", "error"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_picture_url(self, reference: FaceReference) -> str | None:
        return reverse("media-reference", args=[reference.pk]) if reference.picture else None

    def get_reading(self, reference: FaceReference) -> bool:
        return bool(reference.upload) and not reference.embedder and not reference.error


class SeriesCharacterSerializer(serializers.ModelSerializer[Character]):
    aliases = serializers.ListField(child=serializers.CharField())
    references = ReferenceSerializer(many=True)
    lines = serializers.IntegerField(help_text="How many lines of the series' episodes are the character's.")

    class Meta:
        model = Character
        fields = ["id", "name", "aliases", "is_main", "references", "lines"]


class SeriesEpisodeSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    faces = serializers.IntegerField()
    open_faces = serializers.IntegerField(help_text="Faces of which nobody has said who they are.")


class SeriesListItemSerializer(serializers.ModelSerializer[Series]):
    episodes = serializers.IntegerField(source="episode_count")
    main_characters = serializers.IntegerField()

    class Meta:
        model = Series
        fields = ["id", "name", "episodes", "main_characters"]


class SeriesSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    characters = SeriesCharacterSerializer(many=True)
    episodes = SeriesEpisodeSerializer(many=True)


class NewCharacterSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=LONGEST_NAME)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_NAME), max_length=MOST_ALIASES, default=list
    )
    is_main = serializers.BooleanField(default=False)


class CharacterOrderSerializer(serializers.Serializer[Any]):
    characters = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=1000)


class FaceAsReferenceSerializer(serializers.Serializer[Any]):
    face = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Id of a face of an episode of the series.")


class PictureSerializer(serializers.Serializer[Any]):
    picture = serializers.FileField(help_text="A JPEG or PNG that shows the character's face.")


def series_document(series: Series) -> dict[str, Any]:
    """Return the values of SeriesSerializer, in a fixed number of queries."""
    lines = Count("utterances", filter=Q(utterances__job__is_current=True))
    people = series.characters.prefetch_related(Prefetch("references", FaceReference.objects.order_by("pk")))
    rows = people.annotate(lines=lines).order_by("-is_main", "order", "pk")
    seen = Identity.objects.filter(job__episode__series=series, job__is_current=True).seen()
    faces = (
        seen.order_by()
        .values("job__episode")
        .annotate(faces=Count("pk"), open_faces=Count("pk", filter=~Q(linked_by=Identity.LinkedBy.CONFIRMED)))
    )
    counts = {row["job__episode"]: row for row in faces}
    nothing = {"faces": 0, "open_faces": 0}
    return {
        "id": series.pk,
        "name": series.name,
        "characters": rows,
        "episodes": [
            {"id": pk, "title": title, **{key: counts.get(pk, nothing)[key] for key in nothing}}
            for pk, title in Episode.objects.filter(series=series).order_by("title").values_list("pk", "title")
        ],
    }


def _viewer(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


class SeriesViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Series]):
    """Shows and their people, for admins. Every change answers with all of it."""

    permission_classes: list[type[BasePermission]] = [IsAdmin]
    serializer_class = SeriesListItemSerializer
    queryset = Series.objects.none()
    lookup_value_regex = ID

    def get_queryset(self) -> QuerySet[Series]:
        mains = Count("characters", filter=Q(characters__is_main=True), distinct=True)
        counts = {"episode_count": Count("episodes", distinct=True), "main_characters": mains}
        return Series.objects.annotate(**counts).order_by("name")

    @extend_schema(responses=SeriesSerializer)
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        return _document(self.get_object())

    @extend_schema(request=NewCharacterSerializer, responses={201: SeriesSerializer, 400: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def characters(self, request: Request, pk: str | None = None) -> Response:
        """Add a character."""
        series = self.get_object()
        return _saved(series, None, request, status.HTTP_201_CREATED)

    @extend_schema(request=CharacterOrderSerializer, responses=SeriesSerializer)
    @action(detail=True, methods=["post"])
    def order(self, request: Request, pk: str | None = None) -> Response:
        """Put the characters into an order: that of cards, lanes and digits."""
        series = self.get_object()
        form = CharacterOrderSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        characters.order_characters(series=series, ids=form.validated_data["characters"])
        return _document(series)


class CharacterViewSet(viewsets.GenericViewSet[Character]):
    permission_classes: list[type[BasePermission]] = [IsAdmin]
    serializer_class = NewCharacterSerializer
    queryset = Character.objects.select_related("series")
    lookup_value_regex = ID

    @extend_schema(request=NewCharacterSerializer, responses={200: SeriesSerializer, 400: ErrorSerializer})
    def update(self, request: Request, pk: str | None = None) -> Response:
        """Change a character; a name that is given up stays as an alias."""
        character = self.get_object()
        return _saved(character.series, character, request, status.HTTP_200_OK)

    @extend_schema(request={"multipart/form-data": PictureSerializer}, responses={201: SeriesSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def pictures(self, request: Request, pk: str | None = None) -> Response:
        """Upload a reference picture; a worker finds the face in it."""
        character = self.get_object()
        form = PictureSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        content = form.validated_data["picture"].read(characters.LARGEST_PICTURE + 1)
        try:
            characters.add_uploaded_reference(character=character, content=content, author=_viewer(request))
        except characters.CharacterRefused as refusal:
            raise serializers.ValidationError({refusal.field: str(refusal)}) from refusal
        return _document(character.series, status.HTTP_201_CREATED)

    @extend_schema(request=FaceAsReferenceSerializer, responses={201: SeriesSerializer})
    @action(detail=True, methods=["post"])
    def references(self, request: Request, pk: str | None = None) -> Response:
        """Make a face of an episode a reference."""
        character = self.get_object()
        form = FaceAsReferenceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        of_series = Identity.objects.filter(job__episode__series=character.series)
        face = get_object_or_404(of_series, pk=form.validated_data["face"])
        characters.add_reference_of(character=character, face=face, author=_viewer(request))
        return _document(character.series, status.HTTP_201_CREATED)


class ReferenceViewSet(viewsets.GenericViewSet[FaceReference]):
    permission_classes: list[type[BasePermission]] = [IsAdmin]
    serializer_class = ReferenceSerializer
    queryset = FaceReference.objects.select_related("character__series")
    lookup_value_regex = ID

    @extend_schema(responses={200: SeriesSerializer})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Forget a reference picture."""
        reference = self.get_object()
        series = reference.character.series
        characters.remove_reference(reference)
        return _document(series)


def _saved(series: Series, character: Character | None, request: Request, code: int) -> Response:
    form = NewCharacterSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    try:
        characters.save_character(series=series, character=character, **form.validated_data)
    except characters.CharacterRefused as refusal:
        raise serializers.ValidationError({refusal.field: str(refusal)}) from refusal
    return _document(series, code)


def _document(series: Series, code: int = status.HTTP_200_OK) -> Response:
    return Response(SeriesSerializer(series_document(series)).data, status=code)


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def reference_picture(request: Request, reference_id: int) -> Any:
    if not IsAdmin().has_permission(request, None):  # type: ignore[arg-type]  # asks the request alone
        from rest_framework.exceptions import NotAuthenticated, PermissionDenied

        raise PermissionDenied if request.user.is_authenticated else NotAuthenticated
    reference = get_object_or_404(FaceReference, pk=reference_id)
    return media.send(request._request, reference.picture)
