"""Subscriptions follow when what they name is merged into another record."""

from __future__ import annotations

import datetime as dt

from django.db.models import Model

from alerts.models import Subscription
from companies.merging import moves


@moves(Subscription)
def move_subscription(
    subscription: Subscription, name: str, kept: Model, now: dt.datetime
) -> list[str]:
    """Let a subscription name the kept record.

    Of two that want the same now, one goes on, rather a confirmed one. The other ends, and stays
    as the record of consent.
    """
    setattr(subscription, name, kept)
    subscription.criteria_key = subscription.key
    current = Subscription.objects.current().exclude(pk=subscription.pk)
    twin = current.filter(
        subscriber=subscription.subscriber_id, criteria_key=subscription.criteria_key
    ).first()
    if twin is not None and subscription.ended_at is None:
        ending = twin if subscription.is_confirmed and not twin.is_confirmed else subscription
        ending.ended_at = now
        ending.confirmation_next_attempt_at = None
        ending.save(update_fields=["ended_at", "confirmation_next_attempt_at"])
    subscription.save(update_fields=[name, "criteria_key"])
    return []
