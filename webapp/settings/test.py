"""Tests: their own data folder, cheap password hashes; database and broker as the environment says."""

import os
import tempfile
from pathlib import Path

if "AFFECTORY_DATA" not in os.environ:
    os.environ["AFFECTORY_DATA"] = tempfile.mkdtemp(prefix="affectory-test-")
# Test processes side by side (pytest-xdist: gw0, gw1 ...) each take a folder and a Redis database of their own; written
# back to the environment, so that the programs a test starts share those of their test.
if worker := os.environ.get("PYTEST_XDIST_WORKER", ""):
    if Path(os.environ["AFFECTORY_DATA"]).name != worker:
        os.environ["AFFECTORY_DATA"] = str(Path(os.environ["AFFECTORY_DATA"]) / worker)
    if os.environ.get("AFFECTORY_BROKER_URL", "").startswith("redis:"):
        server = os.environ["AFFECTORY_BROKER_URL"].rpartition("/")[0]
        os.environ["AFFECTORY_BROKER_URL"] = f"{server}/{int(worker.removeprefix('gw')) + 1}"
DATA = Path(os.environ["AFFECTORY_DATA"])
DATA.mkdir(parents=True, exist_ok=True)

from webapp.settings.base import *  # noqa: E402, F403
from webapp.settings.base import DATABASES  # noqa: E402

SECRET_KEY = "tests only"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes of one test see the same database.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}
