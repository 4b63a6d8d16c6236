"""The admin site: its name, and what is said on all its pages."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.views.signing_in import SignIn
from alerts.services import open_pause
from campaigns.access import is_at_work
from companies.access import visible
from config.others_changes import others_changes
from config.start_page import panels_for

MOST_TOLD = 200
"""Status changes, and edits of each kind of record, on the page of what others did."""


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
    index_title = _("What needs you")
    login_form = SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who is a steward or a member of an organization."""
        return is_at_work(request.user)

    def get_urls(self) -> list[Any]:
        """Before Django's way from a record to its page, which asks nobody what they may see."""
        shown = self.admin_view(self.show_on_site)
        own = [
            path("r/<int:content_type_id>/<path:object_id>/", shown, name="view_on_site"),
            path("changes/", self.admin_view(self.others_changes), name="others_changes"),
        ]
        return [*own, *super().get_urls()]

    def others_changes(self, request: HttpRequest) -> TemplateResponse:
        """Tell what others did of what the person sees, in the last two weeks."""
        lines = others_changes(cast(User, request.user), now=timezone.now(), most=MOST_TOLD)
        context = {
            **self.each_context(request),
            "title": _("What others changed lately"),
            "lines": lines,
            "most": MOST_TOLD,
        }
        return TemplateResponse(request, "admin/others_changes.html", context)

    def show_on_site(
        self, request: HttpRequest, content_type_id: int, object_id: str
    ) -> HttpResponse:
        """Go to the page of a record that the person sees here.

        Raises:
            Http404: it is not there, or not theirs to see: that is not told apart.
        """
        model = get_object_or_404(ContentType, pk=content_type_id).model_class()
        if model is None or not object_id.isdecimal():
            raise Http404
        row = get_object_or_404(visible(model._default_manager.all(), request.user), pk=object_id)
        if not hasattr(row, "get_absolute_url"):
            raise Http404
        return HttpResponseRedirect(row.get_absolute_url())

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Ask for the password; who has a second factor is asked for a code next."""
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        view = SignIn.as_view(
            extra_context=context,
            authentication_form=self.login_form,
            template_name="accounts/login.html",
        )
        return cast(HttpResponse, view(request))

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """What needs whoever has signed in, before the list of all kinds of record."""
        panels = panels_for(cast(User, request.user), now=timezone.now())
        return super().index(request, {"panels": panels} | (extra_context or {}))

    def each_context(self, request: Any) -> dict[str, Any]:
        """Add the pause of all alerts, if there is one: whoever works here is to know of it."""
        context: dict[str, Any] = super().each_context(request)
        if context["has_permission"]:
            context["open_pause"] = SimpleLazyObject(open_pause)
        return context
