"""Small pictures of a video while ffmpeg encodes it: they come through a pipe, and a thread shows them to a viewer."""

from __future__ import annotations

import logging
import os
import threading
from fractions import Fraction
from io import FileIO
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from workers.analysers.frames import Pixels

logger = logging.getLogger(__name__)

#: How much is thrown away at once where nobody looks any more.
_UNSEEN_BYTES = 1 << 20


class Viewer(Protocol):
    """Sees every frame of a proxy, small, while it is encoded; in a thread of its own."""

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the size (width, height) at which it wants to see a proxy of the given one."""

    def see(self, pixels: Pixels, time_ms: int) -> None:
        """Take the next frame: (height, width, 3), blue, green, red; the array is its own."""


class PicturePipe:
    """Context manager around one run of ffmpeg, which writes raw pictures (bgr24, `size`, constant rate) to `url`.

    Leave it when ffmpeg has ended, however it did: the thread shows what it wrote, and ends. ffmpeg waits while the
    viewer is busy, so that few pictures are in memory. What the viewer raises is only logged: ffmpeg must not fail for
    it, so the rest is read and thrown away.
    """

    def __init__(self, viewer: Viewer, size: tuple[int, int], rate: Fraction) -> None:
        """`size` is that of the proxy, (width, height), `rate` its frames a second."""
        self.size = viewer.size(*size)
        self._viewer = viewer
        self._rate = rate
        reading, self._writing = os.pipe()
        self._reading = os.fdopen(reading, "rb", buffering=0)
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
        self._reading.close()

    def start(self) -> None:
        """Begin to read: ffmpeg has been started."""
        self._thread = threading.Thread(target=self._run, name="picture-pipe", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._show_all()
        except Exception:
            logger.warning("The pictures of a proxy are not seen while it is encoded", exc_info=True)
        finally:
            while self._reading.read(_UNSEEN_BYTES):
                pass

    def _show_all(self) -> None:
        width, height = self.size
        index = 0
        while True:
            pixels = np.empty((height, width, 3), dtype=np.uint8)
            if not _fill(self._reading, pixels.data.cast("B")):
                return
            self._viewer.see(pixels, round(index * 1000 / self._rate))
            index += 1


def _fill(file: FileIO, space: memoryview) -> bool:
    """Read until the space is full; False where the pipe ends before: half a picture is none."""
    filled = 0
    while filled < len(space):
        count = file.readinto(space[filled:])
        if not count:
            return False
        filled += count
    return True
