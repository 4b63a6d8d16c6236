"""Forgetting: addresses whose owner wants it, and those that nobody confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from alerts.models import Attempt, Delivery, Digest, State, Subscriber, Subscription
from alerts.services.managing import managed_subscriber
from alerts.services.suspending import NO_BOUNCES
from alerts.tokens import CONFIRMATION_PERIOD

_TOGETHER = 1000
"""Rows that one transaction deletes."""


@transaction.atomic
def erase_subscriber(*, token: str, now: dt.datetime) -> None:
    """Forget an address and its subscriptions; what was sent still counts, as nobody's.

    What waits is cancelled. The links of its mails lead nowhere afterwards. Whoever subscribes with
    the same address begins anew.

    Raises:
        InvalidToken: the link is wrong, or the address was erased before.
    """
    pk = managed_subscriber(token=token).pk
    subscribers = Subscriber.objects.filter(pk=pk, erased_at=None)
    if subscribers.locked().first() is None:  # somebody else erases it now
        return
    Subscription.objects.filter(subscriber=pk).delete()
    for sendables in (Delivery.objects.filter(subscriber=pk), Digest.objects.filter(subscriber=pk)):
        sendables.filter(state=State.WAITING).update(state=State.CANCELLED, leased_until=None)
    said = Attempt.objects.filter(Q(delivery__subscriber=pk) | Q(digest__subscriber=pk))
    said.update(detail="")
    subscribers.update(
        email=f"erased-{pk}@erased.invalid",
        language=settings.LANGUAGE_CODE,
        time_zone="UTC",
        paused_until=None,
        suspended_at=None,
        suspension="",
        erased_at=now,
        **NO_BOUNCES,
    )


def delete_unconfirmed(*, now: dt.datetime) -> int:
    """Delete what nobody confirmed while its link was good, and addresses that then have nothing.

    Any number of workers may do it at once. To be called with no transaction open.

    Returns:
        How many subscriptions were deleted.
    """
    count = 0
    while keys := _unconfirmed(now):
        count += _delete(keys, now)
    return count


def _unconfirmed(now: dt.datetime) -> list[int]:
    """The keys of subscribers who have such a subscription, or none, and nothing was sent to."""
    before = now - CONFIRMATION_PERIOD
    stale = Subscription.objects.filter(_is_stale(before)).values("subscriber")
    return list(
        Subscriber.objects.filter(Q(pk__in=stale) | _has_nothing(before))
        .order_by("pk")
        .values_list("pk", flat=True)[:_TOGETHER]
    )


@transaction.atomic
def _delete(keys: Iterable[int], now: dt.datetime) -> int:
    """Delete what is stale of some subscribers. Locked first, so that none subscribes meanwhile."""
    before = now - CONFIRMATION_PERIOD
    these = Subscriber.objects.filter(pk__in=keys).order_by("pk")
    locked = list(these.select_for_update().values_list("pk", flat=True))
    stale = Subscription.objects.filter(_is_stale(before), subscriber__in=locked)
    count, _by_model = stale.delete()
    Subscriber.objects.filter(_has_nothing(before), pk__in=locked).delete()
    return count


def _is_stale(before: dt.datetime) -> Q:
    """The condition that a subscription was never confirmed, and its last link is too old."""
    asked = Q(confirmation_sent_at__lte=before) | Q(confirmation_sent_at=None)
    return asked & Q(confirmed_at=None, requested_at__lte=before)


def _has_nothing(before: dt.datetime) -> Q:
    """The condition that a subscriber has no subscription, and was never owed anything."""
    condition = Q(created_at__lte=before, erased_at=None)
    for kept in (Subscription, Delivery, Digest):
        condition &= ~Q(Exists(kept._default_manager.filter(subscriber=OuterRef("pk"))))
    return condition
