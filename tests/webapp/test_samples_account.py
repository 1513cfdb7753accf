"""The account of samples and the emotion set over HTTP: what every pair of clip and character comes to."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from exports.emotions import DEFAULT_FINE_GRAINED_KEPT, KEEPABLE, fine_grained_classes, ordered_kept
from exports.samples import judge
from tests.webapp.factories import (
    ABSENT,
    CALM,
    JOY,
    answer_all,
    finish_clip,
    held_turn,
    labelled_project,
    make_episode,
    make_user,
)
from webapp.accounts.models import User
from webapp.annotation.models import Project, Task
from webapp.annotation.rules import StateAnswer
from webapp.annotation.services import states
from webapp.quality.samples import outcomes_of
from webapp.quality.snapshot import project_snapshot

AsUser = Callable[[User], APIClient]
RAGE = StateAnswer("one", "anger", "rage", ("audio",))


@pytest.fixture
def admin(db: None, as_user: AsUser) -> APIClient:
    return as_user(make_user("ada", admin=True))


def labelled(*answers: StateAnswer, times_ms: tuple[int, ...] = (10_000,)) -> Project:
    """A project of three annotators, the first of whom give these answers about everybody in the first clip."""
    project, people = labelled_project(times_ms=times_ms, k=3)
    for person, answer in zip(people, answers, strict=False):
        finish_clip(project, person, answer)
    return project


def account(admin: APIClient, project: Project, query: str = "") -> list[dict[str, Any]]:
    answer = admin.get(f"/api/projects/{project.pk}/samples/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_a_sample_is_traced_back_to_its_answers(admin: APIClient) -> None:
    project = labelled(JOY, JOY, RAGE)
    rows = account(admin, project)
    assert [(row["character"]["name"], row["outcome"]) for row in rows] == [("Rachel", "sample"), ("Joanna", "sample")]
    row = rows[0]
    assert (row["label"], row["primary"], row["fine_grained"], row["votes"], row["named"]) == (
        "serenity", "joy", "serenity", 2, 3,
    )  # fmt: skip
    assert row["moments_ms"] == [10_000]
    assert [(said["fine_grained"], said["reasons"], said["counts"]) for said in row["answers"]] == [
        ("serenity", ["visual"], True),
        ("serenity", ["visual"], True),
        ("rage", ["audio"], True),
    ]


def test_a_correction_is_shown_and_only_the_last_word_counts(admin: APIClient) -> None:
    project, (person, *_) = labelled_project(times_ms=(10_000,), k=2)
    turn = held_turn(project, person, Task.Kind.STATES)
    answer_all(turn, JOY)
    answer_all(turn, ABSENT)
    states.finish_states(assignment=turn)
    said = account(admin, project)[0]["answers"]
    assert [(one["status"], one["counts"]) for one in said] == [("one", False), ("absent", True)]


def test_what_is_still_said_in_an_unfinished_turn_does_not_count(admin: APIClient) -> None:
    project, (person, *_) = labelled_project(times_ms=(10_000,), k=2)
    answer_all(held_turn(project, person, Task.Kind.STATES), JOY)
    (first, _) = account(admin, project)
    assert (first["outcome"], first["answers"]) == ("no_answer_yet", [])


def test_every_pair_without_a_sample_says_why(admin: APIClient) -> None:
    project, people = labelled_project(
        times_ms=(2_000, 20_000, 59_000), k=2, episodes=[make_episode(cuts_ms=[10_000, 12_000, 45_000])]
    )
    for answer in (JOY, RAGE):
        finish_clip(project, people.pop(), answer)
    rows = account(admin, project)
    found = {(row["clip"]["start_ms"], row["clip"]["end_ms"]): row["outcome"] for row in rows}
    assert found == {
        (0, 10_000): "no_two_agree_on_an_emotion",
        (12_000, 45_000): "clip_too_long",
        (45_000, 60_000): "no_answer_yet",
    }
    assert len(rows) == 6


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 4), ("?outcome=sample", 2), ("?outcome=none", 2), ("?outcome=no_answer_yet", 2), ("?label=serenity", 2),
        ("?label=rage", 0), ("?outcome=clip_too_long", 0), ("?page_size=1", 1),
    ],
)  # fmt: skip
def test_the_account_can_be_asked_for_some(admin: APIClient, query: str, count: int) -> None:
    assert len(account(admin, labelled(JOY, JOY, JOY, times_ms=(2_000, 50_000)), query)) == count


def test_the_account_can_be_asked_for_one_character(admin: APIClient) -> None:
    project = labelled(JOY, JOY)
    rachel = account(admin, project)[0]["character"]
    assert [row["character"] for row in account(admin, project, f"?character={rachel['id']}")] == [rachel]


def test_a_wrong_filter_is_refused(admin: APIClient) -> None:
    answer = admin.get(f"/api/projects/{labelled().pk}/samples/?outcome=perhaps")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "outcome" in answer.json()["fields"]


def test_the_account_follows_each_answer_at_once(admin: APIClient) -> None:
    """It is remembered between calls: what is new must show all the same."""
    project, people = labelled_project(times_ms=(10_000,), k=3)
    seen = []
    for person, answer in zip(people, (CALM, CALM, JOY), strict=True):
        finish_clip(project, person, answer)
        seen.append(account(admin, project)[0]["outcome"])
    assert seen == ["fewer_than_two_answers", "sample", "no_two_agree_on_an_emotion"]


def test_the_account_follows_a_change_of_the_main_characters(admin: APIClient) -> None:
    project = labelled(JOY, JOY, JOY)
    assert len(account(admin, project, "?outcome=sample")) == 2
    project.episodes.get().series.characters.filter(name="Joanna").update(is_main=False)
    assert [row["outcome"] for row in account(admin, project)] == ["sample", "not_a_main_character"]


def test_remembered_outcomes_are_those_of_a_release(db: None) -> None:
    project = labelled(JOY, JOY, RAGE, times_ms=(2_000, 50_000))
    released = judge(project_snapshot(project))
    assert [
        (one.clip_id, one.character_id, one.decision, one.times_ms, one.answers) for one in outcomes_of(project)
    ] == [(one.clip_id, one.character_id, one.decision, one.times_ms, len(one.states)) for one in released]
    assert outcomes_of(project) is outcomes_of(project)


def test_the_csv_has_a_row_for_every_pair(admin: APIClient) -> None:
    project = labelled(JOY, JOY, RAGE)
    answer = admin.get(f"/api/projects/{project.pk}/samples.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row["character"] for row in rows] == ["Rachel", "Joanna"]
    names = sorted(project.memberships.values_list("user__username", flat=True))
    assert rows[0] | {"clip": "", "series": "", "episode": ""} == {
        "clip": "", "series": "", "episode": "", "start_ms": "4000", "end_ms": "16000", "character": "Rachel",
        "outcome": "sample", "label": "serenity", "primary": "joy", "fine_grained": "serenity", "votes": "2",
        "named": "3", "answers": "3", "moments_ms": "10000",
        "annotations": f"{names[0]}:serenity {names[1]}:serenity {names[2]}:rage",
    }  # fmt: skip


def test_the_emotion_set_shows_counts_before_merging(admin: APIClient) -> None:
    project = labelled(JOY, JOY, RAGE, times_ms=(10_000, 10_001))  # one clip, two moments
    answer = admin.get(f"/api/projects/{project.pk}/emotions/").json()
    assert answer["kept"] == list(DEFAULT_FINE_GRAINED_KEPT)
    assert len(answer["labels"]) == 25
    assert {"name": "serenity", "primary": "joy", "pairs": 2, "samples": 4} in answer["labels"]
    assert (answer["pairs"], answer["pairs_with_sample"], answer["samples"]) == (2, 2, 4)
    assert sum(label["samples"] for label in answer["labels"]) == answer["samples"]
    assert sum(reason["pairs"] for reason in answer["reasons"]) == 0


def test_an_admin_chooses_what_is_kept(admin: APIClient) -> None:
    project = labelled(JOY, JOY)
    answer = admin.put(f"/api/projects/{project.pk}/emotions/", {"kept": ["rage", "interest", "rage"]}, format="json")
    assert answer.json()["kept"] == ["interest", "rage"]
    assert account(admin, project)[0]["fine_grained"] == "joy"  # serenity is not kept any more
    assert project_snapshot(Project.objects.get()).fine_grained_kept == ("interest", "rage")


@pytest.mark.parametrize("name", ["joy", "happiness", "neutral"])
def test_only_mild_and_intense_emotions_can_be_chosen(admin: APIClient, name: str) -> None:
    project = labelled()
    answer = admin.put(f"/api/projects/{project.pk}/emotions/", {"kept": [name]}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "rule_broken")
    assert name in answer.json()["fields"]["kept"][0]
    assert Project.objects.get().fine_grained_kept == list(DEFAULT_FINE_GRAINED_KEPT)


def test_what_is_kept_stands_in_release_order() -> None:
    assert ordered_kept(reversed(DEFAULT_FINE_GRAINED_KEPT)) == DEFAULT_FINE_GRAINED_KEPT  # the published 14
    assert ordered_kept(["rage", "distraction", "ecstasy"]) == ("distraction", "ecstasy", "rage")
    assert len(set(fine_grained_classes(ordered_kept(KEEPABLE)))) == 25
