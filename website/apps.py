"""Public pages: what anybody may read of the record, and how to be told of changes."""

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """Imported by nobody but ``config``."""

    name = "website"
