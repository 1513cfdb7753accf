"""A project's rows as the plain values of `exports.snapshot`. Read within one transaction, a snapshot is consistent."""

from __future__ import annotations

import re
from collections import defaultdict

from django.db import transaction

from exports.snapshot import (
    CharacterRow,
    ClipRow,
    EpisodeRow,
    FaceSpanRow,
    MomentRow,
    ProjectSnapshot,
    SegmentRow,
    StateRow,
)
from webapp.annotation.models import Assignment, Clip, ClipMoment, Project, StateRevision
from webapp.corpus.models import Character, Episode, FaceTrack, Features, Proxy, Segment


@transaction.atomic
def project_snapshot(project: Project) -> ProjectSnapshot:
    """Return all that a release of the project is made of: done turns only, annotators by user name."""
    episodes = list(project.episodes.select_related("series").order_by("pk"))
    series = {episode.series_id for episode in episodes}
    return ProjectSnapshot(
        project=project.name,
        protocol=project.protocol,
        answers_per_clip=project.answers_per_clip,
        fine_grained_kept=tuple(project.fine_grained_kept),
        characters=tuple(
            CharacterRow(
                id=character.pk,
                series=character.series.name,
                name=character.name,
                is_main=character.is_main,
                order=character.order,
                questionnaire=tuple(character.questionnaire) if character.questionnaire else None,
            )
            for character in Character.objects.filter(series__in=series)
            .select_related("series")
            .order_by("series__name", "order", "pk")
        ),
        episodes=tuple(_episode(project, episode) for episode in episodes),
        clips=_clips(project),
        moments=_moments(project),
        states=states_of(project),
    )


def states_of(project: Project) -> tuple[StateRow, ...]:
    """Return the newest revision of every character in every done turn, in one query."""
    revisions = StateRevision.objects.filter(
        assignment__task__project=project, assignment__status=Assignment.Status.DONE
    ).select_related("assignment__annotator", "assignment__task")
    newest = {(row.assignment_id, row.character_id): row for row in revisions.order_by("created_at", "pk")}
    rows = (
        StateRow(
            clip_id=row.assignment.task.clip_id or 0,
            character_id=row.character_id,
            annotator=row.assignment.annotator.username,
            status=row.status,
            primary=row.primary,
            fine_grained=row.fine_grained,
            reasons=tuple(row.reasons),
        )
        for row in newest.values()
    )
    return tuple(sorted(rows, key=lambda row: (row.clip_id, row.character_id, row.annotator)))


def _episode(project: Project, episode: Episode) -> EpisodeRow:
    proxy = Proxy.objects.current_for(episode).get()
    # The segmentation that the clips were made on: a newer analysis must not move segments under the answers.
    clip = Clip.objects.filter(project=project, episode=episode).first()
    segments = Segment.objects.filter(job=clip.segmentation_id) if clip else Segment.objects.current_for(episode)
    features = Features.objects.current_for(episode).first()
    faces = FaceTrack.objects.current_for(episode).filter(identity__character__isnull=False)
    return EpisodeRow(
        id=episode.pk,
        series=episode.series.name,
        title=episode.title,
        source_sha256=episode.source_sha256,
        duration_ms=proxy.duration_ms,
        frame_rate=proxy.frame_rate,
        segments=tuple(
            SegmentRow(
                index=segment.index,
                start_ms=segment.start_ms,
                end_ms=segment.end_ms,
                kind=segment.kind,
                character_id=segment.utterance.character_id if segment.utterance else None,
                speaker=segment.utterance.speaker if segment.utterance else "",
                text=segment.utterance.text if segment.utterance else "",
            )
            for segment in segments.select_related("utterance").order_by("index")
        ),
        faces=tuple(
            FaceSpanRow(track=index, character_id=character, start_ms=start, end_ms=end)
            for index, character, start, end in faces.order_by("index").values_list(
                "index", "identity__character", "start_ms", "end_ms"
            )
        ),
        features_path=features.path if features else None,
        features_sha256=features.sha256 if features else None,
    )


def _clips(project: Project) -> tuple[ClipRow, ...]:
    clips = Clip.objects.filter(project=project).select_related("episode__series").order_by("pk")
    names: dict[str, int] = defaultdict(int)
    rows = []
    for clip in clips:
        name = clip_name(clip.episode.series.name, clip.episode.title, clip.start_ms)
        names[name] += 1
        rows.append(
            ClipRow(
                id=clip.pk,
                name=name if names[name] == 1 else f"{name}-{names[name]}",
                episode_id=clip.episode_id,
                start_ms=clip.start_ms,
                end_ms=clip.end_ms,
                first_segment=clip.first_segment,
                last_segment=clip.last_segment,
                too_long=clip.too_long,
            )
        )
    return tuple(rows)


def clip_name(series: str, title: str, start_ms: int) -> str:
    """Return a clip's name in files: letters, digits, `_` and `-` alone."""
    words = re.sub(r"[^0-9A-Za-z]+", "-", f"{series} {title}").strip("-").lower() or "clip"
    return f"{words}_{start_ms:08d}"


def _moments(project: Project) -> tuple[MomentRow, ...]:
    links = ClipMoment.objects.filter(clip__project=project, moment__removed=False).select_related(
        "clip", "moment__assignment__annotator"
    )
    rows = (
        MomentRow(
            id=str(link.moment.client_id),
            episode_id=link.clip.episode_id,
            clip_id=link.clip_id,
            annotator=link.moment.assignment.annotator.username,
            time_ms=link.moment.time_ms,
        )
        for link in links
    )
    return tuple(sorted(rows, key=lambda row: (row.episode_id, row.time_ms, row.id)))
