"""Bytes that wait on disk come back as they were, whatever was kept after them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from workers.analysers.spill import Spill


@given(some.lists(some.binary(max_size=40), max_size=20))
def test_what_was_kept_comes_back(pieces: list[bytes]) -> None:
    spill = Spill()
    kept = [spill.put(piece) for piece in pieces]
    for place in reversed(range(len(kept))):
        assert kept[place].read() == pieces[place]
    assert spill.get(0, -1) == b"".join(pieces)


def test_more_may_be_kept_after_some_was_read() -> None:
    spill = Spill()
    first, second = spill.put(b"first"), spill.put(b"second")
    assert first.read() == b"first"
    third = spill.put(b"third")
    assert [kept.read() for kept in (third, second, first)] == [b"third", b"second", b"first"]
