"""What the tables of alerts refuse."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alerts.models import Delivery, Event, Pause, Subscription
from alerts.models.criteria import NOTHING, packed
from campaigns.statuses import Status
from tests.alerts.factories import make_delivery, make_subscriber, make_subscription
from tests.factories import (
    NOW,
    make_campaign,
    make_company,
    make_organization,
    make_product,
    make_topic,
)

pytestmark = pytest.mark.django_db


def test_one_address_is_one_subscriber_whatever_the_case() -> None:
    make_subscriber("Reader@example.org")
    with pytest.raises(IntegrityError):
        make_subscriber("reader@example.org")


@pytest.mark.parametrize(
    "followed", ["everything", "campaign", "company", "organization", "topic", "product"]
)
def test_a_subscriber_follows_a_thing_once(followed: str) -> None:
    makers: dict[str, Any] = {
        "campaign": make_campaign,
        "company": make_company,
        "organization": make_organization,
        "topic": make_topic,
        "product": lambda: make_product(make_company()),
    }
    fields = {followed: makers[followed]()} if followed in makers else {}
    first = make_subscription(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscription(first.subscriber, **fields)
    first.ended_at = NOW
    first.save()
    assert make_subscription(first.subscriber, **fields).is_confirmed
    assert not first.is_confirmed


def test_the_same_wish_has_the_same_key_and_another_wish_another() -> None:
    company, topic = make_company(), make_topic()
    wishes: list[dict[str, Any]] = [
        {},
        {"company": company},
        {"company": company, "includes_subsidiaries": False},
        {"topic": topic},
        {"company": company, "topic": topic},
        {"to_statuses": ["paused"]},
        {"from_statuses": ["paused"]},
        {"to_statuses": ["paused", "refused"]},
        {"to_statuses": ["paused"], "from_statuses": ["refused", NOTHING]},
    ]
    keys = [make_subscription(**wish).criteria_key for wish in wishes]
    assert len(set(keys)) == len(wishes)
    swapped = make_subscription(to_statuses=["refused", "paused"])
    assert swapped.criteria_key == keys[7]
    assert keys[0] == make_subscription(includes_subsidiaries=False).criteria_key


def test_a_subscription_with_all_criteria_and_statuses_fits_its_columns() -> None:
    statuses = [*Status.values, NOTHING]
    company = make_company()
    everything = make_subscription(
        campaign=make_campaign(),
        company=company,
        includes_subsidiaries=False,
        organization=make_organization(),
        topic=make_topic(),
        product=make_product(company),
        to_statuses=statuses,
        from_statuses=statuses,
    )
    everything.full_clean(exclude=["criteria_key"])
    width = Subscription._meta.get_field("criteria_key").max_length
    longest = everything.criteria_key.replace("=1", f"={2**63}")
    assert width is not None
    assert len(longest) <= width


def test_a_cadence_is_a_known_one() -> None:
    with pytest.raises(IntegrityError):
        make_subscription(cadence=3)


@pytest.mark.parametrize("statuses", [["gone"], ["paused", "Paused"], [""]])
def test_a_status_that_is_none_is_refused(statuses: list[str]) -> None:
    with pytest.raises(ValueError, match="no status"):
        packed(statuses)


def test_an_address_is_suspended_for_a_reason_and_not_without() -> None:
    for fields in ({"suspended_at": NOW}, {"suspension": "bounced"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_subscriber(**fields)
    assert make_subscriber(suspended_at=NOW, suspension="complained").pk


def test_one_pause_is_open_at_a_time() -> None:
    Pause.objects.create(began_at=NOW, ended_at=NOW, reason="over")
    Pause.objects.create(began_at=NOW, reason="open")
    with pytest.raises(IntegrityError):
        Pause.objects.create(began_at=NOW, reason="another")


def test_a_delivery_has_one_recipient_of_its_channel() -> None:
    delivery = make_delivery()
    for fields in ({"channel": "webhook"}, {"subscriber": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**fields)


def test_an_event_is_about_one_thing() -> None:
    event = make_delivery().event
    for fields in ({"status_change": None}, {"finding_id": 1}, {"type": Event.Type.FINDING}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**fields)


def test_nobody_can_be_owed_a_change_twice() -> None:
    delivery = make_delivery()
    delivery.pk = None
    with pytest.raises(IntegrityError):
        delivery.save(force_insert=True)


def test_a_change_is_marked_as_fanned_out_once() -> None:
    event = make_delivery().event
    event.pk = None
    with pytest.raises(IntegrityError):
        event.save(force_insert=True)


@pytest.mark.parametrize(
    ("state", "delivered_at"), [("delivered", None), ("waiting", timezone.now()), ("lost", None)]
)
def test_a_delivery_is_in_a_known_state_with_its_moment(state: str, delivered_at: Any) -> None:
    delivery = make_delivery()
    with pytest.raises(IntegrityError):
        Delivery.objects.filter(pk=delivery.pk).update(state=state, delivered_at=delivered_at)
