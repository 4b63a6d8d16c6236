"""What the sweep finds: rows that wait for a worker, whatever became of their wake-up."""

from __future__ import annotations

import datetime as dt

from alerts.models import Delivery, Subscription
from campaigns.models import StatusChange

LIMIT = 1000
"""Most rows of a kind that are returned at once; the next sweep finds the rest."""


def overdue_fan_outs(limit: int = LIMIT) -> list[int]:
    """Return the keys of status changes that were not fanned out, in the order of the log."""
    changes = StatusChange.objects.filter(fan_out=None).order_by("sequence")
    return list(changes.values_list("pk", flat=True)[:limit])


def overdue_confirmations(*, now: dt.datetime, limit: int = LIMIT) -> list[int]:
    """Return the keys of subscriptions whose confirmation mail is due, longest due first."""
    due = Subscription.objects.due_confirmation(now)
    return list(due.values_list("pk", flat=True)[:limit])


def overdue_deliveries(*, now: dt.datetime, limit: int = LIMIT) -> list[int]:
    """Return the keys of deliveries that are due, longest due first."""
    return list(Delivery.objects.due(now).values_list("pk", flat=True)[:limit])


def due_deliveries_of(*, change_id: int, now: dt.datetime) -> list[int]:
    """Return the keys of the due deliveries of one status change."""
    due = Delivery.objects.due(now).filter(status_change=change_id)
    return list(due.values_list("pk", flat=True))
