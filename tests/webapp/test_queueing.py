"""Which kind of clip comes next, as plain numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.annotation.queueing import Standing, gold_before, is_gold_place, purposes, turns_left

percents = st.integers(1, 50)
keys = st.text(max_size=5)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing("k"), ("work",)),
        (Standing("k", trains=True), ("training",)),
        (Standing("k", trains=True, gold_percent=50), ("training",)),
        (Standing("k", trains=True, is_open=True), ("work",)),
        (Standing("k", trains=True, is_member=False), ("work",)),
        (Standing("k", is_member=False, gold_percent=50, place=0), ("work",)),
    ],
    ids=["no training", "trains", "trains before gold", "period is open", "admin", "admin is not checked"],
)
def test_training_comes_before_work(standing: Standing, expected: tuple[str, ...]) -> None:
    assert purposes(standing) == expected


@given(percents, keys, st.integers(0, 400))
def test_every_block_of_places_has_one_gold_clip(percent: int, key: str, block: int) -> None:
    first, after = -(-block * 100 // percent), -(-(block + 1) * 100 // percent)
    assert sum(is_gold_place(place, percent, key) for place in range(first, after)) == 1


@given(percents, keys, st.integers(0, 300))
def test_the_share_holds_after_any_number_of_clips(percent: int, key: str, places: int) -> None:
    gold = sum(is_gold_place(place, percent, key) for place in range(places))
    assert gold == gold_before(places, percent, key)
    assert abs(gold - places * percent / 100) <= 1


def test_two_annotators_have_their_gold_clips_at_different_places() -> None:
    places = {key: [p for p in range(200) if is_gold_place(p, 10, key)] for key in ("1:1", "1:2")}
    assert [len(found) for found in places.values()] == [20, 20]
    assert places["1:1"] != places["1:2"]


@given(st.integers(0, 50), keys, st.integers(0, 60), st.integers(0, 40), st.integers(0, 10))
def test_the_number_that_waits_falls_by_one_with_every_clip_gold_or_not(
    percent: int, key: str, place: int, work: int, gold: int
) -> None:
    standing = Standing(key, gold_percent=percent, place=place)
    left = turns_left(standing, work=work, training=3, gold=gold)
    given_out = 0
    while work:
        if purposes(standing)[0] == "gold" and gold:
            gold -= 1
        else:
            work -= 1
        given_out += 1
        standing = replace(standing, place=standing.place + 1)
        assert turns_left(standing, work=work, training=3, gold=gold) == left - given_out
    assert given_out == left


def test_only_training_clips_wait_for_who_trains() -> None:
    standing = Standing("k", trains=True, gold_percent=20)
    assert turns_left(standing, work=40, training=3, gold=5) == 3
    assert turns_left(replace(standing, is_member=False), work=40, training=3, gold=5) == 40
