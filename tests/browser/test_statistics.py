"""An ERATO release in the browser: made by an admin, and shown in numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, World
from tests.webapp.relationships.factories import relate, relate_turn
from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.annotation.services.projects import create_project
from webapp.quality.models import Release
from webapp.relationships.services.clips import make_clips
from workers.tasks import run_job

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SPANS = ((0, 14_000), (8_000, 20_000), (16_000, 30_000), (22_000, 38_000))
SAID = ("hostile", "mild", "mild", "intimate")


@pytest.fixture
def labelled(world: World) -> Project:
    """Four labelled clips of the demo episode."""
    episode = world.project.episodes.get()
    anna = world.annotators["anna"]
    project = create_project(name="Pairs", protocol=Project.Protocol.ERATO, episodes=[episode], annotators=[anna])
    make_clips(project=project, episode=episode, spans=SPANS)
    for word in SAID:
        relate(relate_turn(project, anna), word)
    return project


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_release_is_made_and_shown_in_numbers(
    visit: Callable[..., Visitor], labelled: Project, picture: Callable[[Visitor, str], None], language: str
) -> None:
    start, table, hostile, mode = {
        "en": ("Make release", "Relationships", "Hostile", "For a part|All the time|Never"),
        "zh-hans": ("开始制作", "关系类别", "敌对", "部分同框|始终同框|从不同框"),
    }[language]
    User.objects.update(language=language)
    ada = visit()
    ada.log_in("ada")
    ada.go(f"/projects/{labelled.pk}?tab=releases")
    page = ada.page
    page.get_by_role("button", name=start).click()
    expect(page.get_by_role("article")).to_be_visible()
    run_job(Release.objects.get().job_id)
    ada.go(f"/projects/{labelled.pk}?tab=statistics")
    row = page.get_by_role("region", name=table).get_by_role("row", name=hostile)
    expect(row.get_by_role("cell").nth(2)).to_have_text("1")  # train, test, all
    page.get_by_role("button", name=re.compile(f"^({mode})$")).first.click()
    expect(page.locator("video")).to_be_visible()
    ada.video_ready()
    picture(ada, f"statistics-{language}")
