"""Who is counted for a request, what it costs, and the answer when there have been too many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.addresses import client_network
from api.limits import Policy, Usage, limiter
from api.models import Token

if TYPE_CHECKING:  # the views read their throttles from the settings while they are imported
    from rest_framework.views import APIView

COSTS: Mapping[str, int] = MappingProxyType({"csv": 20, "ndjson": 20, "xlsx": 60})
"""What an answer costs that is in one of these formats, in requests; any other costs one.

They hold all rows, where a page of JSON holds a few.
"""
COST_OF_SEARCHING_THE_PAST = 60
"""What ``search`` costs with ``known_at``: no index knows the words of then, so all are read."""

_NOTE = "rate_limit_usage"


class LimitReached(Throttled):
    """Too many requests: 429, with ``Retry-After``."""

    def __init__(self, usage: Usage) -> None:
        super().__init__()
        self.wait = usage.seconds
        wait = ngettext("Try again in %d second.", "Try again in %d seconds.", usage.seconds)
        said = ngettext(
            "No more than %d request a minute is allowed here.",
            "No more than %d requests a minute are allowed here.",
            usage.policy.quota,
        )
        self.detail = cast(Any, f"{said % usage.policy.quota} {wait % usage.seconds}")


class RateLimitThrottle(BaseThrottle):
    """Counts every request but OPTIONS, for its token or for its network.

    A view with a method ``request_cost(request) -> int`` says itself what a request costs. The
    headers are on every answer of the view, whatever its status.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request.

        Raises:
            LimitReached: the quota is used up.
        """
        if request.method != "OPTIONS":
            own_cost: Callable[[Request], int] = getattr(view, "request_cost", cost_of_format)
            token = cast("Token | None", request.auth)
            charge(request, token=token, cost=own_cost(request), now=timezone.now())
        return True


def cost_of_format(request: Request) -> int:
    """Return what a request costs by its parameter ``format``."""
    return COSTS.get(request.query_params.get("format", ""), 1)


def charge(request: HttpRequest, *, token: Token | None, cost: int, now: dt.datetime) -> None:
    """Count a request for a token, or without one for the network that it comes from.

    Raises:
        LimitReached: the quota is used up.
    """
    if token is None:
        policy = Policy("anonymous", settings.API_ANONYMOUS_PER_MINUTE)
        subject = client_network(request.META, trusted_proxies=settings.TRUSTED_PROXIES_COUNT)
    else:
        policy = Policy("token", token.requests_per_minute or settings.API_TOKEN_PER_MINUTE)
        subject = str(token.pk)
    if policy.quota <= 0:  # the operator sets no limit
        return
    usage = limiter(settings.REDIS_URL).spend(policy=policy, subject=subject, cost=cost, now=now)
    if usage is None:
        return
    _note(request, usage)
    if not usage.is_allowed:
        raise LimitReached(usage)


def _note(request: HttpRequest, usage: Usage) -> None:
    if isinstance(request, Request):
        view: Any = (request.parser_context or {}).get("view")
        # Of a view that is dispatched, these go on whatever it answers, problems included.
        if hasattr(view, "headers"):
            view.headers.update(usage.headers())
        request = request._request
    setattr(request, _NOTE, usage)


def rate_limit_headers(request: HttpRequest) -> dict[str, str]:
    """Return ``RateLimit-Policy`` and ``RateLimit`` of a request that was counted, else nothing.

    For answers that do not pass through ``APIView.finalize_response``, which adds them by itself.
    """
    usage: Usage | None = getattr(request, _NOTE, None)
    return {} if usage is None else usage.headers()
