"""A face is followed while it can be the same, and two faces never share a track at one look."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.faces.detector import Detection
from workers.analysers.faces.options import Options
from workers.analysers.faces.tracker import ShotTracker, closeness, iou
from workers.analysers.facts import Box

OPTIONS = Options(look_every_ms=250, sure_score=0.9, longest_gap_ms=750)


def face(x: float, y: float = 100, side: float = 100, score: float = 0.99) -> Detection:
    return Detection((x, y, side, side), score, np.zeros((5, 2), dtype=np.float32))


def follow(*looks: list[Detection]) -> list[list[tuple[int, Box]]]:
    tracker = ShotTracker(OPTIONS)
    for number, faces in enumerate(looks):
        tracker.look(number * 250, faces)
    return [
        [(time, seen.box) for time, seen in zip(track.times_ms, track.faces, strict=True)] for track in tracker.tracks
    ]


def test_two_people_keep_their_own_tracks() -> None:
    tracks = follow([face(0), face(400)], [face(405), face(10)], [face(20), face(410)])
    assert [[box[0] for _, box in track] for track in tracks] == [[0, 10, 20], [400, 405, 410]]


def test_people_who_walk_past_each_other_keep_their_tracks() -> None:
    left_to_right = [0, 60, 120, 180, 240, 300]
    looks = [[face(x), face(300 - x, y=160)] for x in left_to_right]
    tracks = follow(*looks)
    assert [[box[0] for _, box in track] for track in tracks] == [left_to_right, left_to_right[::-1]]


def test_a_face_that_moves_fast_and_steadily_is_followed_without_overlap() -> None:
    assert len(follow(*[[face(x)] for x in (0, 50, 130, 230, 340)])) == 1


def test_a_short_gap_is_bridged_and_a_long_one_is_not() -> None:
    assert len(follow([face(0)], [], [], [face(0)])) == 1
    assert len(follow([face(0)], [], [], [], [face(0)])) == 2


def test_an_unsure_face_continues_a_track_but_starts_none() -> None:
    assert [len(track) for track in follow([face(0)], [face(5, score=0.75)], [face(9)])] == [3]
    assert follow([face(0, score=0.75)]) == []


def test_a_face_elsewhere_or_of_another_size_starts_a_track() -> None:
    assert len(follow([face(0)], [face(500)])) == 2
    assert len(follow([face(100, side=100)], [face(120, y=130, side=25)])) == 2


def test_overlap_by_hand() -> None:
    assert iou((0, 0, 10, 10), (5, 0, 10, 10)) == 50 / 150
    assert iou((0, 0, 10, 10), (10, 0, 10, 10)) == 0
    assert closeness((0, 0, 10, 10), (0, 0, 10, 10)) == 2


@given(
    looks=st.lists(
        st.lists(
            st.builds(face, st.floats(0, 900), st.floats(0, 500), st.floats(10, 200), st.floats(0.7, 1.0)), max_size=4
        ),
        max_size=8,
    )
)
def test_every_sure_face_is_in_one_track_and_no_track_has_two_at_a_look(looks: list[list[Detection]]) -> None:
    tracker = ShotTracker(OPTIONS)
    for number, faces in enumerate(looks):
        tracker.look(number * 250, faces)
    placed = [id(seen) for track in tracker.tracks for seen in track.faces]
    assert len(placed) == len(set(placed))
    sure = {id(seen) for faces in looks for seen in faces if seen.score >= OPTIONS.sure_score}
    assert sure <= set(placed)
    for track in tracker.tracks:
        assert track.times_ms == sorted(set(track.times_ms))
