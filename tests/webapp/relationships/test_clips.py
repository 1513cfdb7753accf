"""Interactions become clips: who is in them, which are dropped, which are asked about."""

from __future__ import annotations

import pytest

from tests.webapp.factories import make_user
from tests.webapp.relationships.factories import (
    episode_with,
    erato_project,
    faces_of,
    project_with_clips,
    relate_turn,
    two_people,
)
from webapp.annotation.models import Clip, Task
from webapp.annotation.rules import RuleError
from webapp.corpus.models import FaceTrack
from webapp.relationships.models import ClipSettings
from webapp.relationships.services.clips import count_people_again, make_clips, restore_clip

pytestmark = pytest.mark.django_db


def seen(clip: Clip) -> list[tuple[int, int]]:
    return [(person.identity.index, person.screen_time_ms) for person in clip.people.select_related("identity")]


def asked(clip: Clip) -> bool:
    return Task.objects.filter(clip=clip, kind=Task.Kind.RELATE).exists()


def test_a_project_begins_with_looking_for_interactions() -> None:
    project = erato_project(locators=2)
    task = project.tasks.get()
    assert (task.kind, task.answers_wanted, project.answers_per_clip) == (Task.Kind.LOCATE, 2, 1)


def test_the_people_of_a_clip_are_counted_inside_of_it_and_the_longest_seen_comes_first() -> None:
    # Of 4,000 to 14,000 ms: Anna 4,000-5,000 and 10,000-14,000 (5,000 ms), Ben 5,000-10,000 (5,000 ms), Cem 2,000 ms
    # in two tracks that overlap (6,000-7,500 and 7,000-8,000), Dora ends where the clip starts.
    episode = episode_with(
        {
            "Anna": [(0, 5_000), (10_000, 15_000)],
            "Ben": [(5_000, 10_000)],
            "Cem": [(6_000, 7_500), (7_000, 8_000)],
            "Dora": [(0, 4_000)],
        }
    )
    project = erato_project(episodes=[episode])
    (clip,) = make_clips(project=project, episode=episode, spans=[(4_000, 14_000)])
    assert seen(clip) == [(0, 5_000), (1, 5_000), (2, 2_000)]
    assert clip.people.get(place=0).spans == [[4_000, 5_000], [10_000, 14_000]]
    assert clip.people.get(place=2).spans == [[6_000, 8_000]]
    assert (clip.facts.people, clip.facts.drop) == (3, "")
    assert (clip.first_segment, clip.last_segment) == (0, 0), "shots: the first is 0 to 60 s"
    assert clip.task.answers_wanted == 1


@pytest.mark.parametrize(
    ("span", "drop"),
    [
        ((0, 4_999), "too_short"),
        ((0, 5_000), "too_few_people"),
        ((0, 5_001), ""),
        ((0, 35_000), ""),
        ((0, 35_001), "too_long"),
    ],
)
def test_limits_are_allowed_and_what_lies_beyond_is_dropped_with_its_reason(span: tuple[int, int], drop: str) -> None:
    _, (clip,) = project_with_clips(span)
    assert clip.facts.drop == drop
    assert asked(clip) == (not drop)


def test_more_than_six_people_are_too_many_unless_the_project_says_otherwise() -> None:
    episode = episode_with({f"P{number}": [(0, 10_000)] for number in range(7)})
    project = erato_project(episodes=[episode])
    (crowd,) = make_clips(project=project, episode=episode, spans=[(0, 10_000)])
    assert crowd.facts.drop == "too_many_people"
    ClipSettings.objects.create(project=project, most_people=7)
    (other,) = make_clips(project=project, episode=episode, spans=[(0, 9_000)])
    assert other.facts.drop == ""


def test_the_same_interaction_twice_is_one_clip() -> None:
    project, (first,) = project_with_clips((0, 20_000))
    again = make_clips(project=project, episode=first.episode, spans=[(0, 20_000), (0, 20_000)])
    assert [clip.pk for clip in again] == [first.pk]
    assert project.clips.count() == 1


def test_an_admin_restores_a_dropped_clip_and_it_is_asked_about() -> None:
    _, (clip,) = project_with_clips((0, 4_000))
    admin = make_user(admin=True)
    restore_clip(clip=clip, user=admin)
    clip.facts.refresh_from_db()
    assert clip.facts.restored_by == admin
    assert clip.facts.drop == "too_short", "the reason stays on record"
    assert asked(clip)


def test_a_clip_that_was_not_dropped_cannot_be_restored() -> None:
    _, (clip,) = project_with_clips((0, 20_000))
    with pytest.raises(RuleError, match="not dropped"):
        restore_clip(clip=clip, user=make_user(admin=True))


def test_merged_faces_change_the_clips_that_nobody_has_answered() -> None:
    anna = make_user()
    project, (begun, free) = project_with_clips((0, 20_000), (20_000, 40_000), annotators=[anna])
    turn = relate_turn(project, anna)
    assert turn.task.clip == begun
    one, other = faces_of(begun.episode)
    FaceTrack.objects.filter(identity=other).update(identity=one)
    assert count_people_again(episode=begun.episode) == 1
    assert seen(free) == [(0, 20_000)]
    free.facts.refresh_from_db()
    assert free.facts.drop == "too_few_people"
    assert not asked(free)
    assert seen(begun) == [(0, 10_000), (1, 10_000)], "somebody looks at it"


def test_an_episode_without_faces_makes_no_clip() -> None:
    project = erato_project()
    episode = two_people()
    FaceTrack.objects.current_for(episode).delete()
    for identity in faces_of(episode):
        identity.delete()
    with pytest.raises(RuleError, match="not analysed"):
        make_clips(project=project, episode=episode, spans=[(0, 10_000)])
