"""What the link in an invitation shows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.errors import InvitationClosed
from accounts.forms import JoinForm
from accounts.models import Invitation
from accounts.services import accept_invitation, find_invitation, join, person_of
from accounts.views.pages import go, show

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_GONE = 410


@sensitive_post_parameters("password1", "password2")
@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept on POST only: scanners of mail open every link, and must accept nothing.

    Who is signed in accepts for that account; whose address is known, for the account that has
    it; anybody else opens one. Whoever has the link reads the mail of that address.
    """
    try:
        found = find_invitation(token=token, now=timezone.now())
        if request.user.is_authenticated:
            return _accept(request, found, token, request.user)
        known = person_of(found)
        return _accept(request, found, token, known) if known else _join(request, found, token)
    except InvitationClosed as error:
        title = _("Invitation not valid")
        return show(request, "invitation_closed", title, status=_GONE, reason=str(error))


def _accept(request: HttpRequest, found: Invitation, token: str, user: User) -> HttpResponse:
    if request.method != "POST":
        return _show(request, found, person=user)
    membership = accept_invitation(token=token, user=user, now=timezone.now())
    said = _("You work for %(organization)s now.") % {"organization": membership.organization}
    messages.success(request, said)
    return go("admin:index")


def _join(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None, email=found.email)
    if form.is_valid():
        given = form.cleaned_data
        name, password = given["username"], given["password1"]
        try:
            user = join(token=token, username=name, password=password, now=timezone.now())
        except IntegrityError:
            form.add_error("username", _("Somebody has this name already."))
        else:
            login(request, user, backend=_BACKEND)
            return go("admin:index")
    return _show(request, found, form=form)


def _show(request: HttpRequest, found: Invitation, **context: Any) -> HttpResponse:
    return show(request, "invitation", _("You are invited"), invitation=found, **context)
