"""A face is followed while it can be the same, and two faces never share a track at one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from workers.analysers.faces.boxes import iou
from workers.analysers.faces.detector import Detection
from workers.analysers.faces.options import Options
from workers.analysers.faces.scene import Scene, Still
from workers.analysers.faces.tracker import ShotTracker, Sight, closeness
from workers.analysers.facts import Box
from workers.analysers.frames import Edges

OPTIONS = Options(
    look_every_ms=250, search_every_ms=1000, sure_score=0.9, longest_gap_ms=750, unconfirmed_ms=2000, still_share=0
)
RESTING = replace(OPTIONS, still_share=0.1)


def face(x: float, y: float = 100, side: float = 100, score: float = 0.99) -> Detection:
    return Detection((x, y, side, side), score, np.zeros((5, 2), dtype=np.float32))


class Known:
    """Stands for the detector's last network: `at[time]` are the faces of the picture of that time.

    A picture is its time, in four bytes. A face is found from a place that overlaps it by a third.
    """

    def __init__(self, at: dict[int, list[Detection]]) -> None:
        self.at = at
        self.asked: list[int] = []

    def picture(self, time_ms: int) -> Still:
        return Still(np.frombuffer(np.int32(time_ms).tobytes(), dtype=np.uint8).reshape(1, 4))

    def follow(self, scene: Scene, boxes: Sequence[Box]) -> list[Detection | None]:
        assert isinstance(scene, Still)
        time_ms = int(np.frombuffer(scene.pixels.tobytes(), dtype=np.int32)[0])
        self.asked += [time_ms] if boxes else []
        best = [max(self.at[time_ms], key=lambda face: iou(face.box, box), default=None) for box in boxes]
        return [
            face if face is not None and iou(face.box, box) > 0.33 else None
            for face, box in zip(best, boxes, strict=True)
        ]


def search_all(*looks: list[Detection]) -> list[list[tuple[int, Box]]]:
    """Search at every look, where only the search finds faces; return the tracks."""
    scene = Known({number * 250: [] for number in range(len(looks))})
    tracker = ShotTracker(OPTIONS, scene)
    for number, faces in enumerate(looks):
        tracker.search(number * 250, scene.picture(number * 250), faces)
    return [
        [(time, seen.box) for time, seen in zip(track.times_ms, track.faces, strict=True)] for track in tracker.tracks
    ]


def watch(
    looks: Sequence[list[Detection]], searched: set[int], options: Options = OPTIONS
) -> tuple[ShotTracker, list[Sight]]:
    """Search at the looks whose numbers are given, follow at the others."""
    scene = Known({number * 250: faces for number, faces in enumerate(looks)})
    tracker = ShotTracker(options, scene)
    seen: list[Sight] = []
    for number, faces in enumerate(looks):
        picture = scene.picture(number * 250)
        seen += (
            tracker.search(number * 250, picture, faces)
            if number in searched
            else tracker.follow(number * 250, picture)
        )
    return tracker, seen


def test_between_searches_a_face_is_followed_where_it_goes() -> None:
    tracker, seen = watch([[face(10 * n)] for n in range(6)], searched={0})
    (track,) = tracker.tracks
    assert [box.box[0] for box in track.faces] == [0, 10, 20, 30, 40, 50]
    assert [sight.time_ms for sight in seen] == track.times_ms == [0, 250, 500, 750, 1000, 1250]
    assert not tracker.lost


def test_a_face_that_a_search_finds_is_followed_back_to_where_it_came_from() -> None:
    looks = [[], [], [face(80)], [face(90)], [face(100)]]
    tracker, seen = watch(looks, searched={0, 4})
    (track,) = tracker.tracks
    assert track.times_ms == [500, 750, 1000]
    assert [box.box[0] for box in track.faces] == [80, 90, 100]
    assert sorted(sight.time_ms for sight in seen) == [500, 750, 1000]
    pictures = [(sight.picture.part(Edges(0, 0, 4, 1)).tobytes(), sight.time_ms) for sight in seen]
    assert pictures == [(Known({}).picture(time).pixels.tobytes(), time) for _, time in pictures]


def test_a_face_is_not_followed_back_into_another_track() -> None:
    both = [[face(100)], [face(100)], [face(100), face(145)], [face(100), face(145)]]
    tracker, _ = watch(both, searched={0, 3})
    first, second = tracker.tracks
    assert first.times_ms == [0, 250, 500, 750]
    assert second.times_ms == [500, 750]
    assert len(watch([[face(100)], [face(100)]], searched={0, 1})[0].tracks) == 1


def test_a_lost_face_is_said_and_its_track_goes_on_where_it_comes_back() -> None:
    tracker, _ = watch([[face(0)], []], searched={0})
    assert tracker.lost
    tracker, _ = watch([[face(0)], [], [face(4)]], searched={0})
    assert [track.times_ms for track in tracker.tracks] == [[0, 500]]
    assert not tracker.lost


def test_a_still_face_is_looked_at_every_second_time() -> None:
    scene = Known({number * 250: [face(0)] for number in range(8)})
    tracker = ShotTracker(RESTING, scene)
    tracker.search(0, scene.picture(0), [face(0)])
    for time_ms in (250, 500, 750):
        tracker.follow(time_ms, scene.picture(time_ms))
        assert not tracker.lost
    tracker.search(1000, scene.picture(1000), [face(0)])
    for time_ms in (1250, 1500, 1750):
        tracker.follow(time_ms, scene.picture(time_ms))
    # After a search it was seen at two looks running; its first two looks are not enough to tell.
    assert tracker.tracks[0].times_ms == [0, 250, 750, 1000, 1500]
    assert scene.asked == [250, 750, 1500]


def test_a_face_that_moves_or_is_doubtful_is_looked_at_every_time() -> None:
    moves = [[face(10 * n)] for n in range(4)]
    grows = [[face(0, side=100 + 15 * n)] for n in range(4)]
    unsure = [[face(0, score=0.94)]] * 4
    for looks in (moves, grows, unsure):
        assert watch(looks, {0}, RESTING)[0].tracks[0].times_ms == [0, 250, 500, 750]


def test_a_face_that_went_while_it_was_left_out_is_looked_for_there() -> None:
    tracker, seen = watch([[face(0)], [face(0)], [face(3)], []], {0}, RESTING)
    assert tracker.tracks[0].times_ms == [0, 250, 500]
    assert [sight.time_ms for sight in seen] == [0, 250, 500]
    assert seen[-1].picture.part(Edges(0, 0, 4, 1)).tobytes() == Known({}).picture(500).pixels.tobytes()
    assert tracker.lost
    tracker, _ = watch([[face(0)], [face(0)], [], []], {0}, RESTING)
    assert tracker.tracks[0].times_ms == [0, 250]
    tracker, _ = watch([[face(0)], [face(0)], [face(0)], []], {0, 3}, RESTING)
    assert tracker.tracks[0].times_ms == [0, 250, 500]


def test_a_look_that_was_left_out_is_forgotten_when_the_face_is_seen_again() -> None:
    scene = Known({0: [face(0)], 250: [face(0)], 500: [face(0)], 750: [face(30)], 1000: []})
    tracker = ShotTracker(RESTING, scene)
    tracker.search(0, scene.picture(0), [face(0)])
    for time_ms in (250, 500, 750, 1000):
        tracker.follow(time_ms, scene.picture(time_ms))
    assert tracker.tracks[0].times_ms == [0, 250, 750]
    assert scene.asked == [250, 750, 1000]


def test_a_face_that_is_left_out_when_the_shot_ends_is_looked_at() -> None:
    tracker, _ = watch([[face(0)], [face(0)], [face(0)]], {0}, RESTING)
    assert tracker.tracks[0].times_ms == [0, 250]
    assert [sight.time_ms for sight in tracker.end()] == [500]
    assert tracker.tracks[0].times_ms == [0, 250, 500]
    assert tracker.end() == []


def test_a_face_that_is_followed_no_more_holds_no_picture() -> None:
    # At 2000 it is left out; from then on nothing confirms it, so that it is not looked for again.
    tracker, _ = watch([[face(0)]] * 10 + [[]] * 4, {0}, RESTING)
    (track,) = tracker.tracks
    assert track.times_ms[-1] == 1750
    assert track.left_out is None
    assert tracker.end() == []


def test_a_face_that_is_left_out_is_nobody_elses() -> None:
    # The second face goes where the first one rests; behind it nothing is left.
    looks = [[face(0), face(120)], [face(0), face(75)], [face(0)], [face(0)]]
    tracker, _ = watch(looks, {0}, RESTING)
    assert [track.times_ms for track in tracker.tracks] == [[0, 250, 750], [0, 250]]
    # It went too, and the second one had its last place: looking back gives one face to one track.
    looks = [[face(0), face(130)], [face(0), face(90)], [face(50)], []]
    tracker, _ = watch(looks, {0}, RESTING)
    assert [track.times_ms for track in tracker.tracks] == [[0, 250], [0, 250, 500]]
    # A new face came from beside it: followed back, it ends where the first one was not looked at.
    looks = [[face(0)], [face(0)], [face(0)], [face(0), face(45)]]
    tracker, _ = watch(looks, {0, 3}, RESTING)
    assert [track.times_ms for track in tracker.tracks] == [[0, 250, 750], [750]]


def test_what_no_search_confirms_is_not_followed_for_ever() -> None:
    looks = [[face(0)]] * 14
    tracker, _ = watch(looks, searched={0})
    assert tracker.tracks[0].times_ms[-1] == 2000
    tracker, _ = watch(looks, searched={0, 7})
    assert tracker.tracks[0].times_ms[-1] == 3250


def test_two_tracks_that_come_to_one_face_do_not_share_it() -> None:
    looks = [[face(0), face(120)], [face(60)], [face(60)], [face(60)]]
    tracker, _ = watch(looks, searched={0})
    at_end = [track for track in tracker.tracks if track.times_ms[-1] == 750]
    assert len(at_end) <= 1


def test_two_people_keep_their_own_tracks() -> None:
    tracks = search_all([face(0), face(400)], [face(405), face(10)], [face(20), face(410)])
    assert [[box[0] for _, box in track] for track in tracks] == [[0, 10, 20], [400, 405, 410]]


def test_people_who_walk_past_each_other_keep_their_tracks() -> None:
    left_to_right = [0, 60, 120, 180, 240, 300]
    looks = [[face(x), face(300 - x, y=160)] for x in left_to_right]
    tracks = search_all(*looks)
    assert [[box[0] for _, box in track] for track in tracks] == [left_to_right, left_to_right[::-1]]


def test_a_face_that_moves_fast_and_steadily_is_followed_without_overlap() -> None:
    assert len(search_all(*[[face(x)] for x in (0, 50, 130, 230, 340)])) == 1


def test_a_short_gap_is_bridged_and_a_long_one_is_not() -> None:
    assert len(search_all([face(0)], [], [], [face(0)])) == 1
    assert len(search_all([face(0)], [], [], [], [face(0)])) == 2


def test_an_unsure_face_continues_a_track_but_starts_none() -> None:
    assert [len(track) for track in search_all([face(0)], [face(5, score=0.75)], [face(9)])] == [3]
    assert search_all([face(0, score=0.75)]) == []


def test_a_face_elsewhere_or_of_another_size_starts_a_track() -> None:
    assert len(search_all([face(0)], [face(500)])) == 2
    assert len(search_all([face(100, side=100)], [face(120, y=130, side=25)])) == 2


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
    ),
    every=st.integers(2, 4),
)
@example(looks=[[], [face(0, 264, 10, 1.0)], [face(0, 269, 10, 1.0), face(0, 263, 10, 1.0)]], every=2)
def test_every_sure_face_of_a_search_is_in_a_track_and_no_face_in_two(looks: list[list[Detection]], every: int) -> None:
    tracker, _ = watch(looks, searched=set(range(0, len(looks), every)), options=RESTING)
    tracker.end()
    for number, faces in enumerate(looks):
        placed = [
            seen
            for track in tracker.tracks
            for time_ms, seen in zip(track.times_ms, track.faces, strict=True)
            if time_ms == number * 250
        ]
        assert len({id(seen) for seen in placed}) == len(placed)
        if number % every == 0:
            for found in faces:
                assert found.score < OPTIONS.sure_score or any(iou(found.box, seen.box) >= 0.5 for seen in placed)
    for track in tracker.tracks:
        assert track.times_ms == sorted(set(track.times_ms))
