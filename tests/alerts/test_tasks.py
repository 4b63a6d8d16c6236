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
from alerts.cadences import Cadence
from alerts.errors import QueueUnreachable
from alerts.models import Delivery, Event, Subscription
from alerts.services import fan_out, subscribe
from alerts.services.claiming import BATCH_SIZE
from config.demo.mail_sink import MailSink
from config.processes import Child
from tests.alerts.factories import make_delivery, make_subscription
from tests.factories import NOW, make_change, make_outcome_draft

pytestmark = pytest.mark.django_db(transaction=True)


def queued(valkey: redis.Redis, *queues: str) -> list[tuple[object, ...]]:
    """Name and arguments of each task in the queues of alerts and mail, first come first."""
    found = []
    for queue in queues or ("alerts", "mail"):
        for raw in reversed(valkey.lrange(queue, 0, -1)):
            message = json.loads(raw)
            arguments, *_options = json.loads(base64.b64decode(message["body"]))
            found.append((message["headers"]["task"], *arguments))
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


def test_fanning_out_wakes_a_sender_and_four_for_very_many(valkey: redis.Redis) -> None:
    make_subscription()
    change = make_change()
    valkey.delete("alerts")
    tasks.fan_out(change.pk)
    assert queued(valkey) == [("alerts.tasks.send_mail",)]
    valkey.delete("mail")
    for _ in range(3 * BATCH_SIZE + 1):
        make_subscription()
    tasks.fan_out(make_change().pk)
    assert queued(valkey, "mail") == [("alerts.tasks.send_mail",)] * tasks.SENDERS
    tasks.fan_out(change.pk)
    assert Delivery.objects.count() == 1 + 3 * BATCH_SIZE + 2


def test_a_sender_wakes_another_until_nothing_is_due(
    valkey: redis.Redis, mail_sink: MailSink
) -> None:
    make_delivery()
    valkey.delete("alerts", "mail")
    tasks.send_mail()
    assert queued(valkey) == [("alerts.tasks.send_mail",)]
    valkey.delete("mail")
    tasks.send_mail()
    assert queued(valkey) == []


def test_a_sender_that_could_send_nothing_wakes_no_other(
    valkey: redis.Redis, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    for _ in range(BATCH_SIZE):
        make_subscription()
    fan_out(change_id=make_change().pk, now=NOW)
    valkey.delete("alerts", "mail")
    tasks.send_mail()
    assert queued(valkey) == []
    assert Delivery.objects.filter(state="waiting", attempts_count=0).count() == BATCH_SIZE


def test_the_sweep_makes_up_for_every_lost_wake_up(valkey: redis.Redis) -> None:
    make_delivery()
    change = make_change()
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    valkey.delete("alerts", "mail")
    tasks.sweep()
    assert queued(valkey) == [
        ("alerts.tasks.fan_out", change.pk),
        ("alerts.tasks.send_mail",),
        ("alerts.tasks.send_confirmation", asked.pk),
    ]


def test_the_sweep_leaves_alone_what_is_not_due(valkey: redis.Redis, mail_sink: MailSink) -> None:
    make_subscription(email="done@example.org")
    make_subscription(email="unconfirmed@example.org", confirmed_at=None)
    tasks.fan_out(make_change().pk)
    tasks.send_mail()
    later = make_delivery(email="later@example.org")
    soon = timezone.now() + dt.timedelta(minutes=1)
    Delivery.objects.filter(pk=later.pk).update(next_attempt_at=soon)
    Delivery.objects.filter(state="waiting").exclude(pk=later.pk).update(leased_until=soon)
    valkey.delete("alerts", "mail")
    tasks.sweep()
    assert queued(valkey) == []
    assert Delivery.objects.filter(state="waiting").count() == 2


def test_the_clock_composes_digests_and_warns_and_wakes_a_sender(
    valkey: redis.Redis, mail_sink: MailSink
) -> None:
    make_subscription(email="daily@example.org", cadence=Cadence.DAILY)
    now = timezone.now()
    fan_out(
        change_id=make_change(now=now - dt.timedelta(days=2)).pk, now=now - dt.timedelta(days=2)
    )
    valkey.delete("alerts", "mail")
    tasks.compose_digests()
    assert queued(valkey) == [("alerts.tasks.send_mail",)]
    tasks.send_mail()
    valkey.delete("mail")
    tasks.compose_digests()
    assert queued(valkey) == []
    outcome = make_outcome_draft(expires_on=now.date() + dt.timedelta(days=30))
    make_change(to_status="paused", outcome=outcome, is_silent=True, now=now)
    valkey.delete("alerts", "mail")
    tasks.warn_of_expiries()
    assert queued(valkey) == [("alerts.tasks.send_mail",)]


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
    assert Event.objects.get().deliveries_count == 1


def test_a_real_worker_mails_what_is_recorded(worker: Child, mail_sink: MailSink) -> None:
    make_subscription(email="reader@example.org", confirmed_at=timezone.now())
    make_subscription(email="unconfirmed@example.org", confirmed_at=None)
    asked = subscribe(email="new@example.org", language="en", now=timezone.now())
    make_change(now=timezone.now())
    mails = mail_sink.wait_for(2, timeout=30)
    assert {mail.recipients for mail in mails} == {("new@example.org",), ("reader@example.org",)}
    assert not asked.is_confirmed


def test_every_job_waits_in_its_queue_and_the_clock_knows_what_nobody_wakes(
    settings: Settings,
) -> None:
    names = {name for name in current_app.tasks if name.startswith("alerts.")}
    woken = {"send_mail", "fan_out", "send_confirmation"}
    timed = {"sweep", "compose_digests", "warn_of_expiries"}
    assert names >= {f"alerts.tasks.{job}" for job in woken | timed}
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled >= {f"alerts.tasks.{job}" for job in timed}
    queues = {job: current_app.amqp.router.route({}, f"alerts.tasks.{job}") for job in woken}
    assert {job: route["queue"].name for job, route in queues.items()} == {
        "send_mail": "mail",
        "fan_out": "alerts",
        "send_confirmation": "mail",
    }
