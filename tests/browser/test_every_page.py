"""Every page in both languages and two sizes: whole, without sideways scrolling, without a complaint."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LARGE, SMALL, Visitor, World
from tests.webapp.factories import finish_clip, mark_moments
from webapp.annotation.rules import StateAnswer

HEADINGS = {
    "en": ("My work", "What does June feel?", "Episodes", "Projects", "Make a release"),
    "zh-hans": ("我的任务", "June 的情感是什么？", "剧集", "项目", "制作发布"),
}


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1280x720", "1920x1080"])
def test_every_page_is_whole(
    visit: Callable[..., Visitor],
    world: World,
    picture: Callable[[Visitor, str], None],
    language: str,
    scheme: str,
    size: ViewportSize,
) -> None:
    home, question, episodes, projects, release = HEADINGS[language]
    project = world.project
    type(world.annotators["anna"]).objects.update(language=language)
    suffix = f"{language}-{size['width']}"

    def look(visitor: Visitor, name: str, heading: str = "") -> None:
        if heading:
            expect(visitor.page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        expect(visitor.page.locator(".mantine-Skeleton-root, .mantine-Loader-root")).to_have_count(0)
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        picture(visitor, f"{name}-{suffix}")

    anna = visit(size, "zh-CN" if language != "en" else "en-US", scheme)
    anna.go("/")
    look(anna, "log-in", "Affectory")
    anna.log_in("anna")
    look(anna, "home", home)
    anna.go(f"/projects/{project.pk}/moments")
    anna.video_ready()
    anna.press("Space")
    anna.play_until(2.0)
    anna.press("Space")
    anna.expect_saved()
    look(anna, "moments")
    anna.press("?")
    expect(anna.page.get_by_role("dialog")).to_be_visible()
    look(anna, "keys")
    anna.press("Escape", "x")
    anna.expect_saved()
    mark_moments(project, world.annotators["anna"], 2_000, 20_000)
    for name in ("ben", "chen"):
        finish_clip(project, world.annotators[name], StateAnswer("one", "joy", "joy", ("text",)))
    anna.go(f"/projects/{project.pk}/states")
    look(anna, "clips", question)
    anna.video_ready()
    anna.press("o", "t", "v", "5", "1")
    look(anna, "clips-answered", question)

    ada = visit(size, "en-US", scheme)
    ada.log_in("ada")
    ada.go("/episodes")
    look(ada, "episodes", episodes)
    ada.go(f"/episodes/{project.episodes.get().pk}")
    ada.video_ready()
    look(ada, "episode")
    ada.go("/projects")
    look(ada, "projects", projects)
    ada.go(f"/projects/{project.pk}")
    look(ada, "project", project.name)
    ada.go(f"/projects/{project.pk}?tab=moments")
    expect(ada.page.get_by_role("table").first).to_be_visible()
    look(ada, "project-moments")
    ada.go(f"/projects/{project.pk}?tab=agreement")
    expect(ada.page.get_by_role("table").first).to_be_visible()
    look(ada, "agreement")
    ada.go(f"/projects/{project.pk}?tab=releases")
    look(ada, "releases", release)
    ada.go(f"/projects/{project.pk}?tab=settings")
    expect(ada.page.get_by_role("switch").first).to_be_visible()
    look(ada, "settings")
