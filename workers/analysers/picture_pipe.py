"""A proxy's pictures while ffmpeg encodes them: they come through a pipe, so that nobody has to decode them again."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from workers.analysers.frames import open_raw_pictures
from workers.analysers.sweep import Picture, pictures_of

logger = logging.getLogger(__name__)

#: How much is thrown away at once where nobody looks any more.
_UNSEEN_BYTES = 1 << 20
#: What the pipe may hold, where the system allows it: a picture comes in few pieces.
_HELD_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Coming:
    """What the pictures of a proxy will be that is about to be written."""

    width: int
    height: int
    frame_rate: Fraction
    duration_ms: int
    """Of the whole proxy, unless less of its source can be decoded."""
    colour_matrix: int
    """ITU-T H.273's matrix coefficients, 2 where the source does not say."""
    frame_count: int | None = None
    """How many there will be, where that is known."""


class Viewer(Protocol):
    """Looks at a proxy's pictures while they are written."""

    def begin(self, coming: Coming) -> None:
        """Get ready: ffmpeg is about to be started, and to encode the pictures."""

    def look(self, pictures: Iterator[Picture]) -> None:
        """Look at all pictures, in order, in a thread of its own; ffmpeg waits for who is slow."""

    def look_beside(self, source: Path, coming: Coming) -> None:
        """The pictures of `source` are about to be copied: begin to look at them there, and go on when the proxy is
        written. In the proxy the first one will stand at time 0."""

    def drop(self) -> None:
        """They were not copied after all: what was seen counts for nothing."""


class PicturePipe:
    """Context manager around one run of ffmpeg, which writes raw pictures (8 bits, 4:2:0, constant rate) to `url`.

    Leave it when ffmpeg has ended, however it did: the thread shows what it wrote, and ends. ffmpeg waits while the
    viewer is busy, so that few pictures are in memory. What the viewer raises is only logged: ffmpeg must not fail for
    it, so the rest is read and thrown away.
    """

    def __init__(self, viewer: Viewer, coming: Coming) -> None:
        viewer.begin(coming)
        self._viewer = viewer
        self._coming = coming
        self._reading, self._writing = os.pipe()
        try:
            fcntl.fcntl(self._writing, fcntl.F_SETPIPE_SZ, _HELD_BYTES)
        except (AttributeError, OSError):  # not Linux, or more than a user may have
            logger.debug("The pipe of pictures stays as small as it is")
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"pipe:{self._writing}"

    @property
    def handed_over(self) -> tuple[int, ...]:
        """The file descriptors that ffmpeg has to inherit."""
        return (self._writing,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._writing)  # ffmpeg has ended: now nobody holds that end, and the pipe ends
        if self._thread is not None:
            self._thread.join()
        os.close(self._reading)

    def start(self) -> None:
        """Begin to read: ffmpeg has been started."""
        self._thread = threading.Thread(target=self._run, name="picture-pipe", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        coming = self._coming
        try:
            with open_raw_pictures(self._reading, (coming.width, coming.height), coming.frame_rate) as opened:
                self._viewer.look(pictures_of(*opened, "pictures of the proxy", colour_matrix=coming.colour_matrix))
        except Exception:
            logger.warning("The pictures of a proxy are not seen while it is encoded", exc_info=True)
        finally:
            while os.read(self._reading, _UNSEEN_BYTES):
                pass
