"""Asking for the link to a new password; what the link shows are Django's own pages."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import PasswordMailForm
from accounts.services import ask_for_password
from accounts.tasks import wake_sender
from accounts.views.pages import go, show


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take an address; the answer is the same for every one."""
    form = PasswordMailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        ask_for_password(email=form.cleaned_data["email"], now=timezone.now())
        wake_sender()
        return go("password_reset_done")
    return show(request, "ask_for_password", _("A new password"), form=form)


@require_http_methods(["GET", "HEAD"])
def asked(request: HttpRequest) -> HttpResponse:
    """Say what happens now, if there is such an account."""
    return show(request, "asked_for_password", _("Look into your mailbox"))


class Choose(views.PasswordResetConfirmView):
    """The new password. Whoever has a second factor still needs it to sign in."""

    title = gettext_lazy("Choose a new password")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return admin.site.each_context(self.request) | super().get_context_data(**kwargs)


class Chosen(views.PasswordResetCompleteView):
    """Leads to the login."""

    title = gettext_lazy("Your password is changed")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return admin.site.each_context(self.request) | super().get_context_data(**kwargs)
