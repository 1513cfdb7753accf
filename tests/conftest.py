"""What every test may use, and which tests run where."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from scripts.system_tools import find_chromium
from tests.services import ServiceError, services

# A slow or busy machine is no failure: what examples cost belongs in benchmarks.
settings.register_profile("affectory", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("affectory")

#: Fixtures whose user talks to the database, named or not by the mark `django_db`.
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-tests",
        action="store_true",
        help="run only what uses the database or the broker: what may differ between SQLite and PostgreSQL",
    )


def uses_services(item: pytest.Item) -> bool:
    """Tell whether a test talks to the database or to the broker, by what it asks for."""
    marks = {mark.name for mark in item.iter_markers()}
    return bool(marks & {"django_db", "services"}) or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


def on_production_services() -> bool:
    return os.environ.get("AFFECTORY_DATABASE_URL", "").startswith("postgres")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that were asked for; one that needs PostgreSQL or Redis says so where they are not."""
    if config.getoption("--database-tests"):
        others = [item for item in items if not uses_services(item)]
        items[:] = [item for item in items if uses_services(item)]
        config.hook.pytest_deselected(items=others)
    if not on_production_services():
        for item in items:
            if item.get_closest_marker("services"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL and Redis: make test-services"))


def pytest_report_header() -> str:
    """Say which database and broker these tests run on, without their passwords."""
    database = os.environ.get("AFFECTORY_DATABASE_URL", "sqlite").split(":", 1)[0]
    broker = os.environ.get("AFFECTORY_BROKER_URL", "filesystem").split(":", 1)[0]
    return f"database: {database}, broker: {broker}"


def pytest_unconfigure() -> None:
    """Remove the data folder that `webapp.settings.test` made, in the first process, when the others have ended."""
    folder = os.environ.get("AFFECTORY_DATA", "")
    if "PYTEST_XDIST_WORKER" not in os.environ and Path(folder).name.startswith("affectory-test-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return a Chromium for Playwright's `executable_path`; skip with what to do where there is none."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium: install it (Debian: apt install chromium) or name one in the variable CHROMIUM")
    return found


@pytest.fixture(scope="session")
def private_services() -> Iterator[dict[str, str]]:
    """Return the variables of a PostgreSQL and a Redis of this session's own, for tests that start whole processes."""
    try:
        with services() as variables:
            yield variables
    except ServiceError as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Features of test releases are not kept beside those of real ones."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTORY_CACHE", str(folder))
        yield folder
