"""Tests: their own data folder, cheap password hashes; database and broker as the environment says."""

import os
import tempfile

os.environ.setdefault("AFFECTORY_DATA", tempfile.mkdtemp(prefix="affectory-test-"))

from webapp.settings.base import *  # noqa: E402, F403
from webapp.settings.base import DATABASES  # noqa: E402

SECRET_KEY = "tests only"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes of one test see the same database.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["AFFECTORY_DATA"], "test.sqlite3")}  # noqa: PTH118
