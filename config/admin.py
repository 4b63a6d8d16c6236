"""The admin site: its name, and what is said on all its pages."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from alerts.services import open_pause


class FollowthroughAdminSite(AdminSite):
    """The workbench of advocates."""

    site_header = _("Followthrough")
    site_title = _("Followthrough admin")
    index_title = _("What would you like to record?")

    def each_context(self, request: Any) -> dict[str, Any]:
        """Add the pause of all alerts, if there is one: whoever works here is to know of it."""
        context: dict[str, Any] = super().each_context(request)
        if context["has_permission"]:
            context["open_pause"] = SimpleLazyObject(open_pause)
        return context
