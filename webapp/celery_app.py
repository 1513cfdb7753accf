"""The Celery application: `celery -A webapp.celery_app worker`. Tasks live in `workers.tasks`."""

import os

from celery import Celery

from webapp import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings.embedded")
broker.use()
app = Celery("affectory")
app.config_from_object("django.conf:settings", namespace="CELERY")
