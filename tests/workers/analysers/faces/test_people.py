"""Tracks are parted at soft cuts, each part with what was seen in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.faces.gallery import Portrait
from workers.analysers.faces.options import Options
from workers.analysers.faces.people import ClosedTrack, face_facts, parted
from workers.analysers.faces.pictures import Judgement
from workers.analysers.facts import Expression, FaceBox
from workers.analysers.spill import Spill

OPTIONS = Options(look_every_ms=100, shortest_identity_ms=100)


class Known:
    """An embedder that is asked nothing."""

    name = "known-2"
    link_distance = 0.5
    join_distance = 0.5

    def embed(self, chips) -> np.ndarray:
        return np.zeros((len(chips), 2), dtype=np.float32)


SPILL = Spill()


def box(time_ms: int, score: float = 1.0) -> FaceBox:
    return FaceBox(time_ms, (10.0, 10.0, 100.0, 120.0), score)


def portrait(time_ms: int, who: tuple[float, float] = (1, 0), score: float = 1.0) -> Portrait:
    judged = Judgement(box(time_ms, score), side=100.0, sharpness=50.0, frontality=1.0)
    return Portrait(judged, np.array(who, dtype=np.float32), SPILL.put(f"jpeg {time_ms}".encode()))


def track(start_ms: int, end_ms: int, *portraits: Portrait, score: float = 1.0) -> ClosedTrack:
    times = range(start_ms, end_ms, 100)
    looks = tuple(Expression(time_ms, (1.0,), 1.0) for time_ms in times)
    return ClosedTrack(end_ms, tuple(box(time_ms, score) for time_ms in times), portraits, looks)


def test_a_track_over_a_soft_cut_becomes_two() -> None:
    whole = track(0, 1000, portrait(100), portrait(800))
    first, second = parted(whole, [450], OPTIONS)
    assert (first.start_ms, first.end_ms, second.start_ms, second.end_ms) == (0, 450, 500, 1000)
    assert [p.judgement.face.time_ms for p in first.portraits] == [100]
    assert [p.judgement.face.time_ms for p in second.portraits] == [800]
    assert [look.time_ms for look in second.expressions] == [500, 600, 700, 800, 900]
    (same,) = parted(whole, [0, 1000, 2000], OPTIONS)
    assert (same.boxes, same.end_ms) == (whole.boxes, 1000)


def test_a_part_lasts_to_the_cut_if_only_one_look_before_that_was_left_out() -> None:
    whole = track(0, 1000)
    for missing, end_ms in ((0, 490), (1, 490), (2, 400)):
        boxes = whole.boxes[: 5 - missing] + whole.boxes[5:]
        first, _ = parted(replace(whole, boxes=boxes), [490], OPTIONS)
        assert first.end_ms == end_ms


@given(cuts=st.lists(st.integers(-100, 1200), max_size=6))
def test_no_look_is_lost_or_doubled_by_parting(cuts: list[int]) -> None:
    whole = track(0, 1000, portrait(100), portrait(800))
    parts = parted(whole, sorted(cuts), OPTIONS)
    assert tuple(face for part in parts for face in part.boxes) == whole.boxes
    assert tuple(look for part in parts for look in part.expressions) == whole.expressions
    for part in parts:
        assert part.start_ms <= part.boxes[-1].time_ms < part.end_ms <= whole.end_ms
        assert not any(part.start_ms < cut < part.end_ms for cut in cuts)


def test_shots_are_counted_with_the_soft_cuts() -> None:
    facts = face_facts(
        [track(0, 1000, portrait(0)), track(2000, 2500, portrait(2000))], [0, 2000], [600], Known(), "", OPTIONS
    )
    assert [face.shot_index for face in facts.tracks] == [0, 1, 2]
    assert [face.index for face in facts.tracks] == [0, 1, 2]


def test_an_identity_shows_its_best_faces_of_different_tracks_first() -> None:
    tracks = [track(0, 500, portrait(0), portrait(100)), track(600, 900, portrait(700, score=0.99))]
    facts = face_facts(tracks, [0, 600], [], Known(), "net-1", OPTIONS)
    (identity,) = facts.identities
    assert identity.pictures == (b"jpeg 0", b"jpeg 100", b"jpeg 700")
    two = face_facts(tracks, [0, 600], [], Known(), "net-1", Options(shortest_identity_ms=100, best_faces=2))
    assert two.identities[0].pictures == (b"jpeg 0", b"jpeg 700")
    assert facts.expressions.model == "net-1"


def test_one_sure_picture_of_an_unsure_track_makes_nobody() -> None:
    facts = face_facts([track(0, 1000, portrait(0), score=0.9)], [0], [], Known(), "", OPTIONS)
    assert facts.identities == ()
    assert facts.tracks[0].identity is None


def test_embeddings_over_time_are_in_order_of_time() -> None:
    tracks = [track(0, 900, portrait(800)), track(0, 500, portrait(300, (0, 1)))]
    looks = face_facts(tracks, [0], [], Known(), "", OPTIONS).looks
    assert looks is not None
    assert looks.time_ms.tolist() == [300, 800]
    assert looks.embedding.tolist() == [[0, 1], [1, 0]]
