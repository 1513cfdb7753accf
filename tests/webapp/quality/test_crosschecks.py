"""The weekly cross-check: which clips are drawn, who is asked, and an agreement worked out by hand."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.webapp.factories import make_project, make_user
from tests.webapp.quality.answering import RELATE, answer_next, take
from tests.webapp.relationships.factories import project_with_clips
from webapp.accounts.models import User
from webapp.annotation.models import Project, Task
from webapp.annotation.rules import RuleError
from webapp.annotation.services import training, turns
from webapp.annotation.services.projects import ask_for_answers
from webapp.quality import crosschecks
from webapp.quality.models import CrossCheck, CrossCheckWeek
from workers.tasks import draw_cross_checks

AsUser = Callable[[User], APIClient]
SPANS = [(start, start + 9_000) for start in range(0, 100_000, 10_000)]
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
NEXT_WEEK = MONDAY + timedelta(days=7)

pytestmark = pytest.mark.django_db


class Lab:
    """Three annotators; Anna answered the first `clips` clips in the week of MONDAY."""

    def __init__(self, clips: int = 5, **settings: object) -> None:
        self.anna, self.ben, self.chen = (make_user(first_name=name) for name in ("Anna", "Ben", "Chen"))
        self.project, self.clips = project_with_clips(*SPANS, annotators=[self.anna, self.ben, self.chen])
        crosschecks.decide(project=self.project, is_on=True, **{"percent": 40, "others": 2, "seed": 1, **settings})
        for _ in range(clips):
            answer_next(self.project, self.anna, "mild", at=MONDAY)

    def draw(self, now: datetime = NEXT_WEEK) -> list[CrossCheckWeek]:
        return crosschecks.draw_weeks(project=self.project, now=now)

    def wanted(self) -> Counter[int]:
        return Counter(Task.objects.filter(project=self.project, kind=RELATE).values_list("answers_wanted", flat=True))


def test_a_share_of_ones_week_is_answered_by_others_and_never_again_by_oneself() -> None:
    lab = Lab()
    (week,) = lab.draw()
    assert (week.monday, week.percent, week.others, week.checks.count()) == (date(2026, 11, 2), 40, 2, 2)
    assert lab.wanted() == {3: 2, 1: 8}
    drawn = set(CrossCheck.objects.values_list("task", flat=True))
    for user in (lab.ben, lab.chen):
        assert {take(lab.project, user).task_id, _answer(lab.project, user)} <= drawn
    rest = [answer_next(lab.project, lab.anna, "mild").task.pk for _ in range(5)]
    assert not set(rest) & drawn
    assert turns.take_next(project=lab.project, user=lab.anna, kind=RELATE) is None


def _answer(project: Project, user: User) -> int:
    return answer_next(project, user, "mild").task.pk


def test_drawing_twice_changes_nothing() -> None:
    lab = Lab()
    assert len(lab.draw()) == 1
    before = (set(CrossCheck.objects.values_list("task", flat=True)), lab.wanted())
    crosschecks.decide(project=lab.project, percent=100, seed=2)
    assert lab.draw() == []
    assert (set(CrossCheck.objects.values_list("task", flat=True)), lab.wanted()) == before


def test_the_same_seed_draws_the_same_clips() -> None:
    lab = Lab()
    lab.draw()
    once = set(CrossCheck.objects.values_list("task", flat=True))
    CrossCheckWeek.objects.all().delete()
    lab.draw()
    assert set(CrossCheck.objects.values_list("task", flat=True)) == once


def test_a_week_is_drawn_when_it_has_ended_and_the_next_one_later() -> None:
    lab = Lab()
    assert lab.draw(now=MONDAY + timedelta(days=6)) == []
    lab.draw()
    answer_next(lab.project, lab.anna, "mild", at=NEXT_WEEK)
    assert lab.draw(now=NEXT_WEEK + timedelta(days=6)) == []
    (second,) = lab.draw(now=NEXT_WEEK + timedelta(days=7))
    assert (second.monday, second.checks.count()) == (date(2026, 11, 9), 1)
    assert CrossCheckWeek.objects.count() == 2


def test_discarded_training_and_gold_clips_are_not_drawn() -> None:
    lab = Lab(clips=0, percent=100)
    for kind, clip in zip(("training", "gold"), lab.clips, strict=False):
        training.choose_clip(clip=clip, kind=kind, user=None)
    training.decide_training(project=lab.project, trains=True)
    answer_next(lab.project, lab.anna, "mild", at=MONDAY)
    training.open_period(project=lab.project, annotator=lab.anna, by=None)
    answer_next(lab.project, lab.anna, "", at=MONDAY)
    kept = answer_next(lab.project, lab.anna, "tense", at=MONDAY)
    lab.draw()
    assert [check.task.clip for check in CrossCheck.objects.all()] == [kept]


def test_every_annotator_has_clips_drawn() -> None:
    lab = Lab(clips=3, percent=10)
    for user in (lab.ben, lab.chen):
        answer_next(lab.project, user, "mild", at=MONDAY)
    lab.draw()
    assert Counter(CrossCheck.objects.values_list("annotator__first_name", flat=True)) == {
        "Anna": 1,
        "Ben": 1,
        "Chen": 1,
    }


def test_more_answers_for_all_clips_do_not_take_a_cross_check_back() -> None:
    lab = Lab()
    lab.draw()
    ask_for_answers(project=lab.project, answers_per_clip=2)
    assert lab.wanted() == {3: 2, 2: 8}
    ask_for_answers(project=lab.project, answers_per_clip=1)
    assert lab.wanted() == {3: 2, 1: 8}


def test_a_cross_check_that_is_off_or_of_another_protocol_is_refused() -> None:
    lab = Lab()
    crosschecks.decide(project=lab.project, is_on=False)
    with pytest.raises(RuleError, match="Turn it on"):
        lab.draw()
    with pytest.raises(RuleError, match="ERATO"):
        crosschecks.decide(project=make_project(), is_on=True)


def test_the_clock_draws_in_every_project_with_a_cross_check() -> None:
    lab, off = Lab(), Lab()
    crosschecks.decide(project=off.project, is_on=False)
    draw_cross_checks()
    draw_cross_checks()
    assert list(CrossCheckWeek.objects.values_list("project", flat=True)) == [lab.project.pk]


def _checked() -> Lab:
    """All of Anna's two clips drawn. The first: mild twice, intimate; the second: mild, hostile, tense.

    By hand, of the six pairs: five categories 1 (mild-mild), three categories 3 + 1 (the positive of the first, the
    negative ones of the second).
    """
    lab = Lab(clips=2, percent=100)
    lab.draw()
    for user, words in ((lab.ben, ("mild", "hostile")), (lab.chen, ("intimate", "tense"))):
        for word in words:
            answer_next(lab.project, user, word, at=NEXT_WEEK)
    return lab


def test_the_report_is_what_was_worked_out_by_hand(as_user: AsUser) -> None:
    lab = _checked()
    page = as_user(make_user(admin=True)).get(f"/api/projects/{lab.project.pk}/cross-check/").json()
    (week,) = page["weeks"]
    assert (week["monday"], week["clips"]) == ("2026-11-02", 2), "a clip counts in the week of its first answer"
    assert week["five"] == {"compared": 6, "same": 1, "percent": pytest.approx(100 / 6)}
    assert week["three"] == {"compared": 6, "same": 4, "percent": pytest.approx(400 / 6)}
    people = {
        one["name"]: (one["three"]["same"], one["five"]["same"], one["five"]["compared"]) for one in week["annotators"]
    }
    assert people == {"Anna": (2, 1, 4), "Ben": (3, 1, 4), "Chen": (3, 0, 4)}
    categories = {one["name"]: (one["agreement"]["same"], one["agreement"]["compared"]) for one in week["categories"]}
    assert categories == {
        # The first clip: mild-mild, mild-intimate twice; the second: mild-hostile, mild-tense, hostile-tense.
        "hostile": (0, 2), "tense": (0, 2), "neutral": (0, 0), "mild": (2, 6), "intimate": (0, 2),
        "negative": (2, 4), "positive": (6, 8),
    }  # fmt: skip
    assert page["differing"] == 2
    assert page["published_late"] == {"three": 94.8, "five": 90.1}
    assert page["drawn"] == [{"monday": "2026-11-02", "clips": 2, "percent": 100, "others": 2}]


def test_the_table_is_downloaded(as_user: AsUser) -> None:
    lab = _checked()
    answer = as_user(make_user(admin=True)).get(f"/api/projects/{lab.project.pk}/cross-check.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["week", "group", "name", "compared", "same_three", "percent_three", "same_five", "percent_five"]
    assert rows[1] == ["2026-11-02", "all", "", "6", "4", "66.7", "1", "16.7"]
    assert ["2026-11-02", "annotator", "Anna", "4", "2", "50.0", "1", "25.0"] in rows
    assert ["all", "category", "neutral", "0", "", "", "0", ""] in rows


def test_the_first_answer_is_shown_to_nobody_who_still_answers(as_user: AsUser) -> None:
    lab = Lab(clips=1, percent=100)
    lab.draw()
    turn = take(lab.project, lab.ben)
    client = as_user(lab.ben)
    clip = turn.task.clip_id
    assert client.get(f"/api/projects/{lab.project.pk}/discussions/{clip}/").status_code == 404
    shown = client.get(f"/api/assignments/{turn.pk}/").json()
    assert "mild" not in str(shown)


def test_clips_of_work_that_differ_wait_for_a_discussion(as_user: AsUser) -> None:
    lab = _checked()
    client, url = as_user(make_user(admin=True)), f"/api/projects/{lab.project.pk}/discussions/"
    listed = client.get(url).json()
    assert {one["clip"] for one in listed["results"]} == {clip.pk for clip in lab.clips[:2]}
    page = client.get(f"{url}{lab.clips[0].pk}/").json()
    agreed = {
        "client_id": "6a0f4b8e-52f6-4f0c-9a44-0c9a2b2f3b11",
        "pair": page["answers"][0]["said"]["pair"],
        "relationship": "mild",
    }
    assert client.post(f"{url}{lab.clips[0].pk}/consensus/", agreed, format="json").status_code == 201
    assert [one["clip"] for one in client.get(url).json()["results"]] == [lab.clips[1].pk]


def test_many_weeks_and_clips_take_as_many_queries_as_one(as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crosschecks, "report_of", crosschecks.make_report)  # nothing is remembered
    lab = _checked()
    training.choose_clip(clip=lab.clips[9], kind="training", user=None)
    client, counts = as_user(make_user(admin=True)), []
    for again in range(2):
        for path in ("cross-check/", "discussions/", "annotator-training/", "annotator-training/clips/"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/api/projects/{lab.project.pk}/{path}").status_code == 200
            counts.append(len(captured))
        if again:
            break
        for clip in lab.clips[2:5]:
            training.choose_clip(clip=clip, kind="training", user=None)
        Task.objects.filter(project=lab.project, clip__in=lab.clips[5:9]).update(answers_wanted=3)
        for week, _ in enumerate(lab.clips[5:9], start=1):
            for user, word in ((lab.anna, "tense"), (lab.ben, "mild"), (lab.chen, "hostile")):
                answer_next(lab.project, user, word, at=MONDAY + timedelta(weeks=week))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 12
