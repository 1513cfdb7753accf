"""The steps that look at pictures, done while the proxy is encoded: its pictures pass by anyway.

Nobody holds their jobs meanwhile: none can be claimed before the proxy is done, and the proxy's job is ours while its
lease can be renewed. When it is done, its worker claims them in the same transaction and ends them with what was seen.
What goes wrong here stops nothing but itself: jobs that are not claimed then look at the proxy themselves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import DatabaseError, connection

from webapp.jobs.models import Job
from webapp.jobs.services import JobLost, ride
from workers.analysers import facts
from workers.analysers.picture_pipe import Coming
from workers.analysers.sweep import Picture
from workers.steps.pictures import Done, Failed, PicturePass

logger = logging.getLogger(__name__)


class LookingAhead:
    """A viewer of a proxy's pictures (see `picture_pipe`), for the jobs that wait for the proxy."""

    def __init__(
        self,
        proxy: Job,
        jobs: Mapping[str, Job],
        options: Mapping[str, Any],
        show: Callable[[Sequence[facts.Shot]], None] | None,
    ) -> None:
        """`jobs`, which wait for the `proxy`'s, and their `options` are given by step; shots are among them. `show`
        shows those found so far."""
        self.jobs = jobs
        self._proxy = proxy
        self._options = options
        self._show = show
        self._pass: PicturePass | None = None
        self._coming: Coming | None = None
        self._seen: int | None = None

    def begin(self, coming: Coming) -> None:
        """See `Viewer.begin`."""
        self._coming = coming
        try:
            ride(self.jobs.values(), self._proxy)
        except DatabaseError:
            logger.exception("Nobody is told that the proxy's job %s does others' work", self._proxy.pk)
            connection.close()
        self._pass = PicturePass(self._options, (coming.width, coming.height), coming.duration_ms)

    def look(self, pictures: Iterator[Picture]) -> None:
        """See `Viewer.look`."""
        assert self._pass is not None
        self._seen = self._pass.look(pictures)

    def show(self) -> None:
        """Show the shots that were found so far. Raises JobLost; anything else is only logged, once."""
        if self._pass is None or self._show is None:
            return
        try:
            self._show(self._pass.shots_so_far())
        except JobLost:
            raise
        except Exception:
            logger.exception("Shots are not shown while a proxy is encoded")
            self._show = None

    def saw(self, proxy: facts.Proxy) -> bool:
        """Say whether every picture of this proxy was seen, at the time at which it stands there."""
        expected = self._coming
        return expected is not None and (proxy.frame_count, proxy.duration_ms) == (self._seen, expected.duration_ms)

    def end(self, names: Collection[str], done: Done, failed: Failed) -> None:
        """End the named steps, whose jobs are held by now."""
        assert self._pass is not None
        self._pass.end(names, done, failed)
