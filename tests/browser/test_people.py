"""Who the faces are is said by keys alone and by drag: confirmed, merged, split, taken back. And a series' people."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visitor, World
from webapp.accounts.models import User
from webapp.corpus.models import Character, Episode, FaceReference, FaceTrack, Identity


@pytest.fixture
def episode(world: World) -> Episode:
    """The known episode: June and Nora suggested, Nora's last appearances found as a third face, with pictures."""
    episode = world.project.episodes.get()
    nora = Identity.objects.get(job__episode=episode, character__name="Nora")
    for identity in Identity.objects.filter(job__episode=episode):
        identity.tracks.update(picture=identity.face)
    job = nora.job
    third = Identity.objects.create(
        job=job, index=2, screen_time_ms=5000, embedder="known", face=nora.face, character=None
    )
    last = nora.tracks.order_by("-start_ms")[:1].get()
    FaceTrack.objects.filter(pk=last.pk).update(identity=third)
    Identity.objects.filter(pk=third.pk).update(screen_time_ms=last.end_ms - last.start_ms)
    return episode


def shelf(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("region", name=name).get_by_role("button")


def open_people(visit: Callable[..., Visitor], episode: Episode, scheme: str = "light") -> Visitor:
    ada = visit(scheme=scheme)
    ada.log_in("ada")
    ada.go(f"/episodes/{episode.pk}/people")
    expect(ada.page.get_by_role("heading", level=1)).to_be_visible()
    return ada


def test_faces_are_confirmed_merged_and_split_by_keys_alone(
    visit: Callable[..., Visitor], episode: Episode, picture: Callable[[Visitor, str], None]
) -> None:
    names = [character.name for character in episode.series.characters.filter(is_main=True)]
    nora = Identity.objects.get(job__episode=episode, character__name="Nora")
    times = nora.tracks.count()
    ada = open_people(visit, episode)
    expect(ada.page.get_by_text("3 faces are waiting")).to_be_visible()
    picture(ada, "people-waiting")
    ada.press("Enter")  # the suggestion of the face that is seen longest; the next one is selected
    expect(ada.page.get_by_text("2 faces are waiting")).to_be_visible()
    ada.press(str(names.index("Nora") + 1) if nora.index else "Enter")
    expect(ada.page.get_by_text("1 face is waiting")).to_be_visible()
    expect(shelf(ada, "Nora")).to_have_count(1)
    expect(shelf(ada, "June")).to_have_count(1)

    ada.press(
        "Space", *(["ArrowDown"] * 2 if names[0] == "June" else ["ArrowDown"]), "m"
    )  # the third face is Nora's too
    expect(ada.page.get_by_text("All faces have been dealt with.")).to_be_visible()
    expect(shelf(ada, "Nora")).to_contain_text(f"{times + 1} times")
    nora.refresh_from_db()
    assert nora.tracks.count() == times + 1

    ada.press("s")
    expect(ada.page.get_by_role("dialog")).to_be_visible()
    picture(ada, "people-split")
    ada.press("ArrowRight", "Space", "Enter")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    expect(shelf(ada, "Not said yet")).to_have_count(1)
    assert nora.tracks.count() == times
    ada.press("ArrowUp", "ArrowUp", "n", "0")
    expect(shelf(ada, "Nobody we follow")).to_have_count(1)
    picture(ada, "people-done")
    ada.press("z")
    expect(shelf(ada, "Not said yet")).to_have_count(1)
    ada.press("z")
    expect(shelf(ada, "Not said yet")).to_have_count(0)
    assert nora.tracks.count() == times + 1
    ada.go(f"/episodes/{episode.pk}")
    expect(ada.page.get_by_text("Confirmed")).to_have_count(2)


def test_a_face_is_dragged_to_its_character_and_onto_another_face(
    visit: Callable[..., Visitor], episode: Episode
) -> None:
    ada = open_people(visit, episode)
    first = shelf(ada, "Not said yet").first
    first.drag_to(ada.page.get_by_role("region", name="June"))
    expect(shelf(ada, "June")).to_have_count(1)
    expect(shelf(ada, "Not said yet")).to_have_count(2)
    shelf(ada, "Not said yet").last.drag_to(shelf(ada, "Not said yet").first)
    expect(shelf(ada, "Not said yet")).to_have_count(1)
    assert Identity.objects.current_for(episode).seen().count() == 2


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
def test_people_of_a_series_are_edited(
    visit: Callable[..., Visitor],
    episode: Episode,
    picture: Callable[[Visitor, str], None],
    language: str,
    scheme: str,
) -> None:
    User.objects.filter(username="ada").update(language=language)
    june = Character.objects.get(name="June")
    face = Identity.objects.filter(character=june)[0]
    FaceReference.objects.create(character=june, picture=face.face, added_by=User.objects.get(username="ada"))
    ada = open_people(visit, episode, scheme)
    assert ada.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(ada, f"people-{language}")
    ada.go(f"/series/{episode.series_id}")
    expect(ada.page.get_by_role("heading", name=episode.series.name)).to_be_visible()
    aliases = ada.page.get_by_role("combobox").first
    aliases.fill("Dr. June")
    aliases.press("Enter")
    expect(ada.page.get_by_text("Dr. June")).to_be_visible()
    names = ada.page.get_by_role("textbox").first
    names.fill("June Carter")
    names.press("Enter")
    expect(ada.page.get_by_text("June", exact=True).first).to_be_visible()
    chooser = ada.page.locator("input[type=file]").first
    upload = Path(settings.MEDIA_ROOT, face.face)
    chooser.set_input_files(upload)
    expect(ada.page.get_by_label(re.compile("A worker looks|正在图片中"))).to_be_visible()
    assert ada.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(ada, f"series-{language}")
    ada.go("/series")
    expect(ada.page.get_by_role("link", name=episode.series.name)).to_be_visible()
    june.refresh_from_db()
    assert (june.name, june.aliases) == ("June Carter", ["Dr. June", "June"])
    assert june.references.count() == 2
