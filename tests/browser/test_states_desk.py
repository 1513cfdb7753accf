"""Labelling a clip in a real browser: by keys alone, with doubt and evidence, corrected later, beside examples."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import LARGE, SMALL, Visitor, World
from tests.webapp.factories import finish_clip, mark_moments
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Exemplar, Project, StateRevision
from webapp.annotation.rules import StateAnswer
from webapp.corpus.models import Character

GRIEF = StateAnswer("one", "sadness", "grief", ("visual",))


@pytest.fixture
def clips(world: World) -> World:
    """Three main characters, the third never seen; three clips, and half a minute of context."""
    series = world.project.episodes.get().series
    Character.objects.create(series=series, name="Otto Klein", is_main=True, order=9)
    mark_moments(world.project, world.annotators["anna"], 2_000, 20_000, 36_000)
    Project.objects.update(context_ms=30_000)
    return world


def at_the_clip(visitor: Visitor, world: World, who: str = "anna") -> Page:
    visitor.log_in(who)
    visitor.go(f"/projects/{world.project.pk}/states")
    expect(visitor.page.get_by_role("heading", name=re.compile("June"))).to_be_visible()
    visitor.video_ready()
    return visitor.page


def said(turn: Assignment) -> dict[str, StateRevision]:
    return {state.character.name: state for state in turn.states.order_by("pk").select_related("character")}


def test_a_clip_with_three_characters_takes_fewer_than_twenty_keys(visit: Callable[..., Visitor], clips: World) -> None:
    anna = visit()
    page = at_the_clip(anna, clips)
    pressed: list[str] = []

    def press(*keys: str) -> None:
        pressed.extend(keys)
        anna.press(*keys)

    assert not anna.is_paused(), "the clip plays at once"
    press("o", "t", "5", "3", "Enter")
    expect(page.get_by_role("heading", name="What does Nora feel?")).to_be_visible()
    press("o", "v", "u", "1", "1", "Enter")
    expect(page.get_by_role("heading", name="What does Otto Klein feel?")).to_be_visible()
    press("a", "Enter")
    expect(page.get_by_text("1 today · 2 left")).to_be_visible()
    expect(page.get_by_role("button", name="June: Open")).to_be_visible()
    assert len(pressed) == 13
    assert len(pressed) < 20
    done = Assignment.objects.get(status="done", task__kind="states")
    assert {name: (one.status, one.fine_grained, one.reasons) for name, one in said(done).items()} == {
        "June": ("one", "grief", ["text"]),
        "Nora": ("one", "serenity", ["visual", "audio"]),
        "Otto Klein": ("absent", "", []),
    }


def test_doubt_a_comment_evidence_and_context_are_kept_through_a_reload_and_a_lost_network(
    visit: Callable[..., Visitor], clips: World
) -> None:
    for _ in range(2):
        finish_clip(clips.project, clips.annotators["anna"])
    anna = visit()
    page = at_the_clip(anna, clips)
    clip = Assignment.objects.get(status="held").task.clip
    assert clip is not None
    anna.press("p")
    expect(page.get_by_text(re.compile(r"^\d+ seconds? before the clip$"))).to_be_visible()
    anna.press("Shift+ArrowRight")
    anna.play_until(max(0, clip.start_ms - 30_000) / 1000 + 2.5)
    anna.press("r", "Space")
    anna.press("o", "t", "v", "e", "f", "q", "w")
    page.get_by_role("textbox", name="Comment on June in this clip").fill("She looks away.")
    anna.press("Enter")
    slider = page.get_by_role("slider", name="Position in the video")
    box = slider.bounding_box()
    assert box is not None
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 10, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    anna.press("5", "2")
    page.reload()
    anna.video_ready()
    expect(page.get_by_role("button", name="I am unsure")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name=re.compile("^Do not point at it"))).to_have_count(3)
    anna.context.set_offline(True)
    anna.press("Enter")
    expect(page.get_by_text("Offline: 1 change kept on this computer")).to_be_visible()
    assert StateRevision.objects.filter(assignment__status="held").count() == 0
    anna.context.set_offline(False)
    anna.expect_saved()
    june = StateRevision.objects.get(assignment__status="held")
    assert (june.unsure, june.comment, june.fine_grained) == (True, "She looks away.", "sadness")
    line, track, span = june.evidence
    assert (line["kind"], line["reason"]) == ("line", "text")
    assert (track["kind"], track["reason"]) == ("track", "visual")
    assert span["start_ms"] - clip.start_ms == pytest.approx((clip.end_ms - clip.start_ms) / 4, abs=150)
    assert 500 < june.context_watched_ms < 6_000
    anna.complaints.clear()  # the browser itself writes of every request that found no network


def test_an_earlier_clip_is_corrected_and_the_next_one_is_loaded_before_its_turn(
    visit: Callable[..., Visitor], clips: World
) -> None:
    finish_clip(clips.project, clips.annotators["anna"], GRIEF)
    anna = visit()
    warmed: list[str] = []
    anna.page.on("request", lambda request: request.resource_type == "media" and warmed.append(request.url))
    page = at_the_clip(anna, clips)
    half_done = ("m", "Enter")
    anna.press(*half_done)
    anna.press("b")
    drawer = page.get_by_role("dialog", name="Clips of today")
    drawer.get_by_role("button", name=re.compile("June: grief")).click()
    expect(page.get_by_text("Correcting an earlier clip")).to_be_visible()
    expect(page.get_by_role("button", name="June: Answered")).to_be_visible()
    anna.press("n", "Enter", "Enter")
    expect(page.get_by_role("heading", name="What does Nora feel?")).to_be_visible()
    expect(page.get_by_role("button", name="June: Answered")).to_be_visible()
    done = Assignment.objects.get(status="done", task__kind="states")
    assert [one.status for one in done.states.filter(character__name="June")] == ["one", "no_emotion"]
    page.wait_for_function("() => true")
    assert warmed, "videos are loaded"


def test_a_key_that_is_taken_is_swapped_and_works_on_the_page_and_on_another_computer(
    visit: Callable[..., Visitor], clips: World, picture: Callable[[Visitor, str], None]
) -> None:
    anna = visit()
    page = at_the_clip(anna, clips)
    anna.press("?")
    page.get_by_role("link", name="Change keys").click()
    page.get_by_role("button", name="Key of “Absent”: A").click()
    anna.press("n")
    expect(page.get_by_role("alert")).to_contain_text("N is “No emotion” already.")
    picture(anna, "keys-conflict")
    page.get_by_role("button", name="Swap the two keys").click()
    expect(page.get_by_role("button", name="Key of “No emotion”: A")).to_be_visible()
    assert User.objects.get(username="anna").keys == {"status.absent": ["n"], "status.no_emotion": ["a"]}
    elsewhere = visit(LARGE)
    page = at_the_clip(elsewhere, clips)
    elsewhere.press("a")
    expect(page.get_by_role("button", name="No emotion")).to_have_attribute("aria-pressed", "true")
    elsewhere.press("n")
    expect(page.get_by_role("button", name="Absent")).to_have_attribute("aria-pressed", "true")


def test_an_admin_reads_a_comment_and_makes_an_example_that_annotators_see_beside_the_guideline(
    visit: Callable[..., Visitor], clips: World, picture: Callable[[Visitor, str], None]
) -> None:
    finish_clip(clips.project, clips.annotators["anna"], GRIEF)
    StateRevision.objects.filter(character__name="June").update(unsure=True, comment="Tears, but of joy?")
    ada = visit()
    ada.log_in("ada")
    ada.go(f"/projects/{clips.project.pk}?tab=said")
    page = ada.page
    table = page.get_by_role("table", name="Answers")
    expect(table.get_by_role("row")).to_have_count(4)
    page.get_by_role("checkbox", name="Only unsure").check()
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table).to_contain_text("Tears, but of joy?")
    picture(ada, "answers")
    table.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("textbox", name="What to look at (optional)").fill("Her hands.")
    ada.video_ready()
    picture(ada, "answer")
    drawer.get_by_role("button", name="Use as example").click()
    expect(drawer.get_by_role("heading", name="This is the example of “grief”")).to_be_visible()
    assert Exemplar.objects.get().label == "grief"
    ben = visit()
    page = at_the_clip(ben, clips, "ben")
    ben.press("o", "v", "5", "3", "g")
    example = page.get_by_role("region", name="Examples")
    expect(example).to_contain_text("June: grief · Her hands.")
    page.wait_for_function("() => [...document.querySelectorAll('[role=dialog] video')].some((v) => v.readyState >= 3)")
    picture(ben, "guideline-example")
    ben.press("Escape")
    expect(example).to_have_count(0)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1280x720", "1920x1080"])
def test_nothing_moves_while_an_answer_is_made(
    visit: Callable[..., Visitor],
    clips: World,
    picture: Callable[[Visitor, str], None],
    language: str,
    scheme: str,
    size: ViewportSize,
) -> None:
    User.objects.update(language=language)
    finish_clip(clips.project, clips.annotators["anna"], GRIEF)
    anna = visit(size, "zh-CN" if language != "en" else "en-US", scheme)
    page = at_the_clip(anna, clips)
    anna.press("Space")
    picture(anna, f"desk-{language}-{size['width']}")
    before = places(anna)
    anna.press("o", "t", "v", "e", "f", "q", "5", "1")
    assert [(a, b) for a, b in zip(before, places(anna), strict=True) if a != b] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.querySelector('main').scrollHeight <= document.querySelector('main').clientHeight")
    picture(anna, f"desk-answered-{language}-{size['width']}")
    anna.press("w")
    expect(page.get_by_role("textbox")).to_be_focused()
    picture(anna, f"desk-comment-{language}-{size['width']}")
    anna.press("Escape", "b")
    expect(page.get_by_role("dialog").get_by_role("button", name=re.compile("June"))).to_be_visible()
    picture(anna, f"desk-history-{language}-{size['width']}")
    anna.go("/keys")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture(anna, f"own-keys-{language}-{size['width']}")


def places(visitor: Visitor) -> Any:
    return visitor.page.evaluate(
        """() => [...document.querySelectorAll("h1, h2, video, fieldset button, footer button, svg[role]")]
            .map((one) => { const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })"""
    )
