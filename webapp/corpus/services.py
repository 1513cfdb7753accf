"""What changes episodes and their people: planning an analysis, carrying over what was said of faces, characters."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from webapp.corpus import links
from webapp.corpus.casting import move_tracks, part_off, shaped_faces
from webapp.corpus.models import Character, Episode, FaceTrack, Identity, Series, Utterance
from webapp.corpus.queries import faces_of, newest_jobs
from webapp.jobs.models import Job
from webapp.jobs.services import cancel, job_key, retry, wake

#: Who says at least two lines is a main character, at most so many of a series (MEmoR has seven).
MAIN_LINES = 2
MAIN_CHARACTERS = 7


@transaction.atomic
def plan_analysis(episode: Episode, *, only: Iterable[str] = ()) -> Job:
    """Ask the workers to bring an episode's facts up to date; steps that failed or were cancelled are tried again.

    Returns the planning job: which analysers there are, and of which version, only the workers know. They plan, the web
    asks.
    """
    retry(job for job in newest_jobs([episode]).get(episode.pk, []) if job.kind == Job.Kind.ANALYSIS)
    asked = Job.objects.filter(episode=episode, kind=Job.Kind.PLAN, status=Job.Status.WAITING).first()
    if asked is not None and asked.parameters == {"only": sorted(only)}:
        if not retry([asked]):
            wake(asked)
        return asked
    job = Job.objects.create(
        kind=Job.Kind.PLAN,
        name="plan",
        episode=episode,
        parameters={"only": sorted(only)},
        key=job_key({"plan": str(uuid.uuid4())}),
    )
    wake(job)
    return job


@transaction.atomic
def plan_later(episode: Episode, quiet: timedelta) -> Job:
    """Have the episode planned when nothing asks for it any more for a while: every call puts it off again."""
    when = timezone.now() + quiet
    waiting = Job.objects.filter(episode=episode, kind=Job.Kind.PLAN, status=Job.Status.WAITING).first()
    if waiting is not None:
        if waiting.not_before is not None:  # one that is due plans what there is when it runs, this too
            Job.objects.filter(pk=waiting.pk, status=Job.Status.WAITING).update(not_before=when)
        return waiting
    return Job.objects.create(
        kind=Job.Kind.PLAN,
        name="plan",
        episode=episode,
        parameters={"only": []},
        key=job_key({"plan": str(uuid.uuid4())}),
        not_before=when,
    )


def cancel_analysis(episode: Episode) -> int:
    """Stop whatever waits or runs for an episode; return how many jobs that were. Facts that are there stay."""
    return cancel(episode.jobs.filter(status__in=Job.UNFINISHED).order_by("pk"))


@transaction.atomic
def carry_links(job: Job) -> dict[str, Any]:
    """Say of the faces that a job found what people said of those that are current; return figures of the job.

    Call it before the job becomes current. What cannot be carried is in the figures, for `lost_links` to report, with
    what was lost before and is still open.
    """
    current = Job.objects.filter(episode=job.episode_id, name=job.name, is_current=True).exclude(pk=job.pk).first()
    if current is None:
        return {}
    decided = Q(linked_by=Identity.LinkedBy.CONFIRMED) | shaped_faces()
    old, new = faces_of(current, Identity.objects.filter(decided)), faces_of(job, Identity.objects.all())
    carried = links.carry(old, new)
    words = dict(carried.links)
    for pk, parts in carried.parts.items():
        face = Identity.objects.get(pk=pk)
        tracks = list(face.tracks.order_by("index"))
        first, *others = sorted(parts.items(), key=lambda part: -len(part[1]))
        words[pk] = first[0]
        for said, places in others:
            words[part_off(face, [tracks[place] for place in places]).pk] = said
    unnamed = {face.id for face in old if face.said is not None and face.said < 0}
    for pk, said in words.items():
        if said is None or said > 0:
            Identity.objects.filter(pk=pk).update(character=said, linked_by=Identity.LinkedBy.CONFIRMED)
    for word in {said for said in words.values() if said is not None and said < 0}:
        into, *same = [pk for pk, said in words.items() if said == word]
        if same:
            move_tracks(FaceTrack.objects.filter(identity__in=same), Identity.objects.get(pk=into))
    lost = sorted({*current.figures.get("links_lost", ()), *(pk for pk in carried.lost if pk not in unnamed)})
    return {"links_carried": len(words), "links_lost": lost}


def add_speakers(series: Series, speakers: Iterable[str]) -> list[Character]:
    """Add the speakers that the series does not know, by falling number of lines; return the new ones."""
    spellings: dict[str, str] = {}
    lines = Counter(spellings.setdefault(name[:100].casefold(), name[:100]) for name in speakers if name)
    known = list(series.characters.all())
    names = frozenset().union(*(character.names for character in known))
    mains = sum(character.is_main for character in known)
    order = (series.characters.aggregate(last=Max("order"))["last"] or 0) + 1
    new: list[Character] = []
    for name, count in lines.most_common():
        if name.casefold() in names:
            continue
        is_main = count >= MAIN_LINES and mains < MAIN_CHARACTERS
        mains += is_main
        new.append(Character(series=series, name=name, is_main=is_main, order=order + len(new)))
    return Character.objects.bulk_create(new)


@transaction.atomic
def set_main_characters(*, series: Series, names: list[str]) -> None:
    """Make these the main characters, in this order; new names are added, utterances find their speakers."""
    series.characters.update(is_main=False)
    known = {name: character for character in series.characters.all() for name in character.names}
    for order, name in enumerate(names):
        character = known.setdefault(name.casefold(), Character(series=series, name=name))
        character.is_main, character.order = True, order
        character.save()
    for position, other in enumerate(series.characters.filter(is_main=False).order_by("order", "pk")):
        other.order = len(names) + position
        other.save(update_fields=["order"])
    for character in series.characters.all():
        said = Utterance.objects.filter(job__episode__series=series, character__isnull=True)
        for speaker in set(said.values_list("speaker", flat=True)):
            if speaker.casefold() in character.names:
                said.filter(speaker=speaker).update(character=character)
