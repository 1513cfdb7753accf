"""Saying who faces are: linked to characters, merged, split, and taken back. Every decision is an event."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, Protocol

from django.db import transaction
from django.db.models import Max, ProtectedError, Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import User
from webapp.corpus.likeness import Likeness, Vector, rank, suggested
from webapp.corpus.models import CastingEvent, Character, Episode, FaceReference, FaceTrack, Identity, Series
from webapp.jobs.models import Job
from webapp.jobs.services import job_key, wake

#: So many faces of a character are compared with, those that are seen longest: more say nothing new.
MOST_KNOWN = 20
#: Decisions come in rows; other episodes follow when there are none for a while.
QUIET = timedelta(seconds=15)


class FacesChanged(Protocol):
    """Hears that faces of an episode were merged, split or analysed anew; part of the caller's transaction."""

    def __call__(self, *, episode: Episode) -> object: ...


#: An app that keeps what it counted of faces adds itself when it is ready.
FACES_CHANGED: Final[list[FacesChanged]] = []

_FIELDS = ("character_id", "linked_by", "screen_time_ms", "face", "best_faces", "embedding")


class CastingRefused(Exception):
    """A decision that makes no sense, in words for the person who made it."""


@transaction.atomic
def link_faces(*, faces: Sequence[Identity], character: Character | None, author: User) -> None:
    """Say who faces of one episode are (None: nobody that is followed)."""
    with _Recorded(CastingEvent.Kind.LINK, faces, author):
        Identity.objects.filter(pk__in=[face.pk for face in faces]).update(
            character=character, linked_by=Identity.LinkedBy.CONFIRMED
        )


@transaction.atomic
def merge_faces(*, into: Identity, others: Sequence[Identity], author: User) -> None:
    """Make several faces of one analysis one: whose `into` is said to be, else whose the first of the others is."""
    others = [face for face in others if face.pk != into.pk]
    if not others or any(face.job_id != into.job_id for face in others):
        raise CastingRefused("Faces can be merged with at least one other face of the same analysis.")
    with _Recorded(CastingEvent.Kind.MERGE, [into, *others], author):
        said = next((face for face in (into, *others) if face.linked_by == Identity.LinkedBy.CONFIRMED), into)
        move_tracks(FaceTrack.objects.filter(identity__in=others), into)
        values = {"character": said.character, "linked_by": said.linked_by} if said is not into else {}
        Identity.objects.filter(pk=into.pk).update(**values)
        Identity.objects.filter(pk__in=[face.pk for face in others]).update(character=None, linked_by="")


@transaction.atomic
def split_face(*, face: Identity, tracks: Sequence[int], author: User) -> Identity:
    """Make some tracks (ids) of a face a face of their own, of which nothing is said yet."""
    chosen = FaceTrack.objects.filter(identity=face, pk__in=tracks)
    if not 0 < chosen.count() < face.tracks.count():
        raise CastingRefused("Choose at least one of the face's tracks, and leave it at least one.")
    with _Recorded(CastingEvent.Kind.SPLIT, [face], author) as recorded:
        made = part_off(face, chosen)
        recorded.made.append(made.pk)
    return made


def part_off(face: Identity, tracks: Iterable[FaceTrack]) -> Identity:
    """Return a new face that has these tracks of another one. Part of the caller's transaction."""
    Job.objects.select_for_update().get(pk=face.job_id)  # two that split at once get different numbers
    last = Identity.objects.filter(job=face.job_id).aggregate(last=Max("index"))["last"]
    made = Identity.objects.create(job_id=face.job_id, index=last + 1, screen_time_ms=0, embedder=face.embedder)
    move_tracks(tracks, made)
    Identity.objects.filter(pk=face.pk).update(embedding=[])  # a worker makes it anew, of the tracks that are left
    return made


def move_tracks(tracks: Iterable[FaceTrack], face: Identity) -> None:
    """Give tracks to another face of the same analysis; what they were found as is kept."""
    moved = list(tracks)
    touched = {track.identity_id for track in moved if track.identity_id} | {face.pk}
    for track in moved:
        found_as = track.found_as_id or track.identity_id
        track.found_as_id = None if found_as == face.pk else found_as
        track.identity = face
    FaceTrack.objects.bulk_update(moved, ["identity", "found_as"], batch_size=500)
    for one in Identity.objects.filter(pk__in=touched).prefetch_related("tracks"):
        _look_again(one)


