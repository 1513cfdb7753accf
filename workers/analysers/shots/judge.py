"""TransNetV2 asked about single doubtful changes, in a thread of its own while the pictures pass by.

A question costs 0.6 to 1.2 CPU-seconds, as much as decoding half a minute: so it is asked rarely, and not more often
than so many times a minute however doubtful a video is (slow pans over blurred pictures, again and again).
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from workers.analysers.frames import Pixels
from workers.analysers.shots.soft import LATEST, Change
from workers.nets.runtime import load_net

#: What the network takes: so many frames, of which the middle half is to be trusted.
_WINDOW = 100
_SIZE = (48, 27)
_FREE_QUESTIONS, _QUESTION_EVERY = 3, 500
"""Questions that may be asked at any time, and after how many looked-at frames there is another (20 s)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    change: Change
    probability: Future[float]


class Judge:
    """Holds the last pictures (some 50 MB), so that a window can be cut around a change."""

    def __init__(self) -> None:
        self._recent: deque[Pixels] = deque(maxlen=LATEST + 2 * _WINDOW)
        self._count = 0
        self._waiting: list[Change] = []
        self._verdicts: list[Verdict] = []
        self._thread: ThreadPoolExecutor | None = None

    def add(self, picture: Pixels) -> None:
        """Take the next small picture, in blue, green, red."""
        self._recent.append(picture)
        self._count += 1

    def ask(self, change: Change) -> None:
        """Ask about a change that is over, of which the frames are still held; too many questions are dropped."""
        if len(self._verdicts) >= _FREE_QUESTIONS + self._count // _QUESTION_EVERY:
            return
        self._thread = self._thread or ThreadPoolExecutor(max_workers=1, thread_name_prefix="shots")
        first = round(change.middle) - _WINDOW // 2
        window = self._window(first)
        inside = slice(max(0, change.first - first), max(1, change.last + 1 - first))
        self._verdicts.append(Verdict(change, self._thread.submit(_probability, window, inside)))

    def agreed(self, probability: float) -> list[Change]:
        """Return the changes that are dissolves at this probability or more; waits for the answers."""
        agreed = [verdict.change for verdict in self._verdicts if verdict.probability.result() >= probability]
        if self._thread is not None:
            self._thread.shutdown()
        return agreed

    def _window(self, first: int) -> Pixels:
        """Return (100, 27, 48, 3) RGB; before the first and after the last frame held, these are repeated."""
        oldest = self._count - len(self._recent)
        places = np.clip(np.arange(first, first + _WINDOW), oldest, self._count - 1) - oldest
        frames = [cv2.resize(self._recent[place], _SIZE, interpolation=cv2.INTER_AREA) for place in places]
        return np.stack(frames)[..., ::-1].astype(np.uint8)


def _probability(window: Pixels, inside: slice) -> float:
    middle, _ = load_net("transnet").run(window[None].astype(np.float32))
    return float(middle[0, inside].max())
