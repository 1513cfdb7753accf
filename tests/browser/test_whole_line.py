"""The whole line in one browser: from log-in to the downloaded release."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import PROJECT, TITLE, Visitor, World
from tests.webapp.factories import finish_clip
from webapp.annotation.models import Moment, StateRevision, Task
from webapp.annotation.rules import StateAnswer
from webapp.quality.models import Release
from workers.tasks import run_job

CLIP_KEYS = ("o", "t", "1", "2", "Enter", "o", "v", "1", "2", "Enter")
"""One clip with two characters: one emotion, its reason, joy, its middle strength, submit; twice."""

SAME_ANSWER = StateAnswer("one", "joy", "joy", ("text",))


def test_from_log_in_to_the_downloaded_release(visit: Callable[..., Visitor], world: World, tmp_path: Path) -> None:
    anna = visit()
    anna.log_in("anna")
    marks_moments_by_pausing(anna)
    labels_clips_by_keys(anna)
    clips = world.project.clips.count()
    others_answer(world, clips)
    ada = visit()
    ada.log_in("ada")
    sees_analysis_and_progress(ada, clips)
    sees_agreement(ada)
    makes_and_downloads_a_release(ada, tmp_path)


def marks_moments_by_pausing(anna: Visitor) -> None:
    page = anna.page
    expect(page.get_by_role("link", name="Mark moments")).to_contain_text("1 waiting for you")
    anna.press("m")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    anna.video_ready()
    anna.press("Space")
    anna.play_until(2.0)
    anna.press("Space")
    assert anna.is_paused()
    moments = page.get_by_role("list", name="Moments").get_by_role("listitem")
    expect(moments).to_have_count(1)
    expect(moments).to_contain_text("Good morning, June.")
    anna.expect_saved()
    at = Moment.objects.get().time_ms
    assert abs(at - 1000 * page.evaluate("document.querySelector('video').currentTime")) < 2, "the moment of the pause"

    anna.press("z")
    expect(moments).to_have_count(0)
    anna.expect_saved()
    assert Moment.objects.get().removed
    anna.press("Shift+Z")
    expect(moments).to_have_count(1)
    anna.expect_saved()
    assert not Moment.objects.get().removed

    anna.press("Shift+Space")
    anna.play_until(3.0)
    anna.press("Shift+Space")
    assert anna.is_paused()
    expect(moments).to_have_count(1)
    for seconds in (18.0, 33.0):
        anna.press("ArrowRight", "ArrowRight", "ArrowRight", "Space")
        anna.play_until(seconds + 0.5)
        anna.press("Space")
    expect(moments).to_have_count(3)
    anna.expect_saved()

    page.reload()
    expect(moments).to_have_count(3)
    anna.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Not watched yet")
    expect(page.get_by_role("button", name="Finish all the same")).to_be_focused()
    anna.press("Enter")
    expect(page.get_by_role("heading", name="Episode finished")).to_be_visible()
    assert Task.objects.filter(kind=Task.Kind.STATES).count() == 3


def labels_clips_by_keys(anna: Visitor) -> None:
    page = anna.page
    page.get_by_role("link", name="My work").click()
    expect(page.get_by_role("link", name="Label clips")).to_contain_text("3 waiting for you")
    anna.press("l")
    for done in range(3):
        expect(page.get_by_role("heading", name="What does June feel?")).to_be_visible()
        anna.video_ready()
        if done == 0:
            assert not anna.is_paused(), "the clip plays at once"
        anna.press(*CLIP_KEYS)
        if done < 2:  # the same question comes again: wait until it is the next clip's
            expect(page.get_by_role("button", name="June: Open")).to_be_visible()
    expect(page.get_by_role("heading", name="No clip is waiting for you")).to_be_visible()
    anna.expect_saved()
    said = StateRevision.objects.values_list("status", "primary", "fine_grained")
    assert set(said) == {("one", "joy", "joy")}
    assert len(said) == 6


def others_answer(world: World, clips: int) -> None:
    for name in ("ben", "chen"):
        for _ in range(clips):
            finish_clip(world.project, world.annotators[name], SAME_ANSWER)


def sees_analysis_and_progress(ada: Visitor, clips: int) -> None:
    page = ada.page
    page.get_by_role("link", name="Episodes").click()
    expect(page.get_by_role("progressbar", name="Analysis 100 %")).to_be_visible()
    page.get_by_role("link", name=f"Open {TITLE}").click()
    expect(page.get_by_role("slider", name="Position in the video")).to_be_visible()
    expect(page.get_by_role("img", name="person 1").locator("xpath=../..")).to_contain_text("June")
    page.get_by_role("link", name="Projects").first.click()
    page.get_by_role("link", name=f"Open {PROJECT}").click()
    expect(page.get_by_role("heading", name=PROJECT)).to_be_visible()
    expect(page.get_by_text(f"{3 * clips} of {3 * clips}").first).to_be_visible()


def sees_agreement(ada: Visitor) -> None:
    page = ada.page
    page.get_by_role("tab", name="Agreement").click()
    table = page.get_by_role("table", name="Agreement", exact=True)
    expect(table.get_by_role("row", name="Which of the 8 primary emotions?")).to_contain_text("100.0 %")


def makes_and_downloads_a_release(ada: Visitor, folder: Path) -> None:
    page = ada.page
    page.get_by_role("tab", name="Releases").click()
    page.get_by_role("button", name="Make release").click()
    card = page.get_by_role("article", name="Release 1")
    expect(card).to_contain_text("Waiting")
    run_job(Release.objects.get().job_id)  # what a worker does when the message wakes it
    with page.expect_download() as started:
        page.get_by_role("link", name="Download release 1").click(timeout=15_000)
    expect(card).to_contain_text("Done")
    target = folder / "release.zip"
    started.value.save_as(target)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert any(name.endswith("manifest.json") for name in names)
    assert Release.objects.get().archive_bytes == target.stat().st_size