def _look_again(face: Identity) -> None:
    """Sum a face's tracks up; where its picture is not of them any more, take that of the longest."""
    tracks = list(face.tracks.all())
    face.screen_time_ms = sum(track.end_ms - track.start_ms for track in tracks)
    shown = [best for best in face.best_faces if any(best[:5] == box[:5] for track in tracks for box in track.boxes)]
    if shown != face.best_faces or not face.best_faces:
        with_picture = [track for track in tracks if track.picture]
        longest = max(with_picture, key=lambda track: track.end_ms - track.start_ms, default=None)
        face.best_faces, face.face = shown, longest.picture if longest else ""
    face.save(update_fields=["screen_time_ms", "best_faces", "face"])


def undoable(episode: Episode, author: User) -> QuerySet[CastingEvent]:
    """A person's decisions on the current faces of an episode that were not taken back, newest first."""
    of_episode = CastingEvent.objects.filter(job__episode=episode, job__is_current=True)
    return of_episode.filter(author=author, undone=False).order_by("-pk")


@transaction.atomic
def undo_casting(*, episode: Episode, author: User) -> CastingEvent | None:
    """Take back a person's newest decision on an episode's current faces; None if there is none.

    Raises CastingRefused where somebody has decided otherwise of the same faces meanwhile.
    """
    event = undoable(episode, author).select_for_update(of=("self",)).first()
    if event is None:
        return None
    before, after = event.before, event.after
    if _decided(_state(after["identities"], after["tracks"])) != _decided(after):
        raise CastingRefused("Somebody has decided about these faces since then.")
    for pk, (identity, found_as) in before["tracks"].items():
        FaceTrack.objects.filter(pk=pk).update(identity=identity, found_as=found_as)
    for pk, values in before["identities"].items():
        Identity.objects.filter(pk=pk).update(**dict(zip(_FIELDS, values, strict=True)))
    made = Identity.objects.filter(pk__in=set(after["identities"]) - set(before["identities"]))
    made.update(screen_time_ms=0, character=None, linked_by=Identity.LinkedBy.NOBODY)
    CastingEvent.objects.filter(pk=event.pk).update(undone=True)
    _follow(episode)
    for face in made:
        _forget(face)
    return event


def _forget(face: Identity) -> None:
    """Delete a face that has no tracks; one that an answer names stays, and is seen nowhere."""
    with suppress(ProtectedError), transaction.atomic():
        face.delete()


def tell_of_faces(episode: Episode) -> None:
    """Tell who keeps what was counted of the episode's faces. Call it when other faces became current."""
    for hear in FACES_CHANGED:
        hear(episode=episode)


def _follow(episode: Episode) -> None:
    """Suggest anew after a decision: at once where it was made, soon in the other episodes."""
    suggest_links(episode)
    tell_of_faces(episode)
    ask_for_casting(episode.series, QUIET)


class _Recorded:
    """Notes what some faces and their tracks are before and after a decision; `made` are faces that came of it."""

    def __init__(self, kind: str, faces: Sequence[Identity], author: User) -> None:
        self._job = faces[0].job
        self._faces = [face.pk for face in faces]
        self._event = CastingEvent(job=self._job, kind=kind, author=author)
        self.made: list[int] = []

    def __enter__(self) -> _Recorded:
        faces = Identity.objects.select_for_update().filter(pk__in=self._faces).order_by("pk")
        list(faces.values_list("pk"))  # two who decide about the same face do it one after the other
        tracks = FaceTrack.objects.filter(identity__in=self._faces)
        self._tracks = list(tracks.values_list("pk", flat=True))
        self._event.before = _state(self._faces, self._tracks)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        self._event.after = _state([*self._faces, *self.made], self._tracks)
        self._event.save()
        assert self._job.episode is not None
        _follow(self._job.episode)


def _decided(state: dict[str, Any]) -> dict[str, Any]:
    """Return what of a state people have said: suggestions and embeddings come and go."""
    said = {pk: values[0] for pk, values in state["identities"].items() if values[1] == Identity.LinkedBy.CONFIRMED}
    return {"said": said, "tracks": state["tracks"]}


def _state(faces: Iterable[int | str], tracks: Iterable[int | str]) -> dict[str, Any]:
    rows = Identity.objects.filter(pk__in=list(faces)).values_list("pk", *_FIELDS)
    parts = FaceTrack.objects.filter(pk__in=list(tracks)).values_list("pk", "identity", "found_as")
    return {
        "identities": {str(pk): list(values) for pk, *values in rows},
        "tracks": {str(pk): [identity, found_as] for pk, identity, found_as in parts},
    }


