"""First the password, then the code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.errors import TooSoon, WrongCode
from accounts.forms import CodeForm
from accounts.lockouts import count_failure, is_locked
from accounts.services import check_code, has_second_factor
from accounts.sign_in import PENDING, VERIFIED, remember_password, whose_password
from accounts.views.pages import go, next_address, show


class SignIn(LoginView):
    """The password. Whoever has a second factor is not signed in by it alone."""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if not has_second_factor(user):
            return super().form_valid(form)
        remember_password(self.request, user, now=timezone.now())
        return go("accounts:code", next_address(self.request))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of whose password was right, and sign them in."""
    user = whose_password(request, now=timezone.now())
    wanted = next_address(request)
    if user is None:
        return go("admin:login", wanted)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if is_locked(request, user):
            return locked_out(request)
        device = accepted_device(request, user, form)
        if device is not None:
            login(request, user)
            request.session[VERIFIED] = device
            del request.session[PENDING]
            return HttpResponseRedirect(wanted or reverse("admin:index"))
    return show(request, "code", _("Second step"), form=form, next=wanted)


def accepted_device(request: HttpRequest, user: User, form: CodeForm) -> str | None:
    """Return the identifier of the device that accepts a code; ``None`` with the form saying why.

    A wrong code counts as a wrong password does.
    """
    try:
        device = check_code(user=user, code=form.cleaned_data["code"], now=timezone.now())
    except TooSoon as error:
        form.add_error("code", str(error))
    except WrongCode as error:
        form.add_error("code", str(error))
        count_failure(request, user)
    else:
        return str(device.persistent_id)
    return None


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Say that there were too many failures, in place of what would have been answered."""
    minutes = settings.SIGN_IN_LOCK_MINUTES
    page = show(request, "locked_out", _("Too many attempts"), status=429, minutes=minutes)
    page["Retry-After"] = str(minutes * 60)
    return page
