"""Questionnaires about characters: answered, continued, corrected, averaged, and used by a release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from exports.personality import QUESTIONNAIRE_COLUMNS
from exports.questionnaires.instruments import all_items, instruments
from tests.webapp.factories import make_episode, make_project, make_series, make_user
from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.corpus.models import Character, Utterance
from webapp.personality.models import ItemAnswer
from webapp.quality.snapshot import project_snapshot

AsUser = Callable[[User], APIClient]
ITEM = "am_the_life_of_the_party"


@pytest.fixture
def anna(db: None) -> User:
    return make_user("anna", first_name="Anna")


@pytest.fixture
def project(anna: User) -> Project:
    return make_project(annotators=[anna])


@pytest.fixture
def rachel(project: Project) -> Character:
    return project.episodes.get().series.characters.get(name="Rachel")


@pytest.fixture
def client(anna: User, as_user: AsUser) -> APIClient:
    return as_user(anna)


def send(client: APIClient, character: Character, item: str = ITEM, value: Any = 4, client_id: Any = None) -> Any:
    body = {"client_id": str(client_id or uuid4()), "item": item, "value": value}
    return client.post(f"/api/personality/characters/{character.pk}/answers/", body, format="json")


def fill(rater: User, character: Character, value: int = 3, leave_out: int = 0) -> None:
    keys = list(all_items())[: len(all_items()) - leave_out]
    ItemAnswer.objects.bulk_create(
        ItemAnswer(character=character, rater=rater, item=key, value=value, client_id=uuid4()) for key in keys
    )


def profile(client: APIClient, character: Character) -> dict[str, Any]:
    answer = client.get(f"/api/personality/characters/{character.pk}/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def score(document: dict[str, Any], column: str, whose: str) -> float | None:
    return next(one[whose] for one in document["scores"] if one["column"] == column)


def test_an_answer_is_kept_and_can_be_continued_from(client: APIClient, rachel: Character) -> None:
    assert send(client, rachel, value=5).status_code == 201
    assert send(client, rachel, "use_my_brain", 0).status_code == 201
    found = profile(client, rachel)
    assert {one["item"]: one["value"] for one in found["answers"]} == {ITEM: 5, "use_my_brain": 0}
    # The statement belongs to two questionnaires and is asked once.
    assert [(one["key"], one["answered"]) for one in found["filled"]] == [("big5", 1), ("16pf", 2), ("mbti", 0)]
    assert found["released_from"] == "nothing"


def test_the_same_send_twice_is_one_answer_and_a_new_one_corrects(client: APIClient, rachel: Character) -> None:
    again = uuid4()
    for _ in range(2):
        assert send(client, rachel, value=2, client_id=again).status_code == 201
    assert ItemAnswer.objects.count() == 1
    send(client, rachel, value=5)
    assert ItemAnswer.objects.count() == 2  # nothing is overwritten
    assert profile(client, rachel)["answers"] == [{"item": ITEM, "value": 5}]


@pytest.mark.parametrize(
    ("item", "value", "status", "field"),
    [
        ("am_a_fish", 3, 422, "item"),
        (ITEM, 6, 400, "value"),
        (ITEM, -1, 400, "value"),
        (ITEM, "much", 400, "value"),
        (ITEM, None, 400, "value"),
    ],
)
def test_a_wrong_answer_is_refused(
    client: APIClient, rachel: Character, item: str, value: Any, status: int, field: str
) -> None:
    answer = send(client, rachel, item, value)
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])
    assert ItemAnswer.objects.count() == 0


def test_who_is_no_main_character_any_more_is_not_found(client: APIClient, rachel: Character) -> None:
    Character.objects.filter(pk=rachel.pk).update(is_main=False)
    assert send(client, rachel).status_code == 404


def test_series_of_other_projects_are_not_visible(client: APIClient, rachel: Character) -> None:
    elsewhere = make_episode(make_series(mains=("Ross",))).series.characters.get()
    assert send(client, elsewhere).status_code == 404
    names = {row["name"] for row in client.get("/api/personality/characters/").json()["results"]}
    assert names == {"Rachel", "Joanna"}


def test_others_answers_are_not_shown_to_somebody_who_rates(
    client: APIClient, rachel: Character, project: Project
) -> None:
    fill(make_user("ben"), rachel, 5)
    found = profile(client, rachel)
    assert (found["answers"], found["raters"]) == ([], [])
    assert score(found, "16pf_warmth", "everybody") is None
    assert {one["finished_by"] for one in found["filled"]} == {0}


def test_an_admin_sees_the_mean_and_the_agreement(rachel: Character, as_user: AsUser, anna: User) -> None:
    fill(anna, rachel, 4)
    fill(make_user("ben", first_name="Ben"), rachel, 2)
    fill(make_user("chen"), rachel, 5, leave_out=1)  # one pair is missing: the last questionnaire does not count
    found = profile(as_user(make_user("ada", admin=True)), rachel)
    raters = {one["key"]: one for one in found["raters"]}
    assert raters["mbti"]["raters"] == ["Anna", "Ben"]
    assert raters["big5"]["raters"] == ["Anna", "Ben", "chen"]
    assert raters["mbti"]["alpha"] == pytest.approx(-1, abs=0.1)  # they differ by 2 everywhere
    # Three plus and three minus pairs: 4 everywhere is (3 * 4 + 3 * 2) / 6.
    assert score(found, "mbti_mind", "everybody") == 3
    assert score(found, "mbti_mind", "mine") is None


def test_a_release_takes_the_mean_of_finished_questionnaires(rachel: Character, project: Project, anna: User) -> None:
    Character.objects.filter(pk=rachel.pk).update(questionnaire=[0.5] * 26)
    brought = {row.name: row.questionnaire for row in project_snapshot(project).characters}
    assert brought == {"Rachel": (0.5,) * 26, "Joanna": None}
    fill(anna, rachel, 3)
    assert project_snapshot(project).characters[0].questionnaire == (3.0,) * 26


def test_an_unfinished_one_leaves_what_was_brought(
    client: APIClient, rachel: Character, project: Project, anna: User
) -> None:
    Character.objects.filter(pk=rachel.pk).update(questionnaire=[0.5] * 26)
    fill(anna, rachel, 3, leave_out=1)
    assert project_snapshot(project).characters[0].questionnaire == (0.5,) * 26
    assert profile(client, rachel)["released_from"] == "brought"


def test_the_questionnaires_come_with_both_languages_and_their_source(client: APIClient) -> None:
    document = client.get("/api/personality/instruments/").json()
    assert [one["key"] for one in document] == ["big5", "16pf", "mbti"]
    assert [scale["column"] for one in document for scale in one["scales"]] != list(QUESTIONNAIRE_COLUMNS)
    assert {s["column"] for one in document for s in one["scales"]} == set(QUESTIONNAIRE_COLUMNS)
    assert document[0]["licence"] == "public domain"
    assert document[0]["items"][0]["text"] == {
        "en": instruments()[0].items[0].text.en,
        "zh": instruments()[0].items[0].text.zh,
    }
    assert document[2]["items"][0]["left"]["en"]


def words(client: APIClient, character: Character) -> Any:
    return client.get(f"/api/personality/characters/{character.pk}/words/")


def test_word_categories_of_all_that_a_character_says(client: APIClient, rachel: Character) -> None:
    Utterance.objects.filter(character=rachel).update(text="I love my happy family.")
    found = words(client, rachel).json()
    assert found["lexicon"].startswith("empath")
    assert found["words"] == 5 * Utterance.objects.filter(character=rachel).count()
    shares = [category["share"] for category in found["categories"]]
    assert shares == sorted(shares, reverse=True)
    assert {"name": "affection", "share": 0.2, "examples": ["love"]} in found["categories"]


def test_a_dictionary_of_the_lab_is_used_instead(
    client: APIClient, rachel: Character, settings: Any, tmp_path: Path
) -> None:
    path = tmp_path / "lab.dic"
    path.write_text("%\n1 numbering\n2 absent\n%\nlin* 1\nnever 2\n")
    settings.LIWC_DICTIONARY = path
    found = words(client, rachel).json()
    assert found["lexicon"] == "liwc lab"
    assert found["categories"] == [{"name": "numbering", "share": 1.0, "examples": ["line"]}]


def test_a_broken_dictionary_is_said_with_its_line(
    client: APIClient, rachel: Character, settings: Any, tmp_path: Path
) -> None:
    settings.LIWC_DICTIONARY = tmp_path / "lab.dic"
    settings.LIWC_DICTIONARY.write_text("%\n1 a\n%\nword 7\n")
    answer = words(client, rachel)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_dictionary")
    assert "line 4" in answer.json()["message"]


def test_a_character_without_lines_has_no_categories(client: APIClient, rachel: Character) -> None:
    Utterance.objects.all().delete()
    assert words(client, rachel).json()["categories"] == []
