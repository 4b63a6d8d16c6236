"""How many kept copies one network may ask for: each has to be unpacked, and some to be cleaned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from api.throttles import LimitReached, charge, rate_limit_headers

COSTS: Mapping[str, int] = MappingProxyType(
    {
        "website:evidence": 5,
        "website:evidence-view": 20,
        "website:evidence-warc": 10,
    }
)
"""What a kept copy costs, in requests of the quota that an anonymous client of the API has.

That is one quota for the API and these pages. Who is logged in is not counted.
"""


class KeptCopies:
    """Middleware that counts who asks for kept copies; what is too much is answered with 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say in the headers where the client stands if it was counted here."""
        answer = self._answer(request)
        if _cost_of(request):
            for name, value in rate_limit_headers(request).items():
                answer.headers[name] = value
        return answer

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, named_arguments: Any
    ) -> HttpResponse | None:
        """Count the request before the view unpacks anything."""
        cost = _cost_of(request)
        if not cost or _is_logged_in(request):
            return None
        try:
            charge(request, token=None, cost=cost, now=timezone.now())
        except LimitReached as error:
            answer = render(request, "429.html", status=error.status_code)
            answer.headers["Retry-After"] = str(error.wait)
            return answer
        return None


def _cost_of(request: HttpRequest) -> int:
    """Return what a request costs here, 0 if it is for something else."""
    match = request.resolver_match
    return COSTS.get(match.view_name, 0) if match else 0


def _is_logged_in(request: HttpRequest) -> bool:
    # Who brings no session is not looked up: copies stay the same for everybody, and cacheable.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
