"""Switching endpoints off and on again, and telling their owners."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alerts.channels.owners import disabled_mail
from alerts.models import Delivery, Endpoint, Secret, State
from alerts.querysets import EndpointQuerySet

logger = logging.getLogger(__name__)

_AGAIN = dt.timedelta(minutes=10)
"""Between the tries to tell an owner; also for how long whoever tries has it to himself."""
_GIVE_UP = dt.timedelta(days=2)


def disable_endpoint(
    *, endpoint_id: int, because: str, now: dt.datetime, tells_owner: bool = True
) -> bool:
    """Send nothing more to an endpoint; what waits for it goes on waiting. Again changes nothing.

    Args:
        because: a sentence for its owner.
        tells_owner: whether its owner gets a mail; not if it is the owner who disables it.

    Returns:
        Whether it was enabled until now.
    """
    enabled = Endpoint.objects.filter(pk=endpoint_id, disabled_at=None)
    return bool(
        enabled.update(
            disabled_at=now,
            disabled_because=because,
            owner_told_at=None if tells_owner else now,
            leased_until=None,
        )
    )


def enable_endpoint(*, endpoint_id: int, now: dt.datetime) -> bool:
    """Let an endpoint get events again; what waited for it is due at once.

    Nothing is made up for that happened meanwhile. Returns whether it was disabled until now.
    """
    disabled = Endpoint.objects.filter(pk=endpoint_id, disabled_at__isnull=False, removed_at=None)
    is_changed = disabled.update(
        disabled_at=None,
        disabled_because="",
        owner_told_at=None,
        leased_until=None,
        held_until=None,
        failing_since=None,
        failures_count=0,
    )
    if is_changed:
        waiting = Delivery.objects.filter(endpoint=endpoint_id, state=State.WAITING)
        waiting.update(next_attempt_at=now)
    return bool(is_changed)


@transaction.atomic
def remove_endpoint(*, endpoint_id: int, now: dt.datetime) -> None:
    """Send nothing to an endpoint ever again, not even what waits. What was sent stays on record.

    Its secrets are deleted, and its owner, who did it, gets no mail.
    """
    disable_endpoint(
        endpoint_id=endpoint_id, because=_("It was removed."), now=now, tells_owner=False
    )
    Endpoint.objects.filter(pk=endpoint_id).update(removed_at=now, owner_told_at=now)
    Secret.objects.filter(endpoint=endpoint_id).delete()
    waiting = Delivery.objects.filter(endpoint=endpoint_id, state=State.WAITING)
    waiting.update(state=State.CANCELLED, leased_until=None)


def tell_owners(*, now: dt.datetime) -> int:
    """Mail the owners whose endpoints were disabled, once each; returns how many were told.

    What cannot be sent is tried again for two days. Any number of workers may try at once: one
    sends. To be called with no transaction open.
    """
    told = 0
    untold = _untold(now)
    for endpoint in untold.order_by("disabled_at", "pk").select_related("owner"):
        if untold.filter(pk=endpoint.pk).update(leased_until=now + _AGAIN):
            told += _tell(endpoint, now)
    return told


def owners_to_tell(*, now: dt.datetime) -> int:
    """Return how many endpoints were disabled of which the owner is to be told now."""
    return _untold(now).count()


def _untold(now: dt.datetime) -> EndpointQuerySet:
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return Endpoint.objects.filter(free, disabled_at__gt=now - _GIVE_UP, owner_told_at=None)


def _tell(endpoint: Endpoint, now: dt.datetime) -> bool:
    row = Endpoint.objects.filter(pk=endpoint.pk, disabled_at=endpoint.disabled_at)
    try:
        if endpoint.owner.email:
            disabled_mail(endpoint).send()
    except OSError as error:  # of the SMTP client, all kinds
        logger.warning("The owner of endpoint %s could not be told: %s", endpoint.pk, error)
        return False
    row.update(owner_told_at=now, leased_until=None)
    return bool(endpoint.owner.email)
