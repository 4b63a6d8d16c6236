"""Endpoints, from their registration on, and the secrets with which their messages are signed."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from alerts.errors import InvalidEndpoint
from alerts.models import Endpoint, Event, Secret
from alerts.querysets import STAFF_ONLY
from alerts.signatures import derived_secret
from outbound.addresses import check_url
from outbound.errors import InvalidURL
from outbound.limits import Limits

MOST_ENDPOINTS = 50
"""That one person may own."""

AMENDABLE = (
    "owner",
    "name",
    "url",
    "format",
    "event_types",
    "campaign",
    "company",
    "includes_subsidiaries",
    "organization",
    "topic",
    "product",
    "to_statuses",
    "from_statuses",
)
"""What a person decides about an endpoint. The rest is written by workers meanwhile."""

_SALT_BYTES = 32


def check_endpoint(endpoint: Endpoint) -> None:
    """Refuse an endpoint that could not be posted to, or whose owner may not have it.

    Raises:
        InvalidEndpoint
    """
    try:
        check_url(endpoint.url, exceptions=Limits.from_settings().allowed_networks)
    except InvalidURL as error:
        raise InvalidEndpoint("url", str(error)) from error
    types = endpoint.types
    if not types:
        raise InvalidEndpoint("event_types", _("Choose at least one type of event."))
    if unknown := set(types) - set(Event.Type.values):
        raise InvalidEndpoint(
            "event_types", _("No type of event: %s.") % ", ".join(sorted(unknown))
        )
    if STAFF_ONLY & set(types) and not endpoint.owner.is_staff:
        raise InvalidEndpoint("event_types", _("Findings are for the endpoints of staff only."))
    others = Endpoint.objects.owned_by(endpoint.owner).exclude(pk=endpoint.pk)
    if others.count() >= MOST_ENDPOINTS:
        raise InvalidEndpoint("owner", _("There are too many endpoints of this owner."))


@transaction.atomic
@sensitive_variables("secret")
def register_endpoint(*, endpoint: Endpoint, now: dt.datetime) -> str:
    """Keep a new endpoint, and return its secret, which is shown to its owner this once.

    It gets what is recorded from now on.

    Raises:
        InvalidEndpoint: nothing was written.
    """
    check_endpoint(endpoint)
    endpoint.created_at = now
    endpoint.save()
    return _add_secret(endpoint, now)


def amend_endpoint(*, endpoint: Endpoint) -> None:
    """Keep what was changed of an endpoint: its name, address, format, types and criteria.

    Raises:
        InvalidEndpoint: nothing was written.
    """
    check_endpoint(endpoint)
    endpoint.save(update_fields=AMENDABLE)


@transaction.atomic
@sensitive_variables("secret")
def rotate_secret(*, endpoint: Endpoint, now: dt.datetime) -> str:
    """Return a new secret. Those before it go on signing for ``WEBHOOK_ROTATION_HOURS``."""
    # Whoever rotates at the same time waits here.
    Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    until = now + dt.timedelta(hours=settings.WEBHOOK_ROTATION_HOURS)
    Secret.objects.filter(endpoint=endpoint, expires_at=None).update(expires_at=until)
    return _add_secret(endpoint, now)


@sensitive_variables("key", "secrets")
def signing_secrets(endpoint: Endpoint, now: dt.datetime) -> list[str]:
    """Return the secrets with which to sign now, the newest first."""
    valid = Secret.objects.filter(endpoint=endpoint).valid(now)
    return [derived_secret(settings.SECRET_KEY, secret.salt) for secret in valid]


@sensitive_variables("salt")
def _add_secret(endpoint: Endpoint, now: dt.datetime) -> str:
    salt = secrets.token_hex(_SALT_BYTES)
    Secret.objects.create(endpoint=endpoint, salt=salt, created_at=now)
    return derived_secret(settings.SECRET_KEY, salt)
