"""What changes the dialogue: corrections are kept at once, and soon followed by a new segmentation."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from webapp.accounts.models import User
from webapp.corpus.corrections import Line
from webapp.corpus.models import DialogueCorrection, Episode
from webapp.corpus.services import plan_later

#: Segments follow when nobody has corrected anything for so long: features of sound and text are made anew with them.
QUIET = timedelta(seconds=60)


@transaction.atomic
def correct_line(
    *, episode: Episode, author: User, client_id: UUID, anchor: Line, said: Line, status: str, added: bool = False
) -> DialogueCorrection:
    """Keep a person's word on a line. The same client_id twice is one correction.

    The episode's row is locked, so that corrections get their numbers in the order in which they count.
    """
    locked = Episode.objects.select_for_update().get(pk=episode.pk)
    known = DialogueCorrection.objects.filter(episode=episode, client_id=client_id).first()
    if known is not None:
        return known
    correction = DialogueCorrection.objects.create(
        episode=locked,
        author=author,
        client_id=client_id,
        line=anchor.key,
        anchor_start_ms=anchor.start_ms,
        anchor_end_ms=anchor.end_ms,
        anchor_text=anchor.text,
        anchor_speaker=anchor.speaker,
        added=added,
        status=status,
        start_ms=said.start_ms,
        end_ms=said.end_ms,
        text=said.text,
        speaker=said.speaker,
    )
    Episode.objects.filter(pk=episode.pk).update(corrections=correction.pk)
    episode.corrections = correction.pk
    plan_later(episode, QUIET)
    return correction
