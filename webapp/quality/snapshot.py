"""A project's rows as the plain values of `exports.snapshot`. Read within one transaction, a snapshot is consistent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q

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
from webapp.annotation.models import Assignment, Calibration, Clip, ClipMoment, Project, StateRevision
from webapp.annotation.naming import clip_name
from webapp.annotation.reaction import clip_time_ms
from webapp.corpus.models import Character, Episode, FaceTrack, Features, Proxy, Segment
from webapp.personality.queries import questionnaires_of


@transaction.atomic
def project_snapshot(project: Project) -> ProjectSnapshot:
    """Return all that a release of the project is made of: done turns only, annotators by user name."""
    bare = answers_snapshot(project)
    return replace(bare, episodes=_with_facts(project, bare.episodes))


@transaction.atomic
def answers_snapshot(project: Project) -> ProjectSnapshot:
    """Return the snapshot without what the workers found (segments, faces, features): all that samples stand on."""
    episodes = list(project.episodes.select_related("series").order_by("pk"))
    series = {episode.series_id for episode in episodes}
    characters = list(
        Character.objects.filter(series__in=series).select_related("series").order_by("series__name", "order", "pk")
    )
    questionnaires = questionnaires_of(characters)
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
                questionnaire=questionnaires[character.pk],
            )
            for character in characters
        ),
        episodes=tuple(_bare_episode(episode) for episode in episodes),
        clips=_clips(project),
        moments=_moments(project),
        states=states_of(project),
        moment_time=project.moment_time,
        calibrations=_calibrations(project),
    )


def states_of(project: Project) -> tuple[StateRow, ...]:
    """Return the newest revision of every character in every done turn, in one query."""
    revisions = StateRevision.objects.filter(
        assignment__task__project=project, assignment__status=Assignment.Status.DONE
    ).order_by("created_at", "pk")
    # Plain values: there are tens of thousands, and a model instance of each takes ten times as long.
    columns = revisions.values_list(
        "assignment", "character", "assignment__task__clip", "assignment__annotator__username",
        "status", "primary", "fine_grained", "reasons", "unsure", "evidence",
    )  # fmt: skip
    newest = {row[:2]: row for row in columns.iterator(chunk_size=5000)}
    rows = (
        StateRow(
            clip or 0,
            character,
            annotator,
            status,
            primary,
            fine_grained,
            tuple(reasons),
            unsure,
            tuple(EvidenceRow(**one) for one in evidence),
        )
        for _, character, clip, annotator, status, primary, fine_grained, reasons, unsure, evidence in newest.values()
    )
    return tuple(sorted(rows, key=lambda row: (row.clip_id, row.character_id, row.annotator)))


def _bare_episode(episode: Episode) -> EpisodeRow:
    return EpisodeRow(
        id=episode.pk,
        series=episode.series.name,
        title=episode.title,
        source_sha256=episode.source_sha256,
        duration_ms=0,
        frame_rate="",
        segments=(),
        faces=(),
        features_path=None,
        features_sha256=None,
    )


def _with_facts(project: Project, episodes: Sequence[EpisodeRow]) -> tuple[EpisodeRow, ...]:
    """Return the episodes with what the workers found, in six queries for any number of them."""
    pks = [episode.id for episode in episodes]
    current = {"job__is_current": True, "job__episode__in": pks}
    proxies = {proxy.episode_id: proxy for proxy in Proxy.objects.filter(**current)}
    used = dict(Clip.objects.filter(project=project).order_by("-pk").values_list("episode", "segmentation"))
    features = _features(current, used)
    segments = _segments(used, pks)
    faces = _faces(current)
    return tuple(
        replace(
            episode,
            duration_ms=proxies[episode.id].duration_ms,
            frame_rate=proxies[episode.id].frame_rate,
            segments=tuple(segments[episode.id]),
            faces=tuple(faces[episode.id]),
            features_path=features.get(episode.id, (None, None))[0],
            features_sha256=features.get(episode.id, (None, None))[1],
        )
        for episode in episodes
    )


def _features(current: dict[str, Any], used: dict[int, int]) -> dict[int, tuple[str, str]]:
    """Return episode -> feature file. One that was made on the segments of the clips counts: rows name segments."""
    newest = Features.objects.filter(**current).values_list("job__episode", "path", "sha256")
    found = {episode: (path, sha256) for episode, path, sha256 in newest}
    of_clips = Features.objects.filter(job__needs__in=set(used.values())).order_by("pk")
    for episode, segmentation, path, sha256 in of_clips.values_list("job__episode", "job__needs__pk", "path", "sha256"):
        if used.get(episode) == segmentation:
            found[episode] = (path, sha256)
    return found


def _segments(used: dict[int, int], episodes: Sequence[int]) -> dict[int, list[SegmentRow]]:
    """`used`: episode -> the segmentation its clips were made on: no newer one may move segments under the answers."""
    others = [pk for pk in episodes if pk not in used]
    rows = Segment.objects.filter(
        Q(job__in=set(used.values())) | Q(job__is_current=True, job__episode__in=others)
    ).order_by("job", "index")
    columns = rows.values_list(
        "job__episode", "index", "start_ms", "end_ms", "kind",
        "utterance__character", "utterance__speaker", "utterance__text",
    )  # fmt: skip
    found: dict[int, list[SegmentRow]] = defaultdict(list)
    for episode, index, start, end, kind, character, speaker, text in columns.iterator(chunk_size=5000):
        found[episode].append(SegmentRow(index, start, end, kind, character, speaker or "", text or ""))
    return found


def _faces(current: dict[str, Any]) -> dict[int, list[FaceSpanRow]]:
    tracks = FaceTrack.objects.filter(**current, identity__character__isnull=False).order_by("job", "index")
    found: dict[int, list[FaceSpanRow]] = defaultdict(list)
    for episode, *row in tracks.values_list(
        "job__episode", "index", "identity__character", "start_ms", "end_ms"
    ).iterator(chunk_size=5000):
        found[episode].append(FaceSpanRow(*row))
    return found


def _clips(project: Project) -> tuple[ClipRow, ...]:
    clips = Clip.objects.filter(project=project).order_by("pk")
    columns = clips.values_list(
        "pk", "episode__series__name", "episode__title", "episode",
        "start_ms", "end_ms", "first_segment", "last_segment", "too_long",
    )  # fmt: skip
    names: dict[str, int] = defaultdict(int)
    rows = []
    for pk, series, title, episode, start, end, first, last, too_long in columns:
        name = clip_name(series, title, start)
        names[name] += 1
        unique = name if names[name] == 1 else f"{name}-{names[name]}"
        rows.append(ClipRow(pk, unique, episode, start, end, first, last, too_long))
    return tuple(rows)


def _moments(project: Project) -> tuple[MomentRow, ...]:
    links = ClipMoment.objects.filter(clip__project=project, moment__removed=False)
    columns = links.values_list(
        "moment__client_id",
        "clip__episode",
        "clip",
        "moment__assignment__annotator__username",
        "moment__time_ms",
        "moment__corrected_ms",
    )
    rows = (
        MomentRow(
            id=str(client_id),
            episode_id=episode,
            clip_id=clip,
            annotator=annotator,
            time_ms=clip_time_ms(raw_ms, corrected_ms, project.moment_time),
            raw_ms=raw_ms,
            corrected_ms=corrected_ms,
        )
        for client_id, episode, clip, annotator, raw_ms, corrected_ms in columns
    )
    return tuple(sorted(rows, key=lambda row: (row.episode_id, row.time_ms, row.id)))


def _calibrations(project: Project) -> tuple[CalibrationRow, ...]:
    """The reaction times that moved clips of the project; none where the presses themselves made them."""
    if project.moment_time == Project.MomentTime.RAW:
        return ()
    used = ClipMoment.objects.filter(clip__project=project, moment__removed=False).values("moment__calibration")
    rows = Calibration.objects.filter(pk__in=used).select_related("annotator").order_by("annotator__username", "pk")
    return tuple(
        CalibrationRow(
            annotator=row.annotator.username,
            delay_ms=row.delay_ms or 0,
            spread_ms=row.spread_ms or 0,
            hits=row.hits,
            discarded=row.discarded,
            day=row.created_at.date().isoformat(),
        )
        for row in rows
    )
