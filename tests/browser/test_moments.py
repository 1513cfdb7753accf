"""A whole session of marking moments: the network goes, another computer goes on, skipped parts are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visitor, World
from tests.webapp.factories import make_project, mark_moments
from webapp.annotation.models import Assignment, Calibration, Clip, Moment, Project, Watched
from webapp.annotation.reaction import calibration_clip
from webapp.annotation.services.watching import calibrate, note_watched

PAINTED = """canvas => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value, place) => place % 4 < 3 && value > 40);
}"""


def at_the_episode(visitor: Visitor, world: World) -> None:
    visitor.log_in("anna")
    visitor.go(f"/projects/{world.project.pk}/moments")
    visitor.video_ready()


def rows(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("list", name="Moments").get_by_role("listitem")


def seconds(visitor: Visitor) -> float:
    return float(visitor.page.evaluate("document.querySelector('video').currentTime"))


def go_to(visitor: Visitor, time_s: float) -> None:
    """Move in the video as a click on the timeline does."""
    slider = visitor.page.get_by_role("slider", name="Position in the video")
    box = slider.bounding_box()
    assert box is not None
    length = float(visitor.page.evaluate("document.querySelector('video').duration"))
    slider.click(position={"x": box["width"] * time_s / length, "y": box["height"] - 3})
    visitor.page.wait_for_function("!document.querySelector('video').seeking")


def watch(visitor: Visitor, until_s: float, *, marks: bool = False) -> None:
    visitor.press("Space")
    visitor.play_until(until_s)
    visitor.press("Space" if marks else "Shift+Space")


def twice_as_fast(visitor: Visitor) -> None:
    visitor.press(*["]"] * 4)


def watched_when(visitor: Visitor, is_so: Callable[[list[list[int]]], bool]) -> list[list[int]]:
    """What the server knows was watched, as soon as it is so: a pause is noted a moment after the key."""
    for _ in range(100):
        spans = next((row.spans for row in Watched.objects.all()), [])
        if is_so(spans):
            return spans
        visitor.page.wait_for_timeout(50)
    raise AssertionError(f"It stayed {spans}.")


def test_a_whole_session_with_the_network_lost_in_the_middle_and_another_computer(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    anna = visit()
    at_the_episode(anna, world)
    watch(anna, 1.5, marks=True)
    anna.expect_saved()
    (first,) = watched_when(anna, lambda spans: len(spans) == 1)
    assert first[0] == 0
    assert 1_500 <= first[1] <= 2_500

    anna.context.set_offline(True)
    watch(anna, 3.0, marks=True)
    go_to(anna, 20.3)
    watch(anna, 21.0, marks=True)
    expect(anna.page.get_by_text("Offline: 2 changes kept on this computer")).to_be_visible()
    expect(rows(anna)).to_have_count(3)
    picture(anna, "moments-offline")
    assert (Moment.objects.count(), Watched.objects.get().spans) == (1, [first]), "nothing of this is on the server"
    anna.context.set_offline(False)
    anna.expect_saved()
    assert Moment.objects.count() == 3
    two = watched_when(anna, lambda spans: len(spans) == 2)
    assert [start // 1000 for start, _ in two] == [0, 20]
    assert two[0][1] >= 3_000, "what was watched without a network counts too"
    anna.complaints.clear()  # the browser itself writes of every request that found no network
    stopped = seconds(anna)
    anna.page.close()

    elsewhere = visit()
    at_the_episode(elsewhere, world)
    expect(rows(elsewhere)).to_have_count(3)
    elsewhere.page.wait_for_function(
        "s => Math.abs(document.querySelector('video').currentTime - s) < 0.1", arg=stopped
    )
    expect(elsewhere.page.get_by_title("Not watched: 00:0", exact=False)).to_be_visible()
    elsewhere.press("n")  # what comes next is here already: from the start again, what was skipped
    assert abs(1000 * seconds(elsewhere) - two[0][1]) < 100
    twice_as_fast(elsewhere)
    watch(elsewhere, 20.6)
    elsewhere.expect_saved()
    watched_when(elsewhere, lambda spans: len(spans) == 1)  # the skipped part is closed
    elsewhere.press("Enter")
    dialog = elsewhere.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Not watched yet")
    expect(dialog.get_by_role("button", name="Watch 00:2", exact=False)).to_have_count(1)
    expect(dialog.get_by_role("button", name="Finish all the same")).to_be_focused()
    elsewhere.press("Enter")
    expect(elsewhere.page.get_by_role("heading", name="Episode finished")).to_be_visible()
    assert Assignment.objects.get(task__kind="moments").status == "done"
    assert Clip.objects.exists()


def test_closing_the_tab_in_the_middle_of_playing_loses_nothing_that_was_seen(
    visit: Callable[..., Visitor], world: World
) -> None:
    anna = visit()
    at_the_episode(anna, world)
    anna.press("Space")
    anna.play_until(3.0)
    again = anna.context.new_page()
    anna.page.close(run_before_unload=False)
    again.goto(f"{anna.address}/projects/{world.project.pk}/moments")
    expect(again.get_by_text("Saved", exact=True)).to_be_visible()
    again.wait_for_function("document.querySelector('video')?.currentTime > 1.9")
    seen = again.get_by_text("% watched")
    expect(seen).not_to_have_text("0 % watched")
    again.reload()  # what waited on the disk is on its way, or with the server
    again.wait_for_function("document.querySelector('video')?.currentTime > 1.9")
    expect(seen).not_to_have_text("0 % watched")


def test_an_episode_is_not_finished_with_gaps_where_the_project_refuses(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    Project.objects.update(unwatched="refuse")
    anna = visit()
    at_the_episode(anna, world)
    length = float(anna.page.evaluate("document.querySelector('video').duration"))
    go_to(anna, length - 2.0)
    watch(anna, length - 0.2)
    anna.press("Enter")
    dialog = anna.page.get_by_role("dialog")
    expect(dialog).to_contain_text("This project wants all of an episode to be watched.")
    expect(dialog.get_by_role("button", name="Watch 00:")).to_have_count(1)  # the end was watched to the last frame
    expect(dialog.get_by_role("button", name="Watch 00:00 to")).to_be_visible()
    picture(anna, "moments-refused")
    anna.press("Enter")  # the way to the missing part has the focus
    expect(dialog).not_to_be_visible()
    assert seconds(anna) < 0.1
    turn = Assignment.objects.get()
    refused = anna.context.request.post(
        f"{anna.address}/api/assignments/{turn.pk}/finish/",
        headers={"X-CSRFToken": next(c["value"] for c in anna.context.cookies() if c["name"] == "csrftoken")},
    )
    assert (refused.status, refused.json()["code"]) == (422, "unwatched")

    note_watched(assignment=turn, spans=[[3_000, round(1000 * length) - 4_000]], position_ms=0)  # on another computer
    anna.page.reload()
    anna.video_ready()
    go_to(anna, 0)
    twice_as_fast(anna)  # with the same voices
    assert anna.page.evaluate("[...document.querySelectorAll('video')].every(v => v.preservesPitch)")
    watch(anna, 3.2)
    go_to(anna, length - 4.2)
    watch(anna, length - 1.9)
    anna.press("Enter")
    expect(dialog).to_contain_text("You have watched all of it.")
    expect(dialog.get_by_role("button", name="Finish the episode")).to_be_focused()
    anna.expect_saved()
    anna.press("Enter")
    expect(anna.page.get_by_role("heading", name="Episode finished")).to_be_visible()


def test_every_moment_has_its_picture(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    anna = visit()
    at_the_episode(anna, world)
    watch(anna, 1.5, marks=True)
    canvas = rows(anna).first.locator("canvas")
    assert canvas.evaluate(PAINTED), "cut from the frame on screen"
    go_to(anna, 25.0)
    watch(anna, 25.5, marks=True)
    anna.expect_saved()
    anna.page.reload()
    for row in (0, 1):
        anna.page.wait_for_function(PAINTED, arg=rows(anna).nth(row).locator("canvas").element_handle())
    picture(anna, "moments-thumbnails")


def test_the_player_is_as_it_was_left(visit: Callable[..., Visitor], world: World) -> None:
    anna = visit()
    at_the_episode(anna, world)
    anna.press("]", "Shift+ArrowDown", "Shift+ArrowDown", "s")
    anna.page.reload()
    anna.video_ready()
    state = anna.page.evaluate("(v => [v.playbackRate, v.volume])(document.querySelector('video'))")
    assert state == [1.25, pytest.approx(0.8)]
    expect(anna.page.get_by_role("button", name="Subtitles")).to_have_attribute("aria-pressed", "false")


def press_late_by(visitor: Visitor, delay_s: float, onsets_ms: tuple[int, ...]) -> None:
    """Press Space in the page, so long after every onset, by the video's own clock."""
    visitor.page.evaluate(
        """([times, done]) => new Promise(resolve => {
          const video = document.querySelector('video');
          const left = [...times];
          const look = () => {
            if (left.length === 0) return resolve();
            if (video.currentTime >= left[0]) {
              left.shift();
              window.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', code: 'Space', cancelable: true }));
            }
            requestAnimationFrame(look);
          };
          look();
        })""",
        [[onset / 1000 + delay_s for onset in onsets_ms], True],
    )


