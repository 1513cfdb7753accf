"""A real Chromium before a live server that serves the built application, and people who log in.

`AFFECTORY_SCREENSHOTS` names a folder for pictures of every page; without it none are taken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect, sync_playwright

from tests.browser.known_episode import store_known_episode, store_random_features
from tests.demo import shared_demo
from tests.webapp.factories import PASSWORD, make_user
from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.annotation.services.projects import create_project
from workers.demo import DemoFiles

FLAGS = [
    "--no-sandbox",  # Chromium refuses to start as root with it, and containers often are root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
expect.set_options(timeout=15_000)  # a busy machine takes its time; what never comes still fails
SMALL: ViewportSize = {"width": 1280, "height": 720}
LARGE: ViewportSize = {"width": 1920, "height": 1080}
SERIES, TITLE, PROJECT = "The office next door", "The launch", "Pilot study"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    # Playwright's waiting runs an event loop in this thread, in which Django would refuse to ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(chromium: Path, playwright_driver: Playwright) -> Iterator[Browser]:
    it = playwright_driver.chromium.launch(executable_path=str(chromium), args=FLAGS)
    yield it
    it.close()


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return shared_demo(tmp_path_factory)


@dataclass
class World:
    """What is in the database before anybody opens the browser."""

    project: Project
    annotators: dict[str, User]


@pytest.fixture
def world(transactional_db: None, demo_files: DemoFiles, settings: Any, tmp_path: Path) -> World:
    """One analysed episode in one project of three annotators, and an admin."""
    if not (django_settings.UI_FOLDER / "index.html").is_file():
        pytest.skip("the browser application is not built: make ui")
    settings.MEDIA_ROOT = tmp_path / "media"
    episode = store_known_episode(demo_files, series=SERIES, title=TITLE)
    make_user("ada", admin=True, first_name="Ada", last_name="Admin")
    people = {name: make_user(name, first_name=name.title()) for name in ("anna", "ben", "chen")}
    project = create_project(
        name=PROJECT,
        protocol=Project.Protocol.MEMOR,
        episodes=[episode],
        annotators=list(people.values()),
        guideline="Press pause where you see an **emotion**.",
    )
    store_random_features(project)
    return World(project, people)


@dataclass
class Visitor:
    """Somebody's browser window, which must not complain."""

    page: Page
    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("console", lambda m: m.type == "error" and self.complaints.append(f"console: {m.text}"))
        self.page.on("response", lambda r: r.status >= 500 and self.complaints.append(f"{r.status}: {r.url}"))

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def log_in(self, username: str) -> None:
        """Log in with the keyboard alone."""
        self.go("/")
        expect(self.page.locator("input[autocomplete=username]")).to_be_focused()
        self.page.keyboard.type(username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("banner")).to_be_visible()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def play_until(self, seconds: float) -> None:
        """Wait until the playing video has reached a time; a busy machine decodes it slower than it should play."""
        reached = "s => document.querySelector('video').currentTime >= s"
        self.page.wait_for_function(reached, arg=seconds, timeout=120_000)

    def is_paused(self) -> bool:
        return bool(self.page.evaluate("document.querySelector('video').paused"))

    def video_ready(self) -> None:
        self.page.wait_for_function("(document.querySelector('video')?.readyState ?? 0) >= 3")

    def expect_saved(self) -> None:
        expect(self.page.get_by_text(re.compile("^(Saved|已保存)$"))).to_be_visible()


@pytest.fixture
def visit(browser: Browser, live_server: Any, settings: Any) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a fresh browser window; at the end no window may have complained.

    It asks for `settings` so that windows close before the media folder is put back.
    """
    visitors: list[Visitor] = []

    def open_window(size: ViewportSize = SMALL, locale: str = "en-US", scheme: Any = "light") -> Visitor:
        context = browser.new_context(viewport=size, locale=locale, color_scheme=scheme, accept_downloads=True)
        visitors.append(Visitor(context.new_page(), context, live_server.url))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def picture() -> Callable[[Visitor, str], None]:
    """Return a function that takes a picture of the page, if a folder for them is named."""
    named = os.environ.get("AFFECTORY_SCREENSHOTS", "")

    def take(visitor: Visitor, name: str) -> None:
        if named:
            folder = Path(named)
            folder.mkdir(parents=True, exist_ok=True)
            visitor.page.screenshot(path=folder / f"{name}.png")

    return take
