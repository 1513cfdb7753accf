"""Clips as releases read them: people, corrected lines, and what finished turns say, also after faces were merged."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exports.erato.clips import EratoClip, check_clip, decide, screen_times
from tests.webapp.factories import make_user
from tests.webapp.relationships.factories import (
    episode_with,
    erato_project,
    faces_of,
    project_with_clips,
    relate,
    relate_turn,
    say,
)
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project
from webapp.annotation.services import turns
from webapp.corpus.casting import merge_faces, split_face
from webapp.corpus.models import Episode, FaceTrack
from webapp.relationships import snapshot
from webapp.relationships.lines import ClipLine
from webapp.relationships.services import labelling
from webapp.relationships.services.clips import make_clips
from webapp.relationships.snapshot import labelled_clips
from webapp.relationships.steps import StepEvent

pytestmark = pytest.mark.django_db
SPANS = ((0, 20_000), (20_000, 40_000), (40_000, 60_000))


@pytest.fixture
def anna(db: None) -> User:
    return make_user("anna")


def discard(turn: Assignment, words: str = "") -> None:
    say(turn, StepEvent("discard", reason="cut_off", words=words))
    labelling.finish_relating(assignment=turn)


def the_clip(project: Project) -> EratoClip:
    (clip,) = labelled_clips(project)
    check_clip(clip)
    return clip


def three_people() -> tuple[Project, Episode]:
    """Anna 0-8 s, Ben 8-14 s, and Ann, who is Anna turned away, 14-20 s."""
    episode = episode_with({"Anna": [(0, 8_000)], "Ben": [(8_000, 14_000)], "Ann": [(14_000, 20_000)]})
    project = erato_project(episodes=[episode], annotators=[make_user("anna")])
    make_clips(project=project, episode=episode, spans=[(0, 20_000)])
    return project, episode


def test_a_labelled_clip_is_what_its_people_lines_and_answers_say(anna: User) -> None:
    project, _ = project_with_clips((2_000, 18_000), annotators=[anna])
    turn = relate_turn(project, anna)
    new = ClipLine(str(uuid4()), 3_000, 4_000, "And more.")
    labelling.revise_lines(
        assignment=turn,
        client_id=uuid4(),
        lines=[ClipLine("found:0", 0, 3_000, "Line nought."), new, ClipLine("found:4", 16_000, 20_000, "", True)],
    )
    relate(turn, "intimate")
    clip = the_clip(project)
    first, second = faces_of(project.episodes.get())
    assert (clip.start_ms, clip.end_ms, clip.shots, clip.restored, clip.discarded) == (2_000, 18_000, 1, False, "")
    assert [(line.start_ms, line.end_ms, line.text) for line in clip.lines] == [
        (0, 3_000, "Line nought."),
        (3_000, 4_000, "And more."),
        (4_000, 8_000, "Line 1."),
        (8_000, 12_000, "Line 2."),
        (12_000, 16_000, "Line 3."),
    ]
    assert screen_times(clip) == {first.pk: 8_000, second.pk: 8_000}
    assert [person.name for person in clip.people] == ["Anna", "Ben"]
    assert clip.people[0].faces == (first.face,)
    (answer,) = clip.answers
    assert (answer.annotator, answer.pair, answer.relationship) == ("anna", (first.pk, second.pk), "intimate")
    assert answer.day == timezone.localdate()


def test_only_finished_turns_count_and_of_those_the_last_word(anna: User) -> None:
    project, _ = project_with_clips(SPANS[0], annotators=[anna])
    turn = relate_turn(project, anna)
    first, second = faces_of(project.episodes.get())
    relationship = StepEvent("relationship", relationship="tense")
    say(turn, StepEvent("lines_done"), StepEvent("pair", (first.pk, second.pk)), relationship)
    assert the_clip(project).answers == ()
    labelling.finish_relating(assignment=turn)
    say(turn, StepEvent("back", back_to="relationship"), StepEvent("relationship", relationship="hostile"))
    say(turn, StepEvent("back", back_to="pair"))
    assert [one.relationship for one in the_clip(project).answers] == ["hostile"]


def test_what_was_said_before_a_lost_lease_counts_once_the_turn_is_finished(anna: User) -> None:
    project, _ = project_with_clips(SPANS[0], annotators=[anna])
    lost = relate_turn(project, anna)
    say(lost, StepEvent("lines_done"))
    turns.give_back(lost)
    turn = relate_turn(project, anna)
    first, second = faces_of(project.episodes.get())
    say(turn, StepEvent("pair", (first.pk, second.pk)), StepEvent("relationship", relationship="mild"))
    labelling.finish_relating(assignment=turn)
    assert [one.relationship for one in the_clip(project).answers] == ["mild"]


@pytest.mark.parametrize(
    ("discards", "answers", "discarded"), [(1, 0, True), (1, 1, True), (1, 2, False), (0, 1, False)]
)
def test_a_clip_is_discarded_unless_more_choose_a_relationship(discards: int, answers: int, discarded: bool) -> None:
    people = [make_user() for _ in range(discards + answers)]
    project, _ = project_with_clips(SPANS[0], annotators=people, k=len(people))
    for place, user in enumerate(people):
        turn = relate_turn(project, user)
        if place < discards:
            discard(turn, "Ends too soon.")
        else:
            relate(turn)
    clip = the_clip(project)
    assert clip.discarded == ("cut_off: Ends too soon." if discarded else "")
    assert len(clip.answers) == answers


def test_merged_faces_are_one_person_and_answers_follow_them() -> None:
    project, episode = three_people()
    anna, ben, ann = faces_of(episode)
    turn = relate_turn(project, User.objects.get(username="anna"))
    say(turn, StepEvent("lines_done"), StepEvent("pair", (ben.pk, ann.pk)))
    say(turn, StepEvent("relationship", relationship="mild"))
    labelling.finish_relating(assignment=turn)
    merge_faces(into=anna, others=[ann], author=make_user(admin=True))
    clip = the_clip(project)
    assert screen_times(clip) == {anna.pk: 14_000, ben.pk: 6_000}
    assert [one.pair for one in clip.answers] == [(anna.pk, ben.pk)]


def test_a_pair_that_turned_out_to_be_one_person_is_no_answer() -> None:
    project, episode = three_people()
    anna, _, ann = faces_of(episode)
    turn = relate_turn(project, User.objects.get(username="anna"))
    say(turn, StepEvent("lines_done"), StepEvent("pair", (anna.pk, ann.pk)))
    say(turn, StepEvent("relationship", relationship="mild"))
    labelling.finish_relating(assignment=turn)
    merge_faces(into=anna, others=[ann], author=make_user(admin=True))
    assert decide(the_clip(project)).reason == "no_answer"


def test_a_face_that_was_split_off_after_the_answer_takes_it_along() -> None:
    project, episode = three_people()
    anna, ben, _ = faces_of(episode)
    relate(relate_turn(project, User.objects.get(username="anna")))
    FaceTrack.objects.create(
        job=anna.job, index=99, identity=anna, shot_index=0, start_ms=50_000, end_ms=52_000, boxes=[]
    )
    in_clip = FaceTrack.objects.get(identity=anna, start_ms=0)
    eva = split_face(face=anna, tracks=[in_clip.pk], author=make_user(admin=True))
    assert [one.pair for one in the_clip(project).answers] == [(ben.pk, eva.pk)]


def test_a_split_before_the_answer_leaves_it_alone() -> None:
    """Two tracks at once, taken for one person: split first, labelled then."""
    episode = episode_with({"Anna": [(0, 9_000), (1_000, 9_000)], "Ben": [(9_000, 14_000)]})
    project = erato_project(episodes=[episode], annotators=[make_user("anna")])
    anna, ben = faces_of(episode)
    make_clips(project=project, episode=episode, spans=[(0, 14_000)])
    eva = split_face(
        face=anna, tracks=[FaceTrack.objects.get(identity=anna, start_ms=1_000).pk], author=make_user(admin=True)
    )
    turn = relate_turn(project, User.objects.get(username="anna"))
    say(turn, StepEvent("lines_done"), StepEvent("pair", (anna.pk, ben.pk)))
    say(turn, StepEvent("relationship", relationship="mild"))
    labelling.finish_relating(assignment=turn)
    clip = the_clip(project)
    assert [one.pair for one in clip.answers] == [(anna.pk, ben.pk)]
    assert screen_times(clip) == {anna.pk: 9_000, eva.pk: 8_000, ben.pk: 5_000}


def test_a_face_that_was_split_off_answered_and_then_given_to_somebody_is_that_person() -> None:
    episode = episode_with({"Anna": [(0, 8_000)], "Ben": [(8_000, 14_000), (14_000, 20_000)]})
    project = erato_project(episodes=[episode], annotators=[make_user("anna")])
    anna, ben = faces_of(episode)
    admin = make_user(admin=True)
    part = split_face(face=ben, tracks=[FaceTrack.objects.get(start_ms=14_000).pk], author=admin)
    make_clips(project=project, episode=episode, spans=[(0, 20_000)])
    turn = relate_turn(project, User.objects.get(username="anna"))
    say(turn, StepEvent("lines_done"), StepEvent("pair", (ben.pk, part.pk)))
    say(turn, StepEvent("relationship", relationship="mild"))
    labelling.finish_relating(assignment=turn)
    merge_faces(into=anna, others=[part], author=admin)
    clip = the_clip(project)
    assert screen_times(clip) == {anna.pk: 14_000, ben.pk: 6_000}
    assert [one.pair for one in clip.answers] == [(anna.pk, ben.pk)]


def test_clips_without_facts_of_speech_or_answers_are_read_too(anna: User) -> None:
    project, (clip,) = project_with_clips((0, 4_000))
    clip.episode.jobs.filter(name="subtitles").update(is_current=False)
    found = the_clip(project)
    assert (found.lines, found.answers) == ((), ())


def test_names_differ_and_are_plain(anna: User) -> None:
    episode = episode_with({"A": [(0, 60_000)], "B": [(0, 60_000)]})
    type(episode).objects.filter(pk=episode.pk).update(title="第一集")
    type(episode.series).objects.filter(pk=episode.series_id).update(name="剧")
    project = erato_project(episodes=[episode])
    make_clips(project=project, episode=episode, spans=[(0, 10_000), (0, 20_000), (5_000, 20_000)])
    assert [clip.name for clip in labelled_clips(project)] == ["clip_00000000", "clip_00000000-2", "clip_00005000"]


def test_a_chunk_takes_as_many_queries_whatever_is_in_it(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    project, _ = project_with_clips(*SPANS, annotators=[anna])
    with CaptureQueriesContext(connection) as bare:
        assert len(list(labelled_clips(project))) == 3
    for _ in SPANS:
        relate(relate_turn(project, anna))
    with CaptureQueriesContext(connection) as full:
        assert [len(clip.answers) for clip in labelled_clips(project)] == [1, 1, 1]
    assert len(full) == len(bare) <= 12
    monkeypatch.setattr(snapshot, "CHUNK", 2)
    assert [clip.start_ms for clip in labelled_clips(project)] == [0, 20_000, 40_000], "over more than one chunk"
