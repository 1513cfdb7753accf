"""What generated projects share: people, episodes, jobs and turns, the same for the same seed."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Membership, Project, Task
from webapp.corpus.models import Episode, Series
from webapp.jobs.models import Job

BATCH = 2_000


class Rows:
    """One project of one series, with its annotators."""

    def __init__(self, name: str, protocol: str, annotators: int, answers: int, seed: int = 7) -> None:
        self.draw, self.now = random.Random(seed), timezone.now()
        self.series = Series.objects.create(name=name)
        self.annotators = [User.objects.get_or_create(username=f"annotator{number}")[0] for number in range(annotators)]
        self.project = Project.objects.create(
            name=name, protocol=protocol, answers_per_clip=answers, shows_suggestions=False
        )
        Membership.objects.bulk_create(Membership(project=self.project, user=user) for user in self.annotators)

    def episode(self, number: int) -> Episode:
        return Episode.objects.create(
            series=self.series,
            title=f"Episode {number:04}",
            source=f"{self.series.name}-{number}.mp4",
            source_name=f"{number}.mp4",
            source_sha256=f"{self.series.pk:04x}{number:060x}",
            source_bytes=1,
        )

    def job(self, name: str, episode: Episode | None, number: int = 0) -> Job:
        return Job.objects.create(
            kind=Job.Kind.ANALYSIS if episode else Job.Kind.RELEASE,
            name=name,
            episode=episode,
            version="1",
            key=f"{name}-{self.series.pk}-{episode.pk if episode else number}"[:64],
            status=Job.Status.DONE,
            is_current=True,
            progress=100,
            started_at=self.now,
            finished_at=self.now,
        )

    def turn(self, task: Task, user: User, slot: int) -> Assignment:
        return Assignment(
            task=task,
            annotator=user,
            slot=slot,
            status=Assignment.Status.DONE,
            leased_until=self.now,
            finished_at=self.now - timedelta(seconds=self.draw.randrange(10**7)),
        )

    def uuid(self) -> UUID:
        return UUID(int=self.draw.getrandbits(128), version=4)
