"""From an episode to clips: interactions are marked by keys, story segments joined and split, a clip restored."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import LARGE, Visitor, World
from tests.browser.known_episode import done
from webapp.accounts.models import User
from webapp.annotation.models import Clip, Project, Task
from webapp.annotation.services.projects import create_project
from webapp.corpus.models import StorySegment
from webapp.relationships.models import InteractionRevision
from webapp.relationships.services.clips import make_clips

#: Every picture that is seen was cut out of the video.
PAINTED = """() => [...document.querySelectorAll('section canvas')].slice(0, 12).every(canvas => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value, place) => place % 4 < 3 && value > 40);
})"""
#: The demo film's shots: two scenes, the second one begins with the launch pad (shot 6).
SCENES = ((0, 5, 0, 22_064), (6, 12, 22_064, 50_592))


@pytest.fixture
def erato(world: World) -> Project:
    """The demo episode in a project of the other protocol, with its two scenes."""
    episode = world.project.episodes.get()
    job = done(episode, "story_segments")
    StorySegment.objects.bulk_create(
        StorySegment(job=job, index=index, first_shot=first, last_shot=last, start_ms=start_ms, end_ms=end_ms,
                     threads=[[1, 5], [7, 10]][index : index + 1])
        for index, (first, last, start_ms, end_ms) in enumerate(SCENES)
    )  # fmt: skip
    return create_project(
        name="Two people",
        protocol=Project.Protocol.ERATO,
        episodes=[episode],
        annotators=list(world.annotators.values()),
        guideline="Mark where **two people** interact.",
    )


def at_the_desk(visitor: Visitor, project: Project) -> None:
    visitor.log_in("anna")
    visitor.go(f"/projects/{project.pk}/locate")
    visitor.video_ready()


def rows(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("list", name="Interactions").get_by_role("listitem")


def go_to(visitor: Visitor, time_s: float) -> None:
    """Move in the video as a click on the strip of the whole episode does."""
    slider = visitor.page.get_by_role("slider", name=re.compile("Position in the episode|在全集中的位置"))
    box = slider.bounding_box()
    assert box is not None
    length = float(visitor.page.evaluate("document.querySelector('video').duration"))
    slider.click(position={"x": box["width"] * time_s / length, "y": 4})
    visitor.page.wait_for_function("!document.querySelector('video').seeking")


def test_two_interactions_are_located_by_keys_and_become_clips(
    visit: Callable[..., Visitor], erato: Project, picture: Callable[[Visitor, str], None]
) -> None:
    anna = visit(LARGE)
    at_the_desk(anna, erato)
    expect(anna.page.get_by_role("heading", name="2 suggestions")).to_be_visible()
    anna.press("a")
    expect(rows(anna)).to_have_count(1)
    expect(rows(anna).first).to_contain_text("22.1 s")
    expect(anna.page.get_by_role("heading", name="1 suggestion")).to_be_visible()

    go_to(anna, 29.9)
    anna.press("i")
    expect(anna.page.get_by_text("Begun at 00:29.9. Press O where it ends.")).to_be_visible()
    anna.expect_saved()
    anna.page.reload()
    anna.video_ready()
    expect(anna.page.get_by_text("Begun at 00:29.9. Press O where it ends.")).to_be_visible()
    expect(rows(anna)).to_have_count(1)
    go_to(anna, 33.0)
    anna.press("o")
    expect(rows(anna).nth(1)).to_contain_text("too short")
    go_to(anna, 40.0)
    anna.press("Shift+O")
    expect(rows(anna).nth(1)).to_contain_text("10.1 s")
    expect(rows(anna).nth(1)).not_to_contain_text("too short")
    picture(anna, "locate")
    anna.press("k", "k", "j", "Shift+K", "e", "Shift+E")
    anna.expect_saved()
    anna.press("r")
    expect(anna.page.get_by_text("No suggestion waits for an answer.")).to_be_visible()
    anna.press("z")
    expect(anna.page.get_by_role("heading", name="1 suggestion")).to_be_visible()
    anna.press("Shift+Z")
    expect(anna.page.get_by_text("No suggestion waits for an answer.")).to_be_visible()
    anna.press("ArrowUp", "x")
    expect(rows(anna)).to_have_count(1)
    anna.press("z")
    expect(rows(anna)).to_have_count(2)
    anna.press("l")
    anna.play_until(0.5)
    anna.press("l", "Enter")
    expect(anna.page.get_by_role("dialog")).to_contain_text("You marked 2 interactions")
    anna.expect_saved()
    picture(anna, "locate-finish")
    anna.press("Enter")
    expect(anna.page.get_by_role("heading", name="Episode finished")).to_be_visible()
    assert list(Clip.objects.filter(project=erato).values_list("start_ms", "end_ms")) == [(0, 22_064), (29_905, 40_040)]
    refused = InteractionRevision.objects.order_by("pk").filter(removed=True).values_list("suggestion", flat=True)
    assert "26485-48590" in refused


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_desk_is_whole_in_both_languages_and_small(
    visit: Callable[..., Visitor], erato: Project, picture: Callable[[Visitor, str], None], language: str
) -> None:
    User.objects.update(language=language)
    anna = visit(scheme="dark" if language != "en" else "light")
    at_the_desk(anna, erato)
    anna.press("a")
    go_to(anna, 33.0)
    anna.press("i")
    go_to(anna, 36.0)
    anna.press("o")
    anna.expect_saved()
    assert anna.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert anna.page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    picture(anna, f"locate-small-{language}")


def scenes(visitor: Visitor) -> list[int]:
    """How many shots each story segment on the page has."""
    sections = visitor.page.get_by_role("region", name=re.compile("Story segment|故事段"))
    return [one.get_by_role("button", name=re.compile("^(Shot|镜头) ")).count() for one in sections.all()]


def test_story_segments_are_joined_and_split_by_keys_and_mouse(
    visit: Callable[..., Visitor], erato: Project, picture: Callable[[Visitor, str], None]
) -> None:
    ada = visit(LARGE)
    ada.log_in("ada")
    ada.go(f"/projects/{erato.pk}?tab=stories")
    picture(ada, "stories")
    ada.page.get_by_role("link", name="The launch").click()
    expect(ada.page.get_by_text("2 story segments of 13 shots")).to_be_visible()
    assert scenes(ada) == [6, 7]
    expect(ada.page.get_by_role("button", name="Shot 2 at 00:04.8, view A")).to_be_visible()
    ada.page.wait_for_function(PAINTED)
    picture(ada, "storyboard")
    ada.press("ArrowRight", "ArrowRight", "Space")
    expect(ada.page.get_by_text("3 story segments of 13 shots")).to_be_visible()
    assert scenes(ada) == [2, 4, 7]
    ada.page.get_by_role("button", name="Begin a story segment with shot 9").click()
    assert scenes(ada) == [2, 4, 2, 5]
    ada.page.get_by_role("region", name="Story segment 3").get_by_role(
        "button", name="Join with the one before"
    ).click()
    assert scenes(ada) == [2, 6, 5]
    ada.press("z", "z")
    assert scenes(ada) == [2, 4, 7]
    ada.press("Shift+Z")
    assert scenes(ada) == [2, 4, 2, 5]
    ada.expect_saved()
    ada.page.reload()
    expect(ada.page.get_by_text("4 story segments of 13 shots")).to_be_visible()
    assert scenes(ada) == [2, 4, 2, 5]

    anna = visit()
    at_the_desk(anna, erato)
    anna.press("n")
    expect(anna.page.get_by_test_id("clock")).to_have_text("00:08.6")


def test_a_dropped_clip_is_restored_and_limits_are_changed(
    visit: Callable[..., Visitor], erato: Project, picture: Callable[[Visitor, str], None]
) -> None:
    spans = [(0, 20_000), (2_000, 5_000), (22_064, 40_000)]
    make_clips(project=erato, episode=erato.episodes.get(), spans=spans)
    ada = visit(LARGE)
    ada.log_in("ada")
    ada.go(f"/projects/{erato.pk}?tab=clips")
    table = ada.page.get_by_role("table", name="Clips")
    expect(table.get_by_role("row")).to_have_count(4)
    expect(table.get_by_role("row").nth(2)).to_contain_text("Dropped: too short")
    picture(ada, "clips-of-project")
    ada.page.get_by_text("Too short 1").click()
    expect(table.get_by_role("row")).to_have_count(2)
    ada.page.get_by_role("button", name="Restore The launch").click()
    expect(ada.page.get_by_text("Too short 0")).to_be_visible()
    ada.page.get_by_text("Restored 1").click()
    expect(table.get_by_role("row").nth(1)).to_contain_text("kept by Ada Admin")
    assert Task.objects.filter(project=erato, clip__start_ms=2_000).exists()

    ada.go(f"/projects/{erato.pk}?tab=settings")
    longest = ada.page.get_by_label("Longest")
    expect(longest).to_have_value("35 s")
    answers = ada.page.get_by_role("combobox", name="Answers per clip (k)")
    expect(answers).to_have_value("1")
    answers.select_option("2")
    expect(answers).to_be_enabled()
    expect(answers).to_have_value("2")
    wanted = Task.objects.filter(project=erato, clip__isnull=False).values_list("answers_wanted", flat=True)
    assert set(wanted) == {2}
    picture(ada, "clip-limits")
    ada.page.get_by_label("Most shots in a segment").fill("30")
    ada.page.get_by_label("Most shots in a segment").press("Enter")
    expect(ada.page.get_by_role("region", name="How shots are grouped").get_by_text("Waiting")).to_be_visible()
    longest.fill("15")
    longest.press("Enter")
    expect(longest).to_have_value("15 s")
    ada.page.get_by_label("Shortest").fill("15")
    ada.page.get_by_label("Shortest").press("Enter")
    expect(ada.page.get_by_text("The longest clip must be longer than the shortest.").first).to_be_visible()
    ada.complaints.clear()  # the browser itself writes of the refusal
    ada.go(f"/projects/{erato.pk}?tab=clips")
    expect(ada.page.get_by_text("Too long 2")).to_be_visible()
    ada.go(f"/projects/{erato.pk}")
    expect(ada.page.get_by_text("2 dropped").first).to_be_visible()
    picture(ada, "overview-erato")


@pytest.mark.parametrize("language", ["zh-hans"])
def test_the_pages_of_admins_are_whole_in_chinese(
    visit: Callable[..., Visitor], erato: Project, picture: Callable[[Visitor, str], None], language: str
) -> None:
    User.objects.update(language=language)
    make_clips(project=erato, episode=erato.episodes.get(), spans=[(0, 20_000), (2_000, 5_000)])
    ada = visit(scheme="dark")
    ada.log_in("ada")
    episode = erato.episodes.get().pk
    pages = {"": "已标注的片段", "?tab=stories": "查找进度", "?tab=clips": "已舍弃：太短", "?tab=settings": "候选人数"}
    pages[f"/episodes/{episode}/storyboard"] = "2 个故事段，共 13 个镜头"
    for path, text in pages.items():
        ada.go(f"/projects/{erato.pk}{path}")
        expect(ada.page.get_by_text(text).first).to_be_visible()
        assert ada.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        picture(ada, f"admin-{path.strip('?/').replace('/', '-').replace('=', '-') or 'overview'}-{language}")
