"""What a step has at hand: its job, its episode, a folder of its own, and somewhere to report to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webapp.corpus.models import Episode
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.jobs.services import renew
from workers import tidying
from workers.reporting import Reporter

if TYPE_CHECKING:
    from workers.steps.ahead import LookingAhead


@dataclass
class StepContext:
    job: Job
    episode: Episode
    options: Any
    check: Callable[[], None] = lambda: None
    progress: Reporter = field(init=False)
    ahead: LookingAhead | None = field(default=None, init=False)
    """Of a proxy: what looks at its pictures while they are encoded."""
    shows_ahead: bool = field(default=False, init=False)
    """Whether shots are shown of a job that waits for this one; they go unless this one is done."""
    _published: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.progress = Reporter(self.job, self.check)

    def path(self, name: str) -> Path:
        """Return a local path of a file of the media storage; one from afar is fetched first."""
        return media_storage().path(name)

    @property
    def folder(self) -> str:
        """Name of the step's folder in the media storage, from `publish` on."""
        return media_storage().published(tidying.folder_of(self.job), self.job.attempt)

    @property
    def workdir(self) -> Path:
        """A folder of this attempt alone; `publish` makes it the step's folder."""
        return tidying.working_folder(self.job)

    def publish(self) -> None:
        """Put this attempt's folder in the place of the step's folder. Raises JobLost if the job was taken over.

        May be called again, when the transaction it was part of is tried again.
        """
        renew(self.job)
        if not self._published:
            media_storage().publish(self.workdir, self.folder)
            self._published = True

    def clean_up(self) -> None:
        """Remove what this and killed attempts left behind, and what was published or shown if nothing was stored."""
        tidying.remove_attempts(self.job)
        if self._published:
            tidying.remove_unrecorded(self.job)
        if self.shows_ahead:
            tidying.remove_ahead(self.job)
