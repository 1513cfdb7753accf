"""Whose face is whose: suggested from who is seen while somebody speaks, and never over what a person said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.webapp.factories import make_episode, make_job, make_user
from webapp.corpus.casting import link_faces
from webapp.corpus.models import Identity
from webapp.jobs.models import Job
from workers.analysers.casting import overlap_ms, suggest_speakers
from workers.steps.context import StepContext
from workers.steps.summary import run_casting, store_casting


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([(0, 10)], [(5, 20)], 5),
        ([(0, 10)], [(10, 20)], 0),
        ([(0, 10), (5, 15)], [(0, 15)], 15),
        ([(0, 10), (20, 30)], [(5, 25)], 10),
        ([], [(0, 10)], 0),
        ([(20, 30), (0, 10)], [(0, 30)], 20),
    ],
    ids=["crossing", "touching", "overlapping itself", "a gap", "nothing", "unordered"],
)
def test_overlap_is_the_time_both_hold(first: list[Any], second: list[Any], expected: int) -> None:
    assert overlap_ms(first, second) == overlap_ms(second, first) == expected


def test_faces_go_to_who_speaks_while_they_are_seen() -> None:
    faces = {0: [(0, 4_000), (8_000, 12_000)], 1: [(4_000, 8_000)]}
    speakers = {"Rachel": [(500, 3_500), (8_500, 11_500)], "Joanna": [(4_500, 7_500)]}
    assert suggest_speakers(faces, speakers) == {0: "Rachel", 1: "Joanna"}


def test_a_face_that_is_always_in_the_picture_is_nobodys_for_that_alone() -> None:
    faces = {0: [(0, 20_000)]}
    speakers = {"Rachel": [(0, 5_000)], "Joanna": [(5_000, 10_000)]}
    assert suggest_speakers(faces, speakers) == {}


def test_a_glimpse_is_no_evidence() -> None:
    assert suggest_speakers({0: [(0, 400)]}, {"Rachel": [(0, 2_000)]}) == {}


def test_nobody_seen_or_nobody_speaking_suggests_nothing() -> None:
    assert suggest_speakers({}, {"Rachel": [(0, 1_000)]}) == {}
    assert suggest_speakers({0: [(0, 1_000)]}, {}) == {}


@pytest.mark.django_db
def test_what_a_person_confirmed_stays_when_faces_are_cast_again() -> None:
    episode = make_episode()
    needs = list(Job.objects.filter(episode=episode, name__in=("faces", "alignment")))
    context = StepContext(job=make_job("casting", episode=episode, needs=needs), episode=episode, options=None)
    first, second = Identity.objects.filter(job__episode=episode).order_by("index")
    wanted = second.character
    link_faces(faces=[first], character=wanted, author=make_user())
    store_casting(context, {0: "Rachel"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.character, first.linked_by) == (wanted, "confirmed")
    assert (second.character, second.linked_by) == (None, "")


@pytest.mark.django_db
def test_only_main_characters_are_suggested() -> None:
    episode = make_episode()
    needs = list(Job.objects.filter(episode=episode, name__in=("faces", "alignment")))
    episode.series.characters.filter(name="Joanna").update(is_main=False)
    context = StepContext(job=make_job("casting", episode=episode, needs=needs), episode=episode, options=None)
    assert set(run_casting(context).values()) <= {"Rachel"}
