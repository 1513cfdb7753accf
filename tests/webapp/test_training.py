"""Training clips, gold clips and the annotating period: who is given what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import finish_clip, held_turn, labelled_project, make_user
from tests.webapp.relationships.factories import project_with_clips
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Membership, Project, Task, TrainingClip
from webapp.annotation.queueing import gold_before, is_gold_place
from webapp.annotation.rules import RuleError
from webapp.annotation.services import training, turns
from webapp.annotation.services.projects import add_members, ask_for_answers
from webapp.relationships.services.clips import count_people_again

AsUser = Callable[[User], APIClient]
RELATE = Task.Kind.RELATE
SPANS = [(start, start + 9_000) for start in range(0, 100_000, 10_000)]

pytestmark = pytest.mark.django_db


def ten_clips(*people: User, **settings: object) -> tuple[Project, list[Clip]]:
    project, clips = project_with_clips(*SPANS, annotators=people)
    training.decide_training(project=project, **settings)
    return project, clips


def next_task(project: Project, user: User) -> Task:
    """End the turn that is held, as if all was said, and take the next one."""
    held = Assignment.objects.filter(annotator=user, status="held").first()
    if held:
        turns.close(held)
    turn = turns.take_next(project=project, user=user, kind=RELATE)
    assert turn is not None
    return turn.task


def test_who_trains_is_given_training_clips_in_their_order_and_nothing_else() -> None:
    anna = make_user()
    project, clips = ten_clips(anna, trains=True)
    for clip in (clips[4], clips[2]):
        training.choose_clip(clip=clip, kind="training", user=None)
    assert [next_task(project, anna).clip for _ in range(2)] == [clips[4], clips[2]]
    turns.close(Assignment.objects.get(annotator=anna, status="held"))
    assert turns.take_next(project=project, user=anna, kind=RELATE) is None


def test_an_open_period_gives_work_and_no_training_clips() -> None:
    anna = make_user()
    project, clips = ten_clips(anna, trains=True)
    training.choose_clip(clip=clips[0], kind="training", user=None)
    training.open_period(project=project, annotator=anna, by=None)
    assert next_task(project, anna).clip == clips[1]
    training.close_period(project=project, annotator=anna)
    assert next_task(project, anna).clip == clips[0]


def test_every_member_answers_a_training_clip_the_ones_who_come_later_too() -> None:
    anna, ben, chen = make_user(), make_user(), make_user()
    project, clips = ten_clips(anna, ben, trains=True)
    training.choose_clip(clip=clips[0], kind="training", user=None)
    for person in (anna, ben):
        next_task(project, person)
    add_members(project=project, users=[chen])
    assert next_task(project, chen).clip == clips[0]
    ask_for_answers(project=project, answers_per_clip=2)
    wanted = dict(Task.objects.filter(project=project, kind=RELATE).values_list("clip", "answers_wanted"))
    assert (wanted[clips[0].pk], wanted[clips[1].pk]) == (3, 2)


def test_gold_clips_come_at_the_places_of_their_annotator() -> None:
    anna = make_user()
    project, clips = ten_clips(anna, gold_percent=30)
    gold = {clip.pk for clip in clips[:3]}
    for clip in clips[:3]:
        training.choose_clip(clip=clip, kind="gold", user=None)
    given = [next_task(project, anna).clip_id in gold for _ in range(9)]
    key = f"{project.pk}:{anna.pk}"
    assert given == [is_gold_place(place, 30, key) for place in range(9)]
    assert sum(given) == gold_before(9, 30, key) in (2, 3)


def test_gold_clips_alone_are_not_given_out() -> None:
    anna = make_user()
    project, clips = ten_clips(anna, gold_percent=50)
    for clip in clips:
        training.choose_clip(clip=clip, kind="gold", user=None)
    assert turns.take_next(project=project, user=anna, kind=RELATE) is None


def test_what_the_annotator_reads_is_the_same_for_gold_and_for_work(as_user: AsUser) -> None:
    anna = make_user()
    project, clips = ten_clips(anna, gold_percent=50)
    for clip in clips[:5]:
        training.choose_clip(clip=clip, kind="gold", user=None)
    client, seen, waiting = as_user(anna), [], []
    for _ in range(6):
        waiting.append(client.get(f"/api/projects/{project.pk}/").json()["mine"]["relate"])
        turn = client.post(f"/api/projects/{project.pk}/next/", {"kind": "relate"}, format="json").json()
        seen.append((Task.objects.get(assignments=turn["id"]).purpose, set(turn) | set(turn["clip"])))
        turns.close(Assignment.objects.get(pk=turn["id"]))
    assert {purpose for purpose, _ in seen} == {"work", "gold"}
    assert len({frozenset(names) for _, names in seen}) == 1
    assert "gold" not in str(turn).replace("golden", "")
    assert [one["done"] for one in waiting] == [0, 1, 2, 3, 4, 5]
    assert [waiting[0]["available"] - one["available"] for one in waiting] == [0, 1, 2, 3, 4, 5]


def test_a_demo_clip_has_no_task_and_gets_it_back() -> None:
    anna = make_user()
    project, clips = ten_clips(anna)
    chosen = training.choose_clip(clip=clips[0], kind="demo", user=anna, note="They quarrel.")
    count_people_again(episode=project.episodes.get())
    assert not Task.objects.filter(clip=clips[0]).exists()
    training.let_go(chosen=chosen)
    task = Task.objects.get(clip=clips[0])
    assert (task.kind, task.purpose, task.answers_wanted) == ("relate", "work", 1)
    assert not TrainingClip.objects.exists()


def test_a_clip_that_somebody_began_cannot_only_be_shown() -> None:
    anna = make_user()
    project, _ = ten_clips(anna)
    clip = next_task(project, anna).clip
    assert clip is not None
    with pytest.raises(RuleError, match="begun"):
        training.choose_clip(clip=clip, kind="demo", user=None)
    training.choose_clip(clip=clip, kind="training", user=None)
    assert Task.objects.get(clip=clip).purpose == "training"


def test_a_training_clip_that_becomes_work_keeps_its_answers_and_asks_for_no_more() -> None:
    people = [make_user() for _ in range(3)]
    project, clips = ten_clips(*people, trains=True)
    chosen = training.choose_clip(clip=clips[0], kind="training", user=None)
    for person in people[:2]:
        next_task(project, person)
    training.let_go(chosen=chosen)
    assert Task.objects.get(clip=clips[0]).answers_wanted == 2
    assert Task.objects.get(clip=clips[1]).answers_wanted == 1


def test_a_dropped_clip_cannot_be_chosen() -> None:
    _, (clip,) = project_with_clips((0, 4_000))
    with pytest.raises(RuleError, match="Restore"):
        training.choose_clip(clip=clip, kind="training", user=None)


def test_there_are_not_more_training_clips_than_a_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MOST_TRAINING_CLIPS", 1)
    _, clips = ten_clips()
    training.choose_clip(clip=clips[0], kind="gold", user=None)
    training.choose_clip(clip=clips[0], kind="training", user=None)
    with pytest.raises(RuleError, match="at most 1"):
        training.choose_clip(clip=clips[1], kind="gold", user=None)


def test_the_period_is_opened_once_and_by_somebody() -> None:
    anna, ada = make_user(), make_user(admin=True)
    project, _ = ten_clips(anna, trains=True)
    training.open_period(project=project, annotator=anna, by=ada)
    training.open_period(project=project, annotator=anna, by=None)
    member = Membership.objects.get(project=project)
    assert (member.opened_by, member.opened_at is not None) == (ada, True)


def test_the_home_page_says_how_far_the_training_is(as_user: AsUser) -> None:
    anna = make_user()
    project, clips = ten_clips(anna, trains=True)
    for clip in clips[:3]:
        training.choose_clip(clip=clip, kind="training", user=None)
    next_task(project, anna)
    next_task(project, anna)

    def seen() -> dict[str, object]:
        item = as_user(anna).get(f"/api/projects/{project.pk}/").json()
        return {"training": item["training"], "mine": item["mine"]["relate"], "all": item["progress"]["relate"]}

    assert seen() == {
        "training": {"is_open": False, "done": 1, "total": 3},
        "mine": {"available": 2, "done": 1},
        "all": {"done": 0, "total": 7},
    }
    training.open_period(project=project, annotator=anna, by=None)
    assert seen()["training"] == {"is_open": True, "done": 1, "total": 3}
    assert as_user(make_user(admin=True)).get(f"/api/projects/{project.pk}/").json()["training"] is None


def test_the_memor_protocol_trains_with_the_same_queue() -> None:
    project, (anna, ben) = labelled_project(times_ms=(2_000, 50_000), k=2)
    clips = list(project.clips.order_by("start_ms"))
    training.decide_training(project=project, trains=True)
    training.choose_clip(clip=clips[1], kind="training", user=None)
    assert [finish_clip(project, person).task.clip for person in (anna, ben)] == [clips[1], clips[1]]
    training.open_period(project=project, annotator=anna, by=None)
    assert held_turn(project, anna, Task.Kind.STATES).task.clip == clips[0]
