"""The web process: Django models, services and the API. Knows no analyser and no torch."""

from webapp.celery_app import app as celery_app

__all__ = ["celery_app"]
