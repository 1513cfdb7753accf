"""Somebody who knows a character fills in a questionnaire with the keyboard, and sees the profile."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from exports.questionnaires.instruments import all_items, instruments
from tests.browser.conftest import Visitor, World
from webapp.accounts.models import User
from webapp.corpus.models import Character
from webapp.personality.models import ItemAnswer
from webapp.personality.queries import answers_of

BIG5 = instruments()[0]


def fill(rater: User, character: Character, seed: int) -> None:
    """All three questionnaires: an extraverted, warm person, more or less."""
    draw = random.Random(seed)
    high = {key for i in instruments() for s in i.scales for key in s.plus if s.column in HIGH}
    ItemAnswer.objects.bulk_create(
        ItemAnswer(
            character=character, rater=rater, item=key, client_id=uuid4(),
            value=min(5, max(1, (4 if key in high else 2) + draw.choice((-1, 0, 0, 1)))),
        )
        for key in all_items()
    )  # fmt: skip


HIGH = {
    "big5_extraversion",
    "big5_agreeableness",
    "16pf_warmth",
    "16pf_liveliness",
    "16pf_social_boldness",
    "mbti_mind",
}


def test_from_the_first_statement_to_the_radar_by_keys_alone(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    anna = visit()
    anna.log_in("anna")
    page = anna.page
    page.get_by_role("link", name="Characters").click()
    page.get_by_role("link", name="Open June").click()
    expect(page.get_by_role("heading", name="June")).to_be_visible()
    page.get_by_role("link", name="Start: Big Five (IPIP, 50 statements)").click()
    first = BIG5.items[0].text.en
    answers = page.get_by_role("radiogroup", name=first)
    expect(answers).to_be_visible()
    picture(anna, "questionnaire-en")

    anna.press("5")
    expect(page.get_by_role("radiogroup", name=BIG5.items[1].text.en)).to_be_visible()
    anna.press("ArrowUp", "ArrowLeft")  # back to the first, and one step less
    expect(answers.get_by_role("radio", name="Rather", exact=True)).to_be_checked()
    anna.press("Enter", "0")  # to the second, which cannot be told
    anna.expect_saved()

    anna.context.set_offline(True)
    anna.press("1", "2", "3")
    expect(page.get_by_text("Offline: 3 changes kept on this computer")).to_be_visible()
    expect(page.get_by_text("45 open")).to_be_visible()
    anna.context.set_offline(False)
    anna.expect_saved()
    page.reload()
    expect(page.get_by_role("radiogroup", name=BIG5.items[5].text.en)).to_be_visible()

    anna.press(*"123454321" * 5)
    expect(page.get_by_text("All is answered.")).to_be_visible()
    anna.press("Enter")
    radar = page.get_by_role("img", name=re.compile("Profile of June, Big Five"))
    expect(radar).to_be_visible()
    expect(radar).to_have_accessible_name(re.compile(r"Extraversion: \d\.\d"))
    expect(page.get_by_role("link", name="Look through: Big Five (IPIP, 50 statements)")).to_be_visible()
    anna.expect_saved()
    june = Character.objects.get(name="June")
    kept = answers_of([june.pk])[june.pk]["anna"]
    assert {key: kept[key] for key in (item.key for item in BIG5.items[:5])} == dict(
        zip((item.key for item in BIG5.items[:5]), (4, 0, 1, 2, 3), strict=True)
    )
    assert len(kept) == 50
    # What the Big Five asked is not asked again.
    expect(page.get_by_role("region", name="16 personality factors (IPIP)")).to_contain_text("24 of 163")
    anna.complaints.clear()  # the browser itself writes of every request that found no network


def test_an_admin_sees_everybodys_mean(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    june = Character.objects.get(name="June")
    for seed, person in enumerate(world.annotators.values()):
        fill(person, june, seed)
    ada = visit()
    ada.log_in("ada")
    page = ada.page
    ada.go(f"/characters/{june.pk}")
    expect(page.get_by_text("Releases take the mean of all who finished.")).to_be_visible()
    expect(page.get_by_text("Anna, Ben, Chen · agreement α").first).to_be_visible()
    expect(page.get_by_role("region", name="Words")).to_contain_text("empath")
    page.set_viewport_size({"width": 1280, "height": 1500})
    picture(ada, "profile-en")
    ada.go("/characters")
    expect(page.get_by_text("finished by 3 people").first).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 720})
    picture(ada, "characters-en")


def test_the_pages_speak_chinese(
    visit: Callable[..., Visitor], world: World, picture: Callable[[Visitor, str], None]
) -> None:
    june = Character.objects.get(name="June")
    fill(world.annotators["ben"], june, 1)
    User.objects.filter(username="ben").update(language="zh-hans")
    ben = visit(locale="zh-CN", scheme="dark")
    ben.log_in("ben")
    page = ben.page
    ben.go(f"/characters/{june.pk}")
    expect(page.get_by_role("region", name="十六种人格因素（IPIP）")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("人格画像")).first).to_be_visible()
    expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 1500})
    picture(ben, "profile-zh")
    page.set_viewport_size({"width": 1280, "height": 720})
    ben.go(f"/characters/{june.pk}/mbti")
    expect(page.get_by_text("全部答完。")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(ben, "questionnaire-zh")
    ben.go("/characters")
    expect(page.get_by_role("heading", name="角色")).to_be_visible()
    expect(page.get_by_role("link", name="打开 June")).to_be_visible()
    picture(ben, "characters-zh")
