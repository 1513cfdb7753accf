"""The WSGI application (gunicorn's entry)."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings.embedded")
application = get_wsgi_application()

# Code lives as long as the process. Unless it is set apart, the garbage collector walks through all of it again and
# again: 200,000 objects, 100 ms, in the middle of some request.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
