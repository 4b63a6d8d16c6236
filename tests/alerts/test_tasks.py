"""The jobs, and what wakes them."""

from __future__ import annotations

import base64
import datetime as dt
import json
import time

import pytest
import redis
from celery import current_app
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from alerts import tasks
from alerts.errors import QueueUnreachable
from alerts.models import Delivery, FanOut, Subscription
from alerts.services import subscribe
from config.demo.mail_sink import MailSink
from config.processes import Child
from tests.alerts.factories import make_delivery, make_subscription
from tests.factories import NOW, make_change

pytestmark = pytest.mark.django_db(transaction=True)


def queued(valkey: redis.Redis) -> list[tuple[str, int]]:
    """Name and argument of each task in the queue of alerts, first come first."""
    messages = [json.loads(raw) for raw in reversed(valkey.lrange("alerts", 0, -1))]
    found = []
    for message in messages:
        (key,), *_options = json.loads(base64.b64decode(message["body"]))
        found.append((message["headers"]["task"], key))
    return found


def test_a_recorded_change_and_a_subscription_wake_their_jobs(valkey: redis.Redis) -> None:
    change = make_change()
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    assert queued(valkey) == [
        ("alerts.tasks.fan_out", change.pk),
        ("alerts.tasks.send_confirmation", asked.pk),
    ]


def test_a_change_that_was_rolled_back_wakes_nobody(valkey: redis.Redis) -> None:
    with transaction.atomic():
        make_change()
        transaction.set_rollback(True)
    assert queued(valkey) == []


def test_fanning_out_wakes_a_job_for_each_delivery(valkey: redis.Redis) -> None:
    make_subscription()
    make_subscription()
    change = make_change()
    valkey.delete("alerts")
    tasks.fan_out(change.pk)
    expected = [
        ("alerts.tasks.deliver", pk)
        for pk in Delivery.objects.order_by("pk").values_list("pk", flat=True)
    ]
    assert queued(valkey) == expected
    assert len(expected) == 2
    tasks.fan_out(change.pk)
    assert queued(valkey) == expected * 2
    assert Delivery.objects.count() == 2


def test_the_sweep_makes_up_for_every_lost_wake_up(valkey: redis.Redis) -> None:
    delivery = make_delivery()
    change = make_change()
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    valkey.delete("alerts")
    tasks.sweep()
    assert queued(valkey) == [
        ("alerts.tasks.fan_out", change.pk),
        ("alerts.tasks.send_confirmation", asked.pk),
        ("alerts.tasks.deliver", delivery.pk),
    ]


def test_the_sweep_leaves_alone_what_is_not_due(valkey: redis.Redis, mail_sink: MailSink) -> None:
    make_subscription(email="done@example.org")
    make_subscription(email="unconfirmed@example.org", confirmed_at=None)
    tasks.fan_out(make_change().pk)
    tasks.deliver(Delivery.objects.get().pk)
    later = make_delivery(email="later@example.org")
    soon = timezone.now() + dt.timedelta(minutes=1)
    Delivery.objects.filter(pk=later.pk).update(next_attempt_at=soon)
    Delivery.objects.filter(state="waiting").exclude(pk=later.pk).update(leased_until=soon)
    valkey.delete("alerts")
    tasks.sweep()
    assert queued(valkey) == []
    assert Delivery.objects.filter(state="waiting").count() == 2


def test_a_broken_broker_does_not_break_who_records_or_subscribes(
    dead_broker: None, caplog: pytest.LogCaptureFixture
) -> None:
    started = time.monotonic()
    change = make_change()
    subscribe(email="reader@example.org", language="en", now=NOW)
    assert time.monotonic() - started < 3
    assert change.pk is not None
    assert Subscription.objects.due_confirmation(NOW).count() == 1
    assert f"make up for alerts.tasks.fan_out of {change.pk}" in caplog.text
    assert "make up for alerts.tasks.send_confirmation" in caplog.text


def test_a_job_that_cannot_wake_others_has_done_its_own_part(dead_broker: None) -> None:
    make_subscription()
    change = make_change()
    with pytest.raises(QueueUnreachable):
        tasks.fan_out(change.pk)
    assert FanOut.objects.get().deliveries_count == 1


def test_a_real_worker_mails_what_is_recorded(worker: Child, mail_sink: MailSink) -> None:
    make_subscription(email="reader@example.org", confirmed_at=timezone.now())
    make_subscription(email="unconfirmed@example.org", confirmed_at=None)
    asked = subscribe(email="new@example.org", language="en", now=timezone.now())
    make_change(now=timezone.now())
    mails = mail_sink.wait_for(2, timeout=30)
    assert {mail.recipients for mail in mails} == {("new@example.org",), ("reader@example.org",)}
    assert not asked.is_confirmed


def test_every_job_waits_in_the_queue_of_alerts_and_the_clock_knows_the_sweep(
    settings: Settings,
) -> None:
    names = {name for name in current_app.tasks if name.startswith("alerts.")}
    assert names == {
        f"alerts.tasks.{job}" for job in ("deliver", "fan_out", "send_confirmation", "sweep")
    }
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "alerts.tasks.sweep" in scheduled
