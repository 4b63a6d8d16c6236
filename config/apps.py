"""The admin site as this project names it, and what joins apps that do not know each other."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class FollowthroughAdminConfig(AdminConfig):
    """Django's admin under the project's own site class."""

    default_site = "config.admin.FollowthroughAdminSite"

    def ready(self) -> None:
        super().ready()
        # Once the models are loaded: lets alerts tell of findings.
        import_module("config.findings")
