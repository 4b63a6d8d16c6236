"""Where people set up a second factor, look after it and part with it."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.errors import WrongCode
from accounts.forms import CodeForm
from accounts.lockouts import is_locked
from accounts.services import (
    demands_second_factor,
    enrol,
    has_second_factor,
    new_secret,
    recovery_codes_left,
    remove_second_factor,
    renew_recovery_codes,
    secret_address,
    spell_secret,
)
from accounts.sign_in import DRAFT, VERIFIED
from accounts.views.pages import go, next_address, show
from accounts.views.signing_in import accepted_device, locked_out


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set one up; or, for who has one, give new recovery codes or part with it."""
    if not request.user.is_authenticated:
        return go("admin:login", request.path)
    user = request.user
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not has_second_factor(user):
        return _set_up(request, user, form)
    if is_locked(request, user):
        return locked_out(request)
    if form.is_valid() and accepted_device(request, user, form):
        return _change(request, user)
    return show(
        request,
        "second_factor",
        _("Second factor"),
        form=form,
        codes_left=recovery_codes_left(user),
        is_demanded=demands_second_factor(user),
    )


@sensitive_variables("secret", "codes")
def _set_up(request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    secret = request.session.get(DRAFT)
    if secret is None:
        secret = request.session[DRAFT] = new_secret()
    elif form.is_valid():
        code, key = form.cleaned_data["code"], request.session.session_key
        try:
            codes = enrol(user=user, secret=secret, code=code, session=key, now=timezone.now())
        except WrongCode as error:
            form.add_error("code", str(error))
        else:
            del request.session[DRAFT]
            request.session[VERIFIED] = "enrolled"
            return _show_codes(request, codes)
    return show(
        request,
        "set_up",
        _("Set up a second factor"),
        form=form,
        next=next_address(request),
        picture=_picture(secret_address(secret, user)),
        secret=spell_secret(secret),
        is_demanded=demands_second_factor(user),
    )


def _change(request: HttpRequest, user: User) -> HttpResponse:
    if "remove" not in request.POST:
        return _show_codes(request, renew_recovery_codes(user=user))
    remove_second_factor(user=user, session=request.session.session_key)
    request.session.pop(VERIFIED, None)
    messages.success(request, _("The second factor was removed."))
    return go("accounts:second_factor")


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Show recovery codes, this once."""
    onward = next_address(request) or reverse("admin:index")
    spelt = [f"{code[:5]}-{code[5:]}" for code in codes]
    return show(request, "recovery_codes", _("Recovery codes"), codes=spelt, onward=onward)


def _picture(address: str) -> SafeString:
    """Return a QR code as SVG, dark on light whatever the theme: many readers need that."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(scale=5, dark="#000", light="#fff", title=_("QR code for the app"))
    return mark_safe(drawn)  # noqa: S308  # drawn by the library from our own address
