"""The admin site as this project names it."""

from django.contrib.admin.apps import AdminConfig


class FollowthroughAdminConfig(AdminConfig):
    """Django's admin under the project's own site class."""

    default_site = "config.admin.FollowthroughAdminSite"
