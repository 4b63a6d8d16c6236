"""Alerts in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from alerts.models import Attempt, Delivery, Subscription
from alerts.services import fan_out
from tests.alerts.factories import make_delivery, make_subscription
from tests.factories import NOW, make_change

pytestmark = pytest.mark.django_db

MODELS = ["subscriber", "delivery", "event"]


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("advocate"))
    return client


def list_of(model: str) -> str:
    return reverse(f"admin:alerts_{model}_changelist")


def page_of(model: str, pk: int) -> str:
    return reverse(f"admin:alerts_{model}_change", args=[pk])


@pytest.mark.parametrize("model", MODELS)
def test_nothing_can_be_added_changed_or_deleted(staff: Client, model: str) -> None:
    delivery = make_delivery(email="reader@example.org")
    assert delivery.subscriber is not None
    pk = {
        "subscriber": delivery.subscriber.pk,
        "delivery": delivery.pk,
        "event": delivery.event_id,
    }[model]
    assert staff.get(page_of(model, pk)).status_code == 200
    assert staff.post(page_of(model, pk), {"email": "x@example.org"}).status_code == 403
    assert staff.get(reverse(f"admin:alerts_{model}_add")).status_code == 403
    assert (
        staff.post(reverse(f"admin:alerts_{model}_delete", args=[pk]), {"post": "yes"}).status_code
        == 403
    )


def test_a_subscriber_is_shown_with_what_they_follow(staff: Client) -> None:
    subscription = make_subscription(email="reader@example.org")
    page = staff.get(page_of("subscriber", subscription.subscriber_id))
    assert "reader@example.org" in page.text
    assert "every campaign" in page.text


def test_a_delivery_is_shown_with_its_attempts(staff: Client) -> None:
    delivery = make_delivery()
    Attempt.objects.create(
        delivery=delivery, started_at=NOW, result="permanent_failure", detail="550 no such user"
    )
    assert "550 no such user" in staff.get(page_of("delivery", delivery.pk)).text


def test_the_log_counts_what_is_owed_sent_waiting_and_failed(staff: Client) -> None:
    for _ in range(10):
        make_subscription()
    change = make_change()
    fan_out(change_id=change.pk, now=NOW)
    keys = list(Delivery.objects.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=keys[:4]).update(state="delivered", delivered_at=NOW)
    Delivery.objects.filter(pk__in=keys[4:7]).update(state="failed")
    Delivery.objects.filter(pk__in=keys[7:8]).update(state="cancelled")
    page = staff.get(list_of("event")).text
    columns = ("owed", "delivered_count", "waiting_count", "failed_count", "cancelled_count")
    cells = [page.split(f'field-{name}">')[1].split("</td>")[0] for name in columns]
    assert [strip_tags(cell) for cell in cells] == ["10", "4", "2", "3", "1"]


@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_the_same_number_of_queries_however_long(staff: Client, model: str) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_delivery()
        staff.get(list_of(model))
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(list_of(model)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_deliveries_can_be_found_by_address_and_state(staff: Client) -> None:
    make_delivery(email="one@example.org")
    found = staff.get(list_of("delivery"), {"q": "one@example", "state__exact": "waiting"}).text
    assert "one@example.org" in found
    assert "one@example.org" not in staff.get(list_of("delivery"), {"state__exact": "failed"}).text


def test_staff_can_unsubscribe_people_who_ask_for_it(staff: Client) -> None:
    subscription, other = make_subscription(), make_subscription()
    answer = staff.post(
        list_of("subscriber"),
        {"action": "end_subscriptions", "_selected_action": [subscription.subscriber_id]},
        follow=True,
    )
    assert "1 address was unsubscribed." in answer.text
    assert list(Subscription.objects.current()) == [other]
