"""The steps that look at pictures, done while the proxy is written.

While pictures are encoded they pass by anyway. Those that are copied are looked at in the source, which takes longer
than the copy: when the proxy is done, most of them are still to be seen.

Nobody holds the steps' jobs meanwhile: none can be claimed before the proxy is done, and the proxy's job is ours while
its lease can be renewed. When it is done, its worker claims them in the same transaction and ends them with what is
seen. What goes wrong before stops nothing but itself: jobs that are not claimed then look at the proxy themselves.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.db import DatabaseError, connection

from webapp.jobs.models import Job
from webapp.jobs.services import JobLost, ride
from workers.analysers import facts
from workers.analysers.frames import Damage
from workers.analysers.picture_pipe import Coming
from workers.analysers.sweep import Picture, pictures
from workers.reporting import Reporter
from workers.steps.context import StepContext
from workers.steps.pictures import LOOKING, SEEN, Done, Failed, PicturePass, ProxyDamaged
from workers.steps.shown import ShownShots, shown_of

logger = logging.getLogger(__name__)

_MOMENT_S: Final = 0.2


class LookingAhead:
    """A viewer of a proxy's pictures (see `picture_pipe`), for the jobs that wait for the proxy."""

    def __init__(
        self,
        proxy: Job,
        jobs: Mapping[str, Job],
        options: Mapping[str, Any],
        show: Callable[[Sequence[facts.Shot]], None] | None,
        *,
        all_here: bool = True,
    ) -> None:
        """`jobs`, which wait for the `proxy`'s, and their `options` are given by step; shots are among them. `show`
        shows those found so far. Without `all_here`, other steps will look at the pictures elsewhere."""
        self.jobs = jobs
        self._proxy = proxy
        self._options = options
        self._show = show
        self._pass: PicturePass | None = None
        self._coming: Coming | None = None
        self._seen: int | None = None
        self._all_here = all_here
        self._beside: _Beside | None = None

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

    def look_beside(self, source: Path, coming: Coming) -> None:
        """See `Viewer.look_beside`. Does nothing where others look at the proxy anyway, and decode it for that."""
        if self._all_here:
            self.begin(coming)
            assert self._pass is not None
            self._beside = _Beside(self._pass, source)

    def drop(self) -> None:
        """See `Viewer.drop`. May be called at any time, and again."""
        if self._beside is not None:
            self._beside.stop()
            self._beside = self._pass = self._coming = None

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
        """Say whether every picture of this proxy was seen, or will be, at the time at which it stands there."""
        expected = self._coming
        if expected is None or proxy.duration_ms != expected.duration_ms:
            return False
        if self._beside is None:
            return proxy.frame_count == self._seen
        return proxy.copied and proxy.frame_count == expected.frame_count and self._beside.goes_well()

    def wait(self, contexts: Mapping[str, StepContext]) -> None:
        """Wait until all pictures were seen, and say how far that is. The jobs of the `contexts`, by step, are held.

        Raises ProxyDamaged, AnalysisError `video_unreadable`, and what a context's progress raises.
        """
        if self._beside is None or self._pass is None:
            return
        first, *others = contexts.values()
        report = Reporter(first.job, first.check, [context.job for context in others])
        show = ShownShots(already=shown_of([context.job for context in contexts.values()]))
        looking = True
        while looking:
            report(SEEN * self._beside.share, LOOKING)
            if "shots" in contexts:
                show(contexts["shots"], self._pass.shots_so_far())
            looking = self._beside.is_looking()
        self._beside.raise_error()

    def end(self, names: Collection[str], done: Done, failed: Failed) -> None:
        """End the named steps, whose jobs are held by now."""
        assert self._pass is not None
        self._pass.end(names, done, failed)


class _Dropped(Exception):
    """Nobody wants to know any more what is seen."""


class _Beside:
    """Looks at the pictures of a source in a thread of its own, until it is told to stop."""

    def __init__(self, looking: PicturePass, source: Path) -> None:
        self.share = 0.0
        """How much was seen."""
        self._damage = Damage()
        self._error: BaseException | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(looking, source), name="beside-copy", daemon=True)
        self._thread.start()

    def _look(self, looking: PicturePass, source: Path) -> None:
        with closing(pictures(source, self._damage, looking.form, from_first=True)) as passing:
            try:
                looking.look(passing, self._note)
            except BaseException as error:  # whatever it is, who waits for this thread raises it
                self._error = error

    def _note(self, share: float, _doing: str) -> None:
        if self._stopped.is_set():
            raise _Dropped
        self.share = share

    def goes_well(self) -> bool:
        return self._error is None and not self._damage

    def is_looking(self) -> bool:
        """Say whether it still looks; takes a moment to say yes."""
        self._thread.join(_MOMENT_S)
        return self._thread.is_alive()

    def raise_error(self) -> None:
        """Raise what went wrong. Raises ProxyDamaged where pictures could not be seen whole."""
        if self._error is not None:
            raise self._error
        if self._damage:
            raise ProxyDamaged(self._damage)

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()
