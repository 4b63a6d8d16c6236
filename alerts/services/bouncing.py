"""What became of a mail after a mail server took it: it arrived, came back, or was a nuisance.

Only what was sent from here to that address counts: the Message-ID names a row of ours, and the row
its subscriber. All may be told again, and in any order, without harm.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F
from django.utils.encoding import punycode

from alerts.links import domain
from alerts.messages import read_message_id
from alerts.models import Attempt, Delivery, Digest, State, Subscriber, Subscription
from alerts.retries import MEMORY_OF_BOUNCES, rest_after
from alerts.services.suspending import NO_BOUNCES, suspend

logger = logging.getLogger(__name__)

_LONGEST_DETAIL = 500

_Message = Delivery | Digest | Subscription
"""The row from which a mail was sent; of a confirmation, the subscription."""


@transaction.atomic
def note_bounce(
    *, address: str, message_id: str, is_permanent: bool, detail: str, now: dt.datetime
) -> bool:
    """Note that a mail came back.

    For good: the address is suspended, and the mail counts as failed. For now: the mail is left to
    the server that has it; but an address of which several mails in a row came back rests, longer
    each time, and is sent what was owed meanwhile when it has rested. Of one mail that is counted
    once.

    Args:
        address: whose mail.
        message_id: its Message-ID, as sent.
        is_permanent: whether there is no such address, rather than a full mailbox or the like.
        detail: what the server said.
        now: the moment.

    Returns:
        Whether it was a mail of ours to that address.
    """
    sent = _find(address, message_id)
    if sent is None:
        return False
    subscriber, message = sent
    if is_permanent:
        _note_attempt(message, Attempt.Result.PERMANENT_FAILURE, detail, now)
        _fail(message)
        people = Subscriber.objects.filter(pk=subscriber.pk)
        suspend(people, Subscriber.Suspension.BOUNCED, at=now)
    elif _note_attempt(message, Attempt.Result.TEMPORARY_FAILURE, detail, now):
        _count_bounce(subscriber, now)
    return True


@transaction.atomic
def note_complaint(*, address: str, message_id: str, now: dt.datetime) -> bool:
    """Note that somebody marked a mail as spam: the address is suspended.

    Returns:
        Whether it was a mail of ours to that address.
    """
    sent = _find(address, message_id)
    if sent is None:
        return False
    people = Subscriber.objects.filter(pk=sent[0].pk)
    suspend(people, Subscriber.Suspension.COMPLAINED, at=now)
    return True


@transaction.atomic
def note_arrival(*, address: str, message_id: str) -> bool:
    """Note that a mail arrived: bounces before it count no more, and the address need not rest.

    Returns:
        Whether it was a mail of ours to that address.
    """
    sent = _find(address, message_id)
    if sent is None:
        return False
    Subscriber.objects.filter(pk=sent[0].pk).update(**NO_BOUNCES)
    return True


def _find(address: str, message_id: str) -> tuple[Subscriber, _Message] | None:
    """Return the subscriber, locked, and the row of a mail of ours to that address."""
    known = read_message_id(message_id, domain())
    message = _message(*known) if known else None
    if message is None or message.subscriber_id is None:
        logger.info("A report on %r is not about a mail of ours", message_id)
        return None
    subscriber = Subscriber.objects.select_for_update().get(pk=message.subscriber_id)
    if _comparable(subscriber.email) != _comparable(address):
        logger.warning("A report on %r names another address than ours", message_id)
        return None
    return subscriber, message


def _message(kind: str, number: int) -> _Message | None:
    if kind == "delivery":
        return Delivery.objects.filter(pk=number).first()
    if kind == "digest":
        return Digest.objects.filter(pk=number).first()
    return Subscription.objects.filter(pk=number).first() if kind == "confirmation" else None


def _comparable(address: str) -> str:
    local, _at, host = address.strip().lower().rpartition("@")
    return f"{local}@{punycode(host)}"


def _note_attempt(message: _Message, result: Attempt.Result, detail: str, now: dt.datetime) -> bool:
    """Write down how a mail fared; return whether nothing like it was known since it went out.

    Of confirmation mails no attempts are kept, and so their bounces are not counted.
    """
    if isinstance(message, Subscription):
        return False
    out = message.attempts.filter(result=Attempt.Result.DELIVERED).last()
    if message.attempts.filter(result=result, pk__gt=out.pk if out else 0).exists():
        return False
    key = "digest" if isinstance(message, Digest) else "delivery"
    words = detail[:_LONGEST_DETAIL]
    Attempt.objects.create(**{key: message}, started_at=now, result=result, detail=words)
    return True


def _fail(message: _Message) -> None:
    """Count a mail as failed: its reader was not told, and is not to get a correction of it."""
    if isinstance(message, Subscription):
        return
    failed = {"state": State.FAILED, "delivered_at": None, "leased_until": None}
    undone = [State.WAITING, State.DELIVERED]
    type(message)._default_manager.filter(pk=message.pk, state__in=undone).update(**failed)
    if isinstance(message, Digest):
        message.deliveries.filter(state__in=undone).update(**failed)


def _count_bounce(subscriber: Subscriber, now: dt.datetime) -> None:
    last = max(filter(None, [subscriber.soft_bounced_at, subscriber.resting_until]), default=None)
    is_in_a_row = last is not None and now - last <= MEMORY_OF_BOUNCES
    count = subscriber.soft_bounces_count + 1 if is_in_a_row else 1
    rest = rest_after(count)
    Subscriber.objects.filter(pk=subscriber.pk).update(
        soft_bounces_count=count,
        soft_bounced_at=now,
        resting_until=now + rest if rest else F("resting_until"),
    )
