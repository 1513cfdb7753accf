"""What is loaded of questionnaires, with which joins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from exports.questionnaires.scoring import profile_of
from webapp.accounts.models import User
from webapp.corpus.models import Character, Identity, Utterance
from webapp.corpus.queries import visible_to
from webapp.personality.models import ItemAnswer

#: Character -> user name -> item -> answer.
Given = dict[int, dict[str, dict[str, int]]]


def visible_characters(user: User) -> QuerySet[Character]:
    """Main characters of the series that somebody sees: admins all, annotators those of their projects."""
    mains = Character.objects.filter(is_main=True).select_related("series").order_by("series__name", "order", "pk")
    return mains if user.is_staff else mains.filter(series__in=visible_to(user).values("series"))


def answers_of(characters: Iterable[int], *, rater: User | None = None) -> Given:
    """Return everybody's newest answers, or one person's, in one query."""
    rows = ItemAnswer.objects.filter(character__in=list(characters))
    if rater is not None:
        rows = rows.filter(rater=rater)
    found: Given = defaultdict(lambda: defaultdict(dict))
    for character, name, item, value in rows.order_by("pk").values_list(
        "character", "rater__username", "item", "value"
    ):
        found[character][name][item] = value
    return found


def questionnaires_of(characters: Iterable[Character]) -> dict[int, tuple[float, ...] | None]:
    """Return character id -> the 26 numbers of a release, in one query.

    Those of finished questionnaires; where they give none, those that were brought from elsewhere; else None.
    """
    characters = list(characters)
    given = answers_of(character.pk for character in characters)
    found: dict[int, tuple[float, ...] | None] = {}
    for character in characters:
        brought = tuple(character.questionnaire) if character.questionnaire else None
        answered = profile_of(given[character.pk]).numbers() if character.pk in given else None
        found[character.pk] = answered or brought
    return found


def longest_seen(characters: Iterable[int]) -> dict[int, Identity]:
    """Return character id -> the linked identity that is seen longest in any episode, in one query."""
    rows = Identity.objects.filter(job__is_current=True, character__in=list(characters)).exclude(face="")
    faces = rows.only("pk", "face", "character_id", "screen_time_ms").order_by("screen_time_ms")
    return {face.character_id: face for face in faces if face.character_id}


def lines_of(character: Character) -> QuerySet[Utterance, str]:
    """Return the text of everything a character says in the current analyses of all episodes."""
    return Utterance.objects.filter(character=character, job__is_current=True).values_list("text", flat=True)