def known_faces(series: Series) -> dict[str, dict[int, list[tuple[int, Vector]]]]:
    """Return embedder -> character id -> [(identity id or 0, embedding)], of references and all confirmed faces."""
    known: dict[str, dict[int, list[tuple[int, Vector]]]] = {}
    references = FaceReference.objects.filter(character__series=series).exclude(embedder="")
    for character, embedder, embedding in references.values_list("character", "embedder", "embedding"):
        known.setdefault(embedder, {}).setdefault(character, []).append((0, embedding))
    confirmed = Identity.objects.filter(
        job__episode__series=series,
        job__is_current=True,
        linked_by=Identity.LinkedBy.CONFIRMED,
        character__isnull=False,
    ).exclude(embedding=[])
    rows = confirmed.order_by("-screen_time_ms").values_list("pk", "character", "embedder", "embedding")
    for pk, character, embedder, embedding in rows:
        if character is not None and len(have := known.setdefault(embedder, {}).setdefault(character, [])) < MOST_KNOWN:
            have.append((pk, embedding))
    return known


def likenesses(
    faces: Iterable[Identity], known: dict[str, dict[int, list[tuple[int, Vector]]]]
) -> dict[int, list[Likeness]]:
    """Return face id -> characters by similarity; no face is compared with itself."""
    found = {}
    for face in faces:
        others = {
            character: [vector for pk, vector in vectors if pk != face.pk]
            for character, vectors in known.get(face.embedder, {}).items()
        }
        found[face.pk] = rank(face.embedding, others, face.embedder)
    return found


@transaction.atomic
def suggest_links(episode: Episode, job: Job | None = None, spoken: dict[str, int] | None = None) -> int:
    """Say of every face that nobody has decided about who it may be; return of how many something is said.

    First whom it resembles, else whose lines are heard while it is seen (`spoken`: index of the identity -> character,
    by default what the casting step last found). `job`: the faces, by default the current ones.
    """
    job = job or Job.objects.filter(episode=episode, name="faces", is_current=True).first()
    if job is None:
        return 0
    if spoken is None:
        casting = Job.objects.filter(episode=episode, name="casting", is_current=True, needs=job).first()
        spoken = casting.figures.get("by_speech", {}) if casting else {}
    open_faces = list(Identity.objects.filter(job=job).exclude(linked_by=Identity.LinkedBy.CONFIRMED))
    people = set(episode.series.characters.values_list("pk", flat=True))
    alike = likenesses(open_faces, known_faces(episode.series))
    for face in open_faces:
        by_speech = spoken.get(str(face.index)) if face.screen_time_ms else None
        found = suggested(alike[face.pk]) if face.screen_time_ms else None
        character = found if found is not None else by_speech
        face.character_id = character if character in people else None
        face.linked_by = Identity.LinkedBy.SUGGESTED if face.character_id else Identity.LinkedBy.NOBODY
    Identity.objects.bulk_update(open_faces, ["character", "linked_by"], batch_size=200)
    return sum(face.character_id is not None for face in open_faces)


def shaped_faces() -> Q:
    """Faces whose tracks a person has chosen: some came from other faces, or went to them."""
    moved = FaceTrack.objects.filter(found_as__isnull=False)
    return Q(pk__in=moved.values("identity")) | Q(pk__in=moved.values("found_as"))


def ask_for_casting(series: Series, quiet: timedelta = timedelta(0)) -> Job:
    """Have a worker read new reference pictures and suggest links in all episodes; what waits already is put off."""
    when = timezone.now() + quiet if quiet else None
    waiting = Job.objects.filter(
        kind=Job.Kind.CAST, status=Job.Status.WAITING, parameters={"series": series.pk}
    ).first()
    if waiting is None:
        waiting = Job.objects.create(
            kind=Job.Kind.CAST,
            name="cast",
            parameters={"series": series.pk},
            key=job_key({"cast": str(uuid.uuid4())}),
            not_before=when,
        )
    elif waiting.not_before is not None:
        Job.objects.filter(pk=waiting.pk, status=Job.Status.WAITING).update(not_before=when)
    if when is None:
        wake(waiting)
    return waiting
