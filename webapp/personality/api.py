"""Questionnaires about characters over HTTP. Everybody sees the series of their projects and their own answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.personality import QUESTIONNAIRE_COLUMNS
from exports.questionnaires.instruments import KEYS, Instrument, instruments
from exports.questionnaires.scoring import CANNOT_TELL, HIGHEST, Profile, profile_of, scores_of
from webapp.accounts.models import User
from webapp.api.errors import ErrorSerializer
from webapp.corpus.api import face_url
from webapp.corpus.models import Character
from webapp.personality.queries import answers_of, lines_of, longest_seen, visible_characters
from webapp.personality.services import answer_item
from webapp.personality.words import word_categories

MOST_CATEGORIES = 20


class WordsSerializer(serializers.Serializer[Any]):
    en = serializers.CharField()
    zh = serializers.CharField()


class ItemSerializer(serializers.Serializer[Any]):
    """A statement, or the right side of a pair whose left side is `left`."""

    key = serializers.CharField()
    text = WordsSerializer()
    left = WordsSerializer(allow_null=True)


class ScaleSerializer(serializers.Serializer[Any]):
    column = serializers.ChoiceField(choices=QUESTIONNAIRE_COLUMNS)
    name = WordsSerializer()
    low = WordsSerializer()
    high = WordsSerializer()


class InstrumentSerializer(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=KEYS)
    name = WordsSerializer()
    # `source` on the wire shadows an attribute of DRF's fields on purpose.
    source = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField(allow_blank=True)
    licence = serializers.CharField()
    note = serializers.CharField()
    scales = ScaleSerializer(many=True)
    items = ItemSerializer(many=True, help_text="In the order in which they are asked.")


class FilledSerializer(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=KEYS)
    items = serializers.IntegerField()
    answered = serializers.IntegerField(help_text="By this user.")
    finished_by = serializers.IntegerField(help_text="How many people finished it; of others only admins are told.")


class ProfiledCharacterSerializer(serializers.Serializer[Any]):
    """A main character, and how far the questionnaires are."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    series = serializers.CharField()
    face_url = serializers.CharField(allow_null=True)
    filled = FilledSerializer(many=True)


class ItemAnswerSerializer(serializers.Serializer[Any]):
    item = serializers.CharField()
    value = serializers.IntegerField()


class ScoreSerializer(serializers.Serializer[Any]):
    column = serializers.ChoiceField(choices=QUESTIONNAIRE_COLUMNS)
    mine = serializers.FloatField(allow_null=True, help_text="From this user's answers, finished or not: 1 to 5.")
    everybody = serializers.FloatField(
        allow_null=True, help_text="Mean over all who finished; null also for those who are no admins."
    )
    brought = serializers.FloatField(allow_null=True, help_text="Brought from elsewhere, on its own scale.")


class RaterAgreementSerializer(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=KEYS)
    raters = serializers.ListField(child=serializers.CharField(), help_text="Names of those who finished it.")
    alpha = serializers.FloatField(allow_null=True, help_text="Krippendorff's alpha, interval, over the answers.")


class PersonalitySerializer(ProfiledCharacterSerializer):
    answers = ItemAnswerSerializer(many=True, help_text="This user's newest ones.")
    scores = ScoreSerializer(many=True)
    raters = RaterAgreementSerializer(many=True, help_text="Empty for those who are no admins.")
    released_from = serializers.ChoiceField(
        choices=["questionnaires", "brought", "nothing"], help_text="Where a release takes the 26 numbers from."
    )


class NewItemAnswerSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    item = serializers.CharField(max_length=60)
    value = serializers.IntegerField(min_value=CANNOT_TELL, max_value=HIGHEST)


class KeptItemAnswerSerializer(ItemAnswerSerializer):
    character = serializers.IntegerField(source="character_id")
    client_id = serializers.UUIDField()


class CategorySerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    share = serializers.FloatField(help_text="Of all words: 0 to 1.")
    examples = serializers.ListField(child=serializers.CharField(), help_text="The words of it that are said most.")


class WordCategoriesSerializer(serializers.Serializer[Any]):
    lexicon = serializers.CharField()
    words = serializers.IntegerField()
    categories = CategorySerializer(many=True)


