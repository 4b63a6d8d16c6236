"""Public pages: what anybody may read of the record, and how to be told of changes."""

from importlib import import_module

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """Imported by nobody but ``config``."""

    name = "website"

    def ready(self) -> None:
        # Once the models are loaded: registers what the admin shows of the public pages.
        import_module("website.previews")
