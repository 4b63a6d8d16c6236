"""What the sweep finds: rows that wait for a worker, whatever became of their wake-up."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from alerts.models import Delivery, Digest, Endpoint, Subscription
from campaigns.models import StatusChange

LIMIT = 1000
"""Most rows of a kind that are returned at once; the next sweep finds the rest."""


def overdue_fan_outs(limit: int = LIMIT) -> list[int]:
    """Return the keys of status changes that were not fanned out, in the order of the log."""
    changes = StatusChange.objects.filter(event=None).order_by("sequence")
    return list(changes.values_list("pk", flat=True)[:limit])


def overdue_confirmations(*, now: dt.datetime, limit: int = LIMIT) -> list[int]:
    """Return the keys of subscriptions whose confirmation mail is due, longest due first."""
    due = Subscription.objects.due_confirmation(now)
    return list(due.values_list("pk", flat=True)[:limit])


def overdue_mails(*, now: dt.datetime, limit: int = LIMIT) -> int:
    """Return how many mails are due; no more than ``limit`` are counted."""
    own = Delivery.objects.due(now).filter(channel=Delivery.Channel.EMAIL)[:limit].count()
    return min(limit, own + Digest.objects.due(now)[:limit].count())


def overdue_webhooks(*, now: dt.datetime, limit: int = LIMIT) -> int:
    """Return how many messages to endpoints are due; no more than ``limit`` are counted.

    Not those to endpoints that are disabled, or left alone for a while.
    """
    ready = Q(endpoint__held_until=None) | Q(endpoint__held_until__lte=now)
    due = Delivery.objects.due(now).filter(ready, channel=Delivery.Channel.WEBHOOK)
    return due.filter(endpoint__in=Endpoint.objects.enabled())[:limit].count()
