"""Sending again, by hand, what failed or got lost at the other end."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from alerts.models import Delivery, Endpoint, State


@transaction.atomic
def replay_delivery(*, delivery: Delivery, now: dt.datetime) -> bool:
    """Let a message to an endpoint be sent again at once, with the same ``webhook-id``.

    It may have arrived before: then a receiver that remembers ids leaves it. One that still waits
    is only tried sooner. Its schedule of tries begins anew; those so far stay on record.

    Returns:
        Whether it is due now; not if it is under way, or goes to a subscriber.
    """
    return bool(_again(Q(pk=delivery.pk), now))


@transaction.atomic
def replay_failed(*, endpoint: Endpoint, since: dt.datetime, now: dt.datetime) -> int:
    """Let all that failed for an endpoint since a moment be sent again; returns how many."""
    failed = Q(endpoint=endpoint, state=State.FAILED, created_at__gte=since)
    return _again(failed, now)


def _again(chosen: Q, now: dt.datetime) -> int:
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    webhooks = Delivery.objects.filter(channel=Delivery.Channel.WEBHOOK)
    return webhooks.filter(chosen, free).update(
        state=State.WAITING,
        delivered_at=None,
        next_attempt_at=now,
        attempts_count=0,
        crashes_count=0,
        leased_until=None,
    )
