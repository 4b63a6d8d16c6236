"""Absolute links for mails, which are read far from the site."""

from __future__ import annotations

import datetime as dt
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from alerts.tokens import confirmation_token, manage_token, unsubscribe_token

_HERE = "HERE"


def absolute(path: str) -> str:
    """Return the address of a path of this site."""
    return f"{settings.BASE_URL}{path}"


def domain() -> str:
    """Return the host name of this site, which message ids end in."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def confirmation_link(*, subscription_id: int, now: dt.datetime) -> str:
    """Return the page on which a subscription is confirmed."""
    token = confirmation_token(subscription_id=subscription_id, now=now)
    return absolute(reverse("website:subscribe-confirm", args=[token]))


def unsubscribe_link(*, subscriber_id: int) -> str:
    """Return the page on which subscriptions are ended, which takes the one-click POST as well."""
    return _with_token("website:unsubscribe", unsubscribe_token(subscriber_id=subscriber_id))


def manage_link(*, subscriber_id: int) -> str:
    """Return the page on which an address manages all that it gets."""
    return _with_token("website:manage", manage_token(subscriber_id=subscriber_id))


def evidence_link(snapshot_hash: str) -> str:
    """Return the kept copy of a page."""
    return absolute(reverse("website:evidence", args=[snapshot_hash]))


def _with_token(name: str, token: str) -> str:
    return absolute(_pattern(name).replace(_HERE, token))


@cache
def _pattern(name: str) -> str:
    """Return the path of a page, with a mark where the token belongs: mails are many."""
    return reverse(name, args=[_HERE])


def api_link(resource: str, pk: int) -> str:
    """Return the address of one row of a resource of the API ("status-change")."""
    return absolute(reverse(f"api:{resource}-detail", args=[pk]))
