"""Writing down how a try ended."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from alerts.models import Attempt, Delivery, Digest, State, Subscriber
from alerts.querysets import DeliveryQuerySet, DigestQuerySet
from alerts.retries import pause_after
from alerts.services.suspending import suspend

DOWN = dt.timedelta(seconds=settings.ALERTS_RETRY_SECONDS / 3)
"""How long messages are put off because nothing could be sent to anybody."""


@transaction.atomic
def record_sent(delivery: Delivery, *, at: dt.datetime) -> State:
    """Write down that a delivery of its own is out, whoever holds its lease by now."""
    Delivery.objects.filter(pk=delivery.pk, delivered_at=None).update(
        **_sent(at), attempts_count=F("attempts_count") + 1
    )
    _attempt(delivery, Attempt.Result.DELIVERED, "", at)
    forgive(delivery.subscriber)
    return State.DELIVERED


@transaction.atomic
def record_digest_sent(
    digest: Digest,
    *,
    told: Collection[Delivery],
    dropped: Collection[Delivery],
    at: dt.datetime,
) -> State:
    """Write down that a digest is out, whoever holds its lease by now.

    Args:
        digest: what was sent.
        told: the deliveries of which it told.
        dropped: those which were not owed any more.
        at: when.
    """
    _attempt(digest, Attempt.Result.DELIVERED, "", at)
    Digest.objects.filter(pk=digest.pk, delivered_at=None).update(
        **_sent(at), attempts_count=F("attempts_count") + 1
    )
    within = digest.deliveries.filter(delivered_at=None)
    within.filter(pk__in=[delivery.pk for delivery in told]).update(**_sent(at))
    gone = within.filter(pk__in=[delivery.pk for delivery in dropped], state=State.WAITING)
    gone.update(state=State.CANCELLED)
    _let_go_of_the_rest(digest, told)
    forgive(digest.subscriber)
    return State.DELIVERED


@transaction.atomic
def record_put_off(
    message: Delivery | Digest, detail: str, *, told: Collection[Delivery] = (), at: dt.datetime
) -> State:
    """Write down a temporary failure; returns whether it is tried again or was given up."""
    _attempt(message, Attempt.Result.TEMPORARY_FAILURE, detail, at)
    tries = message.attempts_count + 1
    chance = random.random()  # noqa: S311 - spreads load, hides nothing
    pause = pause_after(tries, chance, first_pause())
    if pause is None:
        return _settle(message, State.FAILED, told, attempts_count=tries)
    is_ours = _held(message).update(
        leased_until=None, next_attempt_at=at + pause, attempts_count=tries, crashes_count=0
    )
    if isinstance(message, Digest) and is_ours:
        _let_go_of_the_rest(message, told)
    return State.WAITING


@transaction.atomic
def record_down(message: Delivery | Digest, detail: str, *, at: dt.datetime) -> None:
    """Write down that nothing can be sent to anybody now; that is no try at this message."""
    _attempt(message, Attempt.Result.TEMPORARY_FAILURE, detail, at)
    _held(message).update(leased_until=None, next_attempt_at=at + DOWN, crashes_count=0)


@transaction.atomic
def record_refused(
    message: Delivery | Digest, detail: str, *, told: Collection[Delivery] = (), at: dt.datetime
) -> State:
    """Write down that the recipient or the message was refused for good.

    It counts against an address: after ``ALERTS_MAX_BOUNCES`` in a row it is suspended.
    """
    _attempt(message, Attempt.Result.PERMANENT_FAILURE, detail, at)
    state = _settle(message, State.FAILED, told, attempts_count=message.attempts_count + 1)
    if message.subscriber_id is None:
        return state
    people = Subscriber.objects.filter(pk=message.subscriber_id, erased_at=None)
    people.update(bounces_count=F("bounces_count") + 1)
    lost = people.filter(bounces_count__gte=settings.ALERTS_MAX_BOUNCES)
    suspend(lost, Subscriber.Suspension.BOUNCED, at=at)
    return state


@transaction.atomic
def record_cancelled(message: Delivery | Digest, *, told: Collection[Delivery] = ()) -> State:
    """Write down that a message, with all of which it was to tell, is not owed any more."""
    return _settle(message, State.CANCELLED, told)


@transaction.atomic
def record_crashes(message: Delivery | Digest, *, told: Collection[Delivery] = ()) -> State:
    """Give up a message that took down every worker that tried it."""
    return _settle(message, State.FAILED, told)


def _sent(at: dt.datetime) -> dict[str, Any]:
    return {"state": State.DELIVERED, "delivered_at": at, "leased_until": None}


def forgive(subscriber: Subscriber | None) -> None:
    """Forget what was refused before."""
    if subscriber and subscriber.bounces_count:
        Subscriber.objects.filter(pk=subscriber.pk).update(bounces_count=0)


def first_pause() -> dt.timedelta:
    """How long a message is put off after its first try."""
    return dt.timedelta(seconds=settings.ALERTS_RETRY_SECONDS)


def _settle(
    message: Delivery | Digest, state: State, told: Collection[Delivery], **columns: int
) -> State:
    is_ours = _held(message).update(state=state, leased_until=None, **columns)
    if isinstance(message, Digest) and is_ours:
        _let_go_of_the_rest(message, told)
        message.deliveries.filter(state=State.WAITING).update(state=state)
    return state


def _let_go_of_the_rest(digest: Digest, told: Collection[Delivery]) -> None:
    """Take out what was put into a digest while it was on its way: it is told otherwise."""
    waiting = digest.deliveries.filter(state=State.WAITING)
    waiting.exclude(pk__in=[delivery.pk for delivery in told]).update(digest=None)


def _attempt(
    message: Delivery | Digest, result: Attempt.Result, detail: str, at: dt.datetime
) -> None:
    key = "digest" if isinstance(message, Digest) else "delivery"
    if detail:
        # What a server says may name the address, which its owner may just have had erased.
        reader = Subscriber.objects.locked().filter(pk=message.subscriber_id or 0).first()
        detail = "" if reader and reader.erased_at else detail
    Attempt.objects.create(**{key: message}, started_at=at, result=result, detail=detail)


def _row(message: Delivery | Digest) -> DeliveryQuerySet | DigestQuerySet:
    if isinstance(message, Digest):
        return Digest.objects.filter(pk=message.pk)
    return Delivery.objects.filter(pk=message.pk)


def _held(message: Delivery | Digest) -> DeliveryQuerySet | DigestQuerySet:
    """The row if the lease is still ours: a slow worker must not undo another's work."""
    return _row(message).filter(state=State.WAITING, leased_until=message.leased_until)
