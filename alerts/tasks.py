"""The jobs: each makes one service call, then wakes what that made due.

A wake-up may be lost, doubled or late: the services look at the rows, and :func:`sweep`, which the
clock starts every minute, finds whatever still waits. Mail and webhooks have queues of their own:
a channel that is stuck delays no other, nor the writing of what is owed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from celery import Task, current_app, shared_task
from django.dispatch import receiver
from django.utils import timezone
from kombu.exceptions import OperationalError

from alerts import services
from alerts.errors import QueueUnreachable
from alerts.events import confirmation_requested
from alerts.models import State
from alerts.services.claiming import BATCH_SIZE
from campaigns.events import status_changed

logger = logging.getLogger(__name__)

SENDERS = 4
"""Workers that are woken for many mails at once."""

_MOST_MAILS = SENDERS * BATCH_SIZE
"""Beyond so many, no more senders are woken."""

_SECONDS_TO_SEND = 170
"""Ends a batch that a mail server drags out, before its lease does."""


@shared_task
def fan_out(change_id: int) -> None:
    """Write what is owed of a status change, and wake those who send it."""
    services.fan_out(change_id=change_id, now=timezone.now())
    _wake_senders()


@shared_task(soft_time_limit=_SECONDS_TO_SEND)
def send_mail() -> None:
    """Send one batch of mails, and wake a worker for the next if there is one.

    Not if all of it was put off: then the server takes none, and the sweep asks it again.
    """
    endings = services.send_mail(now=timezone.now())
    if endings.total() and (endings.total() < BATCH_SIZE or set(endings) != {State.WAITING}):
        _enqueue_mail(1)


@shared_task(soft_time_limit=_SECONDS_TO_SEND)
def send_webhooks() -> None:
    """Post one batch to endpoints, and wake a worker for the next if there is one."""
    now = timezone.now()
    if services.send_webhooks(now=now).total():
        _enqueue_webhooks(1)
    _enqueue(tell_owners, [()] * min(1, services.owners_to_tell(now=timezone.now())))


@shared_task(soft_time_limit=_SECONDS_TO_SEND)
def tell_owners() -> None:
    """Mail the owners whose endpoints were disabled."""
    services.tell_owners(now=timezone.now())


@shared_task
def announce_findings() -> None:
    """Owe new findings to the endpoints of staff, and wake those who post them."""
    if services.announce_findings(now=timezone.now()):
        _wake_senders()


@shared_task(soft_time_limit=_SECONDS_TO_SEND)
def send_confirmation(subscription_id: int) -> None:
    """Try to send one confirmation mail."""
    services.send_confirmation(subscription_id=subscription_id, now=timezone.now())


@shared_task
def compose_digests() -> None:
    """Write the digests that are due, and wake those who send them."""
    if services.compose_digests(now=timezone.now()):
        _wake_senders()


@shared_task
def warn_of_expiries() -> None:
    """Owe the warnings of outcomes that are about to lapse, and wake those who send them."""
    if services.warn_of_expiries(now=timezone.now()):
        _wake_senders()


@shared_task
def delete_unconfirmed() -> None:
    """Delete what nobody confirmed in time."""
    services.delete_unconfirmed(now=timezone.now())


@shared_task
def sweep() -> None:
    """Owe what was missed, and wake a worker for everything that is overdue."""
    services.owe_late_corrections(now=timezone.now())
    services.announce_findings(now=timezone.now())
    enqueue_overdue()


def enqueue_overdue() -> dict[str, int]:
    """Put a task into the queue for everything that is overdue; again does no harm.

    Returns:
        How many of each kind, by a name for people.

    Raises:
        QueueUnreachable: the broker does not answer.
    """
    now = timezone.now()
    mails = services.overdue_mails(now=now, limit=_MOST_MAILS)
    digests = services.overdue_digests(now=now)
    webhooks = services.overdue_webhooks(now=now)
    owners = services.owners_to_tell(now=now)
    _enqueue_mail(mails)
    _enqueue_webhooks(webhooks)
    _enqueue(compose_digests, [()] * min(1, digests))
    _enqueue(tell_owners, [()] * min(1, owners))
    return {
        "fan-outs": _enqueue(fan_out, services.overdue_fan_outs()),
        "confirmations": _enqueue(send_confirmation, services.overdue_confirmations(now=now)),
        "mails": mails,
        "webhooks": webhooks,
        "digests": digests,
    }


@receiver(status_changed, dispatch_uid="alerts.wake_fan_out")
def wake_fan_out(change_id: int, **kwargs: Any) -> None:
    """Wake a worker for a new status change."""
    _wake(fan_out, change_id)


@receiver(confirmation_requested, dispatch_uid="alerts.wake_confirmation")
def wake_confirmation(subscription_id: int, **kwargs: Any) -> None:
    """Wake a worker for a new subscription."""
    _wake(send_confirmation, subscription_id)


def wake_findings() -> None:
    """Wake a worker for a new finding."""
    _wake(announce_findings, ())


def _wake_senders() -> None:
    now = timezone.now()
    _enqueue_mail(services.overdue_mails(now=now, limit=_MOST_MAILS))
    _enqueue_webhooks(services.overdue_webhooks(now=now))


def _enqueue_mail(count: int) -> None:
    """Wake as many senders as mails that are due are worth."""
    senders = min(SENDERS, -(-count // BATCH_SIZE))
    _enqueue(send_mail, [()] * senders)


def _enqueue_webhooks(count: int) -> None:
    """Wake one worker: it posts to many at once, and looks for more while it waits."""
    _enqueue(send_webhooks, [()] * min(1, count))


def _wake(task: Task[..., None], key: int | tuple[()]) -> None:
    """Enqueue a task on behalf of somebody who must not be kept waiting, let alone fail."""
    try:
        _enqueue(task, [key])
    except QueueUnreachable as error:
        logger.warning("%s; the sweep will make up for %s of %s", error, task.name, key)


def _enqueue(task: Task[..., None], keys: Iterable[int | tuple[()]]) -> int:
    """Enqueue a task for each key, and return how many; the broker has one chance to answer."""
    count = 0
    try:
        with current_app.producer_or_acquire() as producer:
            # Left alone, it tries for six seconds.
            producer.connection.ensure_connection(max_retries=0)
            for key in keys:
                arguments = key if isinstance(key, tuple) else (key,)
                task.apply_async(arguments, producer=producer, retry=False)
                count += 1
    except OperationalError as error:
        raise QueueUnreachable(f"The queue does not answer: {error}") from error
    return count
