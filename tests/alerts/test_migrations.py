"""What was fanned out, owed and followed before there were events is carried over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from alerts.models import Attempt, Delivery, Event, State, Subscription
from alerts.services import fan_out, overdue_fan_outs, send_mail
from campaigns.models import StatusChange
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import LONG_AGO
from tests.factories import NOW, make_change, make_target

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(*targets: tuple[str, str]) -> Any:
    """Move the tables of alerts, and return the models as they are there."""
    executor = MigrationExecutor(connection)
    wanted = targets or [key for key in executor.loader.graph.leaf_nodes() if key[0] == "alerts"]
    return executor.migrate(list(wanted)).apps


@pytest.fixture
def before() -> Iterator[Any]:
    """The models as they were at first, with their tables."""
    yield migrate(("alerts", "0001_initial"))
    migrate()


def follow(before: Any, email: str, scope: str, **followed: Any) -> Any:
    subscriber = before.get_model("alerts", "Subscriber").objects.create(
        email=email, language="en", created_at=LONG_AGO
    )
    keys = {f"{name}_id": row.pk for name, row in followed.items()}
    before.get_model("alerts", "Subscription").objects.create(
        subscriber=subscriber, scope=scope, requested_at=LONG_AGO, confirmed_at=LONG_AGO, **keys
    )
    return subscriber


def owe(before: Any, change: StatusChange, *subscribers: Any, **fields: Any) -> None:
    before.get_model("alerts", "FanOut").objects.create(
        status_change_id=change.pk, fanned_out_at=NOW, deliveries_count=len(subscribers)
    )
    for subscriber in subscribers:
        before.get_model("alerts", "Delivery").objects.create(
            status_change_id=change.pk,
            subscriber=subscriber,
            channel="email",
            created_at=NOW,
            next_attempt_at=NOW,
            **fields,
        )


def test_marks_become_events_and_what_waits_is_sent(before: Any, mail_sink: MailSink) -> None:
    target = make_target()
    wrong = make_change(target, Status.REFUSED)
    silent = make_change(make_target(), is_silent=True)
    right = make_change(target, Status.PARTIAL, corrects=wrong)
    fresh = make_change(make_target())
    everything = follow(before, "all@example.org", "everything")
    campaign = follow(before, "campaign@example.org", "campaign", campaign=target.campaign)
    follow(before, "company@example.org", "company", company=target.company)
    owe(before, wrong, everything, campaign, state="delivered", delivered_at=NOW)
    owe(before, silent)
    owe(before, right, everything, campaign, state="waiting", attempts_count=1)
    told = before.get_model("alerts", "Delivery").objects.filter(status_change=wrong.pk).first()
    before.get_model("alerts", "Attempt").objects.create(
        delivery=told, started_at=NOW, result="delivered"
    )

    migrate()

    events = {event.status_change: event for event in Event.objects.all()}
    assert set(events) == {wrong, silent, right}
    assert {change: event.type for change, event in events.items()} == {
        wrong: Event.Type.RECORDED,
        silent: Event.Type.RECORDED,
        right: Event.Type.CORRECTED,
    }
    assert list(Event.objects.order_by("pk").values_list("deliveries_count", flat=True)) == [
        2,
        0,
        2,
    ]
    for event in events.values():
        assert event.status_change is not None
        assert event.target == event.status_change.target
        assert event.occurred_at == event.status_change.recorded_at
        assert event.fanned_out_at == NOW
    assert Delivery.objects.filter(event__status_change=right, cadence=0).count() == 2
    assert Attempt.objects.get().delivery == Delivery.objects.get(pk=told.pk)
    for subscription in Subscription.objects.all():
        assert subscription.criteria_key == subscription.key
    assert overdue_fan_outs() == [fresh.pk]
    assert fan_out(change_id=fresh.pk, now=NOW) == 1
    later = NOW + dt.timedelta(minutes=1)
    assert send_mail(now=later) == {State.DELIVERED: 3}
    assert fan_out(change_id=right.pk, now=later) == 0
