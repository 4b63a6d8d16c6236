"""The admin site as this project names it, its static files, and what joins apps that do not know
each other.
"""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class FollowthroughAdminConfig(AdminConfig):
    """Django's admin under the project's own site class."""

    default_site = "config.admin.FollowthroughAdminSite"

    def ready(self) -> None:
        super().ready()
        # Once the models are loaded: lets alerts tell of findings.
        import_module("config.findings")


class FollowthroughStaticFilesConfig(StaticFilesConfig):
    """Static files but those that no page here asks for: to compress them took as long again."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",
        "redoc",
        "swagger-ui-standalone-preset.js",
    ]
