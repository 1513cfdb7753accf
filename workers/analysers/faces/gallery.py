"""What is kept of the looks at one shot's faces: now and then the best picture, until it is embedded; no frames."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workers.analysers.faces.embedder import Embedder
from workers.analysers.faces.expression_reader import SIDE, ExpressionReader
from workers.analysers.faces.options import Options
from workers.analysers.faces.pictures import FaceChip, Judgement, cut_grey, cut_out, judge, shown_picture
from workers.analysers.faces.tracker import OpenTrack, Sight
from workers.analysers.facts import Expression
from workers.analysers.spill import Spill, Spilled

#: Pictures wait for so many of their kind, and at most for this long: a batch costs less than its parts on a GPU.
_BATCH, _LONGEST_WAIT_MS = 16, 20_000
#: A better picture has to be so much better: cutting out costs more than it gains otherwise.
_CLEARLY = 1.05
#: A new face is followed back no further than this: what is older gets no better picture.
_SETTLED_MS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """One embedded picture of a track."""

    judgement: Judgement
    embedding: NDArray[np.float32]
    shown: Spilled
    """What people see of it: a square JPEG. Few of them are wanted, and which is known at the end."""


@dataclass(slots=True, eq=False)
class Album:
    """What is known of one track's looks, in order of time once the shot is closed."""

    portraits: list[Portrait] = field(default_factory=list)
    expressions: list[Expression] = field(default_factory=list)


class Gallery:
    """The albums of one shot's tracks."""

    def __init__(
        self, options: Options, embedder: Embedder, reader: ExpressionReader | None, start_ms: int, spill: Spill
    ) -> None:
        self._options = options
        self._spill = spill
        self._embedder = embedder
        self._reader = reader
        self._start_ms = start_ms
        self._chips: dict[tuple[OpenTrack, int], FaceChip] = {}
        """By track and number of the part of the shot (`embed_every_ms` long), the best so far."""
        self._greys: dict[tuple[OpenTrack, int], tuple[Judgement, NDArray[np.uint8]]] = {}
        self._albums: dict[OpenTrack, Album] = defaultdict(Album)

    def add(self, sights: Iterable[Sight]) -> None:
        """Judge what was seen and keep it if it is better than what was seen around its time."""
        for sight in sights:
            seen = judge(sight.picture, sight.time_ms, sight.face)
            if self._reader is not None:
                self._keep_grey(sight, seen)
            part = sight.track, (sight.time_ms - self._start_ms) // self._options.embed_every_ms
            best = self._chips.get(part)
            if seen.side >= self._options.smallest_embedded and (
                best is None or seen.quality > _CLEARLY * best.judgement.quality
            ):
                self._chips[part] = cut_out(sight.picture, seen)

    def _keep_grey(self, sight: Sight, seen: Judgement) -> None:
        key = sight.track, (sight.time_ms - self._start_ms) // self._options.expression_every_ms
        if key not in self._greys or seen.clearness > self._greys[key][0].clearness:
            self._greys[key] = seen, cut_grey(sight.picture, sight.face.box, SIDE)

    def settle(self, now_ms: int) -> None:
        """Embed and read what gets no better any more, if there is much of it or it has waited long."""
        passed_ms = now_ms - self._start_ms
        self._embed(passed_ms - _SETTLED_MS - self._options.embed_every_ms, passed_ms)
        self._read(passed_ms - _SETTLED_MS - self._options.expression_every_ms, passed_ms)

    def close(self, track: OpenTrack) -> Album:
        """Return a track's album; all that waits was embedded by `settle_rest`."""
        album = self._albums[track]
        album.portraits.sort(key=lambda portrait: portrait.judgement.face.time_ms)
        album.expressions.sort(key=lambda look: look.time_ms)
        return album

    def settle_rest(self, kept: Iterable[OpenTrack]) -> None:
        """The shot is over: embed and read all that waits of the tracks that are kept, and forget the others."""
        tracks = set(kept)
        self._chips = {key: waiting for key, waiting in self._chips.items() if key[0] in tracks}
        self._greys = {key: waiting for key, waiting in self._greys.items() if key[0] in tracks}
        self._embed(None, None)
        self._read(None, None)

    def _embed(self, until_ms: int | None, passed_ms: int | None) -> None:
        every_ms = self._options.embed_every_ms
        ready = _ready(self._chips, every_ms, until_ms, passed_ms)
        for start in range(0, len(ready), _BATCH):
            keys = ready[start : start + _BATCH]
            chips = [self._chips.pop(key) for key in keys]
            for (track, _), chip, vector in zip(keys, chips, self._embedder.embed(chips), strict=True):
                shown = self._spill.put(shown_picture(chip, self._options.shown_side))
                self._albums[track].portraits.append(Portrait(chip.judgement, vector, shown))

    def _read(self, until_ms: int | None, passed_ms: int | None) -> None:
        if self._reader is None:
            return
        ready = _ready(self._greys, self._options.expression_every_ms, until_ms, passed_ms)
        for start in range(0, len(ready), _BATCH):
            keys = ready[start : start + _BATCH]
            waiting = [self._greys.pop(key) for key in keys]
            rows = self._reader.read([grey for _, grey in waiting])
            for (track, _), (seen, _), row in zip(keys, waiting, rows, strict=True):
                look = Expression(seen.face.time_ms, row, round(min(1.0, seen.clearness), 4))
                self._albums[track].expressions.append(look)


def _ready(
    waiting: Iterable[tuple[OpenTrack, int]], every_ms: int, until_ms: int | None, passed_ms: int | None
) -> list[tuple[OpenTrack, int]]:
    """Return the keys up to a time of the shot (None: all), unless they are few and young."""
    ready = [key for key in waiting if until_ms is None or key[1] * every_ms <= until_ms]
    if passed_ms is None or len(ready) >= _BATCH:
        return ready
    return ready if ready and passed_ms - min(number for _, number in ready) * every_ms > _LONGEST_WAIT_MS else []
