"""The mail that asks whether the owner of an address wants a subscription."""

from __future__ import annotations

import datetime as dt
import logging
import random

from django.db.models import F
from django.utils.translation import override

from alerts.channels import email
from alerts.channels.smtp import MailSession
from alerts.errors import ChannelFailure, PermanentFailure
from alerts.models import Attempt, Subscription
from alerts.retries import LEASE, pause_after

logger = logging.getLogger(__name__)


def send_confirmation(*, subscription_id: int, now: dt.datetime) -> Attempt.Result | None:
    """Send the confirmation mail of a subscription if it is due.

    Any number of workers may try at once: one sends. To be called with no transaction open.

    Returns:
        How it ended; ``None`` if nothing was due. A temporary failure is due again later, unless
        it was the last try.
    """
    this = Subscription.objects.filter(pk=subscription_id)
    lease = now + LEASE
    taken = this.due_confirmation(now).update(
        confirmation_next_attempt_at=lease,
        confirmation_attempts_count=F("confirmation_attempts_count") + 1,
    )
    if not taken:
        return None
    subscription = this.with_names().get()
    result = _try(subscription, now)
    # Only while the lease is ours: the visitor may have asked anew meanwhile.
    ours = this.filter(confirmation_next_attempt_at=lease)
    if result == Attempt.Result.DELIVERED:
        ours.update(confirmation_sent_at=now, confirmation_next_attempt_at=None)
    else:
        ours.update(confirmation_next_attempt_at=_again_at(subscription, result, now))
    return result


def _try(subscription: Subscription, now: dt.datetime) -> Attempt.Result:
    try:
        with override(subscription.subscriber.language), MailSession() as session:
            letter = email.confirmation_letter(subscription, now=now)
            session.send(letter, email.personal_confirmation(subscription))
    except PermanentFailure as failure:
        logger.warning("The confirmation of subscription %s: %s", subscription.pk, failure)
        return Attempt.Result.PERMANENT_FAILURE
    except ChannelFailure as failure:
        logger.warning("The confirmation of subscription %s: %s", subscription.pk, failure)
        return Attempt.Result.TEMPORARY_FAILURE
    except Exception:
        # An error of our own is tried again rather than forgotten: it may be mended by then.
        logger.exception("The confirmation of subscription %s failed", subscription.pk)
        return Attempt.Result.TEMPORARY_FAILURE
    return Attempt.Result.DELIVERED


def _again_at(
    subscription: Subscription, result: Attempt.Result, now: dt.datetime
) -> dt.datetime | None:
    if result == Attempt.Result.PERMANENT_FAILURE:
        return None
    tries = subscription.confirmation_attempts_count
    pause = pause_after(tries, random.random())  # noqa: S311 - spreads load, hides nothing
    return now + pause if pause else None
