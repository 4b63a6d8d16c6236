"""Everything that was ever sent to a subscriber, and why."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from alerts.models import Delivery, Event, State, Subscriber, Subscription
from alerts.querysets import DeliveryQuerySet
from alerts.services.matching import about_target, by_step, by_undone_step, wants_warnings
from alerts.services.owing import load_events

_NOBODY = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Told:
    """One event that was owed to a subscriber.

    Attributes:
        delivery: what was owed, with its digest.
        event: of what, with all that is said of it.
        reasons: the subscriptions that wanted it when it occurred, in words. Empty if these were
            deleted or changed.
        moment: when it was sent; if it was not, when it was written.
    """

    delivery: Delivery
    event: Event
    reasons: list[str]
    moment: dt.datetime

    @property
    def is_sent(self) -> bool:
        """Whether it went out."""
        return self.delivery.state == State.DELIVERED


def owed_to(subscriber: Subscriber) -> DeliveryQuerySet:
    """Return all that was ever owed to a subscriber, the latest first."""
    return subscriber.deliveries.select_related("digest").order_by("-pk")


def recite(*, subscriber: Subscriber, deliveries: Sequence[Delivery]) -> list[Told]:
    """Return what some deliveries told, and why.

    Makes a fixed number of queries, and one or two for each subscription that the address ever
    confirmed.
    """
    events = load_events(delivery.event_id for delivery in deliveries)
    reasons = _reasons(subscriber, events)
    return [
        Told(
            delivery,
            events[delivery.event_id],
            reasons.get(delivery.event_id, []),
            delivery.delivered_at or delivery.created_at,
        )
        for delivery in deliveries
    ]


def _reasons(subscriber: Subscriber, events: Iterable[int]) -> Mapping[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    confirmed = subscriber.subscriptions.with_names().filter(confirmed_at__isnull=False)
    for subscription in confirmed.order_by("pk"):
        wanted = Event.objects.filter(_wanted_by(subscription), pk__in=events)
        for pk in wanted.order_by("pk").values_list("pk", flat=True):
            if subscription.followed not in found[pk]:
                found[pk].append(subscription.followed)
    return found


def _wanted_by(subscription: Subscription) -> Q:
    """Return the condition that an event was wanted when it occurred."""
    step = by_step(subscription, "status_change__")
    undone = by_undone_step(subscription, "status_change__")
    is_warned = subscription.warns_of_expiry and wants_warnings(subscription)
    warning = Q(type=Event.Type.EXPIRING) if is_warned else _NOBODY
    during = Q(occurred_at__gte=subscription.confirmed_at)
    if subscription.ended_at:
        during &= Q(occurred_at__lt=subscription.ended_at)
    change = Q(status_change__to_status__isnull=False) & step
    return about_target(subscription, "target__") & during & (warning | change | undone)
