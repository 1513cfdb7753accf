"""The shots of a proxy, guessed from small pictures while it is encoded."""

from __future__ import annotations

from array import array

from workers.analysers.facts import Shot
from workers.analysers.frames import Pixels, fit_within
from workers.analysers.shots.finder import tile
from workers.analysers.shots.measures import Measurer
from workers.analysers.shots.options import Options
from workers.analysers.shots.rules import HardCuts


class ShotPreview:
    """A viewer (see `picture_pipe`) that tells the shots so far, by hard cuts alone.

    It sees pictures that were not encoded yet, and no dissolves: the finder has the last word, in the pass.
    One thread may `see` while another asks.
    """

    def __init__(self, options: Options) -> None:
        self._width = options.analysis_width
        self._measurer = Measurer(options)
        self._hard = HardCuts(options)
        self._times = array("q")
        self._cuts: list[int] = []

    def size(self, width: int, height: int) -> tuple[int, int]:
        return fit_within(width, height, self._width)

    def see(self, pixels: Pixels, time_ms: int) -> None:
        self._times.append(time_ms)
        for row, cut in self._hard.add(self._measurer.measure(pixels, time_ms)):
            if cut:
                self._cuts.append(row.index)

    def closed_shots(self) -> tuple[Shot, ...]:
        """Return the shots that have ended so far, from time 0 on."""
        cuts = tuple(self._cuts)
        return tile(self._times[: cuts[-1]], cuts[:-1], self._times[cuts[-1]]) if cuts else ()
