"""Who may try to sign in, and how often: what django-axes is told of this project.

A name is locked for one network, so that nobody can lock out somebody else who works elsewhere.
A network that tries many names is locked as a whole, after ten times as many failures.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest

NAMES_PER_NETWORK = 10
"""A network is locked after so many times the failures that lock one name in it."""


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # the library has no types
    """Counts failures in the database, for a name in a network and for the network."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return what is compared with the limit: the worse of both counts."""
        of_name: int = super().get_failures(request, credentials)
        recent = AccessAttempt.objects.filter(
            ip_address=request.axes_ip_address,  # type: ignore[attr-defined]  # set by axes
            attempt_time__gte=get_cool_off_threshold(request),
        )
        failures = recent.aggregate(Sum("failures_since_start"))["failures_since_start__sum"] or 0
        return int(max(of_name, failures // NAMES_PER_NETWORK))


def attempts_allowed(request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
    """Return after how many failures a name is locked."""
    return int(settings.SIGN_IN_ATTEMPTS)


def cool_off(request: HttpRequest | None = None) -> dt.timedelta:
    """Return for how long a name is locked after the last failure that counted."""
    return dt.timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)


def network_of(request: HttpRequest) -> str | None:
    """Return the network that a request comes from, as the whole service knows it.

    Of an IPv6 ``/64`` its first address, for axes keeps addresses only; ``None`` if unknown.
    """
    network = str(request.META.get("CLIENT_NETWORK", "unknown"))
    return None if network == "unknown" else network.removesuffix("/64")


def is_locked(request: HttpRequest, user: User) -> bool:
    """Whether the name of a person is locked for the network of a request."""
    return not AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def count_failure(request: HttpRequest, user: User) -> None:
    """Count a wrong code as a wrong password is counted; the limit answers with 429."""
    credentials = {"username": user.get_username()}
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
