"""Who is who: near pictures are linked, people in one picture never, poor tracks only where it is clear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.faces.identities import Candidate, group
from workers.analysers.faces.options import Options

OPTIONS = Options(shortest_identity_ms=1000)
ANNA, BERT, CARL = (np.eye(3, dtype=np.float32)[number] for number in range(3))  # 1.41 apart


def seen(
    who: np.ndarray, looks: Sequence[int], shot: int, *, sure: bool = True, off: float = 0.0, seen_ms: int = 2000
) -> Candidate:
    """Return a track of somebody; `off` moves its picture away from the person towards nobody else."""
    picture = np.append(who, off).astype(np.float32)
    return Candidate(shot, frozenset(looks), picture[None, :], sure, seen_ms)


def people(*tracks: Candidate, options: Options = OPTIONS) -> list[int | None]:
    return group(tracks, link_distance=0.6, join_distance=0.5, options=options)


def test_tracks_of_one_person_in_several_shots_are_linked() -> None:
    tracks = [seen(ANNA, [0], 0), seen(BERT, [1], 1, seen_ms=9000), seen(ANNA, [2], 2, off=0.2), seen(BERT, [3], 3)]
    assert people(*tracks) == [1, 0, 1, 0]  # Bert was seen longer


def test_two_faces_at_one_look_are_two_people_however_alike() -> None:
    assert len(set(people(seen(ANNA, [0, 250], 0), seen(ANNA, [250, 500], 0)))) == 2


def test_twins_in_one_shot_keep_apart_what_resembles_both() -> None:
    tracks = [seen(ANNA, [0], 0), seen(ANNA, [0], 0, off=0.1), seen(ANNA, [9], 1), seen(ANNA, [9], 1, off=0.1)]
    found = people(*tracks)
    assert found[0] != found[1]
    assert found[2] != found[3]


def test_one_track_after_the_other_in_one_shot_may_be_one_person() -> None:
    assert people(seen(ANNA, [0, 250], 0), seen(ANNA, [2000], 0)) == [0, 0]


def test_a_poor_track_joins_whom_it_clearly_resembles() -> None:
    tracks = [seen(ANNA, [0], 0), seen(BERT, [1], 1), seen(ANNA, [2], 2, sure=False, off=0.3)]
    assert people(*tracks)[2] == people(*tracks)[0]


def test_a_poor_track_between_two_people_or_far_from_both_joins_nobody() -> None:
    between = seen((ANNA * 0.75 + BERT * 0.25).astype(np.float32), [2], 2, sure=False)
    middle = seen(((ANNA + BERT) / 2).astype(np.float32), [2], 2, sure=False)
    base = [seen(ANNA, [0], 0), seen(BERT, [1], 1)]
    assert people(*base, between)[2] == people(*base)[0]  # 0.35 from Anna, 1.06 from Bert
    assert people(*base, middle)[2] is None
    assert people(*base, seen(CARL, [2], 2, sure=False))[2] is None


def test_a_poor_track_near_two_similar_people_joins_neither() -> None:
    sister = (ANNA * 0.5 + BERT * 0.5).astype(np.float32)  # 0.71 from Anna: another person
    halfway = seen(((ANNA + sister) / 2).astype(np.float32), [2], 2, sure=False)  # 0.35 from both
    found = people(seen(ANNA, [0], 0), seen(sister, [1], 1), halfway)
    assert sorted(found[:2]) == [0, 1]
    assert found[2] is None


def test_a_poor_track_does_not_join_somebody_who_is_in_the_picture() -> None:
    assert people(seen(ANNA, [0], 0), seen(ANNA, [0], 0, sure=False)) == [0, None]


def test_a_track_without_pictures_is_nobody() -> None:
    tiny = Candidate(1, frozenset([5]), np.zeros((0, 4), dtype=np.float32), False, 9000)
    assert people(seen(ANNA, [0], 0), tiny) == [0, None]


def test_somebody_seen_for_a_moment_is_nobody() -> None:
    assert people(seen(ANNA, [0], 0), seen(BERT, [1], 1, seen_ms=300)) == [0, None]


def test_no_tracks_and_poor_tracks_alone_are_no_people() -> None:
    assert people() == []
    assert people(seen(ANNA, [0], 0, sure=False)) == [None]


def test_tracks_beyond_the_limit_of_clustering_still_join() -> None:
    tracks = [seen(ANNA, [number], number, seen_ms=5000 - number) for number in range(6)]
    assert people(*tracks, options=Options(largest_clustering=2)) == [0] * 6


@given(
    data=st.lists(
        st.tuples(st.integers(0, 2), st.sets(st.integers(0, 4), min_size=1), st.floats(0, 1), st.booleans()),
        max_size=12,
    )
)
def test_people_who_share_a_look_are_never_one(data: list[tuple[int, set[int], float, bool]]) -> None:
    who = [ANNA, BERT, CARL]
    tracks = [seen(who[n], sorted(looks), 0, sure=sure, off=off) for n, looks, off, sure in data]
    found = people(*tracks)
    for first in range(len(tracks)):
        for second in range(first + 1, len(tracks)):
            if found[first] is not None and found[first] == found[second]:
                assert not tracks[first].look_times_ms & tracks[second].look_times_ms
    screen_time = [sum(t.seen_ms for t, p in zip(tracks, found, strict=True) if p == n) for n in range(12)]
    assert screen_time == sorted(screen_time, reverse=True)
