"""What changes the people of a series: names, aliases, who is followed, reference pictures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from webapp.accounts.models import User
from webapp.corpus.casting import ask_for_casting
from webapp.corpus.models import Character, FaceReference, Identity, Series, Utterance
from webapp.corpus.storage import media_storage

#: What the first bytes of a picture are, and the suffix that is kept for it.
PICTURES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
LARGEST_PICTURE = 10 * 1024 * 1024


class CharacterRefused(Exception):
    """A change that cannot be, with the field it is about."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def save_character(
    *, series: Series, character: Character | None, name: str, aliases: Sequence[str], is_main: bool
) -> Character:
    """Add or change a character. A name that is given up stays as an alias, as transcripts still use it.

    Lines whose speaker has one of the names are the character's from now on. Raises CharacterRefused.
    """
    Series.objects.select_for_update().get(pk=series.pk)
    given_up = [character.name] if character is not None else []
    spellings: dict[str, str] = {}
    for alias in (one.strip() for one in (*aliases, *given_up)):
        if alias and alias.casefold() != name.casefold():
            spellings.setdefault(alias.casefold(), alias)
    kept = list(spellings.values())
    for other in series.characters.exclude(pk=character.pk if character else 0):
        for field, names in (("name", [name]), ("aliases", kept)):
            if taken := next((one for one in names if one.casefold() in other.names), None):
                raise CharacterRefused(field, f"“{taken}” is a name of {other.name} already.")
    row = character or Character(series=series, order=_next_order(series))
    if is_main and not row.is_main:
        row.order = _next_order(series)
    row.name, row.aliases, row.is_main = name, kept, is_main
    row.save()
    match_speakers(series)
    return row


def _next_order(series: Series) -> int:
    return (series.characters.aggregate(last=Max("order"))["last"] or 0) + 1


@transaction.atomic
def order_characters(*, series: Series, ids: Sequence[int]) -> None:
    """Put characters into this order; those that are not named come behind, as they were."""
    rows = list(series.characters.all())
    places = {pk: place for place, pk in enumerate(ids)}
    rows.sort(key=lambda row: (places.get(row.pk, len(places)), row.order, row.pk))
    for place, row in enumerate(rows):
        row.order = place
    Character.objects.bulk_update(rows, ["order"])


def match_speakers(series: Series) -> None:
    """Give every line of the series to the character whose name or alias its speaker is. Part of a transaction."""
    characters = {name: character for character in series.characters.all() for name in character.names}
    said = Utterance.objects.filter(job__episode__series=series)
    for speaker in set(said.order_by().values_list("speaker", flat=True)):
        character = characters.get(speaker.casefold())
        of_speaker = said.filter(speaker=speaker)
        of_speaker.exclude(character=character).update(character=character)


def add_uploaded_reference(*, character: Character, content: bytes, author: User) -> FaceReference:
    """Keep a picture of a character; a worker finds the face in it. Raises CharacterRefused."""
    suffix = next((suffix for start, suffix in PICTURES.items() if content.startswith(start)), None)
    if suffix is None:
        raise CharacterRefused("picture", "Choose a JPEG or PNG picture.")
    if len(content) > LARGEST_PICTURE:
        raise CharacterRefused("picture", f"A picture has at most {LARGEST_PICTURE // 1024 // 1024} MB.")
    name = f"series/{character.series_id}/references/{uuid.uuid4().hex}{suffix}"
    incoming = media_storage().root / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    file = incoming / f"{uuid.uuid4().hex}{suffix}"
    file.write_bytes(content)
    media_storage().put(file, name)
    with transaction.atomic():
        reference = FaceReference.objects.create(character=character, upload=name, added_by=author)
        ask_for_casting(character.series)
    return reference


@transaction.atomic
def add_reference_of(*, character: Character, face: Identity, author: User) -> FaceReference:
    """Make the picture of a face of an episode a reference."""
    reference = FaceReference.objects.create(
        character=character,
        identity=face,
        picture=face.face,
        embedding=face.embedding,
        embedder=face.embedder if face.embedding else "",
        added_by=author,
    )
    ask_for_casting(character.series)
    return reference


@transaction.atomic
def remove_reference(reference: FaceReference) -> None:
    """Forget a reference, with the files that are its alone."""
    series = reference.character.series
    names = [reference.upload, "" if reference.identity_id or not reference.upload else reference.picture]
    reference.delete()
    ask_for_casting(series)
    transaction.on_commit(lambda: [media_storage().remove(name) for name in names if name])
