"""Behind a reverse proxy, with PostgreSQL and Redis."""

from webapp.settings import env
from webapp.settings.base import *  # noqa: F403

SECRET_KEY = env.text("AFFECTORY_SECRET_KEY")
DATABASE_URL = env.text("AFFECTORY_DATABASE_URL")
CELERY_BROKER_URL = env.text("AFFECTORY_BROKER_URL")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = True
# A lab may run it inside its own network without TLS; everywhere else cookies travel encrypted only.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("AFFECTORY_SECURE_COOKIES", True)
SECURE_HSTS_SECONDS = env.number("AFFECTORY_HSTS_SECONDS", 0)
