"""The jobs: each makes one service call, then wakes what that made due.

A wake-up may be lost, doubled or late: the services look at the rows, and :func:`sweep`, which the
clock starts every minute, finds whatever still waits.
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
from campaigns.events import status_changed

logger = logging.getLogger(__name__)

_SECONDS_TO_SEND = 120
"""Ends a try that a mail server drags out, well before its lease does."""


@shared_task
def fan_out(change_id: int) -> None:
    """Write the deliveries of a status change, and wake a worker for each."""
    now = timezone.now()
    services.fan_out(change_id=change_id, now=now)
    _enqueue(deliver, services.due_deliveries_of(change_id=change_id, now=now))


@shared_task(soft_time_limit=_SECONDS_TO_SEND)
def deliver(delivery_id: int) -> None:
    """Try one delivery."""
    services.deliver(delivery_id=delivery_id, now=timezone.now())


@shared_task(soft_time_limit=_SECONDS_TO_SEND)
def send_confirmation(subscription_id: int) -> None:
    """Try to send one confirmation mail."""
    services.send_confirmation(subscription_id=subscription_id, now=timezone.now())


@shared_task
def sweep() -> None:
    """Wake a worker for everything that is overdue."""
    enqueue_overdue()


def enqueue_overdue() -> dict[str, int]:
    """Put a task into the queue for everything that is overdue; again does no harm.

    Returns:
        How many of each kind, by a name for people.

    Raises:
        QueueUnreachable: the broker does not answer.
    """
    now = timezone.now()
    return {
        "fan-outs": _enqueue(fan_out, services.overdue_fan_outs()),
        "confirmations": _enqueue(send_confirmation, services.overdue_confirmations(now=now)),
        "deliveries": _enqueue(deliver, services.overdue_deliveries(now=now)),
    }


@receiver(status_changed, dispatch_uid="alerts.wake_fan_out")
def wake_fan_out(change_id: int, **kwargs: Any) -> None:
    """Wake a worker for a new status change."""
    _wake(fan_out, change_id)


@receiver(confirmation_requested, dispatch_uid="alerts.wake_confirmation")
def wake_confirmation(subscription_id: int, **kwargs: Any) -> None:
    """Wake a worker for a new subscription."""
    _wake(send_confirmation, subscription_id)


def _wake(task: Task[[int], None], key: int) -> None:
    """Enqueue a task on behalf of somebody who must not be kept waiting, let alone fail."""
    try:
        _enqueue(task, [key])
    except QueueUnreachable as error:
        logger.warning("%s; the sweep will make up for %s of %s", error, task.name, key)


def _enqueue(task: Task[[int], None], keys: Iterable[int]) -> int:
    """Enqueue a task for each key, and return how many; the broker has one chance to answer."""
    count = 0
    try:
        with current_app.producer_or_acquire() as producer:
            # Left alone, it tries for six seconds.
            producer.connection.ensure_connection(max_retries=0)
            for key in keys:
                task.apply_async((key,), producer=producer, retry=False)
                count += 1
    except OperationalError as error:
        raise QueueUnreachable(f"The queue does not answer: {error}") from error
    return count
