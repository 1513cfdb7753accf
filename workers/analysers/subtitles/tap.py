"""Subtitles out of a sweep: each picture's strips go to a process of their own, where text is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from numpy.typing import NDArray

from workers.analysers.apart import Apart, prepare
from workers.analysers.facts import SubtitleLine
from workers.analysers.ocr import find_engine
from workers.analysers.ocr.rapid import late_modules
from workers.analysers.subtitles.options import Options
from workers.analysers.subtitles.strips import AT_ONCE, Cutting
from workers.analysers.sweep import Picture

#: What looks for text, over there.
_WORK: Final = "workers.analysers.subtitles.work:TextWork"
#: So many times AT_ONCE frames may wait there, some 1 MB each at 720p: the pass goes on while the reader is loaded.
_SLOTS: Final = 16
#: After so many frames (some 10 minutes) the process ends: what it holds by then is more than loading it anew costs.
_KEPT_FRAMES: Final = 15_000


def prepare_text() -> None:
    """Have the process ready in which text is looked for; it takes a second of imports. No network is loaded."""
    prepare(_WORK, *late_modules())


class TextTap:
    """A watcher of a sweep: `see` every picture, then `finish` once."""

    def __init__(self, options: Options | None = None) -> None:
        """Raises AnalysisError `options_invalid`, and those of `choose_reader`."""
        self._options = options or Options()
        self._options.check()
        find_engine(self._options.languages, self._options.engine)
        self._apart: Apart[tuple[SubtitleLine, ...]] = Apart(_WORK, self._options)
        self._cutting: Cutting | None = None
        self._arrays: Sequence[NDArray[Any]] = ()
        self._times: list[int] = []
        self._count = 0

    def see(self, picture: Picture) -> None:
        """Take the next frame. Waits while the process is far behind; raises what went wrong there."""
        if self._cutting is None:
            self._cutting = Cutting(self._options, (picture.width, picture.height))
            self._apart.lay_out(self._cutting.forms(), _SLOTS)
        if not self._times:
            self._arrays = self._apart.slot()
        self._cutting.put(picture.luma(), len(self._times), self._arrays)
        self._times.append(picture.time_ms)
        self._count += 1
        if len(self._times) == AT_ONCE:
            self._hand_over(self._cutting)

    def finish(self) -> tuple[SubtitleLine, ...]:
        """Return the subtitles in order, `source="ocr"`; an empty tuple where none is burned in."""
        if self._cutting is not None and self._times:
            self._hand_over(self._cutting)
        return self._apart.finish(keep=self._count <= _KEPT_FRAMES)

    def _hand_over(self, cutting: Cutting) -> None:
        self._apart.give((cutting.size, self._times))
        self._times = []
