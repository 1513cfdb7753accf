"""Rows with plain defaults: a test states only what it is about.

The default episode lasts 60 s and is tiled by fifteen segments of 4 s, one utterance each, spoken in turn by the two
main characters Rachel and Joanna.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Project, Task
from webapp.annotation.rules import StateAnswer
from webapp.annotation.services import moments, states, turns
from webapp.annotation.services.projects import create_project
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
from webapp.jobs.services import job_key
from webapp.quality.models import Release
from webapp.training.models import TrainingRun

PASSWORD = "a long enough password"
SEGMENT_MS = 4_000
DURATION_MS = 60_000
VIDEO = bytes(range(256)) * 4

ABSENT = StateAnswer("absent")
CALM = StateAnswer("no_emotion")
JOY = StateAnswer("one", "joy", "serenity", ("visual",))

_numbers = itertools.count(1)


def make_user(username: str = "", *, admin: bool = False, **values: Any) -> User:
    username = username or f"user{next(_numbers)}"
    return User.objects.create_user(username=username, password=PASSWORD, is_staff=admin, **values)


def make_series(name: str = "", mains: Sequence[str] = ("Rachel", "Joanna"), others: Sequence[str] = ()) -> Series:
    series = Series.objects.create(name=name or f"Series {next(_numbers)}")
    for order, person in enumerate((*mains, *others)):
        Character.objects.create(series=series, name=person, is_main=person in mains, order=order)
    return series


def make_job(name: str = "shots", *, episode: Episode | None = None, needs: Sequence[Job] = (), **values: Any) -> Job:
    """A waiting analysis job; `values` are those of its row."""
    values.setdefault("kind", Job.Kind.ANALYSIS)
    values.setdefault("key", job_key({"test": str(uuid4())}))
    values.setdefault("version", "1")
    job = Job.objects.create(name=name, episode=episode, **values)
    job.needs.set(needs)
    return job


def done_job(name: str, episode: Episode, needs: Sequence[Job] = ()) -> Job:
    now = timezone.now()
    return make_job(
        name, episode=episode, needs=needs,
        status=Job.Status.DONE, is_current=True, progress=100, attempt=1, started_at=now, finished_at=now,
    )  # fmt: skip


def running_job(name: str = "shots", *, seconds_left: float = 60, **values: Any) -> Job:
    """A job that a worker holds; `seconds_left` below 0: its lease ran out."""
    values.setdefault("attempt", 1)
    values.setdefault("worker", "elsewhere:1")
    until = timezone.now() + timedelta(seconds=seconds_left)
    return make_job(name, status=Job.Status.RUNNING, leased_until=until, **values)


def make_bare_episode(series: Series | None = None, title: str = "", **values: Any) -> Episode:
    """An episode nothing is known of yet."""
    number = next(_numbers)
    sha256 = job_key({"content": str(uuid4())})
    return Episode.objects.create(
        series=series or make_series(),
        title=title or f"Episode {number}",
        source=f"episodes/{sha256[:16]}/source.mp4",
        source_name="episode.mp4",
        source_sha256=sha256,
        source_bytes=1000,
        **values,
    )


def write_media(name: str, content: bytes = VIDEO) -> Path:
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def make_episode(
    series: Series | None = None,
    title: str = "",
    *,
    duration_ms: int = DURATION_MS,
    cuts_ms: Sequence[int] = (),
    media: bool = False,
    **values: Any,
) -> Episode:
    """An analysed episode. `cuts_ms`: where its segments meet (default: every 4 s); `media`: its files exist."""
    episode = make_bare_episode(series, title, **values)
    proxy = done_job("proxy", episode)
    Proxy.objects.create(
        job=proxy, episode=episode, video=f"{episode.folder}/proxy/video.mp4", poster=f"{episode.folder}/proxy/p.jpg",
        audio=f"{episode.folder}/proxy/audio.wav", duration_ms=duration_ms, frame_rate="25/1",
        frame_count=duration_ms // 40, width=1280, height=720,
    )  # fmt: skip
    shots = done_job("shots", episode, [proxy])
    middle = duration_ms // 2
    Shot.objects.create(job=shots, index=0, start_ms=0, end_ms=middle, key_frame_ms=0)
    Shot.objects.create(job=shots, index=1, start_ms=middle, end_ms=duration_ms, key_frame_ms=middle)
    edges = [0, *(cuts_ms or range(SEGMENT_MS, duration_ms, SEGMENT_MS)), duration_ms]
    _make_lines(episode, proxy, list(itertools.pairwise(edges)))
    _make_faces(episode, [proxy, shots], duration_ms)
    if media:
        write_media(f"{episode.folder}/proxy/video.mp4")
        write_media(f"{episode.folder}/proxy/p.jpg", b"poster")
        write_media(f"{episode.folder}/faces/0.jpg", b"face 0")
    return episode


def _make_lines(episode: Episode, proxy: Job, spans: list[tuple[int, int]]) -> None:
    subtitles = done_job("subtitles", episode, [proxy])
    alignment = done_job("alignment", episode, [proxy, subtitles])
    segments = done_job("segments", episode, [proxy, alignment])
    mains = list(episode.series.characters.filter(is_main=True))
    rows = [{"index": index, "start_ms": start, "end_ms": end} for index, (start, end) in enumerate(spans)]
    SubtitleLine.objects.bulk_create(
        SubtitleLine(job=subtitles, **row, text=f"Line {row['index']}.", confidence=1.0, source="file") for row in rows
    )
    who = [mains[row["index"] % len(mains)] if mains else None for row in rows]
    lines = Utterance.objects.bulk_create(
        Utterance(
            job=alignment, **row, speaker=speaker.name if speaker else "", character=speaker, speaker_certain=True,
            text=f"Line {row['index']}.", words=[["Line", row["start_ms"], row["end_ms"]]], timing="aligned",
        )
        for row, speaker in zip(rows, who, strict=True)
    )  # fmt: skip
    Segment.objects.bulk_create(
        Segment(job=segments, **row, kind="speech", utterance=line) for row, line in zip(rows, lines, strict=True)
    )


def _make_faces(episode: Episode, needs: list[Job], duration_ms: int) -> None:
    faces = done_job("faces", episode, needs)
    for index, character in enumerate(episode.series.characters.filter(is_main=True)):
        identity = Identity.objects.create(
            job=faces, index=index, screen_time_ms=duration_ms // 2, face=f"{episode.folder}/faces/{index}.jpg",
            embedder="test", character=character, linked_by="suggested",
        )  # fmt: skip
        FaceTrack.objects.create(
            job=faces, index=index, start_ms=0, end_ms=duration_ms // 2, identity=identity, shot_index=0,
            boxes=[[0, 10.0, 10.0, 50.0, 50.0, 0.9]],
        )  # fmt: skip
    features = done_job("features", episode, needs)
    Features.objects.create(job=features, path=f"{episode.folder}/features.npz", sha256="0" * 64, extractors={})


def make_project(
    *,
    name: str = "",
    episodes: Sequence[Episode] = (),
    annotators: Sequence[User] = (),
    k: int = 3,
    moment_annotators: int = 1,
) -> Project:
    return create_project(
        name=name or f"Project {next(_numbers)}",
        protocol=Project.Protocol.MEMOR,
        episodes=episodes or [make_episode()],
        annotators=annotators,
        answers_per_clip=k,
        moment_annotators=moment_annotators,
    )


def held_turn(project: Project, user: User, kind: str = Task.Kind.MOMENTS) -> Assignment:
    """The turn that the annotator takes next; there must be one."""
    turn = turns.take_next(project=project, user=user, kind=kind)
    assert turn is not None
    return turn


def let_lease_run_out(turn: Assignment) -> None:
    Assignment.objects.filter(pk=turn.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def mark_moments(project: Project, user: User, *times_ms: int) -> Assignment:
    """Take the next moments turn, record these moments, and finish it."""
    turn = held_turn(project, user)
    for time_ms in times_ms:
        moments.record_moment(assignment=turn, client_id=uuid4(), time_ms=time_ms)
    moments.finish_moments(assignment=turn)
    return turn


def answer_all(turn: Assignment, answer: StateAnswer = CALM, client_ids: Sequence[UUID] = ()) -> None:
    """Say the same of every main character; the turn stays held."""
    ids = iter(client_ids)
    for character in turn.task.episode.series.characters.filter(is_main=True):
        states.submit_state(
            assignment=turn, client_id=next(ids, None) or uuid4(), character_id=character.pk, answer=answer
        )


def finish_clip(project: Project, user: User, answer: StateAnswer = CALM) -> Assignment:
    """Take the next states turn, answer for everybody, and finish it."""
    turn = held_turn(project, user, Task.Kind.STATES)
    answer_all(turn, answer)
    states.finish_states(assignment=turn)
    return turn


def labelled_project(*, times_ms: Sequence[int] = (10_000,), k: int = 1, **values: Any) -> tuple[Project, list[User]]:
    """A project with k annotators, whose moments are marked, and whose clips wait for their states."""
    people = [make_user() for _ in range(k)]
    project = make_project(annotators=people, k=k, **values)
    mark_moments(project, people[0], *times_ms)
    return project, people


def clip_of(project: Project) -> Clip:
    return project.clips.get()


def make_training(release: Release, *, number: int = 1, **values: Any) -> TrainingRun:
    """A training that waits for a worker; `values` are those of its row."""
    options = {
        "emotions": "primary", "modalities": ["visual", "audio", "text", "personality"], "without": [],
        "seeds": 1, "seed": 125, "epochs": None,
    }  # fmt: skip
    values.setdefault("job", make_job("train-amer", kind="train"))
    return TrainingRun.objects.create(
        project=release.project, number=number, release=release, model="amer",
        **{"options": options, **values},
    )  # fmt: skip
