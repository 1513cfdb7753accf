"""A media folder of its own for every test, and browsers that are logged in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from webapp.accounts.models import User


@pytest.fixture(autouse=True)
def media_root(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def as_user() -> Callable[[User], APIClient]:
    """Return a function that gives a client logged in by session as somebody."""

    def client(user: User) -> APIClient:
        it = APIClient()
        it.force_login(user)
        return it

    return client
