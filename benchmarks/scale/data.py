"""Generated rows of a labelled season, written in bulk: what a lab of six annotators has after a year."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from django.db import transaction

from benchmarks.scale.rows import BATCH, Rows
from exports.emotions import PRIMARY_OF, REASONS
from webapp.annotation.models import (
    Assignment,
    Clip,
    ClipMoment,
    Moment,
    Project,
    ProjectEpisode,
    StateRevision,
    Task,
)
from webapp.annotation.rules import clip_around
from webapp.corpus.models import (
    Character,
    Episode,
    FaceTrack,
    Features,
    Identity,
    Proxy,
    Segment,
    Shot,
    SubtitleLine,
    Utterance,
)
from webapp.jobs.models import Job
from webapp.quality.models import Release

STEPS = ("proxy", "shots", "faces", "subtitles", "alignment", "segments", "features")
MAINS = ("Ann", "Ben", "Cleo")
LINE_MS, GAP_MS = 3_000, 1_400
LINES = 300
SHOTS = 250
TRACKS = 120
SAID = ("I love my happy family.", "What are you doing here?", "We were afraid of the storm.", "No. Never again!")


@dataclass(frozen=True)
class Size:
    episodes: int = 200
    moments: int = 30
    annotators: int = 6
    answers: int = 3
    open_share: float = 0.05
    """Share of the clips at the end that nobody has labelled yet, so that there is work to take."""


class Season(Rows):
    """Writes one project. The same seed gives the same season."""

    def __init__(self, name: str, size: Size, seed: int = 7) -> None:
        super().__init__(name, Project.Protocol.MEMOR, size.annotators, size.answers, seed)
        self.size = size
        self.people = Character.objects.bulk_create(
            Character(series=self.series, name=who, is_main=True, order=order) for order, who in enumerate(MAINS)
        )

    @transaction.atomic
    def write(self) -> Project:
        """Write all of it and return the project."""
        for number in range(self.size.episodes):
            episode = self.episode(number)
            segments = self._facts(episode)
            ProjectEpisode.objects.create(project=self.project, episode=episode)
            self._annotations(episode, segments, is_open=number >= self.size.episodes * (1 - self.size.open_share))
        for number in range(1, 21):
            job = self.job("release-memor", None, number)
            Release.objects.create(
                project=self.project,
                number=number,
                job=job,
                options={"split": "grouped", "group_by": "clip", "seed": 1},
                created_by=self.annotators[0],
            )
        return self.project

    def _facts(self, episode: Episode) -> list[Segment]:
        jobs = {name: self.job(name, episode) for name in STEPS}
        spans = [(at * (LINE_MS + GAP_MS), at * (LINE_MS + GAP_MS) + LINE_MS) for at in range(LINES)]
        end = LINES * (LINE_MS + GAP_MS)
        Proxy.objects.create(
            job=jobs["proxy"],
            episode=episode,
            video="v.mp4",
            poster="p.jpg",
            audio="a.wav",
            duration_ms=end,
            frame_rate="25/1",
            frame_count=end // 40,
            width=1280,
            height=720,
        )
        Features.objects.create(job=jobs["features"], path="f.npz", sha256="0" * 64, extractors={})
        Shot.objects.bulk_create(
            [
                Shot(
                    job=jobs["shots"], index=i, start_ms=i * end // SHOTS, end_ms=(i + 1) * end // SHOTS, key_frame_ms=0
                )
                for i in range(SHOTS)
            ],
            batch_size=BATCH,
        )
        SubtitleLine.objects.bulk_create(
            [
                SubtitleLine(
                    job=jobs["subtitles"], index=i, start_ms=a, end_ms=b, text=SAID[i % 4], confidence=1, source="file"
                )
                for i, (a, b) in enumerate(spans)
            ],
            batch_size=BATCH,
        )
        who = [self.people[i % len(self.people)] for i in range(LINES)]
        lines = Utterance.objects.bulk_create(
            [
                Utterance(
                    job=jobs["alignment"],
                    index=i,
                    start_ms=a,
                    end_ms=b,
                    speaker=who[i].name,
                    character=who[i],
                    text=SAID[i % 4],
                    words=[["Word", a, b]] * 5,
                    timing="aligned",
                    speaker_certain=True,
                )
                for i, (a, b) in enumerate(spans)
            ],
            batch_size=BATCH,
        )
        edges = [0, *(start for start, _ in spans[1:]), end]
        self._faces(jobs["faces"], end)
        return Segment.objects.bulk_create(
            [
                Segment(job=jobs["segments"], index=i, start_ms=a, end_ms=b, kind="speech", utterance=lines[i])
                for i, (a, b) in enumerate(itertools.pairwise(edges))
            ],
            batch_size=BATCH,
        )

    def _faces(self, job: Job, end: int) -> None:
        identities = Identity.objects.bulk_create(
            Identity(
                job=job,
                index=i,
                screen_time_ms=end // (i + 1),
                face=f"{i}.jpg",
                embedder="generated",
                embedding=[0.1] * 128,
                character=self.people[i] if i < len(self.people) else None,
                linked_by="confirmed" if i < len(self.people) else "",
            )
            for i in range(8)
        )
        step = end // TRACKS
        FaceTrack.objects.bulk_create(
            [
                FaceTrack(
                    job=job,
                    index=i,
                    identity=identities[i % 8],
                    shot_index=i,
                    start_ms=i * step,
                    end_ms=(i + 1) * step,
                    boxes=[[i * step + 500 * n, 100.0, 100.0, 80.0, 80.0, 0.99] for n in range(16)],
                )
                for i in range(TRACKS)
            ],
            batch_size=BATCH,
        )

    def _annotations(self, episode: Episode, segments: list[Segment], *, is_open: bool) -> None:
        task = Task.objects.create(project=self.project, kind=Task.Kind.MOMENTS, episode=episode, answers_wanted=1)
        watcher = self.turn(task, self.annotators[episode.pk % len(self.annotators)], 0)
        watcher.save()
        times = self.draw.sample(range(segments[-1].end_ms), self.size.moments)
        moments = Moment.objects.bulk_create(
            Moment(client_id=self.uuid(), assignment=watcher, time_ms=at, created_at=self.now) for at in times
        )
        clips: dict[tuple[int, int], Clip] = {}
        links = []
        for moment in moments:
            span = clip_around(moment.time_ms, segments)
            clip = clips.setdefault(
                (span.start_ms, span.end_ms),
                Clip(
                    project=self.project,
                    episode=episode,
                    segmentation_id=segments[0].job_id,
                    first_segment=span.first_segment,
                    last_segment=span.last_segment,
                    start_ms=span.start_ms,
                    end_ms=span.end_ms,
                    too_long=span.too_long,
                ),
            )
            links.append((clip, moment))
        Clip.objects.bulk_create(clips.values())
        ClipMoment.objects.bulk_create(ClipMoment(clip=clip, moment=moment) for clip, moment in links)
        tasks = Task.objects.bulk_create(
            Task(
                project=self.project,
                kind=Task.Kind.STATES,
                episode=episode,
                clip=clip,
                answers_wanted=self.size.answers,
            )
            for clip in clips.values()
            if not clip.too_long
        )
        if is_open:
            return
        turns = Assignment.objects.bulk_create(
            self.turn(task, user, slot)
            for task in tasks
            for slot, user in enumerate(self.draw.sample(self.annotators, self.size.answers))
        )
        StateRevision.objects.bulk_create((row for turn in turns for row in self._states(turn)), batch_size=BATCH)

    def _states(self, turn: Assignment) -> list[StateRevision]:
        """Annotators mostly say what the clip and the character suggest: so that there are samples of every kind."""
        rows = []
        for person in self.people:
            hint = (turn.task_id * 31 + person.pk * 7) % 40
            label = list(PRIMARY_OF)[hint % 24] if self.draw.random() < 0.7 else self.draw.choice(list(PRIMARY_OF))
            status = "one" if hint < 26 else ("absent", "no_emotion", "several")[hint % 3]
            one = status == "one"
            rows.append(
                StateRevision(
                    assignment=turn,
                    client_id=self.uuid(),
                    character=person,
                    status=status,
                    primary=PRIMARY_OF[label] if one else "",
                    fine_grained=label if one else "",
                    reasons=[self.draw.choice(REASONS)] if one else [],
                    duration_ms=self.draw.randrange(30_000),
                    created_at=turn.finished_at or self.now,
                )
            )
        return rows
