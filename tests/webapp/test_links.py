"""What a person said of faces outlives a newer analysis of them, or is reported as lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.webapp.factories import make_episode, make_job, make_user
from webapp.accounts.models import User
from webapp.corpus.casting import link_faces, merge_faces, split_face
from webapp.corpus.links import Box, Face, Track, carry, iou
from webapp.corpus.models import Episode, FaceTrack, Identity
from webapp.corpus.services import carry_links
from webapp.jobs.models import Job

LEFT: Box = (0.1, 0.2, 0.2, 0.3)
RIGHT: Box = (0.6, 0.2, 0.2, 0.3)
ROSS, RACHEL = 7, 8


def seen(start_ms: int, end_ms: int, box: Box = LEFT) -> Track:
    return Track((start_ms,), (box,), end_ms)


def face(pk: int, *tracks: Track, said: int | None = None) -> Face:
    return Face(pk, tracks, said)


def test_the_same_face_keeps_its_name_under_a_new_number() -> None:
    old = [face(1, seen(0, 4000), said=ROSS), face(2, seen(0, 4000, RIGHT), said=RACHEL)]
    new = [face(11, seen(100, 4100, RIGHT)), face(12, seen(0, 3900))]
    carried = carry(old, new)
    assert carried.links == {11: RACHEL, 12: ROSS}
    assert carried.lost == ()


def test_a_face_that_fell_apart_gives_its_name_to_all_parts() -> None:
    carried = carry([face(1, seen(0, 10_000), said=ROSS)], [face(11, seen(0, 6000)), face(12, seen(6000, 10_000))])
    assert carried.links == {11: ROSS, 12: ROSS}


def test_a_face_that_is_found_more_often_now_keeps_its_name() -> None:
    carried = carry([face(1, seen(0, 2000), said=ROSS)], [face(11, seen(0, 2000), seen(10_000, 60_000))])
    assert carried.links == {11: ROSS}


def test_a_face_that_holds_two_people_now_is_nobodys_and_both_are_reported() -> None:
    old = [face(1, seen(0, 5000), said=ROSS), face(2, seen(5000, 10_000), said=RACHEL)]
    carried = carry(old, [face(11, seen(0, 10_000))])
    assert carried.links == {}
    assert carried.lost == (1, 2)


def test_a_face_that_holds_tracks_of_two_people_is_parted_between_them() -> None:
    old = [
        face(1, seen(0, 5000), said=ROSS),
        face(2, seen(5000, 9000), said=-2),
        face(3, seen(20_000, 21_000), said=ROSS),
    ]
    carried = carry(old, [face(11, seen(0, 5000), seen(5000, 9000), seen(12_000, 13_000), seen(20_000, 21_000))])
    assert carried.links == {}
    assert carried.parts == {11: {ROSS: (0, 3), -2: (1,)}}
    assert carried.lost == ()


def test_who_is_seen_elsewhere_or_at_another_time_is_somebody_else() -> None:
    old = [face(1, seen(0, 5000), said=ROSS)]
    assert carry(old, [face(11, seen(0, 5000, RIGHT)), face(12, seen(5000, 10_000))]).links == {}
    assert carry(old, []).lost == (1,)


def test_that_a_face_is_nobodys_is_a_word_too() -> None:
    carried = carry([face(1, seen(0, 5000), said=None)], [face(11, seen(0, 5000))])
    assert carried.links == {11: None}


def test_a_few_frames_in_common_are_no_evidence() -> None:
    old = [face(1, seen(0, 20_000), said=ROSS)]
    carried = carry(old, [face(11, seen(19_600, 60_000))])
    assert carried.links == {}
    assert carried.lost == (1,)


def test_a_face_is_where_it_moved_to_between_two_boxes() -> None:
    moving = Track((0, 1000), (LEFT, RIGHT), 1200)
    assert moving.at(500) == pytest.approx((0.35, 0.2, 0.2, 0.3))
    assert moving.at(1100) == RIGHT
    assert moving.at(1200) is None
    assert moving.at(-1) is None
    assert carry([face(1, moving, said=ROSS)], [face(11, seen(0, 1200))]).lost == (1,)


def test_boxes_overlap_as_worked_by_hand() -> None:
    assert iou((0, 0, 2, 2), (1, 1, 2, 2)) == pytest.approx(1 / 7)
    assert iou(LEFT, RIGHT) == 0.0
    assert iou(LEFT, LEFT) == pytest.approx(1.0)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20), st.booleans(), st.integers(1, 3)), max_size=5))
def test_an_analysis_that_finds_the_same_again_loses_nothing(rows: list[tuple[int, int, bool, int]]) -> None:
    """The same tracks under the same identities, none seen twice at one place and time: every word is carried."""
    old, start = [], 0
    for number, (gap, length, left, said) in enumerate(rows):
        start += gap * 200
        old.append(face(number, seen(start, start + length * 200, LEFT if left else RIGHT), said=said))
        start += length * 200
    carried = carry(old, [Face(100 + one.id, one.tracks) for one in old])
    assert carried.links == {100 + one.id: one.said for one in old}
    assert carried.lost == ()


def link(face: Identity, name: str) -> None:
    assert face.job.episode is not None
    character = face.job.episode.series.characters.get(name=name)
    link_faces(faces=[face], character=character, author=make_user())


def again(episode: Episode, *boxes: tuple[int, int, list[float]]) -> Job:
    """Another job that found faces: (start, end, box in pixels), each of a person of its own."""
    old = Job.objects.get(episode=episode, name="faces", is_current=True)
    job = make_job("faces", episode=episode, version="2", needs=list(old.needs.all()))
    for index, (start_ms, end_ms, box) in enumerate(boxes):
        identity = Identity.objects.create(job=job, index=index, screen_time_ms=end_ms - start_ms, embedder="test")
        FaceTrack.objects.create(
            job=job, index=index, start_ms=start_ms, end_ms=end_ms, identity=identity, shot_index=0,
            boxes=[[start_ms, *box, 0.9]],
        )  # fmt: skip
    return job


def make_current(job: Job) -> None:
    figures = carry_links(job)
    Job.objects.filter(episode=job.episode, name="faces", is_current=True).update(is_current=False)
    Job.objects.filter(pk=job.pk).update(status="done", is_current=True, figures=figures)


@pytest.fixture
def episode(db: None) -> Episode:
    """Two people on either side of the picture; of the first one a person has said who it is."""
    episode = make_episode()
    first, second = FaceTrack.objects.filter(job__episode=episode).order_by("index")
    FaceTrack.objects.filter(pk=second.pk).update(boxes=[[0, 900.0, 10.0, 50.0, 50.0, 0.9]])
    assert first.identity is not None
    link(first.identity, "Joanna")
    return episode


def test_a_confirmed_link_is_carried_and_a_suggested_one_is_left_to_casting(episode: Episode) -> None:
    job = again(episode, (0, 30_000, [905.0, 10.0, 50.0, 50.0]), (0, 30_000, [12.0, 10.0, 50.0, 50.0]))
    make_current(job)
    right, left = Identity.objects.filter(job=job).order_by("index")
    assert left.character is not None
    assert (left.character.name, left.linked_by) == ("Joanna", "confirmed")
    assert (right.character, right.linked_by) == (None, "")


def lost(client: APIClient, episode: Episode) -> list[tuple[str | None, int]]:
    answer = client.get(f"/api/episodes/{episode.pk}/").json()
    return [(one["character"], one["screen_time_ms"]) for one in answer["lost_links"]]


def test_a_link_that_is_lost_is_reported_until_somebody_settles_it(
    episode: Episode, as_user: Callable[[User], APIClient]
) -> None:
    admin = as_user(make_user(admin=True))
    assert lost(admin, episode) == []
    make_current(again(episode, (0, 30_000, [500.0, 400.0, 50.0, 50.0])))
    assert lost(admin, episode) == [("Joanna", 30_000)]
    third = again(episode, (0, 30_000, [500.0, 400.0, 50.0, 50.0]))
    make_current(third)
    assert lost(admin, episode) == [("Joanna", 30_000)], "nor does one more analysis hide it"
    link(Identity.objects.get(job=third), "Joanna")
    assert lost(admin, episode) == []


def tracks_of(face: Identity) -> list[tuple[int, int]]:
    return list(face.tracks.order_by("start_ms").values_list("start_ms", "end_ms"))


#: Away from everybody whom the episode's first analysis has seen.
BOX = [500.0, 400.0, 50.0, 50.0]


def found(episode: Episode, *faces: list[tuple[int, int]]) -> list[Identity]:
    """A newer analysis that found these faces, each with its tracks, all at the same place; it is current now."""
    job = again(episode)
    index = 0
    for number, spans in enumerate(faces):
        identity = Identity.objects.create(
            job=job, index=number, screen_time_ms=sum(end - start for start, end in spans), embedder="test"
        )
        for start_ms, end_ms in spans:
            FaceTrack.objects.create(
                job=job, index=index, start_ms=start_ms, end_ms=end_ms, identity=identity, shot_index=0,
                boxes=[[start_ms, *BOX, 0.9]],
            )  # fmt: skip
            index += 1
    make_current(job)
    return list(Identity.objects.filter(job=job).seen().order_by("index"))


def test_a_split_survives_a_newer_analysis(episode: Episode) -> None:
    (whole,) = found(episode, [(0, 2000), (3000, 6000), (7000, 8000)])
    second = whole.tracks.get(start_ms=3000)
    made = split_face(face=whole, tracks=[second.pk], author=make_user())
    link(made, "Joanna")
    left, right = found(episode, [(0, 2000), (3000, 6000), (7000, 8000)])
    assert (tracks_of(left), tracks_of(right)) == ([(0, 2000), (7000, 8000)], [(3000, 6000)])
    assert (left.linked_by, right.linked_by, right.screen_time_ms) == ("", "confirmed", 3000)
    assert right.character is not None
    assert right.character.name == "Joanna"
    third, fourth = found(episode, [(0, 2000), (7000, 8000)], [(3000, 6000)])
    assert (tracks_of(third), tracks_of(fourth)) == ([(0, 2000), (7000, 8000)], [(3000, 6000)])
    assert fourth.linked_by == "confirmed"


def test_a_merge_survives_a_newer_analysis_also_without_a_name(episode: Episode) -> None:
    one, other = found(episode, [(0, 2000)], [(3000, 4000)])
    merge_faces(into=one, others=[other], author=make_user())
    lost_before = lost_of(episode)
    (both,) = found(episode, [(0, 2000)], [(3000, 4000)])
    assert (tracks_of(both), both.screen_time_ms, both.linked_by) == ([(0, 2000), (3000, 4000)], 3000, "")
    assert lost_of(episode) == lost_before


def lost_of(episode: Episode) -> list[int]:
    return Job.objects.get(episode=episode, name="faces", is_current=True).figures["links_lost"]
