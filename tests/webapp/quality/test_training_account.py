"""A training round: what annotators answered, what was agreed on, and when the period opens."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import make_user
from tests.webapp.quality.answering import answer_next, pair_of, say, take
from tests.webapp.relationships.factories import project_with_clips
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Membership, Project, Task
from webapp.annotation.rules import RuleError
from webapp.annotation.services import training
from webapp.quality.discussions import accept_unanimous, agree_on, comment_on, may_discuss
from webapp.quality.models import Comment, Consensus
from webapp.quality.training import training_account
from webapp.relationships.services.labelling import take_step
from webapp.relationships.steps import StepEvent

AsUser = Callable[[User], APIClient]
SPANS = [(start, start + 9_000) for start in range(0, 60_000, 10_000)]

pytestmark = pytest.mark.django_db


class Round:
    """Anna and Ben answer two training clips: the same about the first, not about the second."""

    def __init__(self, **settings: object) -> None:
        self.ada, self.anna, self.ben = make_user(admin=True), make_user(first_name="Anna"), make_user(first_name="Ben")
        self.project, self.clips = project_with_clips(*SPANS, annotators=[self.anna, self.ben])
        training.decide_training(project=self.project, trains=True, **settings)
        for clip in self.clips[:2]:
            training.choose_clip(clip=clip, kind="training", user=self.ada)
        for user, words in ((self.anna, ("mild", "tense")), (self.ben, ("mild", "hostile"))):
            for word in words:
                answer_next(self.project, user, word)

    def agree(self, clip: Clip, relationship: str) -> Consensus:
        return agree_on(clip=clip, user=self.ada, client_id=uuid4(), pair=pair_of(clip), relationship=relationship)

    def open(self) -> set[str]:
        members = Membership.objects.filter(project=self.project, opened_at__isnull=False)
        return set(members.values_list("user__first_name", flat=True))


def test_the_account_says_who_answered_as_agreed_and_where_answers_differ() -> None:
    it = Round()
    it.agree(it.clips[0], "mild")
    it.agree(it.clips[1], "hostile")
    account = training_account(it.project)
    assert [(len(one.answers), one.differs, one.all_say is not None) for one in account.clips] == [
        (2, False, True),
        (2, True, False),
    ]
    scores = {one.member.user.first_name: one.training for one in account.annotators}
    assert (scores["Anna"].answered, scores["Anna"].judged) == (2, 2)
    assert (scores["Anna"].same_five, scores["Anna"].same_three) == (1, 2)
    assert (scores["Ben"].same_five, scores["Ben"].same_three) == (2, 2)
    assert {one.member.user.first_name for one in account.annotators if one.has_passed} == {"Ben"}


def test_the_period_opens_by_itself_when_the_last_clip_is_agreed_on() -> None:
    it = Round(opens_by_itself=True, training_threshold=100)
    it.agree(it.clips[0], "mild")
    assert it.open() == set()
    it.agree(it.clips[1], "tense")
    assert it.open() == {"Anna"}
    assert Membership.objects.get(user=it.anna).opened_by is None
    assert Task.objects.get(assignments__pk=_next(it.project, it.anna)).purpose == "work"


def _next(project: Project, user: User) -> int:
    answer_next(project, user, "mild")
    return Assignment.objects.filter(annotator=user).latest("pk").pk


def test_the_period_opens_by_itself_when_the_last_training_clip_is_finished() -> None:
    it = Round(opens_by_itself=True, training_threshold=50)
    training.choose_clip(clip=it.clips[2], kind="training", user=it.ada)
    for clip, word in zip(it.clips, ("mild", "hostile", "neutral"), strict=False):
        it.agree(clip, word)
    assert it.open() == set()
    answer_next(it.project, it.anna, "neutral")
    assert it.open() == {"Anna"}


def test_the_period_does_not_open_by_itself_unless_that_was_chosen() -> None:
    it = Round(training_threshold=0)
    for clip in it.clips[:2]:
        it.agree(clip, "mild")
    assert it.open() == set()


def test_a_newer_consensus_counts_and_the_old_one_stays() -> None:
    it = Round()
    it.agree(it.clips[0], "intimate")
    it.agree(it.clips[0], "mild")
    assert Consensus.objects.filter(clip=it.clips[0]).count() == 2
    assert [one.training.same_five for one in training_account(it.project).annotators] == [1, 1]


def test_an_answer_corrected_after_the_discussion_does_not_raise_the_score() -> None:
    it = Round()
    it.agree(it.clips[1], "hostile")
    turn = Assignment.objects.get(annotator=it.anna, task__clip=it.clips[1])
    take_step(assignment=turn, client_id=uuid4(), event=StepEvent("back", back_to="relationship"))
    take_step(assignment=turn, client_id=uuid4(), event=StepEvent("relationship", relationship="hostile"))
    scores = {one.member.user.first_name: one.training.same_five for one in training_account(it.project).annotators}
    assert scores == {"Anna": 0, "Ben": 1}


def test_what_all_members_say_is_accepted_at_once_and_only_once() -> None:
    it = Round()
    sent = uuid4()
    assert accept_unanimous(project=it.project, user=it.ada, client_id=sent) == 1
    assert accept_unanimous(project=it.project, user=it.ada, client_id=sent) == 0
    (made,) = Consensus.objects.all()
    assert (made.clip, made.relationship, made.pair) == (it.clips[0], "mild", pair_of(it.clips[0]))


def test_a_clip_that_a_member_has_not_answered_is_not_accepted() -> None:
    it = Round()
    Membership.objects.create(project=it.project, user=make_user())
    assert accept_unanimous(project=it.project, user=it.ada, client_id=uuid4()) == 0


def test_a_consensus_is_about_two_people_of_the_clip() -> None:
    it = Round()
    (first, second), stranger = pair_of(it.clips[0]), 10**9
    for pair in ((first, first), (first, stranger)):
        with pytest.raises(RuleError, match="two different people"):
            agree_on(clip=it.clips[0], user=it.ada, client_id=uuid4(), pair=pair, relationship="mild")
    made = agree_on(clip=it.clips[0], user=it.ada, client_id=uuid4(), pair=(second, first), relationship="mild")
    assert made.pair == (first, second)


def test_a_comment_sent_twice_is_one_comment() -> None:
    it, sent = Round(), uuid4()
    for _ in range(2):
        comment_on(clip=it.clips[1], author=it.anna, client_id=sent, text=" He threatens her. ")
    assert Comment.objects.get().text == "He threatens her."
    with pytest.raises(RuleError, match="1 to"):
        comment_on(clip=it.clips[1], author=it.anna, client_id=uuid4(), text="   ")


def test_a_discussion_is_read_by_those_who_have_answered() -> None:
    it = Round()
    chen = make_user()
    Membership.objects.create(project=it.project, user=chen)
    assert may_discuss(it.clips[1], it.anna)
    assert not may_discuss(it.clips[1], chen), "he has not answered it yet"
    training.choose_clip(clip=it.clips[1], kind="gold", user=it.ada)
    assert not may_discuss(it.clips[1], it.anna), "nobody is told which clips are gold"
    training.choose_clip(clip=it.clips[5], kind="demo", user=it.ada)
    assert may_discuss(it.clips[5], chen)


def test_a_clip_of_work_is_discussed_when_all_its_answers_are_there() -> None:
    anna, ben = make_user(), make_user()
    project, (clip,) = project_with_clips(SPANS[0], k=2, annotators=[anna, ben])
    answer_next(project, anna, "mild")
    assert not may_discuss(clip, anna)
    answer_next(project, ben, "tense")
    assert may_discuss(clip, anna)


def test_discarding_a_training_clip_is_an_answer_that_differs(as_user: AsUser) -> None:
    anna, ben = make_user(), make_user()
    project, (clip, *_) = project_with_clips(*SPANS, annotators=[anna, ben])
    training.decide_training(project=project, trains=True)
    training.choose_clip(clip=clip, kind="training", user=None)
    answer_next(project, anna, "mild")
    answer_next(project, ben, "")
    assert training_account(project).clips[0].differs
    page = as_user(anna).get(f"/api/projects/{project.pk}/discussions/{clip.pk}/").json()
    assert [one["said"] for one in page["answers"]] == [
        {"pair": list(pair_of(clip)), "relationship": "mild"},
        {"pair": None, "relationship": ""},
    ]


def test_the_page_of_a_discussion_shows_everything_side_by_side(as_user: AsUser) -> None:
    it = Round()
    url = f"/api/projects/{it.project.pk}/discussions/{it.clips[1].pk}/"
    anna, ada = as_user(it.anna), as_user(it.ada)
    body = {"client_id": str(uuid4()), "text": "She laughs."}
    assert anna.post(f"{url}comments/", body, format="json").status_code == 201
    agreed = {"client_id": str(uuid4()), "pair": list(pair_of(it.clips[1])), "relationship": "tense", "note": "A joke."}
    assert anna.post(f"{url}consensus/", agreed, format="json").status_code == 403
    assert ada.post(f"{url}consensus/", agreed, format="json").status_code == 201
    page = anna.get(url).json()
    assert [(one["annotator"], one["is_mine"], one["said"]["relationship"]) for one in page["answers"]] == [
        ("Anna", True, "tense"),
        ("Ben", False, "hostile"),
    ]
    assert [one["text"] for one in page["comments"]] == ["She laughs."]
    assert [(one["relationship"], one["note"]) for one in page["consensuses"]] == [("tense", "A joke.")]
    assert (page["part"], page["may_decide"], len(page["people"])) == ("training", False, 2)
    assert page["lines"]


def test_an_annotator_sees_demo_clips_and_the_training_clips_that_are_done(as_user: AsUser) -> None:
    it = Round()
    training.choose_clip(clip=it.clips[2], kind="training", user=it.ada)
    training.choose_clip(clip=it.clips[3], kind="gold", user=it.ada)
    training.choose_clip(clip=it.clips[4], kind="demo", user=it.ada, note="A quarrel.")
    page = as_user(it.anna).get(f"/api/projects/{it.project.pk}/annotator-training/mine/").json()
    assert [(one["kind"], one["clip"], one["differs"]) for one in page["clips"]] == [
        ("training", it.clips[0].pk, False),
        ("training", it.clips[1].pk, True),
        ("demo", it.clips[4].pk, False),
    ]
    assert (page["done"], page["total"], page["opened_at"]) == (2, 3, None)


def test_an_admin_chooses_clips_and_opens_periods(as_user: AsUser) -> None:
    it = Round()
    client, url = as_user(it.ada), f"/api/projects/{it.project.pk}/annotator-training/"
    listed = client.get(f"{url}clips/").json()
    assert [one["clip"] for one in listed["results"]] == [clip.pk for clip in it.clips[2:]]
    body = {"clip": it.clips[2].pk, "kind": "demo", "note": "Look at her hands."}
    assert client.post(f"{url}clips/", body, format="json").status_code == 201
    order = [it.clips[2].pk, it.clips[1].pk]
    page = client.put(f"{url}order/", {"clips": order}, format="json").json()
    assert [one["clip"] for one in page["clips"]] == [*order, it.clips[0].pk]
    page = client.delete(f"{url}clips/{it.clips[2].pk}/").json()
    assert len(page["clips"]) == 2
    page = client.put(f"{url}members/{it.ben.pk}/", {"is_open": True}, format="json").json()
    opened = {one["full_name"]: (one["opened_at"] is not None, one["opened_by"]) for one in page["annotators"]}
    assert opened == {"Anna": (False, ""), "Ben": (True, it.ada.full_name)}
    page = client.patch(url, {"training_threshold": 0, "opens_by_itself": True}, format="json").json()
    assert page["settings"]["training_threshold"] == 0
    for clip in Clip.objects.filter(pk__in=[clip.pk for clip in it.clips[:2]]):
        it.agree(clip, "mild")
    assert it.open() == {"Anna", "Ben"}
    page = client.put(f"{url}members/{it.ben.pk}/", {"is_open": False}, format="json").json()
    assert it.open() == {"Anna"}
    assert client.patch(url, {"gold_percent": 51}, format="json").status_code == 400


def test_a_turn_that_is_not_finished_is_no_answer() -> None:
    it = Round()
    training.choose_clip(clip=it.clips[2], kind="training", user=it.ada)
    say(take(it.project, it.anna), "mild")
    assert len(training_account(it.project).clips[2].answers) == 0
