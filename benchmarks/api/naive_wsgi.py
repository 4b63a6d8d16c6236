"""The naive peer as a web server runs it: Django alone, with nothing in front that is ours."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
