"""The commands `deliver` and `recover`."""

from __future__ import annotations

from io import StringIO

import pytest
import redis
from django.core.management import CommandError, call_command, load_command_class
from pytest_django import Settings

from alerts.models import Delivery, Subscription
from alerts.services import subscribe
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_delivery, make_subscription
from tests.alerts.sinks import MoodySink
from tests.factories import NOW, make_change

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
        "deliveries: 2 sent",
    ]
    assert len(mail_sink.mails()) == 3
    assert run("deliver").splitlines() == [
        "0 status changes fanned out: 0 deliveries owed",
        "confirmations: none due",
        "deliveries: none due",
    ]
    assert len(mail_sink.mails()) == 3


def test_deliver_shows_progress_on_long_runs(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for _ in range(101):
        make_subscription()
    make_change()
    assert "deliveries: 100 tried\ndeliveries: 101 sent" in run("deliver")
    assert Delivery.objects.filter(state="delivered").count() == 101


def test_deliver_fails_when_a_mail_could_not_be_sent_and_tries_each_once(
    moody_sink: MoodySink,
) -> None:
    moody_sink.answers = {"gone@example.org": "550 gone", "busy@example.org": "450 busy"}
    for name in ("gone", "busy", "fine"):
        make_subscription(email=f"{name}@example.org")
    make_change()
    out = StringIO()
    with pytest.raises(CommandError, match="2 mails could not be sent"):
        call_command("deliver", stdout=out)
    assert out.getvalue().splitlines()[-1] == "deliveries: 1 failed, 1 put off, 1 sent"
    assert set(Delivery.objects.values_list("attempts_count", flat=True)) == {1}


def test_deliver_counts_what_nobody_wants_any_more(mail_sink: MailSink) -> None:
    make_delivery()
    Subscription.objects.update(ended_at=NOW)
    assert run("deliver").splitlines()[-1] == "deliveries: 1 cancelled"
    assert mail_sink.mails() == []


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
            "deliveries put into the queue: 1",
        ]
    assert valkey.llen("alerts") == 30
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
