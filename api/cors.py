"""Pages of any origin may read the API: the Fetch standard's CORS protocol.

Only reading, and never with a person's cookies: what is answered is public, and the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

METHODS = "GET, HEAD, OPTIONS"
SENT = "Authorization, If-Modified-Since, If-None-Match"
"""What a script may send beyond what any form could. No wildcard covers ``Authorization``."""
SHOWN = "Content-Disposition, ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
"""What a script may read beyond what it always may."""

_BELOW = ("/api/", "/data/")
_DAY = "86400"


class CorsMiddleware:
    """Allows every origin to read the API and the data set, errors and redirects too.

    It stands before all others: a browser follows no redirect of the request by which it asks
    whether it may ask, and that one need not reach a view, nor is it counted.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(_BELOW):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            answer: HttpResponseBase = _preflight()
        else:
            answer = self.get_response(request)
        # Not the origin that asked: the same bytes may be kept and served to all.
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = SHOWN
        return answer


def _preflight() -> HttpResponse:
    return HttpResponse(
        status=HTTPStatus.NO_CONTENT,
        headers={
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": SENT,
            "Access-Control-Max-Age": _DAY,
        },
    )
