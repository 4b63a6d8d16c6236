"""The mail that asks whether the owner of an address wants a subscription."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from pytest_django import Settings

from alerts.models import Attempt, Subscription
from alerts.retries import LEASE, MAX_ATTEMPTS
from alerts.services import confirm, send_confirmation, subscribe
from alerts.services.subscribing import ASK_AGAIN_AFTER, Wish
from config.demo.mail_sink import MailSink
from tests.alerts.sinks import MoodySink
from tests.factories import NOW, make_campaign

pytestmark = pytest.mark.django_db


def test_the_mail_holds_a_link_that_confirms(mail_sink: MailSink) -> None:
    campaign = make_campaign("Face recognition for police")
    asked = subscribe(
        email="reader@example.org", wish=Wish(campaign=campaign), language="en", now=NOW
    )
    assert send_confirmation(subscription_id=asked.pk, now=NOW) == Attempt.Result.DELIVERED
    [mail] = mail_sink.wait_for(1)
    assert mail.recipients == ("reader@example.org",)
    assert "Face recognition for police" in mail.message["Subject"]
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["List-Unsubscribe"] is None
    for kind in ("plain", "html"):
        body = mail.message.get_body((kind,))
        assert body is not None
        [token] = re.findall(
            r"http://followthrough\.test/subscribe/confirm/([^/]+)/", body.get_content()
        )
        assert confirm(token=token, now=NOW).is_confirmed


def test_it_is_sent_once(mail_sink: MailSink) -> None:
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    assert send_confirmation(subscription_id=asked.pk, now=NOW) == Attempt.Result.DELIVERED
    assert send_confirmation(subscription_id=asked.pk, now=NOW + LEASE) is None
    asked.refresh_from_db()
    assert asked.confirmation_sent_at == NOW
    assert len(mail_sink.mails()) == 1


def test_it_is_not_sent_when_it_was_confirmed_or_ended_meanwhile(mail_sink: MailSink) -> None:
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    for column in ("confirmed_at", "ended_at"):
        Subscription.objects.update(**{column: NOW})
        assert send_confirmation(subscription_id=asked.pk, now=NOW) is None
        Subscription.objects.update(**{column: None})
    assert mail_sink.mails() == []


def test_when_the_server_is_down_it_is_tried_again_later(
    moody_sink: MoodySink, settings: Settings
) -> None:
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    settings.EMAIL_PORT = 1
    assert send_confirmation(subscription_id=asked.pk, now=NOW) == Attempt.Result.TEMPORARY_FAILURE
    settings.EMAIL_PORT = moody_sink.port
    assert send_confirmation(subscription_id=asked.pk, now=NOW) is None
    later = NOW + dt.timedelta(minutes=2)
    assert send_confirmation(subscription_id=asked.pk, now=later) == Attempt.Result.DELIVERED
    assert len(moody_sink.mails()) == 1


def test_a_refused_address_is_not_tried_again_until_asked_anew(moody_sink: MoodySink) -> None:
    moody_sink.answers["nobody@example.org"] = "550 no such user"
    asked = subscribe(email="nobody@example.org", language="en", now=NOW)
    assert send_confirmation(subscription_id=asked.pk, now=NOW) == Attempt.Result.PERMANENT_FAILURE
    later = NOW + dt.timedelta(days=2)
    assert not Subscription.objects.due_confirmation(later).exists()
    moody_sink.answers.clear()
    subscribe(email="nobody@example.org", language="en", now=later)
    assert send_confirmation(subscription_id=asked.pk, now=later) == Attempt.Result.DELIVERED


def test_it_is_given_up_after_the_last_try(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    Subscription.objects.update(confirmation_attempts_count=MAX_ATTEMPTS - 1)
    assert send_confirmation(subscription_id=asked.pk, now=NOW) == Attempt.Result.TEMPORARY_FAILURE
    asked.refresh_from_db()
    assert asked.confirmation_next_attempt_at is None


def test_a_mail_asked_for_anew_is_another_message(mail_sink: MailSink) -> None:
    for moment in (NOW, NOW + ASK_AGAIN_AFTER):
        asked = subscribe(email="reader@example.org", language="en", now=moment)
        send_confirmation(subscription_id=asked.pk, now=moment)
    first, second = mail_sink.wait_for(2)
    assert first.message["Message-ID"] != second.message["Message-ID"]


def test_a_title_cannot_add_a_header(mail_sink: MailSink) -> None:
    campaign = make_campaign("Police\r\nBcc: victim@example.org")
    asked = subscribe(
        email="reader@example.org", wish=Wish(campaign=campaign), language="en", now=NOW
    )
    assert send_confirmation(subscription_id=asked.pk, now=NOW) == Attempt.Result.DELIVERED
    [mail] = mail_sink.wait_for(1)
    assert mail.message["Bcc"] is None
    assert "Police Bcc: victim@example.org" in mail.message["Subject"]
