"""A turn with everything its page shows, put together from queries."""

from __future__ import annotations

from typing import Any

from webapp.annotation.api.watching import watched_values
from webapp.annotation.models import Assignment, Calibration, Clip
from webapp.annotation.queries import clip_segments, current_states, main_characters
from webapp.annotation.suggestions import suggestions_for
from webapp.corpus.api import episode_media, face_url, segment_values
from webapp.corpus.models import Episode, Utterance
from webapp.corpus.queries import face_of, on_screen


def assignment_detail(assignment: Assignment) -> dict[str, Any]:
    """Return the values of AssignmentDetailSerializer."""
    task = assignment.task
    episode = Episode.objects.with_media().get(pk=task.episode_id)
    media = episode_media(episode)
    assert media is not None, "a project's episodes are analysed"
    start_ms, end_ms = (task.clip.start_ms, task.clip.end_ms) if task.clip else (0, media["duration_ms"])
    return {
        "id": assignment.pk,
        "kind": task.kind,
        "status": assignment.status,
        "leased_until": assignment.leased_until,
        "project": task.project,
        "episode": media,
        "clip": _clip(task.clip) if task.clip else None,
        "characters": _people(episode, start_ms, end_ms),
        "moments": list(assignment.moments.all()) if task.clip is None else [],
        "watched": watched_values(assignment) if task.clip is None else None,
        "calibration": Calibration.objects.current_of(assignment.annotator),
        "states": list(current_states(assignment).values()) if task.clip else [],
        "suggestions": suggestions_for(task.clip) if task.clip and task.project.shows_suggestions else [],
        "subtitles": _captions(episode, start_ms, end_ms),
    }


def _clip(clip: Clip) -> dict[str, Any]:
    moments = clip.clip_moments.filter(moment__removed=False).order_by("moment__time_ms")
    return {
        "id": clip.pk,
        "start_ms": clip.start_ms,
        "end_ms": clip.end_ms,
        "moments_ms": list(moments.values_list("moment__time_ms", flat=True)),
        "segments": [segment_values(segment) for segment in clip_segments(clip)],
    }


def _people(episode: Episode, start_ms: int, end_ms: int) -> list[dict[str, Any]]:
    spans = on_screen(episode.pk, start_ms, end_ms)
    faces = face_of(episode.pk)
    return [
        {
            "id": character.pk,
            "name": character.name,
            "face_url": face_url(faces.get(character.pk)),
            "on_screen": spans.get(character.pk, []),
        }
        for character in main_characters(episode.series_id)
    ]


def _captions(episode: Episode, start_ms: int, end_ms: int) -> list[dict[str, Any]]:
    """Utterances as captions: they have the speaker and the accurate times."""
    lines = Utterance.objects.current_for(episode).filter(start_ms__lt=end_ms, end_ms__gt=start_ms)
    return [
        {"start_ms": line.start_ms, "end_ms": line.end_ms, "speaker": line.speaker, "text": line.text}
        for line in lines.order_by("index")
    ]
