"""Middleware that only pages need: for the API, which has no sessions and no cookies, it is idle.

A read of the API that no cache holds is to cost little more than its queries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.deprecation import MiddlewareMixin
from simple_history.middleware import HistoryRequestMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

from api.addresses import client_network

API = "/api/v1/"
_NOTHING = "default-src 'none'; frame-ancestors 'none'"

if TYPE_CHECKING:
    Base = MiddlewareMixin
else:
    Base = object


class _PagesOnly(Base):
    """Lets requests of the API pass."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(API):
            passed: HttpResponseBase = self.get_response(request)
            return passed
        answered: HttpResponseBase = super().__call__(request)  # type: ignore[assignment]
        return answered


class StaticFiles(_PagesOnly, WhiteNoiseMiddleware):  # type: ignore[misc]  # the library has no types
    """Static files."""


class ContentSecurityPolicy(_PagesOnly, CSPMiddleware):
    """The policy of pages; answers of the API are no pages, and may do nothing at all."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = super().__call__(request)
        response.headers.setdefault("Content-Security-Policy", _NOTHING)
        return response


class Clients:
    """From which network a request comes, for forms that count it: ``META["CLIENT_NETWORK"]``.

    Known as the API knows it; nobody can set it by a header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._pass = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(API):
            trusted = settings.TRUSTED_PROXIES_COUNT
            network = client_network(request.META, trusted_proxies=trusted)
            request.META["CLIENT_NETWORK"] = network
        return self._pass(request)


class Sessions(_PagesOnly, SessionMiddleware):
    """Who has logged in."""


class Languages(_PagesOnly, LocaleMiddleware):
    """In which language to answer."""


class Authentication(_PagesOnly, AuthenticationMiddleware):
    """Who asks."""


class History:
    """Who writes what history keeps; of the API nobody writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._pass = get_response
        self._note = HistoryRequestMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._pass if request.path_info.startswith(API) else self._note
        return answer(request)


class Messages(_PagesOnly, MessageMiddleware):
    """What to tell on the next page."""
