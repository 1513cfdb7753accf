"""Taking an episode in: everything is checked before anything is kept."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from webapp.corpus.models import Character, Episode, Series
from webapp.corpus.services import add_speakers
from workers.analysers.errors import AnalysisError
from workers.analysers.probe import probe
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.transcripts import read_transcript

CHUNK = 4 * 1024 * 1024
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Imported:
    episode: Episode
    new_characters: list[Character]
    duration_ms: int


def import_episode(
    video: Path,
    *,
    series: str,
    title: str,
    subtitles: Path | None = None,
    transcript: Path | None = None,
    language: str = "en",
    on_progress: Callable[[int], None] = lambda _bytes: None,
) -> Imported:
    """Copy a video with its texts into the media storage. Raises AnalysisError with what is wrong with which file.

    `on_progress` is given the number of bytes copied since its last call. The same content twice is refused.
    """
    for name, value in (("series", series), ("title", title)):
        if not value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
            raise AnalysisError(
                "bad_name", f"The {name} must have 1 to {LONGEST_NAME} printable characters; it has {len(value)}."
            )
    source = probe(video)
    if subtitles:
        read_subtitles(subtitles)
    speakers = [line.speaker for line in read_transcript(transcript)] if transcript else []
    if Episode.objects.filter(series__name=series, title=title).exists():
        raise AnalysisError("title_taken", f"The series “{series}” has an episode “{title}” already.")

    incoming = Path(settings.MEDIA_ROOT) / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    copy = incoming / f"{hashlib.sha256(str(video.resolve()).encode()).hexdigest()[:16]}{video.suffix.lower()}"
    try:
        sha256 = _copy(video, copy, on_progress)
        known = Episode.objects.select_related("series").filter(source_sha256=sha256).first()
        if known:
            raise AnalysisError("known_content", f"This video is in already: it is episode {known.pk} ({known}).")
        return _store(
            copy, video.name, sha256, series, title, subtitles, transcript, language, speakers, source.duration_ms
        )
    except OSError as error:
        raise AnalysisError("no_space", f"{video} could not be copied to {incoming}: {error.strerror}.") from error
    finally:
        copy.unlink(missing_ok=True)


def _copy(source: Path, target: Path, on_progress: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(CHUNK):
            digest.update(chunk)
            writer.write(chunk)
            on_progress(len(chunk))
    return digest.hexdigest()


@transaction.atomic
def _store(
    copy: Path,
    name: str,
    sha256: str,
    series_name: str,
    title: str,
    subtitles: Path | None,
    transcript: Path | None,
    language: str,
    speakers: list[str],
    duration_ms: int,
) -> Imported:
    series, _ = Series.objects.get_or_create(name=series_name)
    episode = Episode(
        series=series,
        title=title,
        source_name=name[-300:],
        source_sha256=sha256,
        source_bytes=copy.stat().st_size,
        language=language,
    )
    episode.source = f"{episode.folder}/source{copy.suffix}"
    folder = Path(settings.MEDIA_ROOT) / episode.folder
    folder.mkdir(parents=True, exist_ok=True)
    if subtitles:
        episode.subtitles, episode.subtitles_sha256 = _keep(subtitles, folder, episode.folder, "subtitles")
    if transcript:
        episode.transcript, episode.transcript_sha256 = _keep(transcript, folder, episode.folder, "transcript")
    episode.save()
    new = add_speakers(series, speakers)
    shutil.move(copy, folder / f"source{copy.suffix}")
    return Imported(episode, new, duration_ms)


def _keep(text: Path, folder: Path, name: str, stem: str) -> tuple[str, str]:
    content = text.read_bytes()
    file = f"{stem}{text.suffix.lower()}"
    (folder / file).write_bytes(content)
    return f"{name}/{file}", hashlib.sha256(content).hexdigest()
