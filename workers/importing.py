"""Taking an episode in: everything is checked before anything is kept."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction

from webapp.corpus.models import Character, Episode, Series
from webapp.corpus.services import add_speakers
from webapp.corpus.storage import media_storage
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
    for file in (video, subtitles, transcript):
        if file:
            _check_reachable(file)
    source = probe(video)
    if subtitles:
        read_subtitles(subtitles)
    speakers = [line.speaker for line in read_transcript(transcript)] if transcript else []
    if Episode.objects.filter(series__name=series, title=title).exists():
        raise AnalysisError("title_taken", f"The series “{series}” has an episode “{title}” already.")

    incoming = media_storage().root / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    copy = incoming / f"{uuid.uuid4().hex}{_suffix(video)}"
    try:
        sha256 = _copy(video, copy, on_progress)
        known = Episode.objects.select_related("series").filter(source_sha256=sha256).first()
        if known:
            raise AnalysisError("known_content", f"This video is in already: it is episode {known.pk} ({known}).")
        return _store(
            copy, _shown(video), sha256, series, title, subtitles, transcript, language, speakers, source.duration_ms
        )
    except OSError as error:
        raise AnalysisError(
            "no_space", f"{_shown(video)} could not be copied to {incoming}: {error.strerror}."
        ) from error
    except IntegrityError as error:
        raise AnalysisError("known_content", "Somebody else imported this video or title at this moment.") from error
    finally:
        copy.unlink(missing_ok=True)


def _check_reachable(path: Path) -> None:
    """Raise AnalysisError for a path that the system does not even look up; the readers say what else is wrong."""
    try:
        path.exists()
    except (OSError, ValueError) as error:  # a name longer than any file's, a folder that is closed to us
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise AnalysisError("file_missing", f"{_shown(path)[:LONGEST_NAME]} cannot be opened: {reason}.") from error


def _shown(path: Path) -> str:
    """The file's name as text, also where its bytes are none."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _suffix(path: Path) -> str:
    """The file's suffix, if it is one a program would give."""
    suffix = path.suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,10}", suffix) else ""


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
    new = add_speakers(series, speakers)
    episode.save()  # from here on the content is ours: nobody else has its folder
    try:
        if subtitles:
            episode.subtitles, episode.subtitles_sha256 = _keep(subtitles, copy.parent, episode.folder, "subtitles")
        if transcript:
            episode.transcript, episode.transcript_sha256 = _keep(transcript, copy.parent, episode.folder, "transcript")
        episode.save()
        media_storage().put(copy, episode.source)
    except BaseException:
        media_storage().remove(episode.folder)
        raise
    return Imported(episode, new, duration_ms)


def _keep(text: Path, incoming: Path, folder: str, stem: str) -> tuple[str, str]:
    content = text.read_bytes()
    name = f"{folder}/{stem}{_suffix(text)}"
    copy = incoming / f"{uuid.uuid4().hex}{_suffix(text)}"
    copy.write_bytes(content)
    media_storage().put(copy, name)
    return name, hashlib.sha256(content).hexdigest()
