"""An admin looks at what the answers come to, and chooses the emotions that releases keep."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, World
from tests.webapp.factories import finish_clip, mark_moments
from webapp.annotation.models import Project
from webapp.annotation.rules import StateAnswer

CALM = StateAnswer("no_emotion")


def one(primary: str, fine: str) -> StateAnswer:
    return StateAnswer("one", primary, fine, ("text", "visual"))


#: What the three annotators say of everybody, clip by clip: two of serenity, two of ecstasy, neutral.
SAID = (
    (one("joy", "serenity"), one("joy", "serenity"), one("joy", "joy")),
    (one("joy", "ecstasy"), one("joy", "ecstasy"), one("joy", "ecstasy")),
    (CALM, CALM, one("anger", "rage")),
)


def label(world: World) -> None:
    people = list(world.annotators.values())
    mark_moments(world.project, people[0], 2_000, 18_000, 33_000)
    for answers in SAID:
        for person, answer in zip(people, answers, strict=True):
            finish_clip(world.project, person, answer)


def test_the_admin_sees_what_merging_does_before_it_is_in_use(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    label(world)
    ada = visit()
    ada.log_in("ada")
    ada.go(f"/projects/{world.project.pk}?tab=emotions")
    page = ada.page
    after = page.get_by_role("list", name="14 classes after merging")
    expect(after.get_by_role("listitem").filter(has_text="serenity")).to_contain_text("2")
    expect(after.get_by_role("listitem").filter(has_text="joy")).to_contain_text("2")
    expect(page.get_by_role("list", name="What the pairs come to")).to_contain_text("No two name the same emotion2")
    expect(page.get_by_text("This set is in use.")).to_be_visible()
    picture(ada, "emotions-en")

    page.get_by_role("checkbox", name="Keep serenity: 2 samples").press("Space")
    after = page.get_by_role("list", name="13 classes after merging")
    expect(after.get_by_role("listitem").filter(has_text="joy")).to_contain_text("4")
    expect(after.get_by_role("listitem").filter(has_text="serenity")).to_have_count(0)
    expect(page.get_by_text("Not in use yet.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Not in use yet.")).to_be_visible()
    assert "serenity" in Project.objects.get().fine_grained_kept

    page.get_by_role("checkbox", name="Keep ecstasy: 2 samples").check()
    page.locator("body").click(position={"x": 5, "y": 300})
    ada.press("s")
    expect(page.get_by_text("This set is in use.")).to_be_visible()
    assert Project.objects.get().fine_grained_kept == ["interest", "annoyance", "boredom", "distraction", "ecstasy"]

    ada.press("p")
    expect(page.get_by_role("list", name="14 classes after merging")).to_be_visible()
    ada.press("z")
    expect(page.get_by_text("This set is in use.")).to_be_visible()


def test_a_sample_and_its_absence_are_explained(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    label(world)
    ada = visit()
    ada.log_in("ada")
    page = ada.page
    ada.go(f"/projects/{world.project.pk}?tab=emotions")
    page.get_by_role("link", name="No two name the same emotion").click()
    table = page.get_by_role("table", name="Samples")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.get_by_role("row").nth(1)).to_contain_text("Anna No emotionBen No emotionChen rage")
    page.get_by_role("combobox", name="Show").select_option("Sample")
    expect(table.get_by_role("row").nth(1)).to_contain_text("2 of 3")
    expect(table.get_by_role("row").nth(1)).to_contain_text("Anna serenity · Text, Picture")
    picture(ada, "samples-en")
    with page.expect_download() as started:
        page.get_by_role("link", name="All as CSV").click()
    assert len(started.value.path().read_text().splitlines()) == 7


@pytest.mark.parametrize("tab", ["emotions", "samples"])
def test_both_pages_speak_chinese(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None], tab: str
) -> None:
    label(world)
    ada = visit(locale="zh-CN", scheme="dark")
    ada.log_in("ada")
    type(world.annotators["anna"]).objects.filter(username="ada").update(language="zh-hans")
    ada.go(f"/projects/{world.project.pk}?tab={tab}")
    expect(ada.page.get_by_role("tab", name="情感集")).to_be_visible()
    expect(ada.page.get_by_text("合并后共 14 类" if tab == "emotions" else "6 个组合")).to_be_visible()
    assert ada.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(ada, f"{tab}-zh")


@pytest.mark.parametrize(("language", "name"), [("en", "Answers per clip (k)"), ("zh-hans", "每个片段的答案数（k）")])
def test_the_admin_asks_for_more_answers_per_clip(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None], language: str, name: str
) -> None:
    label(world)
    type(world.annotators["anna"]).objects.filter(username="ada").update(language=language)
    ada = visit()
    ada.log_in("ada")
    ada.go(f"/projects/{world.project.pk}?tab=settings")
    ada.page.get_by_role("combobox", name=name).select_option("5")
    expect(ada.page.get_by_role("combobox", name=name)).to_be_enabled()
    expect(ada.page.get_by_role("combobox", name=name)).to_have_value("5")
    assert set(world.project.tasks.filter(kind="states").values_list("answers_wanted", flat=True)) == {5}
    picture(ada, f"settings-{language}")
