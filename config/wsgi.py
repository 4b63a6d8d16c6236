"""The WSGI application that the web server runs: repeated reads of the API, then Django."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from api.front import CachedReads
from api.patience import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

limit_statements(settings.DATABASES["default"], settings.API_STATEMENT_SECONDS)
application = CachedReads(get_wsgi_application())

# What is loaded by now stays: the collector need not look at it again, which takes it 0.1 s.
gc.freeze()
