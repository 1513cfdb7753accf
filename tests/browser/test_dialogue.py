"""The dialogue is reviewed and given its speakers by keys alone; what was corrected is there after a reload."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.conftest import LARGE, Visitor, World
from tests.webapp.factories import done_job
from webapp.accounts.models import User
from webapp.corpus.models import DialogueCorrection, Episode, Proxy, Utterance
from webapp.jobs.models import Job


@pytest.fixture
def episode(world: World) -> Episode:
    """The known episode with a waveform that is loud where somebody speaks."""
    episode = world.project.episodes.get()
    peaks = bytearray(Proxy.objects.get(episode=episode).duration_ms // 10)
    for line in Utterance.objects.current_for(episode):
        for place in range(line.start_ms // 10, line.end_ms // 10):
            peaks[place] = 60 + 37 * place % 140
    Path(settings.MEDIA_ROOT, "peaks.bin").write_bytes(peaks)
    job = done_job("waveform", episode)
    Job.objects.filter(pk=job.pk).update(figures={"file": "peaks.bin", "rate_hz": 100})
    return episode


def newest(line: str) -> DialogueCorrection:
    return DialogueCorrection.objects.filter(anchor_text=line).latest("pk")


def open_dialogue(visit: Callable[..., Visitor], episode: Episode, *args: object) -> Visitor:
    ada = visit(*args)
    ada.log_in("ada")
    ada.go(f"/episodes/{episode.pk}/dialogue")
    ada.video_ready()
    return ada


def test_speakers_are_given_by_one_digit_a_line(
    visit: Callable[..., Visitor], episode: Episode, picture: Callable[[Visitor, str], None]
) -> None:
    truth = list(Utterance.objects.current_for(episode).order_by("index").values_list("text", "speaker"))
    Utterance.objects.update(speaker="", character=None, speaker_certain=False)
    names = list(episode.series.characters.filter(is_main=True).values_list("name", flat=True))
    ada = open_dialogue(visit, episode)
    expect(ada.page.get_by_text(f"{len(truth)} doubtful lines")).to_be_visible()
    picture(ada, "dialogue-speakers")
    for text, _ in truth[:3]:
        expect(ada.page.get_by_label("What is said")).to_have_value(text)
        ada.press(str(names.index(dict(truth)[text]) + 1))
    expect(ada.page.get_by_text(f"{len(truth) - 3} doubtful lines")).to_be_visible()
    suggested = ada.page.get_by_role("button", name="Perhaps")
    expect(suggested).to_be_visible()
    taken = (suggested.text_content() or "").split()[1]
    expect(ada.page.get_by_label("What is said")).to_have_value(truth[3][0])
    assert DialogueCorrection.objects.count() <= 3, "a suggestion is not stored unless it is taken"
    ada.press("y")
    ada.expect_saved()
    assert [newest(text).speaker for text, _ in truth[:3]] == [speaker for _, speaker in truth[:3]]
    assert newest(truth[3][0]).speaker == taken
    assert DialogueCorrection.objects.count() == 4


def test_a_line_is_corrected_by_keys_and_taken_back(visit: Callable[..., Visitor], episode: Episode) -> None:
    first, second = Utterance.objects.current_for(episode).order_by("index")[:2]
    ada = open_dialogue(visit, episode)
    ada.press("ArrowDown", "e")
    ada.page.keyboard.press("Control+a")
    ada.page.keyboard.type("Quite another line.")
    ada.press("Enter")
    ada.press("j", "j", "Shift+k")
    expect(ada.page.get_by_role("list", name="Lines").get_by_text("Quite another line.")).to_be_visible()
    ada.press("ArrowUp")  # whoever leaves a line does not wait
    ada.expect_saved()
    row = newest(second.text)
    assert (row.text, row.start_ms, row.end_ms) == ("Quite another line.", second.start_ms - 40, second.end_ms + 20)
    ada.go(f"/episodes/{episode.pk}/dialogue")
    expect(ada.page.get_by_role("img", name="Ada Admin")).to_have_count(1)
    expect(ada.page.get_by_role("button", name="Use the corrections now")).to_be_visible()
    ada.press("x")
    expect(ada.page.get_by_text("nobody says this", exact=True)).to_be_visible()
    ada.press("z")
    expect(ada.page.get_by_text("nobody says this", exact=True)).to_have_count(0)
    ada.expect_saved()
    assert newest(first.text).status == "withdrawn"


def test_an_edge_is_dragged_on_the_waveform(
    visit: Callable[..., Visitor], episode: Episode, picture: Callable[[Visitor, str], None]
) -> None:
    first = Utterance.objects.current_for(episode).earliest("index")
    ada = open_dialogue(visit, episode, LARGE)
    box = ada.page.get_by_title("End of the line").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    ada.page.mouse.move(x, y)
    ada.page.mouse.down()
    ada.page.mouse.move(x + 60, y, steps=4)
    picture(ada, "dialogue-dragging")
    ada.page.mouse.up()
    expect(ada.page.get_by_role("img", name="Ada Admin")).to_have_count(1)
    ada.expect_saved()
    row = newest(first.text)
    assert row.start_ms == first.start_ms
    assert 200 < row.end_ms - first.end_ms < 600  # 12 s are some 1900 pixels wide


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
def test_the_dialogue_page_is_whole(
    visit: Callable[..., Visitor], episode: Episode, picture: Callable[[Visitor, str], None], language: str, scheme: str
) -> None:
    Utterance.objects.filter(index=1).update(timing="unverified")
    Utterance.objects.filter(index=3).update(speaker_certain=False, speaker="")
    User.objects.filter(username="ada").update(language=language)
    ada = visit(scheme=scheme)
    ada.log_in("ada")
    ada.go(f"/episodes/{episode.pk}/dialogue")
    ada.video_ready()
    ada.press("n")
    assert ada.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(ada, f"dialogue-{language}")
    ada.press("?")
    expect(ada.page.get_by_role("dialog")).to_be_visible()
    picture(ada, f"dialogue-keys-{language}")
