"""Any page on the web may read: cross-origin resource sharing, as the Fetch standard has it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

ALLOWED_METHODS = "GET, HEAD, OPTIONS"
ALLOWED_HEADERS = "Accept, Authorization, If-Modified-Since, If-None-Match"
EXPOSED_HEADERS = (
    "Content-Disposition, ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After"
)
_PREFLIGHT_SECONDS = 86_400


def allow_reading(response: HttpResponseBase) -> None:
    """Let scripts of other sites read an answer; it is the same for all of them."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED_HEADERS


def is_preflight(request: HttpRequest) -> bool:
    """Tell whether a browser asks on behalf of a script if it may send a request."""
    return (
        request.method == "OPTIONS"
        and "Origin" in request.headers
        and "Access-Control-Request-Method" in request.headers
    )


def preflight_answer() -> HttpResponse:
    """Say what a script may send."""
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    del response["Content-Type"]
    response["Allow"] = ALLOWED_METHODS
    response["Access-Control-Allow-Methods"] = ALLOWED_METHODS
    response["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
    response["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)
    allow_reading(response)
    return response
