"""A turn with everything its page shows, put together from queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from webapp.annotation.api.watching import watched_values
from webapp.annotation.models import Assignment, Calibration, Clip, Project
from webapp.annotation.queries import clip_segments, current_states, main_characters
from webapp.annotation.suggestions import suggestions_for
from webapp.corpus.api import episode_media, face_url, segment_values
from webapp.corpus.models import Episode, Shot, Utterance
from webapp.corpus.queries import SeenTrack, face_of, on_screen, seen_tracks


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
        "clip": _clip(task.clip, task.project) if task.clip else None,
        "characters": _seen_people(episode, media, task.clip) if task.clip else _people(episode, start_ms, end_ms),
        "moments": list(assignment.moments.all()) if task.clip is None else [],
        "watched": watched_values(assignment) if task.clip is None else None,
        "calibration": Calibration.objects.current_of(assignment.annotator),
        "states": list(current_states(assignment).values()) if task.clip else [],
        "suggestions": suggestions_for(task.clip) if task.clip and task.project.shows_suggestions else [],
        "subtitles": captions(episode, context_start(task.clip, task.project) if task.clip else 0, end_ms),
    }


def context_start(clip: Clip, project: Project) -> int:
    """Return from where on annotators of the clip may watch the episode."""
    return max(0, clip.start_ms - project.context_ms)


def _clip(clip: Clip, project: Project) -> dict[str, Any]:
    moments = clip.clip_moments.filter(moment__removed=False).order_by("moment__time_ms")
    return {
        "id": clip.pk,
        "start_ms": clip.start_ms,
        "end_ms": clip.end_ms,
        "context_start_ms": context_start(clip, project),
        "moments_ms": list(moments.values_list("moment__time_ms", flat=True)),
        "segments": [segment_values(segment) for segment in clip_segments(clip)],
        "shots": list(
            Shot.objects.current_for(clip.episode_id).filter(start_ms__lt=clip.end_ms, end_ms__gt=clip.start_ms)
        ),
    }


def _seen_people(episode: Episode, media: dict[str, Any], clip: Clip) -> list[dict[str, Any]]:
    """Main characters with their faces in the clip: when they are seen, and where the best look at them is."""
    tracks: dict[int, list[SeenTrack]] = defaultdict(list)
    for track in seen_tracks(episode.pk, clip.start_ms, clip.end_ms):
        tracks[track.character].append(track)
    faces = face_of(episode.pk)
    return [
        {
            "id": character.pk,
            "name": character.name,
            "face_url": face_url(faces.get(character.pk)),
            "on_screen": [(track.start_ms, track.end_ms) for track in tracks[character.pk]],
            "tracks": tracks[character.pk],
            "look": _look(tracks[character.pk], media["width"], media["height"]),
        }
        for character in main_characters(episode.series_id)
    ]


def _look(tracks: list[SeenTrack], width: int, height: int) -> dict[str, Any] | None:
    """Return the best look at a face in the clip, as shares of the picture."""
    looks = [track.look for track in tracks if track.look]
    if not looks:
        return None
    time_ms, x, y, w, h = max(looks, key=lambda look: look[5] * look[4])[:5]
    return {"time_ms": int(time_ms), "x": x / width, "y": y / height, "width": w / width, "height": h / height}


def _people(episode: Episode, start_ms: int, end_ms: int) -> list[dict[str, Any]]:
    spans = on_screen(episode.pk, start_ms, end_ms)
    faces = face_of(episode.pk)
    return [
        {
            "id": character.pk,
            "name": character.name,
            "face_url": face_url(faces.get(character.pk)),
            "on_screen": spans.get(character.pk, []),
            "tracks": [],
            "look": None,
        }
        for character in main_characters(episode.series_id)
    ]


def captions(episode: Episode, start_ms: int, end_ms: int) -> list[dict[str, Any]]:
    """Utterances as captions: they have the speaker and the accurate times."""
    lines = Utterance.objects.current_for(episode).filter(start_ms__lt=end_ms, end_ms__gt=start_ms)
    return [_caption(line) for line in lines.order_by("index")]


def captions_of(clips: Collection[Clip]) -> dict[int, list[dict[str, Any]]]:
    """Return clip id -> its captions, in one query for any number of clips."""
    by_id = {clip.pk: clip for clip in clips}
    found: dict[int, list[dict[str, Any]]] = {pk: [] for pk in by_id}
    ranges = Q()
    for clip in by_id.values():
        ranges |= Q(job__episode=clip.episode_id, start_ms__lt=clip.end_ms, end_ms__gt=clip.start_ms)
    lines = Utterance.objects.filter(ranges, job__is_current=True).select_related("job").order_by("index")
    shown = lines.only("index", "start_ms", "end_ms", "speaker", "text", "job__episode")
    for line in shown if clips else []:
        for clip in by_id.values():
            if line.job.episode_id == clip.episode_id and line.start_ms < clip.end_ms and line.end_ms > clip.start_ms:
                found[clip.pk].append(_caption(line))
    return found


def _caption(line: Utterance) -> dict[str, Any]:
    return {
        "index": line.index,
        "start_ms": line.start_ms,
        "end_ms": line.end_ms,
        "speaker": line.speaker,
        "text": line.text,
    }
