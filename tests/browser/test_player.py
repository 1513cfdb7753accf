"""The player seeks by byte ranges, steps frames, keeps its place on the screen, and needs a log-in."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, World

FRAME_S = 1001 / 24000


def seconds(page: Page) -> float:
    return float(page.evaluate("document.querySelector('video').currentTime"))


def test_seeking_asks_for_a_byte_range_and_frames_are_stepped_one_by_one(
    visit: Callable[..., Visitor], world: World
) -> None:
    anna = visit()
    anna.log_in("anna")
    statuses: list[int] = []
    anna.page.on("response", lambda r: statuses.append(r.status) if r.url.endswith(".mp4") else None)
    anna.go(f"/projects/{world.project.pk}/moments")
    anna.video_ready()
    anna.press(*["ArrowRight"] * 8)
    assert abs(seconds(anna.page) - 40) < 0.1
    anna.press("Shift+ArrowLeft")
    assert abs(seconds(anna.page) - 39) < 0.1
    anna.press(".")
    one = seconds(anna.page)
    anna.press(".", ".", ",")
    assert abs(seconds(anna.page) - one - FRAME_S) < 0.002
    anna.press("]", "]")
    assert anna.page.evaluate("document.querySelector('video').playbackRate") == 1.5
    assert set(statuses) == {206}


def test_nothing_moves_on_the_page_while_the_video_plays(visit: Callable[..., Visitor], world: World) -> None:
    anna = visit()
    anna.log_in("anna")
    anna.go(f"/projects/{world.project.pk}/moments")
    anna.video_ready()
    parts = "video, [role=toolbar], [role=slider], aside"
    places = f"[...document.querySelectorAll('{parts}')].map(e => JSON.stringify(e.getBoundingClientRect()))"
    before = anna.page.evaluate(places)
    anna.press("Space")
    anna.play_until(2.0)  # a line of dialogue has come
    assert anna.page.evaluate(places) == before
    anna.press("Space")
    assert anna.page.evaluate(places) == before


def test_media_need_a_log_in(visit: Callable[..., Visitor], world: World) -> None:
    stranger = visit()
    answer = stranger.context.request.get(
        f"{stranger.address}/media/episodes/{world.project.episodes.get().pk}/video.mp4"
    )
    assert answer.status in (401, 403)


def test_a_wrong_password_is_said_in_the_page_s_language(visit: Callable[..., Visitor], world: World) -> None:
    somebody = visit(locale="zh-CN")
    somebody.go("/")
    expect(somebody.page.locator("input[autocomplete=username]")).to_be_focused()
    somebody.page.keyboard.type("anna")
    somebody.press("Tab")
    somebody.page.keyboard.type("wrong")
    somebody.press("Enter")
    expect(somebody.page.get_by_role("alert")).to_contain_text("用户名与密码不匹配")
    somebody.complaints.clear()  # the browser writes of the 400
