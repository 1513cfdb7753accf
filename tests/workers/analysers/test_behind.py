"""A thread that works some things behind the one that gives them, and one that takes some before they are asked for."""

from __future__ import annotations

import gc
import threading
from collections.abc import Generator

import pytest

from workers.analysers.behind import Behind, taken_before


def test_all_is_taken_in_order_before_it_ends() -> None:
    taken: list[int] = []
    line: Behind[int] = Behind("test", taken.extend, waiting=3)
    for number in range(100):
        line.give(number)
    line.finish()
    assert taken == list(range(100))
    assert not line.thread.is_alive()


def test_the_giver_waits_where_too_much_waits_and_what_waits_is_taken_together() -> None:
    go, given, parts = threading.Event(), threading.Semaphore(0), []

    def take(things: list[int]) -> None:
        go.wait(20)
        parts.append(things)

    line: Behind[int] = Behind("test", take, waiting=4, at_once=3)

    def give() -> None:
        for number in range(8):
            line.give(number)
            given.release()

    giver = threading.Thread(target=give)
    giver.start()
    for _ in range(5):  # four wait, and at least one is being taken
        assert given.acquire(timeout=20)
    assert giver.is_alive()
    assert line.behind() <= 4
    go.set()
    giver.join(20)
    line.finish()
    assert [number for part in parts for number in part] == list(range(8))
    assert max(len(part) for part in parts) == 3


def test_its_error_is_raised_where_things_are_given_and_at_the_end() -> None:
    def fail(things: list[int]) -> None:
        raise MemoryError("no room")

    line: Behind[int] = Behind("test", fail, waiting=1)

    def give_ten() -> None:
        for number in range(10):
            line.give(number)

    with pytest.raises(MemoryError, match="no room"):
        give_ten()
    with pytest.raises(MemoryError, match="no room"):
        line.finish()


def test_one_that_is_forgotten_ends_its_thread() -> None:
    line: Behind[int] = Behind("test", lambda things: None, waiting=1)
    line.give(1)
    thread = line.thread
    del line
    gc.collect()
    thread.join(20)
    assert not thread.is_alive()


class Told:
    """A generator's numbers, and what became of it."""

    def __init__(self, count: int, error: Exception | None = None) -> None:
        self.given = 0
        self.came = threading.Semaphore(0)
        self.closed_in = ""
        self._count = count
        self._error = error

    def numbers(self) -> Generator[int]:
        try:
            for number in range(self._count):
                self.given += 1
                self.came.release()
                yield number
            if self._error:
                raise self._error
        finally:
            self.closed_in = threading.current_thread().name


@pytest.mark.parametrize(("waiting", "at_once"), [(3, 1), (6, 2), (7, 2)])
def test_things_are_taken_before_they_are_asked_for_but_not_too_many(waiting: int, at_once: int) -> None:
    told = Told(50)
    early = taken_before(told.numbers(), waiting, at_once, "early")
    assert told.given == 0  # nobody has asked for any
    assert next(early) == 0
    for _ in range(5 * at_once):  # one lot was asked for, three wait, and one waits for room
        assert told.came.acquire(timeout=20)
    assert told.given == 5 * at_once
    assert list(early) == list(range(1, 50))
    assert told.closed_in == "early"


@pytest.mark.parametrize("at_once", [1, 3, 4, 9])
def test_an_error_comes_behind_the_things_before_it(at_once: int) -> None:
    got: list[int] = []
    with pytest.raises(OSError, match="no more"):
        got.extend(taken_before(Told(4, OSError("no more")).numbers(), 2, at_once, "early"))
    assert got == [0, 1, 2, 3]


@pytest.mark.parametrize("asked", [1, 20])
@pytest.mark.parametrize("waiting", [1, 3])
@pytest.mark.parametrize("at_once", [1, 2])
def test_who_asks_no_more_leaves_no_thread_behind(asked: int, waiting: int, at_once: int) -> None:
    told = Told(20)
    early = taken_before(told.numbers(), waiting, at_once, "early")
    for _ in range(asked):
        next(early)
    del early
    gc.collect()
    assert told.closed_in == "early"
    assert not any(thread.name == "early" for thread in threading.enumerate())
