"""One delivery: taken, sent, written down."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from alerts.models import Attempt, Delivery, Subscription
from alerts.retries import LEASE, MAX_ATTEMPTS
from alerts.services import deliver, fan_out, overdue_deliveries, unsubscribe
from alerts.tokens import unsubscribe_token
from campaigns.services import withdraw_campaign
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_delivery, make_subscription
from tests.alerts.sinks import MoodySink
from tests.factories import NOW, make_change, make_citation_draft, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

STATE = Delivery.State
SOON = NOW + dt.timedelta(minutes=2)
"""After the first pause is over."""


def test_a_delivery_is_sent_once_and_written_down(mail_sink: MailSink) -> None:
    delivery = make_delivery(email="reader@example.org")
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.DELIVERED
    assert deliver(delivery_id=delivery.pk, now=NOW + LEASE) is None
    [mail] = mail_sink.wait_for(1)
    assert mail.recipients == ("reader@example.org",)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.delivered_at) == (STATE.DELIVERED, NOW)
    assert delivery.leased_until is None
    assert delivery.message_id == mail.message["Message-ID"]
    attempt = delivery.attempts.get()
    assert (attempt.result, attempt.started_at) == (Attempt.Result.DELIVERED, NOW)


def test_a_recipient_refused_for_good_fails_and_the_others_get_theirs(
    moody_sink: MoodySink,
) -> None:
    moody_sink.answers["gone@example.org"] = "550 5.1.1 no such user"
    for email in ("one@example.org", "gone@example.org", "two@example.org"):
        make_subscription(email=email)
    fan_out(change_id=make_change().pk, now=NOW)
    ends = {
        delivery.subscriber.email: deliver(delivery_id=delivery.pk, now=NOW)
        for delivery in Delivery.objects.select_related("subscriber")
    }
    assert ends == {
        "one@example.org": STATE.DELIVERED,
        "gone@example.org": STATE.FAILED,
        "two@example.org": STATE.DELIVERED,
    }
    attempt = Attempt.objects.get(delivery__subscriber__email="gone@example.org")
    assert attempt.result == Attempt.Result.PERMANENT_FAILURE
    assert attempt.detail == "550 5.1.1 no such user"
    assert overdue_deliveries(now=NOW + dt.timedelta(days=3)) == []


@pytest.mark.parametrize("reply", ["451 try later", "421 closing"])
def test_a_server_that_says_later_is_asked_again_and_not_before(
    moody_sink: MoodySink, reply: str
) -> None:
    delivery = make_delivery(email="slow@example.org")
    moody_sink.answers["slow@example.org"] = reply
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.WAITING
    assert deliver(delivery_id=delivery.pk, now=NOW) is None
    assert overdue_deliveries(now=NOW) == []
    moody_sink.answers.clear()
    assert overdue_deliveries(now=SOON) == [delivery.pk]
    assert deliver(delivery_id=delivery.pk, now=SOON) == STATE.DELIVERED
    results = list(delivery.attempts.values_list("result", "detail"))
    assert results == [("temporary_failure", reply), ("delivered", "")]


@pytest.mark.parametrize(
    ("reply", "state"), [("451 greylisted", STATE.WAITING), ("554 spam", STATE.FAILED)]
)
def test_the_reply_to_the_message_counts_as_well(
    moody_sink: MoodySink, reply: str, state: Delivery.State
) -> None:
    moody_sink.reply = reply
    delivery = make_delivery()
    assert deliver(delivery_id=delivery.pk, now=NOW) == state
    assert delivery.attempts.get().detail == reply


def test_a_refused_sender_is_our_fault_and_ends_nothing(
    moody_sink: MoodySink, settings: Settings
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    delivery = make_delivery()
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.WAITING
    assert delivery.attempts.get().result == Attempt.Result.TEMPORARY_FAILURE


def test_a_server_that_was_down_and_is_up_again_gets_what_waited(
    moody_sink: MoodySink, settings: Settings
) -> None:
    delivery = make_delivery()
    settings.EMAIL_PORT = 1
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.WAITING
    assert "refused" in delivery.attempts.get().detail
    settings.EMAIL_PORT = moody_sink.port
    assert deliver(delivery_id=delivery.pk, now=SOON) == STATE.DELIVERED
    assert len(moody_sink.mails()) == 1


def test_pauses_grow_and_after_a_day_of_failures_it_is_given_up(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    delivery = make_delivery()
    moments = [NOW]
    while deliver(delivery_id=delivery.pk, now=moments[-1]) == STATE.WAITING:
        delivery.refresh_from_db()
        moments.append(delivery.next_attempt_at)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert pauses[:8] == sorted(pauses[:8])
    assert dt.timedelta(hours=18) < moments[-1] - NOW < dt.timedelta(hours=24)
    delivery.refresh_from_db()
    assert delivery.state == STATE.FAILED
    assert delivery.attempts.count() == MAX_ATTEMPTS


def test_a_line_lost_after_the_last_dot_repeats_one_message_with_the_same_id(
    moody_sink: MoodySink,
) -> None:
    delivery = make_delivery()
    moody_sink.hangs_up_after_the_dot = True
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.WAITING
    moody_sink.hangs_up_after_the_dot = False
    assert deliver(delivery_id=delivery.pk, now=SOON) == STATE.DELIVERED
    first, again = moody_sink.wait_for(2)
    assert first.message["Message-ID"] == f"<delivery-{delivery.pk}@followthrough.test>"
    assert again.message["Message-ID"] == first.message["Message-ID"]


def test_what_a_dead_worker_held_is_sent_when_its_lease_is_over(
    mail_sink: MailSink, settings: Settings
) -> None:
    delivery = make_delivery()
    Delivery.objects.update(leased_until=NOW + LEASE, attempts_count=1, message_id="<kept@example>")
    settings.BASE_URL = "https://moved.example"
    assert deliver(delivery_id=delivery.pk, now=NOW) is None
    assert overdue_deliveries(now=NOW + LEASE) == [delivery.pk]
    assert deliver(delivery_id=delivery.pk, now=NOW + LEASE) == STATE.DELIVERED
    [mail] = mail_sink.wait_for(1)
    assert mail.message["Message-ID"] == "<kept@example>"


def test_a_delivery_that_kills_every_worker_is_given_up(mail_sink: MailSink) -> None:
    delivery = make_delivery()
    Delivery.objects.update(attempts_count=MAX_ATTEMPTS)
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.FAILED
    assert mail_sink.mails() == []
    assert overdue_deliveries(now=NOW + LEASE) == []


def test_an_error_of_our_own_is_written_down_and_tried_again(
    mail_sink: MailSink, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = make_delivery()
    settings.DEFAULT_FROM_EMAIL = "Followthrough\n <alerts@localhost>"
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.WAITING
    assert "newlines" in delivery.attempts.get().detail
    assert "Traceback" in caplog.text
    settings.DEFAULT_FROM_EMAIL = "Followthrough <alerts@localhost>"
    assert deliver(delivery_id=delivery.pk, now=SOON) == STATE.DELIVERED


def test_who_unsubscribed_is_not_sent_what_waits(mail_sink: MailSink) -> None:
    delivery = make_delivery()
    unsubscribe(token=unsubscribe_token(subscriber_id=delivery.subscriber_id), now=NOW)
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.CANCELLED
    assert mail_sink.mails() == []
    assert not delivery.attempts.exists()


def test_who_left_and_came_back_is_not_sent_what_waited_before(mail_sink: MailSink) -> None:
    delivery = make_delivery()
    unsubscribe(token=unsubscribe_token(subscriber_id=delivery.subscriber_id), now=NOW)
    make_subscription(delivery.subscriber, confirmed_at=NOW + dt.timedelta(seconds=1))
    assert deliver(delivery_id=delivery.pk, now=SOON) == STATE.CANCELLED
    assert mail_sink.mails() == []


def test_who_ended_one_of_two_reasons_is_still_sent_it(mail_sink: MailSink) -> None:
    target = make_target()
    everything = make_subscription()
    make_subscription(everything.subscriber, company=target.company)
    fan_out(change_id=make_change(target).pk, now=NOW)
    token = unsubscribe_token(subscriber_id=everything.subscriber_id)
    unsubscribe(token=token, now=NOW, only=everything)
    assert deliver(delivery_id=Delivery.objects.get().pk, now=NOW) == STATE.DELIVERED
    [mail] = mail_sink.wait_for(1)
    assert f"you follow {target.company.name}." in str(mail.message.get_body(("plain",)))


def test_a_campaign_that_is_a_draft_again_is_not_written_about(mail_sink: MailSink) -> None:
    delivery = make_delivery()
    withdraw_campaign(campaign=delivery.status_change.target.campaign, now=NOW)
    assert deliver(delivery_id=delivery.pk, now=NOW) == STATE.CANCELLED
    assert mail_sink.mails() == []


def test_an_unknown_delivery_is_not_due() -> None:
    assert deliver(delivery_id=404, now=NOW) is None


def test_the_number_of_queries_of_a_delivery_does_not_depend_on_its_evidence(
    mail_sink: MailSink,
) -> None:
    counts = []
    for size in (1, 8):
        Subscription.objects.all().delete()
        change = make_change(
            to_status="paused",
            outcome=make_outcome_draft(exemptions=tuple(f"Exempt {n}" for n in range(size))),
            citations=[make_citation_draft() for _ in range(size)],
        )
        delivery = make_delivery(change)
        with CaptureQueriesContext(connection) as queries:
            deliver(delivery_id=delivery.pk, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
