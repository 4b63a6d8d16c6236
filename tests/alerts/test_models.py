"""What the tables of alerts refuse."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alerts.models import Delivery, FanOut, Subscription
from tests.alerts.factories import (
    LONG_AGO,
    make_delivery,
    make_subscriber,
    make_subscription,
)
from tests.factories import NOW, make_campaign, make_change, make_company

pytestmark = pytest.mark.django_db


def test_one_address_is_one_subscriber_whatever_the_case() -> None:
    make_subscriber("Reader@example.org")
    with pytest.raises(IntegrityError):
        make_subscriber("reader@example.org")


@pytest.mark.parametrize("followed", ["everything", "campaign", "company"])
def test_a_subscriber_follows_a_thing_once(followed: str) -> None:
    makers: dict[str, Any] = {"campaign": make_campaign, "company": make_company}
    fields = {followed: makers[followed]()} if followed in makers else {}
    first = make_subscription(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscription(first.subscriber, **fields)
    first.ended_at = NOW
    first.save()
    assert make_subscription(first.subscriber, **fields).is_confirmed
    assert not first.is_confirmed


@pytest.mark.parametrize(
    ("scope", "follows"),
    [
        ("everything", {"campaign"}),
        ("campaign", set()),
        ("campaign", {"company"}),
        ("campaign", {"campaign", "company"}),
        ("company", set()),
        ("company", {"campaign"}),
        ("topic", set()),
    ],
)
def test_a_subscription_has_exactly_one_scope(scope: str, follows: set[str]) -> None:
    with pytest.raises(IntegrityError):
        Subscription.objects.create(
            subscriber=make_subscriber(),
            scope=scope,
            campaign=make_campaign() if "campaign" in follows else None,
            company=make_company() if "company" in follows else None,
            requested_at=LONG_AGO,
        )


def test_nobody_can_be_owed_a_change_twice() -> None:
    delivery = make_delivery()
    delivery.pk = None
    with pytest.raises(IntegrityError):
        delivery.save(force_insert=True)


def test_a_change_is_marked_as_fanned_out_once() -> None:
    change = make_change()
    FanOut.objects.create(status_change=change, fanned_out_at=NOW, deliveries_count=0)
    with pytest.raises(IntegrityError):
        FanOut.objects.create(status_change=change, fanned_out_at=NOW, deliveries_count=0)


@pytest.mark.parametrize(
    ("state", "delivered_at"), [("delivered", None), ("waiting", timezone.now()), ("lost", None)]
)
def test_a_delivery_is_in_a_known_state_with_its_moment(state: str, delivered_at: Any) -> None:
    delivery = make_delivery()
    with pytest.raises(IntegrityError):
        Delivery.objects.filter(pk=delivery.pk).update(state=state, delivered_at=delivered_at)