def _viewer(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


class InstrumentsView(APIView):
    # A list without pages: three questionnaires, that come with the program.
    @extend_schema(
        operation_id="personality_instruments_retrieve",
        responses=serializers.ListSerializer(child=InstrumentSerializer()),
    )
    def get(self, request: Request) -> Response:
        """The questionnaires: what they ask, in both languages, and where they come from."""
        return Response([_instrument_values(one) for one in instruments()])


def _instrument_values(instrument: Instrument) -> dict[str, Any]:
    values = asdict(instrument)
    return InstrumentSerializer(values).data


def character_values(characters: list[Character], user: User) -> list[dict[str, Any]]:
    """Return the values of ProfiledCharacterSerializer, in a fixed number of queries."""
    pks = [character.pk for character in characters]
    faces = longest_seen(pks)
    given = answers_of(pks, rater=None if user.is_staff else user)
    rows = []
    for character in characters:
        raters = given[character.pk]
        mine = raters.get(user.username, {})
        finished = profile_of(raters).finished
        rows.append(
            {
                "id": character.pk,
                "name": character.name,
                "series": character.series.name,
                "face_url": face_url(faces.get(character.pk)),
                "filled": [
                    {
                        "key": instrument.key,
                        "items": len(instrument.items),
                        "answered": sum(item.key in mine for item in instrument.items),
                        "finished_by": len(finished[instrument.key]),
                    }
                    for instrument in instruments()
                ],
            }
        )
    return rows


class CharactersView(generics.GenericAPIView[Character]):
    serializer_class = ProfiledCharacterSerializer
    queryset = Character.objects.none()

    @extend_schema(operation_id="personality_characters_list", responses=ProfiledCharacterSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Main characters of the series one sees, with how far the questionnaires about them are."""
        user = _viewer(request)
        page = self.paginate_queryset(visible_characters(user)) or []
        rows = character_values(list(page), user)
        return self.get_paginated_response(ProfiledCharacterSerializer(rows, many=True).data)


class CharacterView(APIView):
    @extend_schema(operation_id="personality_characters_retrieve", responses=PersonalitySerializer)
    def get(self, request: Request, character_id: int) -> Response:
        """One character: one's own answers, and what they and those of others come to."""
        user = _viewer(request)
        character = get_object_or_404(visible_characters(user), pk=character_id)
        return Response(PersonalitySerializer(_personality(character, user)).data)


def _personality(character: Character, user: User) -> dict[str, Any]:
    raters = answers_of([character.pk], rater=None if user.is_staff else user)[character.pk]
    mine = raters.get(user.username, {})
    own, profile = scores_of(mine), profile_of(raters)
    brought = dict(zip(QUESTIONNAIRE_COLUMNS, character.questionnaire or (), strict=False))
    (values,) = character_values([character], user)
    return {
        **values,
        "answers": [{"item": item, "value": value} for item, value in mine.items()],
        "scores": [
            {
                "column": column,
                "mine": own[column],
                "everybody": profile.scores[column] if user.is_staff else None,
                "brought": brought.get(column),
            }
            for column in QUESTIONNAIRE_COLUMNS
        ],
        "raters": _raters(profile) if user.is_staff else [],
        "released_from": "questionnaires" if profile.numbers() else "brought" if brought else "nothing",
    }


def _raters(profile: Profile) -> list[dict[str, Any]]:
    names = {name for finished in profile.finished.values() for name in finished}
    people = {person.username: person.full_name for person in User.objects.filter(username__in=names)}
    return [
        {
            "key": key,
            "raters": [people[name] for name in profile.finished[key]],
            "alpha": profile.agreement[key].value,
        }
        for key in KEYS
    ]


class ItemAnswersView(APIView):
    @extend_schema(
        operation_id="personality_answers_create",
        request=NewItemAnswerSerializer,
        responses={201: KeptItemAnswerSerializer, 422: ErrorSerializer},
    )
    def post(self, request: Request, character_id: int) -> Response:
        """Answer one statement; sending it twice is one answer, a new client_id is a correction."""
        user = _viewer(request)
        character = get_object_or_404(visible_characters(user), pk=character_id)
        form = NewItemAnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        answer = answer_item(character=character, rater=user, **form.validated_data)
        return Response(KeptItemAnswerSerializer(answer).data, status=status.HTTP_201_CREATED)


class WordsView(APIView):
    @extend_schema(
        operation_id="personality_words_retrieve", responses={200: WordCategoriesSerializer, 422: ErrorSerializer}
    )
    def get(self, request: Request, character_id: int) -> Response:
        """The word categories that are most frequent in all that a character says."""
        character = get_object_or_404(visible_characters(_viewer(request)), pk=character_id)
        found = word_categories(lines_of(character).iterator(chunk_size=5000), MOST_CATEGORIES)
        return Response(WordCategoriesSerializer(found).data)
