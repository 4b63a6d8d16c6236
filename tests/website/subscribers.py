"""Somebody who subscribes, and the links in the mails to them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from alerts.models import Subscription
from alerts.services import confirm, subscribe
from alerts.services.subscribing import Wish
from alerts.tokens import confirmation_token, unsubscribe_token

ADDRESS = "ada@example.org"


def subscription(*, is_confirmed: bool = True, **wish: Any) -> Subscription:
    """What this somebody asked to hear of, and confirmed if so."""
    made = subscribe(email=ADDRESS, wish=Wish(**wish), language="en", now=timezone.now())
    if is_confirmed:
        confirm(token=confirming(made), now=timezone.now())
    return made


def confirming(made: Subscription) -> str:
    """The token in a confirmation link."""
    return confirmation_token(subscription_id=made.pk, now=timezone.now())


def leaving(made: Subscription) -> str:
    """Where the unsubscribe link leads."""
    return f"/unsubscribe/{unsubscribe_token(subscriber_id=made.subscriber_id)}/"


def current() -> list[str]:
    """All that is followed and was not ended, of everybody, in words."""
    return sorted(row.followed for row in Subscription.objects.filter(ended_at=None))
