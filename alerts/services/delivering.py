"""One delivery: take it, send it, write down how it went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Case, CharField, F, Value, When

from alerts.channels import CHANNELS
from alerts.links import domain
from alerts.messages import message_id
from alerts.models import Attempt, Delivery, Subscription
from alerts.querysets import DeliveryQuerySet
from alerts.retries import LEASE, MAX_ATTEMPTS
from alerts.services.sending import Ending, next_attempt_at, try_to_send
from campaigns.models import StatusChange


def deliver(*, delivery_id: int, now: dt.datetime) -> Delivery.State | None:
    """Try a delivery if it is due, and record the attempt.

    Any number of workers may try at once: one leases the row, commits that, sends with no
    transaction open, and records how it went. If it dies between, the row is due again when the
    lease is over, and the message then has the same Message-ID. Nothing is sent to who has
    unsubscribed meanwhile, nor about a campaign that is not public any more.

    Returns:
        The state in which it is now (``waiting`` if it is to be tried again); ``None`` if it was
        not due.
    """
    lease = now + LEASE
    if not _take(delivery_id, lease, now):
        return None
    delivery = Delivery.objects.select_related("subscriber").get(pk=delivery_id)
    change = StatusChange.objects.with_parts().get(pk=delivery.status_change_id)
    delivery.status_change = change
    reasons = _reasons(delivery, change)
    if not reasons:
        return _settle(delivery, Delivery.State.CANCELLED, lease)
    if delivery.attempts_count > MAX_ATTEMPTS:
        # Every try so far took its worker down before it could be recorded.
        return _settle(delivery, Delivery.State.FAILED, lease)
    send = CHANNELS[Delivery.Channel(delivery.channel)]
    ending = try_to_send(lambda: send(delivery, reasons), what=f"Delivery {delivery.pk}")
    return _record(delivery, ending, lease, now)


def _take(delivery_id: int, lease: dt.datetime, now: dt.datetime) -> bool:
    """Lease the row, count the attempt and fix the Message-ID, in one statement."""
    fixed_id = message_id("delivery", delivery_id, domain())
    taken = (
        Delivery.objects.due(now)
        .filter(pk=delivery_id)
        .update(
            leased_until=lease,
            attempts_count=F("attempts_count") + 1,
            message_id=Case(
                When(message_id="", then=Value(fixed_id)),
                default=F("message_id"),
                output_field=CharField(),
            ),
        )
    )
    return bool(taken)


def _reasons(delivery: Delivery, change: StatusChange) -> Sequence[Subscription]:
    """Return the subscriptions for which it is still owed."""
    if not change.target.campaign.is_public:
        return ()
    owed = Subscription.objects.owed(change.target, change.recorded_at)
    return list(
        owed.filter(subscriber=delivery.subscriber_id).select_related("campaign", "company")
    )


@transaction.atomic
def _record(
    delivery: Delivery, ending: Ending, lease: dt.datetime, now: dt.datetime
) -> Delivery.State:
    Attempt.objects.create(
        delivery=delivery, started_at=now, result=ending.result, detail=ending.detail
    )
    if ending.result == Attempt.Result.DELIVERED:
        # Whoever holds the lease by now: the message is out.
        Delivery.objects.filter(pk=delivery.pk, delivered_at=None).update(
            state=Delivery.State.DELIVERED, delivered_at=now, leased_until=None
        )
        return Delivery.State.DELIVERED
    again_at = next_attempt_at(ending.result, attempts_count=delivery.attempts_count, now=now)
    if again_at is None:
        return _settle(delivery, Delivery.State.FAILED, lease)
    _held(delivery, lease).update(leased_until=None, next_attempt_at=again_at)
    return Delivery.State.WAITING


def _settle(delivery: Delivery, state: Delivery.State, lease: dt.datetime) -> Delivery.State:
    _held(delivery, lease).update(state=state, leased_until=None)
    return state


def _held(delivery: Delivery, lease: dt.datetime) -> DeliveryQuerySet:
    """Return the row if the lease is still ours: a slow worker must not undo another's work."""
    return Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, leased_until=lease)
