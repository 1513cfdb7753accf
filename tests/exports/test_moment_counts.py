"""What came of moments, counted by hand, and in a release."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from exports.errors import FormatError
from exports.moment_counts import Mark, MarkedTurn, by_annotator, by_episode, count_moments, snapshot_moments
from exports.snapshot import CalibrationRow, ProjectSnapshot
from exports.snapshot_json import snapshot_from_json, snapshot_to_json
from tests.exports.factory import clip, episode, moment, snapshot

TURNS = [
    # Two annotators of a finished episode of 2 minutes: three clips, one too long, one made by both of them.
    MarkedTurn(1, "ann", 120_000, 120_000, (Mark(1_000, True, 11), Mark(2_000, True, 11), Mark(60_000, True, 12)), 1),
    MarkedTurn(1, "ben", 120_000, 60_000, (Mark(61_000, False, 12), Mark(90_000, False, 13, too_long=True)), 0),
    # An episode that waits for its second annotator.
    MarkedTurn(2, "ann", 60_000, 60_000, (Mark(5_000, True, None),), 0),
]


def test_moments_are_clips_and_duplicates_and_those_that_wait() -> None:
    counts = count_moments(TURNS)
    assert (counts.moments, counts.clips, counts.duplicates, counts.waiting) == (6, 3, 2, 1)
    assert (counts.too_long, counts.removed, counts.corrected, counts.turns) == (1, 1, 4, 3)
    assert counts.watched_share == pytest.approx(240 / 300)
    assert counts.per_minute == pytest.approx(6 / 5)


def test_by_episode_and_by_annotator() -> None:
    episodes, people = by_episode(TURNS), by_annotator(TURNS)
    assert {pk: (c.moments, c.clips, c.duplicates) for pk, c in episodes.items()} == {1: (5, 3, 2), 2: (1, 0, 0)}
    assert {name: (c.moments, c.clips, c.duplicates) for name, c in people.items()} == {
        "ann": (4, 2, 1),
        "ben": (2, 2, 0),
    }
    assert people["ben"].watched_share == 0.5


def test_nothing_is_no_division_by_zero() -> None:
    nothing = count_moments([])
    assert (nothing.moments, nothing.watched_share, nothing.per_minute) == (0, None, None)


ANN = CalibrationRow("a0", 420, 60, 12, 1, "2026-03-01")


def corrected_snapshot() -> ProjectSnapshot:
    """Two moments in one clip of an episode of 80 s, the first corrected by 420 ms, the second by nothing."""
    of = episode(1)
    made = clip(1, of, 0, 2)
    first = replace(moment("m1", made), raw_ms=5_420, corrected_ms=5_000)
    second = replace(moment("m2", made, 6_000, "a1"), raw_ms=6_000)
    return snapshot(
        episodes=(of,), clips=(made,), moments=(first, second), moment_time="corrected", calibrations=(ANN,)
    )


def test_a_release_says_which_moment_made_its_clips_and_what_came_of_them() -> None:
    found = snapshot_moments(corrected_snapshot())
    counts = {"moments": 2, "corrected": 1, "clips": 1, "duplicates": 1, "too_long": 0, "per_minute": 0.75}
    assert found == {
        "time": "corrected",
        **counts,
        "episodes": {"Show / Episode 1": counts},
        "calibrations": [asdict(ANN)],
    }


def test_a_snapshot_keeps_both_times_and_reads_files_that_have_but_one() -> None:
    of = corrected_snapshot()
    assert snapshot_from_json(snapshot_to_json(of)) == of
    document = json.loads(snapshot_to_json(of))
    del document["moment_time"], document["calibrations"]
    for row in document["moments"]:
        del row["raw_ms"], row["corrected_ms"]
    old = snapshot_from_json(json.dumps(document).encode())
    assert (old.moment_time, old.calibrations, old.moments[0].raw_ms) == ("raw", (), None)
    del document["moments"][0]["time_ms"]
    with pytest.raises(FormatError, match="time_ms"):
        snapshot_from_json(json.dumps(document).encode())
