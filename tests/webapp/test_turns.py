"""Whose turn it is: at most k answers, nobody twice, and what is left lying comes back."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tests.webapp.factories import (
    answer_all,
    finish_clip,
    held_turn,
    labelled_project,
    let_lease_run_out,
    make_episode,
    make_project,
    make_user,
    mark_moments,
)
from tests.webapp.threads import at_once
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project, StateRevision, Task
from webapp.annotation.rules import LeaseLost
from webapp.annotation.services import states, turns

STATES = Task.Kind.STATES


def take(project: Project, user: User, kind: str = STATES) -> Assignment | None:
    return turns.take_next(project=project, user=user, kind=kind)


@pytest.mark.django_db
def test_an_annotator_takes_the_next_task() -> None:
    project, (anna, *_) = labelled_project()
    turn = take(project, anna)
    assert turn is not None
    assert (turn.status, turn.slot, turn.annotator) == ("held", 0, anna)
    assert turn.leased_until > timezone.now()


@pytest.mark.django_db
def test_a_held_turn_comes_back_instead_of_a_second_one() -> None:
    project, (anna, *_) = labelled_project(times_ms=(10_000, 50_000))
    first = take(project, anna)
    assert take(project, anna) == first
    assert Assignment.objects.filter(task__kind=STATES).count() == 1


@pytest.mark.django_db
def test_a_held_turn_whose_lease_ran_out_comes_back_if_nobody_took_it() -> None:
    project, (anna, *_) = labelled_project()
    first = held_turn(project, anna, STATES)
    let_lease_run_out(first)
    again = take(project, anna)
    assert again == first
    assert Assignment.objects.get(pk=first.pk).leased_until > timezone.now()


@pytest.mark.django_db
def test_nothing_is_left_once_an_annotator_answered_every_task() -> None:
    project, (anna, ben) = labelled_project(times_ms=(10_000, 50_000), k=2)
    finish_clip(project, anna)
    finish_clip(project, anna)
    assert take(project, anna) is None
    assert take(project, ben) is not None


@pytest.mark.django_db
def test_a_task_never_gets_more_than_k_answers() -> None:
    project, people = labelled_project(k=2)
    for person in people:
        finish_clip(project, person)
    assert take(project, make_user()) is None


@pytest.mark.django_db
def test_a_clip_that_others_began_comes_first() -> None:
    project, (anna, ben) = labelled_project(times_ms=(10_000, 50_000), k=2)
    begun = finish_clip(project, anna)
    assert held_turn(project, ben, STATES).task == begun.task


@pytest.mark.django_db
def test_an_abandoned_turn_returns_to_the_queue_when_its_lease_ends() -> None:
    project, (anna,) = labelled_project(k=1)
    ben = make_user()
    turn = held_turn(project, anna, STATES)
    assert take(project, ben) is None, "the lease still runs"
    let_lease_run_out(turn)
    taken = take(project, ben)
    assert taken is not None
    assert taken.task == turn.task
    assert Assignment.objects.get(pk=turn.pk).status == "abandoned"


@pytest.mark.django_db
def test_a_late_annotator_is_told_that_the_turn_was_taken_over() -> None:
    project, (anna,) = labelled_project(k=1)
    turn = held_turn(project, anna, STATES)
    answer_all(turn)
    let_lease_run_out(turn)
    finish_clip(project, make_user())
    for act in (
        lambda: turns.renew(turn),
        lambda: turns.give_back(turn),
        lambda: answer_all(turn),
        lambda: states.finish_states(assignment=turn),
    ):
        with pytest.raises(LeaseLost):
            act()
    assert StateRevision.objects.filter(assignment=turn).count() == 2, "what was sent before is kept, nothing is added"


@pytest.mark.django_db
def test_a_lease_that_ran_out_may_be_renewed_while_nobody_took_the_turn() -> None:
    project, (anna,) = labelled_project(k=1)
    turn = held_turn(project, anna, STATES)
    let_lease_run_out(turn)
    assert turns.renew(turn) > timezone.now()
    assert take(project, make_user()) is None


@pytest.mark.django_db
def test_a_turn_given_back_is_free_for_all_its_own_annotator_included() -> None:
    project, (anna,) = labelled_project(k=1)
    turn = held_turn(project, anna, STATES)
    turns.give_back(turn)
    again = held_turn(project, anna, STATES)
    assert again.pk != turn.pk
    assert again.task == turn.task


@pytest.mark.django_db
def test_a_finished_turn_cannot_be_given_back() -> None:
    project, (anna,) = labelled_project(k=1)
    turn = finish_clip(project, anna)
    with pytest.raises(LeaseLost):
        turns.give_back(turn)
    assert Assignment.objects.get(pk=turn.pk).status == "done"


@pytest.mark.django_db
def test_moments_turns_are_given_to_as_many_people_as_the_project_wants() -> None:
    people = [make_user() for _ in range(3)]
    project = make_project(annotators=people, moment_annotators=2)
    given = [take(project, person, Task.Kind.MOMENTS) for person in people]
    assert [turn is not None for turn in given] == [True, True, False]


def check_that_all_slots_are_filled_once(project: Project, k: int, clips: int) -> None:
    kept = Assignment.objects.filter(task__project=project, task__kind=STATES).exclude(status="abandoned")
    answers = Counter(kept.values_list("task", flat=True))
    assert set(answers.values()) == {k}, "every task has exactly k turns"
    assert len(answers) == clips
    pairs = list(kept.values_list("task", "annotator"))
    assert len(pairs) == len(set(pairs)), "nobody twice"


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_at_once_fill_every_slot_once_and_repeat_nobody() -> None:
    people = [make_user() for _ in range(16)]
    project = make_project(annotators=people, k=4)
    mark_moments(project, people[0], 2_000, 20_000, 38_000, 56_000)  # four clips of four answers: sixteen turns
    taken = at_once(16, lambda number: take(project, people[number]))
    assert all(taken), "there is a turn for everybody"
    check_that_all_slots_are_filled_once(project, k=4, clips=4)


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_of_four_people_work_until_nothing_is_left() -> None:
    people = [make_user() for _ in range(4)]
    project = make_project(annotators=people, k=3)
    mark_moments(project, people[0], 2_000, 20_000, 38_000, 56_000)

    def work(number: int) -> int:
        done = 0
        while turn := take(project, people[number % 4]):
            try:
                answer_all(turn)
                states.finish_states(assignment=turn)
                done += 1
            except LeaseLost:  # the same person's other thread was faster
                continue
        return done

    at_once(16, work)
    check_that_all_slots_are_filled_once(project, k=3, clips=4)
    assert not Assignment.objects.filter(status="held").exists()


@pytest.mark.django_db(transaction=True)
def test_leases_that_ran_out_are_taken_over_by_one_each() -> None:
    people = [make_user() for _ in range(8)]
    project = make_project(annotators=people, k=2)
    mark_moments(project, people[0], 10_000)
    for late in people[:2]:
        let_lease_run_out(held_turn(project, late, STATES))
    taken = at_once(6, lambda number: take(project, people[2 + number]))
    assert sum(turn is not None for turn in taken) == 2
    check_that_all_slots_are_filled_once(project, k=2, clips=1)


@pytest.mark.django_db(transaction=True)
def test_one_person_who_asks_in_several_tabs_at_once_holds_one_turn() -> None:
    anna = make_user()
    project = make_project(annotators=[anna], k=1)
    mark_moments(project, anna, 2_000, 20_000, 38_000, 56_000)
    taken = at_once(4, lambda _number: take(project, anna))
    assert len({turn.pk for turn in taken if turn}) == 1
    assert Assignment.objects.filter(task__kind=STATES, status="held").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tabs", [1, 2], ids=["sixteen people", "eight people with two tabs each"])
def test_sixteen_browsers_at_once_never_exceed_k_nor_repeat_a_person(tabs: int) -> None:
    people = [make_user() for _ in range(16 // tabs)]
    project = make_project(annotators=people, episodes=[make_episode()], k=4 // tabs)
    mark_moments(project, people[0], 2_000, 20_000, 38_000, 56_000)
    browsers = [APIClient() for _ in range(16)]
    for number, browser in enumerate(browsers):
        browser.force_login(people[number // tabs])

    def ask(number: int) -> tuple[int, int]:
        answer = browsers[number].post(f"/api/projects/{project.pk}/next/", {"kind": "states"}, format="json")
        return answer.status_code, answer.json()["id"]

    given = at_once(16, ask)
    assert {code for code, _ in given} == {200}
    assert len({turn for _, turn in given}) == len(people), "all tabs of a person show the same turn"
    check_that_all_slots_are_filled_once(project, k=4 // tabs, clips=4)
