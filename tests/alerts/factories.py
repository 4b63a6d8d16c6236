"""Makers of subscribers and deliveries for tests."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from alerts.models import Delivery, Endpoint, Event, Subscriber, Subscription
from alerts.models.criteria import packed
from alerts.services import fan_out
from campaigns.models import StatusChange
from tests.factories import NOW, make_change

LONG_AGO = NOW - dt.timedelta(days=30)

_numbers = count(1)


def make_subscriber(email: str = "", **fields: Any) -> Subscriber:
    """Somebody with an address."""
    defaults = {"language": "en", "created_at": LONG_AGO}
    address = email or f"reader-{next(_numbers)}@example.org"
    return Subscriber.objects.create(email=address, **(defaults | fields))


def make_subscription(
    subscriber: Subscriber | None = None,
    *,
    email: str = "",
    confirmed_at: dt.datetime | None = LONG_AGO,
    **fields: Any,
) -> Subscription:
    """A subscription to what is given, or to everything; confirmed unless told otherwise.

    `to_statuses` and `from_statuses` are lists.
    """
    for name in ("to_statuses", "from_statuses"):
        fields[name] = packed(fields.get(name, ()))
    subscription = Subscription(
        subscriber=subscriber or make_subscriber(email),
        requested_at=fields.pop("requested_at", LONG_AGO),
        confirmed_at=confirmed_at,
        **fields,
    )
    subscription.criteria_key = subscription.key
    subscription.save()
    return subscription


def make_delivery(
    change: StatusChange | None = None, *, email: str = "", now: dt.datetime = NOW
) -> Delivery:
    """A status change that is owed to one new subscriber to everything, fanned out."""
    subscription = make_subscription(email=email)
    change = change or make_change()
    fan_out(change_id=change.pk, now=now)
    return Delivery.objects.get(subscriber=subscription.subscriber, event__status_change=change)


def make_endpoint(**fields: Any) -> Endpoint:
    """An endpoint that gets status changes and their corrections; filtered by what is given."""
    for name in ("to_statuses", "from_statuses"):
        fields[name] = packed(fields.get(name, ()))
    number = next(_numbers)
    defaults = {
        "name": f"Endpoint {number}",
        "url": f"https://hooks.example/{number}",
        "event_types": f",{Event.Type.RECORDED},{Event.Type.CORRECTED},{Event.Type.EXPIRING},",
        "created_at": LONG_AGO,
    }
    owner, _is_new = User.objects.get_or_create(username="newsroom")
    return Endpoint.objects.create(owner=owner, **(defaults | fields))


def told(change: StatusChange) -> set[str]:
    """The addresses that are owed a status change."""
    owed = Delivery.objects.filter(event__status_change=change, subscriber__isnull=False)
    return set(owed.values_list("subscriber__email", flat=True))
