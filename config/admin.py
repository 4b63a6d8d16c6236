"""The admin site: its name, and nothing that an app could say for itself."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class FollowthroughAdminSite(AdminSite):
    """The workbench of advocates."""

    site_header = _("Followthrough")
    site_title = _("Followthrough admin")
    index_title = _("What would you like to record?")
