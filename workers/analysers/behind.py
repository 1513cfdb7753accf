"""Threads beside a sweep: one that works a bounded number of pictures behind it, one that decodes some before it."""

from __future__ import annotations

import os
import queue
import threading
import weakref
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

from workers.analysers.priority import stand_back

Thing = TypeVar("Thing")

_POLL_S = 0.2


class Behind(Generic[Thing]):
    """Gives things to a thread, in order; waits while it is `waiting` of them behind.

    The thread ends when it has seen all (`finish`), with its first error, and when this object is forgotten: a sweep
    that is cancelled drops what it used without a word. So `take` must not hold on to this object's owner.
    """

    def __init__(self, name: str, take: Callable[[list[Thing]], None], *, waiting: int, at_once: int = 1) -> None:
        """`take` gets the next thing, or all that wait up to `at_once` of them, and runs in the thread."""
        self._line = _Line(take, waiting, at_once)
        self.thread = threading.Thread(target=self._line.run, name=name, daemon=True)
        self.thread.start()
        weakref.finalize(self, self._line.stopped.set)

    def give(self, thing: Thing) -> None:
        """Hand the next thing over. Raises what went wrong in the thread."""
        self._line.put(thing)

    def finish(self) -> None:
        """Wait until everything was taken. Raises what went wrong in the thread."""
        self._line.put(None)
        self.thread.join()
        self._line.raise_error()

    def behind(self) -> int:
        """Return how many things wait."""
        return self._line.waiting.qsize()


class _Line(Generic[Thing]):
    """What the thread knows; nothing of who gives."""

    def __init__(self, take: Callable[[list[Thing]], None], waiting: int, at_once: int) -> None:
        self.waiting: queue.Queue[Thing | None] = queue.Queue(maxsize=waiting)
        self.stopped = threading.Event()
        self._take = take
        self._at_once = at_once
        self._error: BaseException | None = None

    def put(self, thing: Thing | None) -> None:
        while True:
            self.raise_error()
            try:
                return self.waiting.put(thing, timeout=_POLL_S)
            except queue.Full:
                continue

    def raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def run(self) -> None:
        stand_back(os.getpid())
        try:
            while (things := self._next()) is not None:
                self._take(things)
                del things  # pictures are large: none is kept while the thread waits for the next
        except BaseException as error:  # whatever it is, whoever waits for this thread has to raise it
            self._error = error

    def _next(self) -> list[Thing] | None:
        """Return what is to be taken now; None when there is no more."""
        things: list[Thing] = []
        while not self.stopped.is_set():
            try:
                thing = self.waiting.get(block=not things, timeout=_POLL_S)
            except queue.Empty:
                if things:
                    return things
                continue
            if thing is None:
                if not things:
                    return None
                self.waiting.put(None)  # room was just made
                return things
            things.append(thing)
            if len(things) >= self._at_once:
                return things
        return None


def taken_before(things: Generator[Thing], waiting: int, at_once: int, name: str) -> Generator[Thing]:
    """Yield what a generator gives, taken in a thread of its own: up to `waiting` things before they are asked for.

    They are handed over `at_once` together: each time wakes a thread, which costs more than all else about it. Raises
    what it raises, in its place. When this is closed or forgotten, so is the generator, in its thread.
    """
    early = _Early(things, waiting, at_once, name)
    try:
        while not isinstance(thing := early.take(), _End):
            yield thing
            del thing  # things are large: none is kept while this waits for the next
        if thing.error is not None:
            raise thing.error
    finally:
        early.stop()


@dataclass(frozen=True, slots=True)
class _End:
    """There is nothing more, or what went wrong."""

    error: BaseException | None


class _Early(Generic[Thing]):
    """What the thread knows. Two simple queues stand for one that is bounded: they cost less, twice a lot."""

    def __init__(self, things: Generator[Thing], waiting: int, at_once: int, name: str) -> None:
        self._waiting: queue.SimpleQueue[list[Thing | _End]] = queue.SimpleQueue()
        self._room: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(max(1, waiting // at_once)):
            self._room.put(None)
        self._things = things
        self._at_once = at_once
        self._taken: list[Thing | _End] = []
        """Of the lot that was taken, what is left, the last first."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def take(self) -> Thing | _End:
        """Return the next thing, or the end; waits for it."""
        if not self._taken:
            self._taken = self._waiting.get()[::-1]
            self._room.put(None)
        return self._taken.pop()

    def stop(self) -> None:
        """Nobody asks any more."""
        self._stopped.set()
        self._room.put(None)  # so that it need not wait for room
        if threading.current_thread() is not self._thread:  # whose collecting of garbage may have found that out
            self._thread.join()

    def _run(self) -> None:
        error: BaseException | None = None
        lot: list[Thing | _End] = []
        try:
            for thing in self._things:
                lot.append(thing)
                del thing
                if len(lot) >= self._at_once:
                    self._room.get()
                    self._waiting.put(lot)
                    lot = []
                    if self._stopped.is_set():
                        break
            self._things.close()
        except BaseException as raised:  # whatever it is, whoever asks for the things has to raise it
            error = raised
        self._waiting.put([*lot, _End(error)])
