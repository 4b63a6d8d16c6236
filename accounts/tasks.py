"""The jobs: send the mails that are owed, forget what lapsed."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import services

logger = logging.getLogger(__name__)

_EXPIRES = 120
"""Seconds after which a wake-up is not needed any more: the clock has rung meanwhile."""


@shared_task
def send_mails() -> None:
    """Send what is due; it is started by the clock every minute, and after each request for one."""
    services.send_mails(now=timezone.now())


@shared_task
def forget_lapsed() -> None:
    """Delete sessions that lapsed and old sign-ins; it is started by the clock every night."""
    services.forget_lapsed(now=timezone.now())


def wake_sender() -> bool:
    """Have the mails sent now; ``False`` if the queue is away: then the next tick sends them."""
    try:
        send_mails.apply_async(retry=False, expires=_EXPIRES)
    except OperationalError as error:
        logger.warning("The queue does not answer, the next tick will make up for it: %s", error)
        return False
    return True
