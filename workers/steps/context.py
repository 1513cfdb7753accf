"""What a step has at hand: its job, its episode, a folder of its own, and somewhere to report to."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from webapp.corpus.models import Episode
from webapp.jobs.models import Job
from webapp.jobs.services import renew, report

REPORT_EVERY_SECONDS = 1.0


@dataclass
class StepContext:
    job: Job
    episode: Episode
    options: Any
    check: Callable[[], None] = lambda: None
    _reported_at: float = field(default=0.0, init=False)

    @property
    def media(self) -> Path:
        return Path(settings.MEDIA_ROOT)

    @property
    def folder(self) -> str:
        """Name of the step's folder in the media storage: the same work has the same folder."""
        return f"{self.episode.folder}/{self.job.name}-{self.job.key[:12]}"

    @property
    def workdir(self) -> Path:
        """A folder of this attempt alone; `publish` makes it the step's folder."""
        path = self.media / f"{self.folder}.attempt-{self.job.attempt}"
        path.mkdir(parents=True, exist_ok=True)
        return path

    def publish(self) -> None:
        """Put this attempt's folder in the place of the step's folder. Raises JobLost if the job was taken over."""
        renew(self.job)
        final = self.media / self.folder
        if final.exists():  # an attempt that was killed between here and its commit
            shutil.rmtree(final)
        self.workdir.rename(final)

    def clean_up(self) -> None:
        """Remove what this and killed attempts left behind."""
        parent = (self.media / self.folder).parent
        for left in parent.glob(f"{Path(self.folder).name}.attempt-*"):
            number = left.name.rpartition("-")[2]
            if number.isdigit() and int(number) <= self.job.attempt:
                shutil.rmtree(left, ignore_errors=True)

    def progress(self, share: float, step: str) -> None:
        """Report at most once a second; raises JobLost as soon as the job belongs to somebody else."""
        self.check()
        now = time.monotonic()
        if now - self._reported_at >= REPORT_EVERY_SECONDS:
            self._reported_at = now
            report(self.job, share=share, step=step)
