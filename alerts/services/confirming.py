"""The mail that asks whether the owner of an address wants a subscription."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from alerts.channels.email import send_confirmation_mail
from alerts.models import Attempt, Subscription
from alerts.retries import LEASE
from alerts.services.sending import next_attempt_at, try_to_send


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
    subscription = this.select_related("subscriber", "campaign", "company").get()
    ending = try_to_send(
        lambda: send_confirmation_mail(subscription, now=now),
        what=f"Confirmation of subscription {subscription_id}",
    )
    # Only while the lease is ours: the visitor may have asked anew meanwhile.
    ours = this.filter(confirmation_next_attempt_at=lease)
    if ending.result == Attempt.Result.DELIVERED:
        ours.update(confirmation_sent_at=now, confirmation_next_attempt_at=None)
    else:
        tries = subscription.confirmation_attempts_count
        again_at = next_attempt_at(ending.result, attempts_count=tries, now=now)
        ours.update(confirmation_next_attempt_at=again_at)
    return ending.result
