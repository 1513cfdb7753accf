"""A thread that works some things behind the one that gives them."""

from __future__ import annotations

import gc
import threading

import pytest

from workers.analysers.behind import Behind


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
