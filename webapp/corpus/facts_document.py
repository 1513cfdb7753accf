"""Everything known about an episode as one JSON document (docs/formats.md, “Facts”)."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from webapp.corpus.models import (
    EmotionSuggestion,
    Episode,
    FaceTrack,
    Features,
    Identity,
    Proxy,
    Segment,
    Shot,
    StorySegment,
    SubtitleLine,
    Utterance,
)
from webapp.corpus.queries import newest_jobs
from webapp.jobs.models import Job

FORMAT = "affectory-facts/1"


def facts_document(episode: Episode) -> dict[str, Any]:
    """Return the document; a part that was not analysed yet is null, one where nothing was found is empty.

    Facts stay while a newer analysis of their kind is under way or failed.
    """
    jobs = newest_jobs([episode]).get(episode.pk, [])
    done = set(Job.objects.filter(episode=episode, is_current=True).values_list("name", flat=True))
    proxy = Proxy.objects.current_for(episode).first()
    return {
        "format": FORMAT,
        "episode": {
            "id": episode.pk,
            "series": episode.series.name,
            "title": episode.title,
            "source": episode.source_name,
            "source_sha256": episode.source_sha256,
            "source_bytes": episode.source_bytes,
        },
        "analyses": [
            {"analyser": job.name, "version": job.version, "status": job.status, "error": job.error, "key": job.key}
            for job in jobs
        ],
        "proxy": _proxy(proxy) if proxy else None,
        "shots": _shots(episode) if "shots" in done else None,
        "story_segments": _story_segments(episode) if "story_segments" in done else None,
        "faces": _faces(episode) if "faces" in done else None,
        "subtitles": _subtitles(episode) if "subtitles" in done else None,
        "utterances": _utterances(episode) if "alignment" in done else None,
        "segments": _segments(episode) if "segments" in done else None,
        "suggestions": _suggestions(episode) if "suggestions" in done else None,
        "features": _features(episode) if "features" in done else None,
    }


def _proxy(proxy: Proxy) -> dict[str, Any]:
    return {
        "video": proxy.video,
        "audio": proxy.audio or None,
        "duration_ms": proxy.duration_ms,
        "frame_rate": proxy.frame_rate,
        "frames": proxy.frame_count,
        "width": proxy.width,
        "height": proxy.height,
    }


def _shots(episode: Episode) -> list[dict[str, Any]]:
    shots = Shot.objects.current_for(episode)
    return [dict(row) for row in shots.values("index", "start_ms", "end_ms", "key_frame_ms")]


def _story_segments(episode: Episode) -> list[dict[str, Any]]:
    scenes = StorySegment.objects.current_for(episode)
    return [dict(row) for row in scenes.values("index", "start_ms", "end_ms", "first_shot", "last_shot", "threads")]


def _faces(episode: Episode) -> dict[str, Any]:
    tracks = FaceTrack.objects.current_for(episode).select_related("identity")
    identities = Identity.objects.current_for(episode).seen().select_related("character")
    return {
        "identities": [
            {
                "index": identity.index,
                "screen_time_ms": identity.screen_time_ms,
                "character": identity.character.name if identity.character else None,
                "linked_by": identity.linked_by or None,
                "picture": identity.face or None,
                "best_faces": identity.best_faces,
                "embedder": identity.embedder,
            }
            for identity in identities
        ],
        "tracks": [
            {
                "index": track.index,
                "identity": track.identity.index if track.identity else None,
                "shot": track.shot_index,
                "start_ms": track.start_ms,
                "end_ms": track.end_ms,
                "boxes": track.boxes,
            }
            for track in tracks
        ],
    }


def _subtitles(episode: Episode) -> list[dict[str, Any]]:
    lines = SubtitleLine.objects.current_for(episode)
    rows = lines.values("index", "start_ms", "end_ms", "text", "confidence", "source", "box")
    return [dict(row) for row in rows]


def _utterances(episode: Episode) -> list[dict[str, Any]]:
    return [
        {
            "index": line.index,
            "speaker": line.speaker,
            "speaker_certain": line.speaker_certain,
            "character": line.character.name if line.character else None,
            "text": line.text,
            "start_ms": line.start_ms,
            "end_ms": line.end_ms,
            "timing": line.timing,
            "words": [{"text": text, "start_ms": start, "end_ms": end} for text, start, end in line.words],
        }
        for line in Utterance.objects.current_for(episode).select_related("character")
    ]


def _segments(episode: Episode) -> list[dict[str, Any]]:
    return [
        {
            "index": segment.index,
            "start_ms": segment.start_ms,
            "end_ms": segment.end_ms,
            "kind": segment.kind,
            "utterance": segment.utterance.index if segment.utterance else None,
        }
        for segment in Segment.objects.current_for(episode).select_related("utterance")
    ]


def _suggestions(episode: Episode) -> list[dict[str, Any]]:
    suggestions = EmotionSuggestion.objects.current_for(episode).order_by("index")
    rows = suggestions.values(
        "index", "start_ms", "end_ms", "source", "probabilities", "looks", identity_index=F("identity__index")
    )
    return [{("identity" if key == "identity_index" else key): value for key, value in row.items()} for row in rows]


def _features(episode: Episode) -> dict[str, Any]:
    features = Features.objects.current_for(episode).get()
    return {"path": features.path, "sha256": features.sha256, "extractors": features.extractors}