def test_a_minute_with_the_clip_gives_a_reaction_time_that_corrects_moments(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    Project.objects.update(moment_time="corrected")
    anna = visit()
    at_the_episode(anna, world)
    anna.page.locator("a[href='/calibration']").click()
    anna.video_ready()
    picture(anna, "calibration-start-en")
    anna.press("Space")
    anna.play_until(3.4)
    picture(anna, "calibration-running-en")
    press_late_by(anna, 0.4, calibration_clip().onsets_ms)
    result = anna.page.get_by_role("region", name="Result")
    expect(result).to_be_visible(timeout=15_000)
    picture(anna, "calibration-result-en")
    run = Calibration.objects.get()
    assert (run.hits, run.discarded, run.usable) == (12, 0, True)
    assert run.delay_ms is not None
    assert 380 <= run.delay_ms <= 520, "0.4 s and at most some frames of a slow machine"

    anna.go(f"/projects/{world.project.pk}/moments")
    anna.video_ready()
    expect(anna.page.locator("a[href='/calibration']")).to_have_count(0)
    anna.press("Space")
    anna.play_until(2.0)
    anna.press("Space")
    anna.expect_saved()
    moment = Moment.objects.get()
    assert moment.corrected_ms == moment.time_ms - run.delay_ms


def test_the_page_of_the_clip_in_chinese(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    anna_herself = world.annotators["anna"]
    type(anna_herself).objects.update(language="zh-hans")
    presses = [onset + 400 for onset in calibration_clip().onsets_ms]
    calibrate(annotator=anna_herself, client_id=uuid4(), presses_ms=presses)
    anna = visit(locale="zh-CN", scheme="dark")
    anna.log_in("anna")
    anna.go("/calibration")
    anna.video_ready()
    picture(anna, "calibration-start-zh-hans")
    anna.press("Space")
    anna.play_until(3.4)
    picture(anna, "calibration-running-zh-hans")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
def test_an_admin_sees_what_came_of_moments_and_how_far_two_agree(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None], language: str, scheme: Any
) -> None:
    anna, ben = world.annotators["anna"], world.annotators["ben"]
    type(anna).objects.update(language=language)
    presses = [onset + 400 + onset % 90 for onset in calibration_clip().onsets_ms]
    calibrate(annotator=anna, client_id=uuid4(), presses_ms=presses)
    project = make_project(
        name="Two at once", episodes=list(world.project.episodes.all()), annotators=[anna, ben], moment_annotators=2
    )
    mark_moments(project, anna, 2_000, 18_000, 40_000)
    mark_moments(project, ben, 2_400, 17_500, 30_000, 41_500)
    ada = visit(locale="zh-CN" if language != "en" else "en-US", scheme=scheme)
    ada.log_in("ada")
    ada.go(f"/projects/{project.pk}?tab=moments")
    clips = project.clips.count()
    total = ada.page.get_by_role("region", name="From moments to clips" if language == "en" else "从时刻到片段")
    expect(total).to_contain_text(f"7−{'Waiting' if language == 'en' else '等待中'}0")
    expect(total).to_contain_text(str(clips))
    picture(ada, f"project-moments-two-{language}")
    ada.go(f"/projects/{project.pk}?tab=agreement")
    table = ada.page.get_by_role("table", name="Agreement on moments" if language == "en" else "时刻的一致性")
    expect(table.get_by_role("row", name="anna · ben")).to_contain_text("0.7501.0000.857")  # 3 of ben's 4, of anna's 3
    picture(ada, f"project-agreement-two-{language}")
    ada.go(f"/projects/{project.pk}?tab=settings")
    expect(ada.page.get_by_role("radio", checked=True)).to_be_disabled()
    picture(ada, f"project-settings-{language}")
