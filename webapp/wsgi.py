"""The WSGI application (gunicorn's entry)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings.embedded")
application = get_wsgi_application()
