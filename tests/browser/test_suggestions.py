"""Suggestions in a real browser: nothing of the page moves when one comes, in both languages and two sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LARGE, SMALL, Visitor, World
from tests.webapp.factories import done_job, mark_moments
from webapp.annotation.models import Clip, StateRevision
from webapp.corpus.models import EmotionSuggestion, Identity

TEXTS = {
    "en": ("Show machine suggestions to annotators", "Suggestion, from the face: joy 62 % · No emotion 21 %"),
    "zh-hans": ("向标注员显示机器建议", "面部表情的建议：喜悦 62 % · 无情感 21 %"),
}


def every_face_shows_joy(clip: Clip) -> None:
    job = done_job("suggestions", clip.episode)
    EmotionSuggestion.objects.bulk_create(
        EmotionSuggestion(
            job=job,
            index=index,
            identity=identity,
            start_ms=clip.start_ms,
            end_ms=clip.end_ms,
            source="expression",
            probabilities=[["joy", 0.618], ["neutral", 0.21], ["fear", 0.172]],
            looks=3,
        )
        for index, identity in enumerate(Identity.objects.current_for(clip.episode))
    )


def places(visitor: Visitor) -> Any:
    """Where every button, picture and heading of the page is."""
    return visitor.page.evaluate(
        """() => [...document.querySelectorAll("h1, h2, video, fieldset button, footer button, svg[role]")]
            .map((one) => { const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })"""
    )


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1280x720", "1920x1080"])
def test_a_suggestion_comes_when_asked_for_and_moves_nothing(
    visit: Callable[..., Visitor],
    world: World,
    picture: Callable[[Visitor, str], None],
    language: str,
    scheme: str,
    size: ViewportSize,
) -> None:
    switch, suggestion = TEXTS[language]
    anna = world.annotators["anna"]
    type(anna).objects.update(language=language)  # everybody's, the admin's too
    mark_moments(world.project, anna, 2_000)
    every_face_shows_joy(world.project.clips.get())
    locale = "zh-CN" if language != "en" else "en-US"

    ada = visit(size, locale, scheme)
    ada.log_in("ada")
    ada.go(f"/projects/{world.project.pk}?tab=settings")
    expect(ada.page.get_by_text(switch, exact=True)).to_be_visible()
    shows = ada.page.get_by_role("switch", name=switch)
    shows.click()
    expect(shows).to_be_checked()
    picture(ada, f"settings-{language}-{size['width']}")

    visitor = visit(size, locale, scheme)
    visitor.log_in("anna")
    visitor.go(f"/projects/{world.project.pk}/states")
    visitor.video_ready()
    visitor.press("h", "o", "t", "5", "h")
    expect(visitor.page.get_by_text(suggestion)).to_have_count(0)
    visitor.press("2")
    picture(visitor, f"suggestion-offered-{language}-{size['width']}")
    before = places(visitor)
    visitor.press("h")
    expect(visitor.page.get_by_text(suggestion)).to_be_visible()
    assert places(visitor) == before
    picture(visitor, f"suggestion-shown-{language}-{size['width']}")
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    visitor.press("Enter")
    visitor.expect_saved()
    (answer,) = StateRevision.objects.all()
    assert (answer.primary, answer.prelabel["seen"][0]["emotion"]) == ("sadness", "joy")
