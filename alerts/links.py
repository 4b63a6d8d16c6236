"""Absolute links for mails, which are read far from the site."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from alerts.tokens import confirmation_token, manage_token, unsubscribe_token


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
    token = unsubscribe_token(subscriber_id=subscriber_id)
    return absolute(reverse("website:unsubscribe", args=[token]))


def manage_link(*, subscriber_id: int) -> str:
    """Return the page on which an address manages all that it gets."""
    token = manage_token(subscriber_id=subscriber_id)
    return absolute(reverse("website:manage", args=[token]))


def evidence_link(snapshot_hash: str) -> str:
    """Return the kept copy of a page."""
    return absolute(reverse("website:evidence", args=[snapshot_hash]))


def api_link(resource: str, pk: int) -> str:
    """Return the address of one row of a resource of the API ("status-change")."""
    return absolute(reverse(f"api:{resource}-detail", args=[pk]))
