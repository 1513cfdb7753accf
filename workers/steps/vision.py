"""The proxy, and what is kept of that which was seen in its pictures: shots, faces, surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from webapp.corpus.models import FaceTrack, Identity, Proxy, Shot
from webapp.corpus.services import carry_links
from workers.analysers import face_file, facts
from workers.analysers.face_file import write_face_file
from workers.analysers.features import surroundings_file
from workers.analysers.features.scene import Surroundings
from workers.analysers.features.surroundings_file import write_surroundings
from workers.analysers.proxy import make_proxy
from workers.steps.context import StepContext
from workers.steps.shown import write_shots

#: An episode's face boxes are many: rows of all at once would need as much memory again.
_ROWS_AT_ONCE = 500


def run_proxy(context: StepContext) -> facts.Proxy:
    ahead = context.ahead

    def progress(share: float, doing: str) -> None:
        context.progress(share, doing)
        if ahead is not None:
            ahead.show()

    return make_proxy(context.path(context.episode.source), context.workdir, context.options, progress, ahead)


def store_proxy(context: StepContext, found: facts.Proxy) -> dict[str, Any]:
    def name(path: Path | None) -> str:
        return f"{context.folder}/{path.name}" if path else ""

    context.publish()
    Proxy.objects.create(
        job=context.job,
        episode=context.episode,
        video=name(found.video_path),
        audio=name(found.audio_path),
        poster=name(found.poster_path),
        duration_ms=found.duration_ms,
        frame_rate=f"{found.frame_rate.numerator}/{found.frame_rate.denominator}",
        frame_count=found.frame_count,
        width=found.width,
        height=found.height,
    )
    return {"duration_ms": found.duration_ms, "frames": found.frame_count, "copied": found.copied}


def current_proxy(context: StepContext) -> facts.Proxy:
    """Return the proxy that this step's job was planned on."""
    row = Proxy.objects.select_related("job").get(job__in=_needed(context))
    return facts.Proxy(
        video_path=context.path(row.video),
        audio_path=context.path(row.audio) if row.audio else None,
        poster_path=context.path(row.poster),
        duration_ms=row.duration_ms,
        frame_rate=Fraction(row.frame_rate),
        frame_count=row.frame_count,
        width=row.width,
        height=row.height,
        copied=bool(row.job.figures.get("copied")),
    )


def _needed(context: StepContext) -> Any:
    return context.job.needs.all()


def store_shots(context: StepContext, found: Sequence[facts.Shot]) -> dict[str, Any]:
    write_shots(context.job, found)
    return {"shots": len(found)}


def current_shots(context: StepContext) -> tuple[facts.Shot, ...]:
    rows = Shot.objects.filter(job__in=_needed(context)).order_by("index")
    return tuple(facts.Shot(row.index, row.start_ms, row.end_ms, row.key_frame_ms) for row in rows)


def picture_name(identity: int, place: int) -> str:
    return f"identity-{identity:03d}-{place}.jpg"


def track_picture_name(track: int) -> str:
    return f"track-{track:05d}.jpg"


def store_faces(context: StepContext, found: facts.FaceFacts) -> dict[str, Any]:
    """Write tracks and identities, the pictures people are shown, and what later steps need of the faces as a file."""
    for identity in found.identities:
        for place, picture in enumerate(identity.pictures):
            (context.workdir / picture_name(identity.index, place)).write_bytes(picture)
    for track in found.tracks:
        if track.picture:
            (context.workdir / track_picture_name(track.index)).write_bytes(track.picture.read())
    assert found.looks is not None
    write_face_file(found.looks, found.embedder, found.expressions, context.workdir / face_file.NAME)
    context.publish()
    identities = Identity.objects.bulk_create(
        Identity(
            job=context.job,
            index=identity.index,
            screen_time_ms=identity.screen_time_ms,
            face=f"{context.folder}/{picture_name(identity.index, 0)}" if identity.best_faces else "",
            best_faces=[_box(face) for face in identity.best_faces],
            embedding=list(identity.embedding),
            embedder=found.embedder,
        )
        for identity in found.identities
    )
    by_index = {identity.index: identity for identity in identities}
    for start in range(0, len(found.tracks), _ROWS_AT_ONCE):
        FaceTrack.objects.bulk_create(
            FaceTrack(
                job=context.job,
                index=track.index,
                start_ms=track.start_ms,
                end_ms=track.end_ms,
                shot_index=track.shot_index,
                identity=by_index[track.identity] if track.identity is not None else None,
                boxes=[_box(box) for box in track.boxes],
                picture=f"{context.folder}/{track_picture_name(track.index)}" if track.picture else "",
            )
            for track in found.tracks[start : start + _ROWS_AT_ONCE]
        )
    figures = {
        "tracks": len(found.tracks),
        "identities": len(identities),
        "embedder": found.embedder,
        "file": f"{context.folder}/{face_file.NAME}",
    }
    return figures | carry_links(context.job)


def store_surroundings(context: StepContext, found: Surroundings) -> dict[str, Any]:
    write_surroundings(found, context.workdir / surroundings_file.NAME)
    context.publish()
    return {"frames": len(found.time_ms), "file": f"{context.folder}/{surroundings_file.NAME}"}


def file_of(context: StepContext, step: str) -> Path:
    """Return a local path of the file that a needed step made."""
    return context.path(_needed(context).get(name=step).figures["file"])


def _box(face: facts.FaceBox) -> list[float]:
    return [face.time_ms, *(round(value, 1) for value in face.box), round(face.score, 4)]


def current_tracks(context: StepContext) -> tuple[facts.FaceSpan, ...]:
    tracks = FaceTrack.objects.filter(job__in=_needed(context)).order_by("index")
    return tuple(facts.FaceSpan(*row) for row in tracks.values_list("index", "start_ms", "end_ms", "identity__index"))
