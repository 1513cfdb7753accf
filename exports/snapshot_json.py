"""A snapshot as JSON and back: one file in every release, from which the release can be built again.

The document is the dataclasses of `exports.snapshot` as objects, with `format` and `version` in front. The bytes
depend on the values alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import MISSING, asdict, fields
from typing import Any, Final, TypeVar

from exports.errors import ExportError, FormatError
from exports.snapshot import (
    CalibrationRow,
    CharacterRow,
    ClipRow,
    EpisodeRow,
    EvidenceRow,
    FaceSpanRow,
    MomentRow,
    ProjectSnapshot,
    SegmentRow,
    StateRow,
)

FORMAT: Final = "affectory-snapshot"
VERSION: Final = 1

_CLIP_NAME = re.compile(r"[A-Za-z0-9_-]+")
Row = TypeVar(
    "Row", CalibrationRow, CharacterRow, ClipRow, EpisodeRow, EvidenceRow, FaceSpanRow, MomentRow, SegmentRow, StateRow
)


def snapshot_to_json(snapshot: ProjectSnapshot) -> bytes:
    """Return the snapshot as UTF-8 JSON with a newline at the end; the same snapshot gives the same bytes."""
    document = {"format": FORMAT, "version": VERSION, **asdict(snapshot)}
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def snapshot_from_json(data: bytes) -> ProjectSnapshot:
    """Read what `snapshot_to_json` wrote. Raises FormatError that names the part which is wrong."""
    try:
        document = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FormatError(f"the snapshot is no JSON: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FormatError(f'the snapshot does not say "format": "{FORMAT}"')
    if document.get("version") != VERSION:
        raise FormatError(f"the snapshot has version {document.get('version')}, this program reads {VERSION}")
    try:
        return ProjectSnapshot(
            project=str(document["project"]),
            protocol=str(document["protocol"]),
            answers_per_clip=int(document["answers_per_clip"]),
            fine_grained_kept=tuple(document["fine_grained_kept"]),
            characters=tuple(_character(row) for row in document["characters"]),
            episodes=tuple(_episode(row) for row in document["episodes"]),
            clips=tuple(_row(ClipRow, row) for row in document["clips"]),
            moments=tuple(_row(MomentRow, row) for row in document["moments"]),
            states=tuple(_state(row) for row in document["states"]),
            moment_time=str(document.get("moment_time", "raw")),
            calibrations=tuple(_row(CalibrationRow, row) for row in document.get("calibrations", [])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"the snapshot is incomplete: {error!r}") from error


def _row(kind: type[Row], row: dict[str, Any]) -> Row:
    names = {field.name for field in fields(kind)}
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    if not needed <= set(row) <= names:
        raise ValueError(f"{kind.__name__}: missing {sorted(needed - set(row))}, unknown {sorted(set(row) - names)}")
    return kind(**row)


def _state(row: dict[str, Any]) -> StateRow:
    evidence = tuple(_row(EvidenceRow, one) for one in row.get("evidence", []))
    return _row(StateRow, {**row, "reasons": tuple(row["reasons"]), "evidence": evidence})


def _character(row: dict[str, Any]) -> CharacterRow:
    answers = row["questionnaire"]
    return _row(CharacterRow, {**row, "questionnaire": None if answers is None else tuple(answers)})


def _episode(row: dict[str, Any]) -> EpisodeRow:
    segments = tuple(_row(SegmentRow, segment) for segment in row["segments"])
    return _row(EpisodeRow, {**row, "segments": segments, "faces": tuple(_row(FaceSpanRow, f) for f in row["faces"])})


def check_snapshot(snapshot: ProjectSnapshot) -> None:
    """Raise ExportError, naming the row, if the snapshot's rows do not fit each other."""
    _unique("character", (row.id for row in snapshot.characters))
    _unique("episode", (row.id for row in snapshot.episodes))
    _unique("clip", (row.id for row in snapshot.clips))
    _unique("clip name", (row.name for row in snapshot.clips))
    _unique("moment", (row.id for row in snapshot.moments))
    characters = {row.id for row in snapshot.characters}
    for episode in snapshot.episodes:
        _check_segments(episode, characters)
        for face in episode.faces:
            if face.character_id not in characters:
                raise ExportError(f"episode {episode.title!r}: face track {face.track} is of an unknown character")
    episodes = {row.id: row for row in snapshot.episodes}
    for clip in snapshot.clips:
        if clip.episode_id not in episodes:
            raise ExportError(f"clip {clip.name!r} is of episode {clip.episode_id}, which the snapshot does not hold")
        if not _CLIP_NAME.fullmatch(clip.name):
            raise ExportError(f"clip name {clip.name!r} may hold letters A to Z, digits, _ and - only: it names files")
        segments = episodes[clip.episode_id].segments
        if not 0 <= clip.first_segment <= clip.last_segment < len(segments):
            raise ExportError(
                f"clip {clip.name!r} holds segments {clip.first_segment} to {clip.last_segment}, "
                f"its episode has 0 to {len(segments) - 1}"
            )
        if (segments[clip.first_segment].start_ms, segments[clip.last_segment].end_ms) != (clip.start_ms, clip.end_ms):
            raise ExportError(f"clip {clip.name!r} does not begin and end with its first and last segment")
    clips = {row.id: row for row in snapshot.clips}
    for moment in snapshot.moments:
        if moment.clip_id not in clips or clips[moment.clip_id].episode_id != moment.episode_id:
            raise ExportError(f"moment {moment.id} is of clip {moment.clip_id}, which its episode does not have")


def _check_segments(episode: EpisodeRow, characters: set[int]) -> None:
    for place, segment in enumerate(episode.segments):
        where = f"episode {episode.title!r}, segment {segment.index}"
        if segment.index != place:
            raise ExportError(f"{where}: segments must be numbered from 0 without gaps; this is number {place}")
        if segment.start_ms >= segment.end_ms:
            raise ExportError(f"{where} ends ({segment.end_ms} ms) before it starts ({segment.start_ms} ms)")
        if place and segment.start_ms != episode.segments[place - 1].end_ms:
            raise ExportError(f"{where} does not start where the one before it ends: segments tile the episode")
        if segment.character_id is not None and segment.character_id not in characters:
            raise ExportError(f"{where} is spoken by character {segment.character_id}, unknown to the snapshot")


def _unique(what: str, values: Iterable[object]) -> None:
    seen = set()
    for value in values:
        if value in seen:
            raise ExportError(f"{what} {value!r} is in the snapshot twice")
        seen.add(value)
