"""A training round in a real browser: from the guideline to the opened period."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LARGE, Visitor, World
from tests.browser.erato_clips import NAME, erato_clips
from tests.webapp.quality.answering import answer_next, take
from webapp.accounts.models import User
from webapp.annotation.models import Clip, Membership, Project, Task, TrainingClip
from webapp.annotation.services import training
from webapp.quality.models import Comment, Consensus


@pytest.fixture
def erato(world: World) -> tuple[Project, list[Clip]]:
    return erato_clips(world)


def opened(project: Project) -> set[str]:
    return set(
        Membership.objects.filter(project=project, opened_at__isnull=False).values_list("user__username", flat=True)
    )


def test_two_annotators_train_differ_agree_and_begin(
    visit: Callable[..., Visitor],
    world: World,
    erato: tuple[Project, list[Clip]],
    picture: Callable[[Visitor, str], None],
) -> None:
    project, _ = erato
    anna, ben = world.annotators["anna"], world.annotators["ben"]

    # The admin turns training on and chooses a demo and two training clips.
    ada = visit(LARGE)
    ada.log_in("ada")
    ada.go(f"/projects/{project.pk}?tab=training")
    page = ada.page
    page.get_by_role("switch", name="Annotators train first").click(force=True)
    threshold = page.get_by_role("textbox", name="Same as agreed, at least")
    threshold.fill("100")
    threshold.press("Enter")
    by_itself = page.get_by_role("switch", name="The period opens by itself")
    by_itself.click(force=True)  # while the threshold may still be on its way
    expect(by_itself).to_be_checked()
    page.get_by_role("button", name="Choose clips").click()
    page.get_by_role("textbox", name="Note for annotators").fill("Look at their hands.")
    for kind in ("Demo", "Training", "Training"):
        before = TrainingClip.objects.count()
        page.get_by_role("button", name=re.compile(f"use as {kind}$")).first.click()
        expect(page.get_by_role("row", name=re.compile("The launch"))).to_have_count(before + 1)
    picture(ada, "training-choose-en")
    page.get_by_role("dialog").press("Escape")
    project.refresh_from_db()
    assert (project.trains, project.training_threshold, project.opens_by_itself) == (True, 100, True)
    assert [one.note for one in TrainingClip.objects.all()] == ["Look at their hands.", "", ""]

    # Anna reads the guideline, watches the demo clip, and is given training clips alone.
    first = visit()
    first.log_in("anna")
    first.page.get_by_role("link", name="Training: 0 of 2").click()
    expect(first.page.get_by_text("Say how two people stand to each other")).to_be_visible()
    first.page.get_by_role("link", name=re.compile("^Watch: ")).click()
    expect(first.page.get_by_text("Demo clip")).to_be_visible()
    expect(first.page.get_by_text("Look at their hands.")).to_be_visible()
    first.video_ready()
    first.press("b")
    expect(first.page.get_by_role("link", name="Label training clips")).to_be_visible()
    picture(first, "training-mine-begin-en")
    first.page.get_by_role("link", name="Label training clips").click()
    first.video_ready()
    first.go("/")
    assert take(project, anna).task.purpose == "training"
    for word in ("mild", "tense"):
        answer_next(project, anna, word)
    for word in ("mild", "hostile"):
        answer_next(project, ben, word)
    assert opened(project) == set()

    # They differ about the second clip, and talk about it.
    first.go(f"/projects/{project.pk}/training")
    row = first.page.get_by_role("region", name="Training clips you have answered")
    expect(row.get_by_text("differ")).to_have_count(1)
    row.get_by_role("link", name=re.compile("^Discuss: ")).nth(1).click()
    answers = first.page.get_by_role("region", name="Answers")
    expect(answers.get_by_role("article", name="Anna")).to_contain_text("Tense")
    expect(answers.get_by_role("article", name="Ben")).to_contain_text("Hostile")
    first.press("c")
    expect(first.page.get_by_role("textbox", name="What do you see?")).to_be_focused()
    first.page.keyboard.type("He only teases her.")
    first.page.reload()
    expect(first.page.get_by_role("textbox", name="What do you see?")).to_have_value("He only teases her.")
    first.page.get_by_role("textbox", name="What do you see?").press("Control+Enter")
    first.expect_saved()
    assert [one.text for one in Comment.objects.all()] == ["He only teases her."]
    expect(first.page.get_by_role("button", name=re.compile("Record"))).to_have_count(0)

    # The admin takes what all say at once, reads the comment, and records the consensus by keys.
    page.reload()
    page.get_by_role("button", name="Accept what all say").click()
    expect(page.get_by_role("table", name="Demo, training and gold clips").get_by_text("Mild")).to_be_visible()
    picture(ada, "training-admin-en")
    page.get_by_role("row", name=re.compile("differ")).get_by_role("link").click()
    expect(page.get_by_text("He only teases her.")).to_be_visible()
    ada.video_ready()
    ada.press("2")
    page.get_by_role("textbox", name="Why (optional)").fill("Teasing is tense, not hostile.")
    page.get_by_role("textbox", name="Why (optional)").blur()
    ada.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Recorded")).to_be_visible()
    picture(ada, "discussion-admin-en")
    assert [(one.relationship, one.note) for one in Consensus.objects.order_by("pk")] == [
        ("mild", ""),
        ("tense", "Teasing is tense, not hostile."),
    ]

    # Anna has met the threshold, so her period is open; Ben has half of it right, and the admin opens his by hand.
    assert opened(project) == {"anna"}
    ada.press("b")
    table = page.get_by_role("table", name="Annotators")
    expect(table.get_by_role("row", name=re.compile("Anna"))).to_contain_text("by itself")
    expect(table.get_by_role("row", name=re.compile("Ben"))).to_contain_text("50 %")
    picture(ada, "training-opened-en")
    table.get_by_role("button", name="Open the period of Ben").click()
    expect(table.get_by_role("row", name=re.compile("Ben"))).to_contain_text("by Ada Admin")
    assert opened(project) == {"anna", "ben"}
    first.go("/")
    expect(first.page.get_by_role("region", name=NAME).get_by_text("Your annotating period is open")).to_be_visible()
    assert take(project, anna).task.purpose == Task.Purpose.WORK


@pytest.mark.parametrize("locale", ["zh-CN"])
def test_the_pages_of_training_in_chinese(
    visit: Callable[..., Visitor],
    world: World,
    erato: tuple[Project, list[Clip]],
    picture: Callable[[Visitor, str], None],
    locale: str,
) -> None:
    project, clips = erato
    training.decide_training(project=project, trains=True)
    for clip, kind in zip(clips, ("demo", "training", "training"), strict=False):
        training.choose_clip(clip=clip, kind=kind, user=None, note="Look at their hands.")
    for name, words in (("anna", ("mild", "tense")), ("ben", ("mild", "hostile"))):
        for word in words:
            answer_next(project, world.annotators[name], word)
    for user in world.annotators.values():
        user.language = "zh-hans"
        user.save()
    anna = visit(locale=locale, scheme="dark")
    anna.log_in("anna")
    way = anna.page.get_by_role("link", name="培训：2 / 2")
    expect(way).to_be_visible()
    picture(anna, "training-home-zh-dark")
    way.click()
    expect(anna.page.get_by_text("不一致", exact=True)).to_have_count(1)
    picture(anna, "training-mine-zh-dark")
    anna.page.get_by_role("link", name=re.compile("^讨论：|^讨论: ")).nth(1).click()
    expect(anna.page.get_by_role("region", name="答案").get_by_role("article", name="Ben")).to_contain_text("敌对")
    anna.video_ready()
    picture(anna, "discussion-zh-dark")
    User.objects.filter(username="ada").update(language="zh-hans")
    ada = visit(LARGE, locale=locale)
    ada.log_in("ada")
    ada.go(f"/projects/{project.pk}?tab=training")
    expect(ada.page.get_by_role("table")).to_have_count(2)
    picture(ada, "training-admin-zh")
