"""One machine, no server to install: SQLite, a broker in a folder. What `manage.py` and `make demo` use."""

from webapp.settings.base import *  # noqa: F403
from webapp.settings.base import DATA
from webapp.settings.secret import kept_secret

SECRET_KEY = kept_secret(DATA)
