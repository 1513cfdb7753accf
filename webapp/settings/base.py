"""Settings that hold everywhere; `embedded`, `production` and `test` say what differs. See docs/install.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from webapp.settings import env
from webapp.settings.media import NAME as MEDIA_STORAGE_NAME
from webapp.settings.media import storage_options

ROOT = Path(__file__).resolve().parents[2]
DATA = env.folder("AFFECTORY_DATA", ROOT / "var")

DEBUG = env.flag("AFFECTORY_DEBUG", False)
ALLOWED_HOSTS = env.names("AFFECTORY_ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.names("AFFECTORY_CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "webapp.accounts",
    "webapp.jobs",
    "webapp.corpus",
    "webapp.annotation",
    "webapp.personality",
    "webapp.relationships",
    "webapp.quality",
    "webapp.training",
    "workers",
    "exports",
    "baselines",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

CSRF_FAILURE_VIEW = "webapp.api.failures.csrf_failure"
ROOT_URLCONF = "webapp.urls"
WSGI_APPLICATION = "webapp.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for a database URL, with what makes SQLite safe for several processes."""
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=0))
    except ValueError as error:  # it names the schemes it knows, not where the URL stands
        raise ImproperlyConfigured(
            "The environment variable AFFECTORY_DATABASE_URL is not a database's URL, such as "
            "postgresql://user:password@host/name or sqlite:////folder/file."
        ) from error
    if parsed["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE: a transaction waits for its turn at its start instead of failing at its first write.
        # FULL: an answer the server acknowledged survives a power cut, in WAL mode too.
        parsed["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        parsed["CONN_HEALTH_CHECKS"] = True
        parsed["CONN_MAX_AGE"] = 60
    return parsed


DATABASE_URL = env.text("AFFECTORY_DATABASE_URL", f"sqlite:///{DATA / 'affectory.sqlite3'}")
DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

UI_FOLDER = ROOT / "annotation_ui" / "dist"
# No STATIC_ROOT: all static files are the browser application's, which WhiteNoise serves from its own folder below.
STATIC_URL = "/static/"
MEDIA_ROOT = DATA / "media"
#: Empty: MEDIA_ROOT holds the media, and every machine sees it. Else options of an S3-compatible store, and MEDIA_ROOT
#: is each machine's own cache of it, which grows to MEDIA_CACHE_GB.
MEDIA_STORAGE = storage_options(env.text(MEDIA_STORAGE_NAME, ""))
MEDIA_CACHE_GB = env.number("AFFECTORY_MEDIA_CACHE_GB", 50, least=1)
#: Prefix of the reverse proxy's internal location for MEDIA_ROOT; empty: Django serves media itself, ranges included.
MEDIA_ACCEL = env.text("AFFECTORY_MEDIA_ACCEL", "")
WHITENOISE_ROOT = UI_FOLDER if UI_FOLDER.is_dir() else None
WHITENOISE_INDEX_FILE = False

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["webapp.api.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["webapp.api.parsing.JsonParser"],
    "DEFAULT_PAGINATION_CLASS": "webapp.api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "webapp.api.errors.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Affectory",
    "VERSION": "1",
    "DESCRIPTION": "Turns TV-drama video into emotion datasets.",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "JobStatusEnum": "webapp.jobs.models.Job.Status",
        "StateStatusEnum": "webapp.annotation.models.StateRevision.Status",
        "AssignmentStatusEnum": "webapp.annotation.models.Assignment.Status",
        "TaskKindEnum": "webapp.annotation.models.Task.Kind",
        "TrainingClipKindEnum": "webapp.annotation.models.TrainingClip.Kind",
        "ReasonsEnum": "exports.emotions.REASONS",
        "DiscardEnum": "exports.erato.discards.DISCARDS",
        "RelateStepEnum": "webapp.relationships.models.StepRevision.Kind",
        "IdentityRemarkEnum": "webapp.relationships.models.IdentityRemark.Kind",
    },
}

EMBEDDED_BROKER = DATA / "broker"
CELERY_BROKER_URL = env.text("AFFECTORY_BROKER_URL", "filesystem://localhost")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A worker process does one job at a time; it would reserve messages for more, which others could be doing.
CELERY_WORKER_CONCURRENCY = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_IMPORTS = ("workers.tasks", "workers.presence", "workers.warming")
#: A forked child imports what steps need before it says that it is up (`workers.warming`); from a cold disk that takes
#: longer than Celery's 4 s.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0
# A broker may be away as long as it likes: the worker goes on, and comes back when the broker does.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
#: Redis hands a message out again that was not acknowledged in this time; must be longer than the longest job. Too long
#: costs nothing: whether a job is taken up again is decided by its lease, not by the broker.
LONGEST_JOB_HOURS = env.number("AFFECTORY_LONGEST_JOB_HOURS", 24, least=1)
REDIS_TRANSPORT: dict[str, Any] = {
    "visibility_timeout": LONGEST_JOB_HOURS * 3600,
    # Who sends gives up soon: the job is in its table, and the sweep sends again.
    "socket_connect_timeout": 3,
    "max_retries": 1,
    "interval_start": 0.1,
}
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(EMBEDDED_BROKER / "messages"),
        "data_folder_out": str(EMBEDDED_BROKER / "messages"),
        "control_folder": str(EMBEDDED_BROKER / "control"),
        # A job often waits for the one before it: an idle worker looks into the folder so often (s; some 0.1 ms each).
        "polling_interval": 0.1,
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_TRANSPORT

#: How long a job belongs to a worker that gives no sign of life, and how often jobs without an owner are looked for.
JOB_LEASE_SECONDS = env.number("AFFECTORY_JOB_LEASE_SECONDS", 60, least=2)
JOB_SWEEP_SECONDS = env.number("AFFECTORY_JOB_SWEEP_SECONDS", 30, least=1)
#: How often an attempt may end by something that may pass (a lost worker, a full disk, a database that is away), and
#: how long the job waits after the first, second ... of them.
JOB_ATTEMPTS = env.number("AFFECTORY_JOB_ATTEMPTS", 4, least=1)
JOB_RETRY_SECONDS = env.numbers("AFFECTORY_JOB_RETRY_SECONDS", (10, 60, 300))
#: How long a worker that has finished a step keeps trying to store it while the database is away.
JOB_STORE_SECONDS = env.number("AFFECTORY_JOB_STORE_SECONDS", 600, least=1)
#: How often it is asked whether a week has ended whose cross-check is to be drawn.
CROSS_CHECK_SECONDS = 900
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "workers.tasks.sweep",
        "schedule": JOB_SWEEP_SECONDS,
        "options": {"expires": JOB_SWEEP_SECONDS},
    },
    "draw_cross_checks": {
        "task": "workers.tasks.draw_cross_checks",
        "schedule": CROSS_CHECK_SECONDS,
        "options": {"expires": CROSS_CHECK_SECONDS},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "celerybeat")

#: The lab's own LIWC dictionary (.dic) for word categories of characters; None: Empath's.
LIWC_DICTIONARY = env.file("AFFECTORY_LIWC_DICTIONARY")

#: How long an annotator's turn is kept for a browser that gives no sign of life.
ASSIGNMENT_LEASE_MINUTES = env.number("AFFECTORY_ASSIGNMENT_LEASE_MINUTES", 60, least=1)
#: How long an annotator can correct answers of a turn that is finished.
ASSIGNMENT_CORRECTION_HOURS = env.number("AFFECTORY_ASSIGNMENT_CORRECTION_HOURS", 12, least=0)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("AFFECTORY_LOG_LEVEL", "INFO")},
}
