"""Which frames start a shot, told of the frames' scores as they come: pure rules, no picture.

Both rules are late by no more than they must be: a frame that is no candidate is decided at once, a candidate when its
neighbours are known (two frames, or `reach_ms` where pictures repeat).
"""

from __future__ import annotations

from collections import deque

from workers.analysers.shots.measures import FLASH_FRAMES, FrameScores
from workers.analysers.shots.options import Options


class HardCuts:
    """Decides frame by frame, in order, whether a hard cut stands there."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._rows: deque[FrameScores] = deque()
        self._next = 0
        self._last_start = -2  # so that it is no neighbour of the first frame

    def add(self, row: FrameScores) -> list[tuple[FrameScores, bool]]:
        """Take the next frame; return those about which is known by now whether they start a shot."""
        self._rows.append(row)
        return self._settle(ended=False)

    def end(self) -> list[tuple[FrameScores, bool]]:
        """The video has ended: return the frames that are left."""
        return self._settle(ended=True)

    def _settle(self, *, ended: bool) -> list[tuple[FrameScores, bool]]:
        settled = []
        while self._rows and self._next <= self._rows[-1].index:
            starts = self._starts(self._next, ended)
            if starts is None:
                break
            row = self._row(self._next)
            assert row is not None
            settled.append((row, starts))
            if starts:
                self._last_start = self._next
            self._next += 1
        self._forget()
        return settled

    def _starts(self, index: int, ended: bool) -> bool | None:
        """Of two cuts on neighbouring frames the stronger starts the shot; None where that is not known yet."""
        if self._last_start == index - 1:
            return False
        cut = self._is_cut(index, ended)
        row, after = self._row(index), self._row(index + 1)
        if not cut or row is None or after is None or after.change <= row.change:
            return cut
        stronger_follows = self._is_cut(index + 1, ended)
        return None if stronger_follows is None else not stronger_follows

    def _is_cut(self, index: int, ended: bool) -> bool | None:
        """Say whether a frame stands out and is no edge of a flash; None where that is not known yet."""
        row = self._row(index)
        if row is None or not self._is_large(row):
            return False
        ahead = self._rows[-1].index - index
        if not ended and ahead < max(self._options.window, FLASH_FRAMES):
            return None
        stands_out = self._stands_out(row, ended)
        return stands_out and not self._is_flash(row)

    def _is_large(self, row: FrameScores) -> bool:
        options, difference = self._options, row.differs_from[0]
        smallest = max(options.smallest_difference, options.repeat_difference)
        return row.change >= options.smallest_score and difference >= smallest

    def _stands_out(self, row: FrameScores, ended: bool) -> bool | None:
        """Say whether change and difference are `contrast` times the mean of the neighbours', or the colours new."""
        options = self._options
        before = [other for other in self._rows if other.index < row.index and self._is_distinct(other)]
        after = [other for other in self._rows if other.index > row.index and self._is_distinct(other)]
        if len(after) < options.window and not ended and self._rows[-1].time_ms - row.time_ms <= options.reach_ms:
            return None
        around = [*before[-options.window :], *after[: options.window]]
        near = [other for other in around if abs(other.time_ms - row.time_ms) <= options.reach_ms]
        # Of the neighbours that are missing, those inside the video are still pictures: they changed by nothing.
        inside = min(options.window, row.index - 1) + min(options.window, self._rows[-1].index - row.index)
        share = max(1, inside) / options.contrast
        if row.differs_from[0] * share >= sum(other.differs_from[0] for other in near):
            return row.change * share >= sum(other.change for other in near)
        # In a fast pan all pixels change all the time, the colours that are there do not.
        return row.recoloured >= options.smallest_recoloured and all(
            row.change > other.change and row.recoloured >= options.contrast * other.recoloured for other in near
        )

    def _is_distinct(self, row: FrameScores) -> bool:
        return row.differs_from[0] > self._options.repeat_difference

    def _is_flash(self, row: FrameScores) -> bool:
        """Say whether the picture before this frame comes back within FLASH_FRAMES, or came back with it."""
        alike = row.differs_from[0] / 3
        for length in range(1, FLASH_FRAMES + 1):
            later = self._row(row.index + length)
            comes_back = later is not None and later.differs_from[length] < alike
            brings_back = row.index - length >= 1 and row.differs_from[length] < alike
            if comes_back or brings_back:
                return True
        return False

    def _row(self, index: int) -> FrameScores | None:
        place = index - self._rows[0].index if self._rows else 0
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def _forget(self) -> None:
        """Keep what may still be a neighbour of a frame that is not decided."""
        while len(self._rows) > 1 and self._rows[0].index < self._next:
            undecided = self._row(self._next) or self._rows[-1]
            if undecided.time_ms - self._rows[0].time_ms <= self._options.reach_ms:
                break
            self._rows.popleft()


class Fades:
    """Finds blanks between two pictures that no hard cut enters or leaves; told of frames that are decided."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._first: FrameScores | None = None
        self._has_cut = False

    def add(self, row: FrameScores, starts_shot: bool) -> int | None:
        """Take the next decided frame; return the index of a fade's middle frame where a blank has just ended."""
        if row.blank:
            if self._first is None:
                self._first, self._has_cut = row, False
            self._has_cut |= starts_shot
            return None
        first, self._first = self._first, None
        if first is None or first.index == 0:
            return None  # a black start or end belongs to the shot beside it
        long_enough = row.time_ms - first.time_ms >= self._options.blank_ms
        if not long_enough or self._has_cut or starts_shot:
            return None
        return (first.index + row.index) // 2
