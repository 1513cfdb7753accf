"""A weekly cross-check in a real browser, with an agreement worked out by hand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from exports.erato.weekly import monday_of
from tests.browser.conftest import LARGE, Visitor, World
from tests.browser.erato_clips import erato_clips
from tests.webapp.quality.answering import answer_next
from webapp.accounts.models import User
from webapp.annotation.models import Task
from webapp.quality.models import CrossCheck


def test_a_week_is_drawn_answered_by_another_and_its_agreement_shown(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    project, _ = erato_clips(world)
    anna, ben = world.annotators["anna"], world.annotators["ben"]
    last_week = timezone.now() - timedelta(days=7)
    for word in ("mild", "mild", "hostile", "neutral"):
        answer_next(project, anna, word, at=last_week)

    # The admin turns the cross-check on and draws: all four clips of Anna, one other each.
    ada = visit(LARGE)
    ada.log_in("ada")
    ada.go(f"/projects/{project.pk}?tab=crossCheck")
    page = ada.page
    expect(page.get_by_role("button", name="Draw ended weeks now")).to_be_disabled()
    page.get_by_role("switch", name="Cross-check clips every week").click(force=True)
    for name, value in (("Share of each annotator's clips", "100"), ("Others who answer", "1")):
        field = page.get_by_role("textbox", name=name)
        field.fill(value)
        field.press("Enter")
        expect(page.get_by_role("textbox", name=name)).to_have_value(re.compile(f"^{value}"))
    ada.page.get_by_role("button", name="Draw ended weeks now").click()
    expect(page.get_by_text("1 week drawn")).to_be_visible()
    page.get_by_role("button", name="Draw ended weeks now").click()
    expect(page.get_by_text("1 week drawn")).to_be_visible()
    assert CrossCheck.objects.count() == 4
    assert set(Task.objects.filter(cross_check__isnull=False).values_list("answers_wanted", flat=True)) == {2}

    # Ben answers them, in the order in which they are given to him: the same, near, near and different.
    by_clip = {}
    for word in ("mild", "intimate", "tense", "mild"):
        by_clip[answer_next(project, ben, word).pk] = word
    assert len(by_clip) == 4

    # By hand: mild-mild is the same in five and three categories, mild-intimate and hostile-tense in three only,
    # neutral-mild in none: one of four, and three of four.
    page.reload()
    weeks = page.get_by_role("table", name="By week")
    row = weeks.get_by_role("row").nth(2)
    expect(row).to_contain_text("75.0 % 3/4")
    expect(row).to_contain_text("25.0 % 1/4")
    people = page.get_by_role("table", name="By annotator")
    for name in ("Anna", "Ben"):
        expect(people.get_by_role("row", name=re.compile(name))).to_contain_text("25.0 % 1/4")
    categories = page.get_by_role("table", name="By category")
    # Mild is named four times (both of the first clip, one of the second, one of the fourth), met twice.
    expect(categories.get_by_role("row", name=re.compile("^Mild"))).to_contain_text("50.0 % 2/4")
    expect(categories.get_by_role("row", name=re.compile("^Negative"))).to_contain_text("100.0 % 2/2")
    expect(page.get_by_role("img", name="Percent agreement over 1 week")).to_be_visible()
    expect(page.get_by_text("88.3 / 82.6 % → 94.8 / 90.1 %")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Discuss: "))).to_have_count(3)
    picture(ada, "cross-check-en")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text())))
    monday = monday_of(timezone.localdate(last_week)).isoformat()
    assert rows[1] == [monday, "all", "", "4", "3", "75.0", "1", "25.0"]

    page.get_by_role("link", name=re.compile("^Discuss: ")).first.click()
    expect(page.get_by_role("region", name="Answers").get_by_role("article")).to_have_count(2)
    ada.video_ready()


def test_months_of_weeks_are_drawn_as_a_line(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    project, _ = erato_clips(world)
    Task.objects.filter(project=project, clip__isnull=False).update(answers_wanted=2)
    for week, words in enumerate((("mild", "tense"), ("mild", "intimate"), ("tense", "tense"), ("mild", "mild"))):
        at = timezone.now() - timedelta(weeks=9 - 2 * week)
        for name, word in zip(("anna", "ben"), words, strict=True):
            answer_next(project, world.annotators[name], word, at=at)
    User.objects.filter(username="ada").update(language="zh-hans")
    ada = visit(LARGE, locale="zh-CN", scheme="dark")
    ada.log_in("ada")
    ada.go(f"/projects/{project.pk}?tab=crossCheck")
    expect(ada.page.get_by_role("table")).to_have_count(3)
    dots = ada.page.locator("figure [title]")
    expect(dots).to_have_count(8)
    places = [float(str(dots.nth(place).evaluate("dot => dot.style.top")).rstrip("%")) for place in range(8)]
    # Three categories: 0, 100, 100, 100 %; five: 0, 0, 100, 100 %: the lower, the further down.
    assert places == [100.0, 0.0, 0.0, 0.0, 100.0, 100.0, 0.0, 0.0]
    picture(ada, "cross-check-weeks-dark")
