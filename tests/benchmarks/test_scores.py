"""The accuracy benchmark's measures: answers worked by hand."""

from __future__ import annotations

import pytest

from benchmarks.scores import Text, face_recall, overlap, score_people, score_spans, score_text, score_times
from workers.analysers.facts import Box, FaceBox, FaceFacts, FaceTrack, Identity


def track(index: int, identity: int | None, start_ms: int, end_ms: int, box: Box, last: Box | None = None) -> FaceTrack:
    boxes = (FaceBox(start_ms, box, 1.0), FaceBox(end_ms, last or box, 1.0))
    return FaceTrack(index, 0, start_ms, end_ms, boxes, identity)


def facts(*tracks: FaceTrack) -> FaceFacts:
    numbers = {found.identity for found in tracks} - {None}
    identities = tuple(Identity(number or 0, 0, (), (), ()) for number in numbers)
    return FaceFacts(tracks=tracks, identities=identities, embedder="none")


def test_each_true_time_is_found_once_and_the_rest_is_invented() -> None:
    score = score_times([100, 101, 500, 902], [100, 900, 1300], tolerance_ms=2, neither=[500])
    assert (score.found, score.missed, score.invented) == (2, (1300,), (101,))
    assert score.recall == pytest.approx(2 / 3)


def test_a_soft_cut_is_right_inside_its_span_or_a_little_beside_it() -> None:
    score = score_spans([950, 3000], [(1000, 1400), (2000, 2400)], tolerance_ms=100)
    assert (score.found, score.missed, score.invented) == (1, (2000,), (3000,))


def test_boxes_overlap_by_their_intersection_over_their_union() -> None:
    assert overlap((0, 0, 10, 10), (5, 0, 10, 10)) == pytest.approx(50 / 150)
    assert overlap((0, 0, 10, 10), (10, 0, 10, 10)) == 0


def test_a_face_between_two_looks_is_where_it_moves_to() -> None:
    tracks = [track(0, 0, 0, 1000, (0, 0, 100, 100), last=(1000, 0, 100, 100))]
    reference: dict[int, list[Box]] = {500: [(500, 0, 100, 100), (505, 0, 100, 100)], 1000: [(1000, 0, 100, 100)]}
    score = face_recall(tracks, reference)
    assert (score.found, score.truth) == (1, 3)  # one track is one face; the track has ended at 1000


ANN: Box = (0, 0, 100, 100)
BOB: Box = (500, 0, 100, 100)


def test_purity_pairs_and_clusters_of_people() -> None:
    truth = {time: {"Ann": ANN, "Bob": BOB} for time in range(0, 1000, 100)}
    right = score_people(facts(track(0, 0, 0, 1000, ANN), track(1, 1, 0, 1000, BOB)), truth)
    assert (right.track_purity, right.pair_recall, right.pair_precision, right.clusters) == (1, 1, 1, 1)
    parted = score_people(
        facts(track(0, 0, 0, 500, ANN), track(1, 1, 500, 1000, ANN), track(2, 2, 0, 1000, BOB)), truth
    )
    assert parted.pair_recall == pytest.approx((25 + 25 + 100) / 200)
    assert (parted.pair_precision, parted.clusters) == (1, 1.5)
    mixed = score_people(facts(track(0, 0, 0, 1000, ANN), track(1, 0, 0, 1000, BOB)), truth)
    assert (mixed.pair_recall, mixed.pair_precision, mixed.clusters) == (1, 0.5, 0.5)


def test_a_track_that_jumps_to_another_person_is_not_pure() -> None:
    truth = {time: {"Ann": ANN} if time < 800 else {"Bob": ANN} for time in range(0, 1000, 100)}
    assert score_people(facts(track(0, 0, 0, 1000, ANN)), truth).track_purity == pytest.approx(0.8)


def test_a_track_without_identity_stands_alone() -> None:
    truth = {time: {"Ann": ANN} for time in range(0, 1000, 100)}
    score = score_people(facts(track(0, 0, 0, 500, ANN), track(1, None, 500, 1000, ANN)), truth)
    assert score.pair_recall == pytest.approx(50 / 100)
    assert score.clusters == 1


def test_mistakes_are_counted_by_letter_missed_lines_apart() -> None:
    truth = [Text("One two", 0, 1000, "a"), Text("it’s three…", 2000, 3000, "a"), Text("四 五六", 4000, 5000, "b")]
    found = [Text("One\ntwa", 40, 1000), Text("四五\n七", 4000, 5080), Text("ACTV", 2000, 2900)]
    readings, invented = score_text(found, truth)
    assert readings["a"].error_rate == pytest.approx(1 / 7)
    assert readings["a"].missed == ("it's three...",)
    assert readings["a"].errors_ms == (40, 0)
    assert (readings["b"].letters, readings["b"].mistakes) == (3, 1)
    assert readings["b"].errors_ms == (0, 80)
    assert invented == ("ACTV",)
