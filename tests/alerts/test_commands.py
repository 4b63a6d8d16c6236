"""The commands `deliver` and `recover`."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
import redis
from django.core.management import CommandError, call_command, load_command_class
from django.utils import timezone
from pytest_django import Settings

from alerts.cadences import Cadence
from alerts.models import Attempt, Delivery, Subscription
from alerts.services import fan_out, pause_alerts, subscribe
from alerts.services.claiming import BATCH_SIZE
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_delivery, make_subscription
from tests.alerts.sinks import MoodySink
from tests.factories import NOW, make_change, make_outcome_draft

pytestmark = pytest.mark.django_db


def run(name: str) -> str:
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue()


def test_deliver_drains_the_outbox_once(mail_sink: MailSink) -> None:
    make_subscription(email="one@example.org")
    make_subscription(email="two@example.org")
    make_change()
    make_change(is_silent=True)
    subscribe(email="new@example.org", language="en", now=NOW)
    assert run("deliver").splitlines() == [
        "2 status changes fanned out: 2 deliveries owed",
        "confirmations: 1 sent",
        "0 warnings owed, 0 digests written",
        "mails: 2 tried",
        "mails: 2 sent",
        "webhooks: none due",
    ]
    assert len(mail_sink.mails()) == 3
    assert run("deliver").splitlines() == [
        "0 status changes fanned out: 0 deliveries owed",
        "confirmations: none due",
        "0 warnings owed, 0 digests written",
        "mails: none due",
        "webhooks: none due",
    ]
    assert len(mail_sink.mails()) == 3


def test_deliver_shows_progress_on_long_runs(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for _ in range(BATCH_SIZE + 1):
        make_subscription()
    make_change()
    shown = (
        f"mails: {BATCH_SIZE} tried\nmails: {BATCH_SIZE + 1} tried\nmails: {BATCH_SIZE + 1} sent"
    )
    assert shown in run("deliver")
    assert Delivery.objects.filter(state="delivered").count() == BATCH_SIZE + 1


def test_deliver_fails_when_a_mail_could_not_be_sent_and_tries_each_once(
    moody_sink: MoodySink,
) -> None:
    moody_sink.answers = {"gone@example.org": "550 gone", "busy@example.org": "450 busy"}
    for name in ("gone", "busy", "fine"):
        make_subscription(email=f"{name}@example.org")
    make_change()
    out = StringIO()
    with pytest.raises(CommandError, match="2 messages could not be sent"):
        call_command("deliver", stdout=out)
    assert "mails: 1 failed, 1 put off, 1 sent" in out.getvalue().splitlines()
    assert set(Delivery.objects.values_list("attempts_count", flat=True)) == {1}


def test_deliver_counts_what_nobody_wants_any_more(mail_sink: MailSink) -> None:
    make_delivery()
    Subscription.objects.update(ended_at=NOW)
    assert "mails: 1 cancelled" in run("deliver").splitlines()
    assert mail_sink.mails() == []


def test_deliver_warns_of_expiries_and_composes_digests(mail_sink: MailSink) -> None:
    make_subscription(email="weekly@example.org", cadence=Cadence.WEEKLY)
    now = timezone.now()
    long_ago = now - dt.timedelta(days=10)
    outcome = make_outcome_draft(expires_on=now.date() + dt.timedelta(days=7))
    change = make_change(to_status="paused", outcome=outcome, now=long_ago)
    fan_out(change_id=change.pk, now=long_ago)
    assert run("deliver").splitlines()[-4:-1] == [
        "1 warnings owed, 1 digests written",
        "mails: 2 tried",
        "mails: 2 sent",
    ]


def test_deliver_sends_nothing_while_alerts_are_paused(mail_sink: MailSink) -> None:
    make_delivery()
    pause_alerts(reason="A source went wild", now=NOW)
    assert run("deliver").splitlines()[-1] == (
        "mails and webhooks: none sent, for all alerts are paused (see the admin)"
    )
    assert mail_sink.mails() == []


def test_deliver_asks_a_server_that_takes_nothing_once_for_each_batch(
    settings: Settings,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    for _ in range(BATCH_SIZE + 1):
        make_subscription()
    make_change()
    with pytest.raises(CommandError, match=f"{BATCH_SIZE} messages could not be sent"):
        run("deliver")
    assert Attempt.objects.count() == 1


def test_recover_puts_all_that_is_overdue_into_the_queue_and_often_does_no_harm(
    valkey: redis.Redis, mail_sink: MailSink
) -> None:
    make_delivery()
    make_change()
    subscribe(email="new@example.org", language="en", now=NOW)
    for _ in range(10):
        assert run("recover").splitlines() == [
            "fan-outs put into the queue: 1",
            "confirmations put into the queue: 1",
            "mails put into the queue: 1",
            "webhooks put into the queue: 0",
            "digests put into the queue: 0",
        ]
    assert (valkey.llen("alerts"), valkey.llen("mail")) == (10, 20)
    assert Delivery.objects.count() == 1


def test_recover_fails_when_the_broker_does_not_answer(dead_broker: None) -> None:
    make_change()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("recover")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("deliver", ["Fan out", "tried once", "Exits with 1"]),
        ("recover", ["overdue", "Exits with 1"]),
    ],
)
def test_the_help_says_what_happens(name: str, words: list[str]) -> None:
    parser = load_command_class("alerts", name).create_parser("manage.py", name)
    text = " ".join(parser.format_help().split())
    assert [word for word in words if word not in text] == []
