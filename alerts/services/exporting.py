"""All that is kept of an address, for its owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from alerts.cadences import Cadence
from alerts.links import absolute
from alerts.models import Attempt, Delivery, Digest, Subscription
from alerts.services.managing import managed_subscriber

_NAMED = (
    "event__target__campaign",
    "event__target__company",
    "event__target__product",
    "event__status_change__target__company",
    "event__status_change__target__product",
)

Facts = dict[str, Any]
"""What goes into a JSON object: texts, numbers, truths and lists of such objects."""


def export_subscriber(*, token: str, now: dt.datetime) -> Facts:
    """Return all that is kept of an address, in a fixed number of queries.

    Moments are texts in UTC (RFC 3339), statuses and states those of the API.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    subscriber = managed_subscriber(token=token)
    deliveries = (
        subscriber.deliveries.select_related(*_NAMED).prefetch_related("attempts").order_by("pk")
    )
    digests = subscriber.digests.prefetch_related("attempts").order_by("pk")
    subscriptions = subscriber.subscriptions.with_names().order_by("pk")
    return {
        "exported_at": _moment(now),
        "email": subscriber.email,
        "language": subscriber.language,
        "time_zone": subscriber.time_zone,
        "created_at": _moment(subscriber.created_at),
        "paused_until": _moment(subscriber.paused_until),
        "suspended_at": _moment(subscriber.suspended_at),
        "suspension": subscriber.suspension,
        "bounces_count": subscriber.bounces_count,
        "soft_bounces_count": subscriber.soft_bounces_count,
        "soft_bounced_at": _moment(subscriber.soft_bounced_at),
        "resting_until": _moment(subscriber.resting_until),
        "subscriptions": [_subscription(one) for one in subscriptions],
        "digests": [_digest(one) for one in digests],
        "deliveries": [_delivery(one) for one in deliveries],
    }


def _subscription(one: Subscription) -> Facts:
    return {
        "follows": one.followed,
        "cadence": Cadence(one.cadence).name.lower(),
        "warns_of_expiry": one.warns_of_expiry,
        "requested_at": _moment(one.requested_at),
        "confirmation_sent_at": _moment(one.confirmation_sent_at),
        "confirmed_at": _moment(one.confirmed_at),
        "ended_at": _moment(one.ended_at),
    }


def _digest(one: Digest) -> Facts:
    return {
        "id": one.pk,
        "cadence": Cadence(one.cadence).name.lower(),
        "covers_until": _moment(one.covers_until),
        "state": one.state,
        "delivered_at": _moment(one.delivered_at),
        "attempts": _attempts(one.attempts.all()),
    }


def _delivery(one: Delivery) -> Facts:
    event = one.event
    page = event.status_change or event.target.campaign
    return {
        "event": event.type,
        "about": str(event.status_change or event.target),
        "link": absolute(page.get_absolute_url()),
        "digest": one.digest_id,
        "state": one.state,
        "created_at": _moment(one.created_at),
        "delivered_at": _moment(one.delivered_at),
        "attempts": _attempts(one.attempts.all()),
    }


def _attempts(attempts: Iterable[Attempt]) -> list[Facts]:
    return [
        {"started_at": _moment(one.started_at), "result": one.result, "detail": one.detail}
        for one in attempts
    ]


def _moment(moment: dt.datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
