"""The WSGI application that the web server runs: repeated reads of the API, then Django."""

import os

from django.core.wsgi import get_wsgi_application

from api.front import CachedReads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = CachedReads(get_wsgi_application())
