"""Generated rows of an ERATO project: what a lab has that made 31,182 clips out of 1,100 episodes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from benchmarks.scale.rows import BATCH, Rows
from exports.erato.relations import FIVE
from webapp.annotation.models import Assignment, Clip, Project, ProjectEpisode, Task
from webapp.corpus.models import (
    Character,
    Episode,
    FaceTrack,
    Identity,
    Proxy,
    Shot,
    StorySegment,
    SubtitleLine,
    Utterance,
)
from webapp.jobs.models import Job
from webapp.relationships.models import ClipFacts, ClipPerson, LineRevision, StepRevision

STEPS = ("proxy", "shots", "story_segments", "faces", "subtitles", "alignment", "segments")
NAMES = ("Ann", "Ben", "Cleo", "Dan", "Eva")
PLACE_MS = 45_000
"""A clip begins every so often, and the next one after it."""
SHOT_MS = 3_000
WEEKS = 60
DAY_S = 86_400


@dataclass(frozen=True)
class PairSize:
    episodes: int = 1_100
    clips: int = 31_182
    annotators: int = 8
    checked: float = 0.2
    """Share of the clips that three annotators answered, not one."""
    open_share: float = 0.02
    """Share of the episodes at the end whose clips nobody has labelled yet."""


class PairSeason(Rows):
    """Writes one project. The same seed gives the same one."""

    def __init__(self, name: str, size: PairSize, seed: int = 11) -> None:
        super().__init__(name, Project.Protocol.ERATO, size.annotators, 1, seed)
        self.size = size
        self.people = Character.objects.bulk_create(
            Character(series=self.series, name=who, is_main=True, order=order) for order, who in enumerate(NAMES)
        )

    @transaction.atomic
    def write(self) -> Project:
        """Write all of it and return the project."""
        per_episode, more = divmod(self.size.clips, self.size.episodes)
        for number in range(self.size.episodes):
            episode = self.episode(number)
            ProjectEpisode.objects.create(project=self.project, episode=episode)
            clips = per_episode + (number < more)
            jobs = {name: self.job(name, episode) for name in STEPS}
            identities = self._facts(episode, jobs, clips * PLACE_MS)
            is_open = number >= self.size.episodes * (1 - self.size.open_share)
            self._located(episode, is_open=is_open)
            self._clips(episode, jobs, identities, clips, is_open=is_open)
        return self.project

    def _facts(self, episode: Episode, jobs: dict[str, Job], end_ms: int) -> list[Identity]:
        Proxy.objects.create(
            job=jobs["proxy"], episode=episode, video="v.mp4", poster="p.jpg", audio="a.wav", duration_ms=end_ms,
            frame_rate="25/1", frame_count=end_ms // 40, width=1280, height=720,
        )  # fmt: skip
        shots = [(at, min(at + 4 * SHOT_MS, end_ms)) for at in range(0, end_ms, 4 * SHOT_MS)]
        Shot.objects.bulk_create(
            [Shot(job=jobs["shots"], index=i, start_ms=a, end_ms=b, key_frame_ms=a) for i, (a, b) in enumerate(shots)],
            batch_size=BATCH,
        )
        runs = [shots[at : at + 10] for at in range(0, len(shots), 10)]
        StorySegment.objects.bulk_create(
            StorySegment(
                job=jobs["story_segments"], index=i, start_ms=run[0][0], end_ms=run[-1][1], first_shot=10 * i,
                last_shot=10 * i + len(run) - 1,
            )
            for i, run in enumerate(runs)
        )  # fmt: skip
        lines = [(at, at + 2_500) for at in range(500, end_ms - 3_000, 15_000)]
        SubtitleLine.objects.bulk_create(
            [
                SubtitleLine(
                    job=jobs["subtitles"], index=i, start_ms=a, end_ms=b, text="Don't go.", confidence=0.9, source="ocr"
                )
                for i, (a, b) in enumerate(lines)
            ],
            batch_size=BATCH,
        )
        Utterance.objects.create(
            job=jobs["alignment"], index=0, start_ms=0, end_ms=1, speaker="", text="-", timing="subtitle",
            speaker_certain=False,
        )  # fmt: skip
        return self._faces(jobs["faces"], end_ms)

    def _faces(self, job: Job, end_ms: int) -> list[Identity]:
        """Two of five people take turns, four seconds each, in every place where there can be a clip."""
        identities = Identity.objects.bulk_create(
            Identity(
                job=job, index=i, screen_time_ms=end_ms // 5, face="f.jpg", embedder="x", character=self.people[i],
                linked_by="confirmed",
            )
            for i in range(len(NAMES))
        )  # fmt: skip
        spans = [(at, at + 4_000) for at in range(0, end_ms, 5_000)]
        FaceTrack.objects.bulk_create(
            [
                FaceTrack(
                    job=job, index=i, shot_index=a // (4 * SHOT_MS), start_ms=a, end_ms=b,
                    identity=identities[(a // PLACE_MS + i % 2) % len(NAMES)], boxes=[[a, 10.0, 10.0, 80.0, 80.0, 0.9]],
                )
                for i, (a, b) in enumerate(spans)
            ],
            batch_size=BATCH,
        )  # fmt: skip
        return identities

    def _located(self, episode: Episode, *, is_open: bool) -> None:
        task = Task.objects.create(project=self.project, kind=Task.Kind.LOCATE, episode=episode, answers_wanted=1)
        if not is_open:
            self.turn(task, self.annotators[episode.pk % len(self.annotators)], 0).save()

    def _clips(
        self, episode: Episode, jobs: dict[str, Job], identities: list[Identity], number: int, *, is_open: bool
    ) -> None:
        spans = [(at * PLACE_MS, at * PLACE_MS + self.draw.randrange(6_000, 34_000, 40)) for at in range(number)]
        clips = Clip.objects.bulk_create(
            Clip(
                project=self.project, episode=episode, segmentation=jobs["shots"], start_ms=a, end_ms=b,
                first_segment=a // (4 * SHOT_MS), last_segment=(b - 1) // (4 * SHOT_MS),
            )
            for a, b in spans
        )  # fmt: skip
        dropped = {clip.pk for clip in clips if self.draw.random() < 0.03}
        ClipFacts.objects.bulk_create(
            ClipFacts(clip=clip, faces=jobs["faces"], people=2, drop="too_many_people" if clip.pk in dropped else "")
            for clip in clips
        )
        people = {clip.pk: self._people(clip, identities) for clip in clips}
        ClipPerson.objects.bulk_create(itertools.chain.from_iterable(people.values()), batch_size=BATCH)
        kept = [clip for clip in clips if clip.pk not in dropped]
        wanted = [3 if self.draw.random() < self.size.checked else 1 for _ in kept]
        tasks = Task.objects.bulk_create(
            Task(project=self.project, kind=Task.Kind.RELATE, episode=episode, clip=clip, answers_wanted=answers)
            for clip, answers in zip(kept, wanted, strict=True)
        )
        if is_open:
            return
        day = self.now - timedelta(days=7 * WEEKS * (1 - episode.pk % self.size.episodes / self.size.episodes))
        turns = Assignment.objects.bulk_create(
            self._turn_at(task, slot, day) for task in tasks for slot in range(task.answers_wanted)
        )
        StepRevision.objects.bulk_create(
            (step for turn in turns for step in self._steps(turn, people[turn.task.clip_id or 0])), batch_size=BATCH
        )
        LineRevision.objects.bulk_create(
            LineRevision(
                clip=clip, assignment=turn, client_id=self.uuid(), subtitles=jobs["subtitles"],
                line=f"found:{clip.start_ms // 15_000}", start_ms=clip.start_ms, end_ms=clip.start_ms + 2_000,
                text="Don't go!",
            )
            for turn in turns
            if turn.slot == 0 and (clip := turn.task.clip)
        )  # fmt: skip

    def _turn_at(self, task: Task, slot: int, day: datetime) -> Assignment:
        turn = self.turn(task, self.annotators[(task.pk + slot) % len(self.annotators)], slot)
        turn.finished_at = day + timedelta(seconds=self.draw.randrange(5 * DAY_S))
        return turn

    def _people(self, clip: Clip, identities: list[Identity]) -> list[ClipPerson]:
        half = (clip.end_ms - clip.start_ms) // 2
        first = clip.start_ms // PLACE_MS
        return [
            ClipPerson(
                clip=clip, identity=identities[(first + place) % len(identities)], place=place,
                screen_time_ms=half - 100 * place,
                spans=[[clip.start_ms + place * half, clip.start_ms + (place + 1) * half - 100 * place]],
            )
            for place in range(2)
        ]  # fmt: skip

    def _steps(self, turn: Assignment, people: list[ClipPerson]) -> Iterator[StepRevision]:
        """Annotators mostly say what the clip suggests, so that there are samples of every category."""
        first, second = sorted(person.identity_id for person in people)
        hint = FIVE[turn.task_id % 5]
        said = hint if self.draw.random() < 0.85 else self.draw.choice(FIVE)
        at = turn.finished_at or self.now
        pair = {"first_id": first, "second_id": second}
        for kind, values in (
            ("lines_done", {}),
            ("pair", pair),
            ("relationship", {**pair, "relationship": said}),
        ):
            yield StepRevision(
                assignment=turn, client_id=self.uuid(), kind=kind, duration_ms=5_000, created_at=at, **values
            )
