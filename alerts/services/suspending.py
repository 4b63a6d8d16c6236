"""Suspending addresses: who cannot be reached, or wants none of it, is owed nothing any more."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from alerts.models import Delivery, Digest, State, Subscriber, Subscription
from alerts.querysets import SubscriberQuerySet

NO_BOUNCES = {
    "bounces_count": 0,
    "soft_bounces_count": 0,
    "soft_bounced_at": None,
    "resting_until": None,
}
"""Columns of an address that mail reaches."""


@transaction.atomic
def suspend(
    people: SubscriberQuerySet, suspension: Subscriber.Suspension, *, at: dt.datetime
) -> int:
    """Suspend addresses, and cancel what waits to be sent to them.

    Nothing is kept for later: whoever asks for alerts again is owed what happens from then on. One
    that is suspended already stays so for its reason, but a complaint outweighs a bounce.

    Args:
        people: whose addresses.
        suspension: why.
        at: when.

    Returns:
        How many were suspended now.
    """
    keys = list(people.filter(suspended_at=None).values_list("pk", flat=True))
    count = Subscriber.objects.filter(pk__in=keys).update(suspended_at=at, suspension=suspension)
    if suspension == Subscriber.Suspension.COMPLAINED:
        people.filter(suspended_at__isnull=False).update(suspension=suspension)
        asked = Subscription.objects.filter(subscriber__in=people.values("pk"))
        asked.update(confirmation_next_attempt_at=None)
    for model in (Delivery, Digest):
        waiting = model._default_manager.filter(subscriber__in=keys, state=State.WAITING)
        waiting.update(state=State.CANCELLED)
    return count


def lift_suspension(subscriber: Subscriber) -> None:
    """Let an address that mail reached be sent alerts again; its bounces count no more."""
    Subscriber.objects.filter(pk=subscriber.pk).update(
        suspended_at=None, suspension="", **NO_BOUNCES
    )
