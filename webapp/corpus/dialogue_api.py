"""The dialogue of an episode over HTTP: what was found, what people corrected, and their corrections."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.api import IsAdmin
from webapp.accounts.models import User
from webapp.api.errors import ErrorSerializer
from webapp.api.pagination import ID
from webapp.corpus.api import EpisodeMediaSerializer, episode_media, face_url, proxy_of
from webapp.corpus.correcting import correct_line
from webapp.corpus.corrections import Line
from webapp.corpus.dialogue import Dialogue, ShownLine, dialogue_of
from webapp.corpus.models import DialogueCorrection, Episode
from webapp.corpus.queries import face_of, on_screen

TIMINGS = ["aligned", "unverified", "subtitle", "checked"]
LONGEST_TEXT, LONGEST_SPEAKER = 2000, 100


class AnchorSerializer(serializers.Serializer[Any]):
    """A line as it was found: what its corrections hang on."""

    start_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    end_ms = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False)
    speaker = serializers.CharField(max_length=LONGEST_SPEAKER, allow_blank=True, trim_whitespace=False)


class WordOnLineSerializer(serializers.Serializer[Any]):
    """Who said so, and when."""

    author = serializers.CharField()
    created_at = serializers.DateTimeField()


class DialogueLineSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Stays the same for all corrections of a line.")
    anchor = AnchorSerializer()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    text = serializers.CharField()
    speaker = serializers.CharField(allow_blank=True)
    timing = serializers.ChoiceField(choices=TIMINGS, help_text="`checked`: by a person.")
    speaker_certain = serializers.BooleanField()
    removed = serializers.BooleanField(help_text="A person said that nobody says this.")
    added = serializers.BooleanField(help_text="A person heard it, no analysis did.")
    corrected = WordOnLineSerializer(allow_null=True)


class DialogueCharacterSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField(), help_text="With aliases, in lower case.")
    is_main = serializers.BooleanField()
    face_url = serializers.CharField(allow_null=True)
    on_screen = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Spans [start_ms, end_ms].",
    )


class DialogueSerializer(serializers.Serializer[Any]):
    episode = serializers.IntegerField()
    series = serializers.IntegerField()
    series_name = serializers.CharField()
    title = serializers.CharField()
    media = EpisodeMediaSerializer(allow_null=True)
    characters = DialogueCharacterSerializer(many=True)
    lines = DialogueLineSerializer(many=True)
    lost = DialogueLineSerializer(many=True, help_text="Corrections that found no line in the newest analysis.")
    pending = serializers.BooleanField(help_text="Segments do not follow all corrections yet.")


class NewCorrectionSerializer(serializers.Serializer[Any]):
    """What a person says of a line; all of it, also what was right before."""

    client_id = serializers.UUIDField(help_text="Made by the client, new for every correction.")
    anchor = AnchorSerializer()
    status = serializers.ChoiceField(choices=DialogueCorrection.Status.choices)
    added = serializers.BooleanField(default=False)
    start_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    end_ms = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True)
    speaker = serializers.CharField(max_length=LONGEST_SPEAKER, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        duration_ms: int = self.context["duration_ms"]
        if attrs["start_ms"] >= attrs["end_ms"]:
            raise serializers.ValidationError({"end_ms": "A line ends after it starts."})
        if attrs["end_ms"] > duration_ms:
            raise serializers.ValidationError({"end_ms": f"The episode ends at {duration_ms} ms."})
        if attrs["status"] == DialogueCorrection.Status.SAID and not attrs["text"].strip():
            raise serializers.ValidationError({"text": "Write what is said, or say that nobody says it."})
        return attrs


def _shown(line: ShownLine) -> dict[str, Any]:
    word = line.correction
    return {
        "key": line.key,
        "anchor": line.anchor,
        "start_ms": line.shown.start_ms,
        "end_ms": line.shown.end_ms,
        "text": line.shown.text,
        "speaker": line.shown.speaker,
        "timing": line.timing,
        "speaker_certain": line.speaker_certain,
        "removed": line.removed,
        "added": word is not None and word.added,
        "corrected": {"author": word.author.full_name, "created_at": word.created_at} if word else None,
    }


def _word(row: DialogueCorrection) -> dict[str, Any]:
    return _shown(ShownLine(row.line, row.anchor, row.said, "checked", bool(row.speaker), row))


def _characters(episode: Episode, duration_ms: int) -> list[dict[str, Any]]:
    """Main characters first, in their order: their places are the digits of the page."""
    seen, faces = on_screen(episode.pk, 0, duration_ms), face_of(episode.pk)
    rows = sorted(episode.series.characters.all(), key=lambda one: (not one.is_main, one.order, one.pk))
    return [
        {
            "id": row.pk,
            "name": row.name,
            "names": sorted(row.names),
            "is_main": row.is_main,
            "face_url": face_url(faces.get(row.pk)),
            "on_screen": seen.get(row.pk, []),
        }
        for row in rows
    ]


def _document(episode: Episode, dialogue: Dialogue) -> dict[str, Any]:
    proxy = proxy_of(episode)
    return {
        "episode": episode.pk,
        "series": episode.series_id,
        "series_name": episode.series.name,
        "title": episode.title,
        "media": episode_media(episode),
        "characters": _characters(episode, proxy.duration_ms if proxy else 0),
        "lines": [_shown(line) for line in dialogue.lines],
        "lost": [_word(row) for row in dialogue.lost],
        "pending": dialogue.pending,
    }


class DialogueViewSet(viewsets.GenericViewSet[Episode]):
    """The dialogue of an episode, for admins."""

    permission_classes = [IsAdmin]
    serializer_class = DialogueSerializer
    queryset = Episode.objects.none()
    lookup_value_regex = ID
    pagination_class = None

    def get_queryset(self) -> QuerySet[Episode]:
        return Episode.objects.with_media()

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        episode = self.get_object()
        return Response(DialogueSerializer(_document(episode, dialogue_of(episode))).data)

    @extend_schema(request=NewCorrectionSerializer, responses={201: DialogueLineSerializer, 400: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def corrections(self, request: Request, pk: str | None = None) -> Response:
        """Correct a line; sending it twice is one correction."""
        episode = self.get_object()
        proxy = proxy_of(episode)
        form = NewCorrectionSerializer(data=request.data, context={"duration_ms": proxy.duration_ms if proxy else 0})
        form.is_valid(raise_exception=True)
        data = form.validated_data
        assert isinstance(request.user, User)
        row = correct_line(
            episode=episode,
            author=request.user,
            client_id=data["client_id"],
            anchor=Line(**data["anchor"]),
            said=Line(data["start_ms"], data["end_ms"], data["text"], data["speaker"]),
            status=data["status"],
            added=data["added"],
        )
        return Response(DialogueLineSerializer(_word(row)).data, status=status.HTTP_201_CREATED)
