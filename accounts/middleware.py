"""Nobody works here without a second factor if the setting demands one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.services import demands_second_factor
from accounts.sign_in import is_verified

_ADMIN = "/admin/"
_LEFT_OPEN = frozenset(
    {
        *("accounts:second_factor", "accounts:code", "accounts:invitation"),
        *("admin:login", "admin:logout", "admin:jsi18n"),
        *("admin_password_reset", "password_reset_done"),
        *("password_reset_confirm", "password_reset_complete"),
    }
)
"""Views below /admin/ that somebody may use who has yet to set one up; all others wait."""


class SecondFactor:
    """Middleware that leads to the page where a second factor is set up, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, named_arguments: Any
    ) -> HttpResponse | None:
        """Answer in place of the view if the person has to set one up first."""
        match = request.resolver_match
        if not request.path_info.startswith(_ADMIN) or (match and match.view_name in _LEFT_OPEN):
            return None
        if not request.user.is_authenticated or is_verified(request):
            return None
        if not demands_second_factor(request.user):
            return None
        query = urlencode({"next": request.get_full_path()} if request.method == "GET" else {})
        return redirect(f"{reverse('accounts:second_factor')}?{query}".rstrip("?"))
