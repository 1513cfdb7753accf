"""The demo episode in the database with the facts that its truth file gives, as if the workers had found all of them.

A browser test is about pages: it wants facts that are there at once and known exactly. The analysers have tests of
their own.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from exports.formats.features import write_episode_features
from tests.exports.factory import features
from webapp.annotation.models import Project
from webapp.corpus.models import (
    Character,
    Episode,
    FaceTrack,
    Features,
    Identity,
    Proxy,
    Segment,
    Series,
    Shot,
    SubtitleLine,
    Utterance,
)
from webapp.jobs.models import Job
from webapp.quality.snapshot import project_snapshot
from workers.analysers import facts
from workers.analysers.segments import segments_of
from workers.demo import DemoFiles

FACE_PIXELS = 160


def store_known_episode(files: DemoFiles, *, series: str, title: str) -> Episode:
    """Store the episode with current facts of every analyser; the source itself serves as the proxy."""
    truth: dict[str, Any] = json.loads(files.truth.read_text(encoding="utf-8"))
    show = Series.objects.get_or_create(name=series)[0]
    folder = f"episodes/{title.lower().replace(' ', '-')}"
    media = Path(settings.MEDIA_ROOT)
    (media / folder).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(files.video, media / folder / "proxy.mp4")
    _write_pictures(media / folder, files.video, truth)
    episode = Episode.objects.create(
        series=show,
        title=title,
        source=f"{folder}/proxy.mp4",
        source_name=files.video.name,
        source_sha256=hashlib.sha256(title.encode()).hexdigest(),
        source_bytes=files.video.stat().st_size,
    )
    people = {
        person["name"]: Character.objects.get_or_create(
            series=show, name=person["name"], defaults={"is_main": True, "order": order}
        )[0]
        for order, person in enumerate(truth["people"])
    }
    Proxy.objects.create(
        job=done(episode, "proxy"),
        episode=episode,
        video=f"{folder}/proxy.mp4",
        poster=f"{folder}/poster.jpg",
        **{key: truth[key] for key in ("duration_ms", "frame_rate", "frame_count", "width", "height")},
    )
    shots = done(episode, "shots")
    Shot.objects.bulk_create(Shot(job=shots, key_frame_ms=shot["start_ms"], **_span(shot)) for shot in truth["shots"])
    _store_faces(episode, folder, truth, people)
    lines = done(episode, "subtitles")
    SubtitleLine.objects.bulk_create(
        SubtitleLine(job=lines, text=line["text"], confidence=0.98, source="ocr", **_span(line))
        for line in truth["subtitles"]
    )
    _store_dialogue(episode, truth, people)
    return episode


def done(episode: Episode, name: str) -> Job:
    now = timezone.now()
    return Job.objects.create(
        kind=Job.Kind.ANALYSIS,
        name=name,
        version="1",
        episode=episode,
        key=hashlib.sha256(f"{episode.pk} {name}".encode()).hexdigest(),
        status=Job.Status.DONE,
        is_current=True,
        progress=100,
        attempt=1,
        started_at=now,
        finished_at=now,
    )


def _span(item: dict[str, Any]) -> dict[str, int]:
    return {key: item[key] for key in ("index", "start_ms", "end_ms")}


def _store_faces(episode: Episode, folder: str, truth: dict[str, Any], people: dict[str, Character]) -> None:
    job = done(episode, "faces")
    place = 0
    for index, person in enumerate(truth["people"]):
        name = person["name"]
        identity = Identity.objects.create(
            job=job,
            index=index,
            screen_time_ms=person["screen_time_ms"],
            face=f"{folder}/{name}.jpg",
            embedder="known",
            character=people[name],
            linked_by=Identity.LinkedBy.SUGGESTED,
        )
        for shot in truth["shots"]:
            if name in shot["people"]:
                span = {"index": place, "start_ms": shot["start_ms"], "end_ms": shot["end_ms"]}
                boxes = [_box(truth, shot)] if len(shot["people"]) == 1 else []
                FaceTrack.objects.create(job=job, identity=identity, shot_index=shot["index"], boxes=boxes, **span)
                place += 1


def _box(truth: dict[str, Any], shot: dict[str, Any]) -> list[float]:
    """Return where somebody who is alone in a shot is, in its middle."""
    middle, side = (shot["start_ms"] + shot["end_ms"]) // 2, truth["height"] * 0.6
    return [middle, (truth["width"] - side) / 2, truth["height"] * 0.05, side, side, 0.95]


def _store_dialogue(episode: Episode, truth: dict[str, Any], people: dict[str, Character]) -> None:
    spoken = [
        facts.Utterance(
            index=one["index"],
            speaker=one["speaker"],
            text=one["text"],
            start_ms=one["start_ms"],
            end_ms=one["end_ms"],
            words=(),
            timing="aligned",
            speaker_certain=True,
        )
        for one in truth["utterances"]
    ]
    alignment = done(episode, "alignment")
    rows = Utterance.objects.bulk_create(
        Utterance(
            job=alignment,
            index=one.index,
            speaker=one.speaker,
            character=people[one.speaker],
            text=one.text,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            timing=one.timing,
            speaker_certain=one.speaker_certain,
        )
        for one in spoken
    )
    by_index = {row.index: row for row in rows}
    job = done(episode, "segments")
    Segment.objects.bulk_create(
        Segment(
            job=job,
            index=segment.index,
            start_ms=segment.start_ms,
            end_ms=segment.end_ms,
            kind=segment.kind,
            utterance=None if segment.utterance is None else by_index[segment.utterance],
        )
        for segment in segments_of(spoken, truth["duration_ms"])
    )


def _write_pictures(folder: Path, video: Path, truth: dict[str, Any]) -> None:
    """Write a poster, and per person the middle of a frame in which he or she is alone."""
    import av

    alone = {shot["people"][0]: shot["start_ms"] for shot in reversed(truth["shots"]) if len(shot["people"]) == 1}
    with av.open(str(video)) as container:
        for name, time_ms in {**alone, "poster": truth["shots"][0]["start_ms"]}.items():
            container.seek((time_ms + 1000) * 1000)
            picture = next(container.decode(video=0)).to_image()
            if name != "poster":
                width, height = picture.size
                left, side = (width - height * 0.7) / 2, height * 0.7
                picture = picture.crop((left, 0, left + side, side)).resize((FACE_PIXELS, FACE_PIXELS))
            picture.convert("RGB").save(folder / f"{name}.jpg", quality=88)


def store_random_features(project: Project) -> None:
    """Give every episode of a project a feature file, so that a release can be built: random numbers, true shapes."""
    for row in project_snapshot(project).episodes:
        name = f"episodes/features-{row.id}.npz"
        path = Path(settings.MEDIA_ROOT) / name
        write_episode_features(path, features(row))
        job = done(Episode.objects.get(pk=row.id), "features")
        Features.objects.create(job=job, path=name, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
