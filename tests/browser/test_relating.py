"""Labelling how two people stand to each other, in a real browser: subtitles, pair, relationship; and discarding."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import LARGE, SMALL, Visitor, World
from tests.webapp.relationships.factories import relate, relate_turn
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Exemplar, Project
from webapp.annotation.services.projects import create_project
from webapp.corpus.models import FaceTrack, Identity, SubtitleLine
from webapp.relationships.models import IdentityRemark, LineRevision, StepRevision
from webapp.relationships.queries import lines_of
from webapp.relationships.services.clips import make_clips
from webapp.relationships.services.labelling import remark_on_identity

#: Where the demo film's subtitles stand.
BOX = [290, 590, 700, 100]


@dataclass
class Erato:
    project: Project
    clips: list[Clip]
    people: dict[str, User]

    @property
    def anna(self) -> User:
        return self.people["anna"]


@pytest.fixture
def erato(world: World) -> Erato:
    """An ERATO project on the demo episode: two clips; one line of each that OCR is not sure of; somebody unnamed."""
    episode = world.project.episodes.get()
    third = Identity.objects.current_for(episode).order_by("index").last()
    assert third is not None
    stranger = Identity.objects.create(job=third.job, index=9, screen_time_ms=2_000, embedder="known")
    FaceTrack.objects.create(
        job=third.job, index=99, identity=stranger, shot_index=0, start_ms=3_000, end_ms=5_000, boxes=[]
    )
    FaceTrack.objects.current_for(episode).filter(identity=third).update(picture=third.face)
    june = Identity.objects.current_for(episode).get(index=0)
    FaceTrack.objects.current_for(episode).filter(identity=june, start_ms__lt=12_000).update(picture=third.face)
    SubtitleLine.objects.current_for(episode).update(box=BOX)
    SubtitleLine.objects.current_for(episode).filter(index=1).update(confidence=0.5)
    project = create_project(
        name="Pairs",
        protocol=Project.Protocol.ERATO,
        episodes=[episode],
        annotators=list(world.annotators.values()),
        guideline="**Hostile** is more than a quarrel.",
    )
    clips = make_clips(project=project, episode=episode, spans=[(0, 15_000), (15_000, 35_000)])
    return Erato(project, clips, world.annotators)


def at_the_clip(visitor: Visitor, erato: Erato, who: str = "anna") -> Page:
    visitor.log_in(who)
    visitor.go(f"/projects/{erato.project.pk}/relate")
    expect(rows(visitor.page).first).to_be_visible(timeout=30_000)
    visitor.video_ready()
    return visitor.page


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name=re.compile("^(Subtitle lines|字幕行)$")).get_by_role("textbox")


def step(page: Page) -> Locator:
    return page.locator("[aria-current=step]")


def said(clip: Clip) -> list[str]:
    return [line.text for line in lines_of(clip)]


def test_three_steps_on_a_clip_with_an_edited_a_split_and_a_deleted_line(
    visit: Callable[..., Visitor], erato: Erato
) -> None:
    first, second = said(erato.clips[0])[:2]
    count = len(said(erato.clips[0]))
    anna = visit()
    page = at_the_clip(anna, erato)
    assert not anna.is_paused(), "the clip plays at once"
    anna.press("Space")
    field = rows(page).nth(0)
    field.click()
    page.keyboard.press("End")
    page.keyboard.type(" Well!")
    anna.press("Enter")
    rows(page).nth(1).focus()
    place = second.index(" ") + 1
    page.evaluate("place => document.activeElement.setSelectionRange(place, place)", place)
    anna.press("Shift+Enter")
    expect(rows(page)).to_have_count(count + 1)
    anna.press("Escape")
    rows(page).last.focus()
    anna.press("Escape", "x")
    expect(rows(page)).to_have_count(count)
    anna.press("z")
    expect(rows(page)).to_have_count(count + 1)
    anna.press("Shift+z")
    expect(rows(page)).to_have_count(count)
    anna.press("Enter")
    expect(page.get_by_role("heading", name="Who are the two main characters?")).to_be_visible()
    anna.press("1", "Enter")
    expect(page.get_by_role("status").filter(has_text="Choose two people first.")).to_be_visible()
    anna.press("2", "Enter")
    expect(page.get_by_role("heading", name=re.compile("^How do (June and Nora|Nora and June) stand"))).to_be_visible()
    anna.press("Backspace", "Enter", "2", "q", "w")
    page.keyboard.type("She shouts.")
    anna.press("Enter", "Enter")
    expect(page.get_by_text("Clip 00:15 to 00:35")).to_be_visible()
    done = Assignment.objects.get(status="done", task__kind="relate")
    assert done.task.clip == erato.clips[0]
    texts = said(erato.clips[0])
    assert texts[:3] == [f"{first} Well!", second[: place - 1], second[place:]]
    assert len(texts) == count
    steps = list(StepRevision.objects.filter(assignment=done).order_by("pk"))
    assert [(one.kind, one.back_to) for one in steps] == [
        ("lines_done", ""), ("pair", ""), ("back", "pair"), ("pair", ""), ("relationship", ""),
    ]  # fmt: skip
    last = steps[-1]
    names = {Identity.objects.get(pk=pk).character.name for pk in last.pair or ()}  # type: ignore[union-attr]
    assert (last.relationship, last.unsure, last.comment, names) == ("tense", True, "She shouts.", {"June", "Nora"})
    assert last.duration_ms > 0


def test_a_line_is_nudged_joined_added_and_played_by_keys(visit: Callable[..., Visitor], erato: Erato) -> None:
    clip = erato.clips[0]
    before = lines_of(clip)
    anna = visit()
    page = at_the_clip(anna, erato)
    anna.press("Space", "r", "Space", "ArrowDown", "k", "k", "Shift+j")
    anna.expect_saved()
    start, end = lines_of(clip)[0].start_ms, lines_of(clip)[0].end_ms
    assert (start - before[0].start_ms, before[0].end_ms - end) == (84, 42), "24 frames a second"
    anna.press("m")
    expect(rows(page)).to_have_count(len(before) - 1)
    anna.press("ArrowDown", "ArrowDown", ".", "a")
    expect(rows(page)).to_have_count(len(before))
    page.keyboard.type("Psst.")
    anna.press("Enter")
    anna.expect_saved()
    after = said(clip)
    assert after[0] == f"{before[0].text} {before[1].text}"
    assert "Psst." in after
    anna.press("p")
    page.wait_for_function("() => !document.querySelector('video').paused")


def test_what_is_typed_survives_a_reload_and_a_lost_network(visit: Callable[..., Visitor], erato: Erato) -> None:
    anna = visit()
    page = at_the_clip(anna, erato)
    anna.press("Space")
    rows(page).nth(0).fill("Half a sen")
    page.reload()
    anna.video_ready()
    expect(rows(page).nth(0)).to_have_value("Half a sen")
    assert not LineRevision.objects.exists()
    anna.context.set_offline(True)
    anna.press("Enter", "1", "2")
    anna.press("Enter")
    expect(page.get_by_text("Offline: 3 changes kept on this computer")).to_be_visible()
    anna.context.set_offline(False)
    anna.expect_saved()
    assert said(erato.clips[0])[0] == "Half a sen"
    assert [one.kind for one in StepRevision.objects.order_by("pk")] == ["lines_done", "pair"]
    page.reload()
    expect(step(page)).to_have_text(re.compile("Relationship"))
    anna.complaints.clear()  # the browser itself writes of every request that found no network


def test_a_clip_is_discarded_with_a_reason_or_own_words(visit: Callable[..., Visitor], erato: Erato) -> None:
    anna = visit()
    page = at_the_clip(anna, erato)
    anna.press("Shift+x", "3", "Enter")
    expect(page.get_by_text("Clip 00:15 to 00:35")).to_be_visible()
    expect(rows(page).first).to_be_visible()
    anna.press("Shift+x", "8")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Discard and go on")).to_be_disabled()
    dialog.get_by_role("textbox").fill("They only dream of it.")
    anna.press("Enter")
    expect(page.get_by_role("heading", name="No clip is waiting for you")).to_be_visible()
    rows_of = StepRevision.objects.order_by("pk").values_list("kind", "reason", "words")
    assert list(rows_of) == [
        ("discard", "hidden_faces", ""), ("discard", "other", "They only dream of it."),
    ]  # fmt: skip
    assert Assignment.objects.filter(status="done", task__kind="relate").count() == 2


def test_mixed_up_faces_are_reported_and_the_clip_goes_on(visit: Callable[..., Visitor], erato: Erato) -> None:
    anna = visit()
    page = at_the_clip(anna, erato)
    anna.press("Enter", "v", "2")
    dialog = page.get_by_role("dialog", name="Somebody else in these pictures")
    dialog.get_by_role("textbox").fill("That is her sister.")
    anna.press("Enter")
    expect(page.get_by_text("reported: somebody else")).to_be_visible()
    anna.press("Shift+v")
    page.get_by_role("dialog", name="Somebody is missing").get_by_role("textbox").fill("The waiter.")
    anna.press("Enter")
    expect(page.get_by_text("1 missing person reported")).to_be_visible()
    anna.expect_saved()
    people = list(erato.clips[0].people.order_by("place"))
    assert [(one.kind, one.identity_id, one.comment) for one in IdentityRemark.objects.order_by("pk")] == [
        ("wrong_person", people[1].identity_id, "That is her sister."),
        ("missing_person", None, "The waiter."),
    ]


def test_an_earlier_clip_is_corrected(visit: Callable[..., Visitor], erato: Erato) -> None:
    turn = relate_turn(erato.project, erato.anna)
    relate(turn, "mild")
    anna = visit()
    page = at_the_clip(anna, erato)
    anna.press("b")
    page.get_by_role("dialog", name="Clips of today").get_by_role("button", name=re.compile("Mild")).click()
    expect(page.get_by_text("Correcting an earlier clip")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("^Mild"))).to_be_checked()
    anna.press("5", "Enter")
    expect(page.get_by_text("Correcting an earlier clip")).to_have_count(0)
    events = StepRevision.objects.filter(assignment=turn).order_by("pk").values_list("kind", "relationship")
    assert list(events)[-3:] == [("relationship", "mild"), ("back", ""), ("relationship", "intimate")]


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1280x720", "1920x1080"])
def test_every_step_fits_its_page(
    visit: Callable[..., Visitor],
    erato: Erato,
    picture: Callable[[Visitor, str], None],
    language: str,
    scheme: str,
    size: ViewportSize,
) -> None:
    User.objects.update(language=language)
    Exemplar.objects.create(project=erato.project, label="tense", clip=erato.clips[1], note="Her voice.")
    anna = visit(size, "zh-CN" if language != "en" else "en-US", scheme)
    page = at_the_clip(anna, erato)
    anna.press("Space", "r", "Space", "n")
    name = f"{language}-{size['width']}"

    def look(which: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate(
            "document.querySelector('main').scrollHeight <= document.querySelector('main').clientHeight"
        )
        picture(anna, f"relate-{which}-{name}")

    look("lines")
    anna.press("Shift+x", "8")
    look("discard")
    anna.press("Escape", "Enter", "1", "2")
    look("pair")
    anna.press("v")
    look("wrong")
    anna.press("Escape", "Enter", "2", "q")
    videos = "() => [...document.querySelectorAll('video')].every((v) => v.readyState >= 3)"
    page.wait_for_function(videos)
    look("relationship")
    anna.press("?")
    look("help")


def test_an_admin_reads_answers_settles_a_reported_face_and_chooses_an_example(
    visit: Callable[..., Visitor], erato: Erato, picture: Callable[[Visitor, str], None]
) -> None:
    turn = relate_turn(erato.project, erato.anna)
    face = erato.clips[0].people.order_by("place")[0].identity_id
    remark_on_identity(
        assignment=turn, client_id=uuid4(), kind="wrong_person", identity=face, comment="That is her sister."
    )
    relate(turn, "tense")
    ada = visit()
    ada.log_in("ada")
    ada.go(f"/projects/{erato.project.pk}?tab=said")
    page = ada.page
    expect(page.get_by_role("heading", name="1 reported face to look after")).to_be_visible(timeout=30_000)
    picture(ada, "related")
    page.get_by_role("button", name="Looked after").click()
    expect(page.get_by_text("That is her sister.")).to_have_count(0)
    page.get_by_role("table", name="Answers").get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("textbox").fill("Her voice.")
    picture(ada, "related-answer")
    drawer.get_by_role("button", name="Use as example").click()
    expect(drawer.get_by_text("This is the example of “Tense”")).to_be_visible()
    assert Exemplar.objects.get().label == "tense"
    assert IdentityRemark.objects.get().settled_by == User.objects.get(username="ada")
