"""Somebody asks for alerts while the address is deleted or erased, on PostgreSQL.

On SQLite one writes after the other, and nothing can come between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from alerts.models import Subscriber, Subscription
from alerts.services import confirm, delete_unconfirmed, erase_subscriber, subscribe
from alerts.tokens import CONFIRMATION_PERIOD, confirmation_token, manage_token
from tests.alerts.factories import make_subscriber, make_subscription
from tests.factories import NOW
from tests.racing import comes_to_wait

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ADDRESS = "reader@example.org"
LATER = NOW + CONFIRMATION_PERIOD


def ask() -> Subscription:
    return subscribe(email=ADDRESS, language="en", now=LATER)


def behind(first: Callable[[], object], second: Callable[[], object]) -> None:
    """Do the second thing while the first is not committed; it must wait, and then go on."""

    def work() -> None:
        try:
            second()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            future = pool.submit(work)
            assert comes_to_wait(future)
        future.result(timeout=30)


def test_an_address_that_subscribes_meanwhile_is_not_deleted() -> None:
    make_subscriber(ADDRESS)
    behind(ask, lambda: delete_unconfirmed(now=LATER))
    assert Subscription.objects.get().subscriber.email == ADDRESS


def test_who_subscribes_while_the_address_is_deleted_begins_anew() -> None:
    old = make_subscriber(ADDRESS)
    behind(lambda: delete_unconfirmed(now=LATER), ask)
    [subscription] = Subscription.objects.select_related("subscriber")
    assert subscription.subscriber.email == ADDRESS
    assert subscription.subscriber != old


def test_who_subscribes_while_the_address_is_erased_begins_anew() -> None:
    old = make_subscription(email=ADDRESS).subscriber
    token = manage_token(subscriber_id=old.pk)
    behind(lambda: erase_subscriber(token=token, now=NOW), ask)
    [subscription] = Subscription.objects.select_related("subscriber")
    assert subscription.subscriber.email == ADDRESS
    assert set(Subscriber.objects.values_list("erased_at", flat=True)) == {NOW, None}


def test_what_is_confirmed_meanwhile_is_not_deleted() -> None:
    asked = make_subscription(
        email=ADDRESS, confirmed_at=None, requested_at=NOW, confirmation_sent_at=NOW
    )
    token = confirmation_token(subscription_id=asked.pk, now=NOW + dt.timedelta(seconds=1))
    behind(lambda: confirm(token=token, now=LATER), lambda: delete_unconfirmed(now=LATER))
    asked.refresh_from_db()
    assert asked.is_confirmed
