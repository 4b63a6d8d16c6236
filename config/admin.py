"""The admin site: its name, and what is said on all its pages."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from alerts.services import open_pause
from campaigns.access import is_at_work


class SignInForm(AdminAuthenticationForm):
    """The login of the admin, for members of organizations as well as for staff."""

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse who is not active or has no work here, in the words for a wrong password.

        Raises:
            ValidationError: not to be let in.
        """
        AuthenticationForm.confirm_login_allowed(self, user)
        if not is_at_work(user):
            raise self.get_invalid_login_error()


class FollowthroughAdminSite(AdminSite):
    """The workbench of advocates."""

    site_header = _("Followthrough")
    site_title = _("Followthrough admin")
    index_title = _("What would you like to record?")
    login_form = SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who is a steward or a member of an organization."""
        return is_at_work(request.user)

    def each_context(self, request: Any) -> dict[str, Any]:
        """Add the pause of all alerts, if there is one: whoever works here is to know of it."""
        context: dict[str, Any] = super().each_context(request)
        if context["has_permission"]:
            context["open_pause"] = SimpleLazyObject(open_pause)
        return context
