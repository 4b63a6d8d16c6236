"""Mails: taken, sent, written down."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from alerts.models import Attempt, Delivery, State, Subscription
from alerts.retries import MAX_ATTEMPTS
from alerts.services import fan_out, overdue_mails, send_mail, unsubscribe
from alerts.services.claiming import LEASE, MAX_CRASHES
from alerts.tokens import unsubscribe_token
from campaigns.services import withdraw_campaign
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_delivery, make_subscription
from tests.alerts.sinks import MoodySink
from tests.factories import NOW, make_change, make_citation_draft, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

SOON = NOW + dt.timedelta(minutes=2)
"""After the first pause is over."""


def test_a_delivery_is_sent_once_and_written_down(mail_sink: MailSink) -> None:
    delivery = make_delivery(email="reader@example.org")
    assert send_mail(now=NOW) == {State.DELIVERED: 1}
    assert send_mail(now=NOW + LEASE) == {}
    [mail] = mail_sink.wait_for(1)
    assert mail.recipients == ("reader@example.org",)
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED
    assert delivery.delivered_at is not None
    assert NOW <= delivery.delivered_at < SOON
    assert delivery.leased_until is None
    assert mail.message["Message-ID"] == f"<delivery-{delivery.pk}@followthrough.test>"
    attempt = delivery.attempts.get()
    assert (attempt.result, attempt.started_at) == (
        Attempt.Result.DELIVERED,
        delivery.delivered_at,
    )


def test_a_recipient_refused_for_good_fails_and_the_others_get_theirs(
    moody_sink: MoodySink,
) -> None:
    moody_sink.answers["gone@example.org"] = "550 5.1.1 no such user"
    for email in ("one@example.org", "gone@example.org", "two@example.org"):
        make_subscription(email=email)
    fan_out(change_id=make_change().pk, now=NOW)
    assert send_mail(now=NOW) == {State.DELIVERED: 2, State.FAILED: 1}
    ends = dict(Delivery.objects.values_list("subscriber__email", "state"))
    assert ends == {
        "one@example.org": State.DELIVERED,
        "gone@example.org": State.FAILED,
        "two@example.org": State.DELIVERED,
    }
    attempt = Attempt.objects.get(delivery__subscriber__email="gone@example.org")
    assert attempt.result == Attempt.Result.PERMANENT_FAILURE
    assert attempt.detail == "550 5.1.1 no such user"
    assert overdue_mails(now=NOW + dt.timedelta(days=3)) == 0


@pytest.mark.parametrize("reply", ["451 try later", "421 closing"])
def test_a_server_that_says_later_is_asked_again_and_not_before(
    moody_sink: MoodySink, reply: str
) -> None:
    delivery = make_delivery(email="slow@example.org")
    moody_sink.answers["slow@example.org"] = reply
    assert send_mail(now=NOW) == {State.WAITING: 1}
    assert send_mail(now=NOW) == {}
    assert overdue_mails(now=NOW) == 0
    moody_sink.answers.clear()
    assert overdue_mails(now=SOON) == 1
    assert send_mail(now=SOON) == {State.DELIVERED: 1}
    results = list(delivery.attempts.values_list("result", "detail"))
    assert results == [("temporary_failure", reply), ("delivered", "")]


@pytest.mark.parametrize(
    ("reply", "state"), [("451 greylisted", State.WAITING), ("554 spam", State.FAILED)]
)
def test_the_reply_to_the_message_counts_as_well(
    moody_sink: MoodySink, reply: str, state: State
) -> None:
    moody_sink.reply = reply
    delivery = make_delivery()
    assert send_mail(now=NOW) == {state: 1}
    assert delivery.attempts.get().detail == reply


def test_a_refused_sender_is_our_fault_and_ends_nothing(
    moody_sink: MoodySink, settings: Settings
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    delivery = make_delivery()
    assert send_mail(now=NOW) == {State.WAITING: 1}
    assert delivery.attempts.get().result == Attempt.Result.TEMPORARY_FAILURE


def test_a_server_that_was_down_and_is_up_again_gets_what_waited(
    moody_sink: MoodySink, settings: Settings
) -> None:
    delivery = make_delivery()
    settings.EMAIL_PORT = 1
    assert send_mail(now=NOW) == {State.WAITING: 1}
    assert "refused" in delivery.attempts.get().detail
    settings.EMAIL_PORT = moody_sink.port
    assert send_mail(now=SOON) == {State.DELIVERED: 1}
    assert len(moody_sink.mails()) == 1


def test_pauses_grow_and_after_a_day_of_failures_it_is_given_up(moody_sink: MoodySink) -> None:
    moody_sink.answers["slow@example.org"] = "451 try later"
    delivery = make_delivery(email="slow@example.org")
    moments = [NOW]
    while send_mail(now=moments[-1]) == {State.WAITING: 1}:
        delivery.refresh_from_db()
        moments.append(delivery.next_attempt_at)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert pauses[:8] == sorted(pauses[:8])
    assert dt.timedelta(hours=18) < moments[-1] - NOW < dt.timedelta(hours=24)
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    assert delivery.attempts.count() == MAX_ATTEMPTS


def test_a_line_lost_after_the_last_dot_repeats_one_message_with_the_same_id(
    moody_sink: MoodySink,
) -> None:
    delivery = make_delivery()
    moody_sink.hangs_up_after_the_dot = True
    assert send_mail(now=NOW) == {State.WAITING: 1}
    moody_sink.hangs_up_after_the_dot = False
    assert send_mail(now=SOON) == {State.DELIVERED: 1}
    first, again = moody_sink.wait_for(2)
    assert first.message["Message-ID"] == f"<delivery-{delivery.pk}@followthrough.test>"
    assert again.message["Message-ID"] == first.message["Message-ID"]


def test_what_a_dead_worker_held_is_sent_when_its_lease_is_over(mail_sink: MailSink) -> None:
    delivery = make_delivery()
    Delivery.objects.update(leased_until=NOW + LEASE)
    assert send_mail(now=NOW) == {}
    assert overdue_mails(now=NOW + LEASE) == 1
    assert send_mail(now=NOW + LEASE) == {State.DELIVERED: 1}
    [mail] = mail_sink.wait_for(1)
    assert mail.message["Message-ID"] == f"<delivery-{delivery.pk}@followthrough.test>"


def test_a_delivery_that_kills_every_worker_is_given_up(mail_sink: MailSink) -> None:
    make_delivery()
    Delivery.objects.update(leased_until=NOW, crashes_count=MAX_CRASHES - 1)
    assert send_mail(now=NOW) == {State.FAILED: 1}
    assert mail_sink.mails() == []
    assert overdue_mails(now=NOW + LEASE) == 0


def test_an_error_of_our_own_is_written_down_and_tried_again(
    mail_sink: MailSink, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = make_delivery()
    settings.DEFAULT_FROM_EMAIL = "Followthrough\n <alerts@localhost>"
    assert send_mail(now=NOW) == {State.WAITING: 1}
    assert "newlines" in delivery.attempts.get().detail
    assert "Traceback" in caplog.text
    settings.DEFAULT_FROM_EMAIL = "Followthrough <alerts@localhost>"
    assert send_mail(now=SOON) == {State.DELIVERED: 1}


def test_who_unsubscribed_is_not_sent_what_waits(mail_sink: MailSink) -> None:
    delivery = make_delivery()
    unsubscribe(token=unsubscribe_token(subscriber_id=delivery.subscriber_id or 0), now=NOW)
    assert send_mail(now=NOW) == {State.CANCELLED: 1}
    assert mail_sink.mails() == []
    assert not delivery.attempts.exists()


def test_who_left_and_came_back_is_not_sent_what_waited_before(mail_sink: MailSink) -> None:
    delivery = make_delivery()
    unsubscribe(token=unsubscribe_token(subscriber_id=delivery.subscriber_id or 0), now=NOW)
    make_subscription(delivery.subscriber, confirmed_at=NOW + dt.timedelta(seconds=1))
    assert send_mail(now=SOON) == {State.CANCELLED: 1}
    assert mail_sink.mails() == []


def test_who_ended_one_of_two_reasons_is_still_sent_it(mail_sink: MailSink) -> None:
    target = make_target()
    everything = make_subscription()
    make_subscription(everything.subscriber, company=target.company)
    fan_out(change_id=make_change(target).pk, now=NOW)
    token = unsubscribe_token(subscriber_id=everything.subscriber_id)
    unsubscribe(token=token, now=NOW, only=everything)
    assert send_mail(now=NOW) == {State.DELIVERED: 1}
    [mail] = mail_sink.wait_for(1)
    assert f"you follow {target.company.name} and its subsidiaries." in str(
        mail.message.get_body(("plain",))
    )


def test_a_campaign_that_is_a_draft_again_is_not_written_about(mail_sink: MailSink) -> None:
    delivery = make_delivery()
    withdraw_campaign(campaign=delivery.event.target.campaign, now=NOW)
    assert send_mail(now=NOW) == {State.CANCELLED: 1}
    assert mail_sink.mails() == []


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
        make_delivery(change)
        with CaptureQueriesContext(connection) as queries:
            assert send_mail(now=NOW) == {State.DELIVERED: 1}
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 27


def test_one_more_mail_of_a_batch_costs_two_statements_in_a_transaction(
    mail_sink: MailSink,
) -> None:
    counts = []
    for count in (1, 11):
        Subscription.objects.all().delete()
        for _ in range(count):
            make_subscription()
        fan_out(change_id=make_change().pk, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert send_mail(now=NOW) == {State.DELIVERED: count}
        counts.append(len(queries))
    reading_reasons_again = 9  # if more than a second has passed
    assert counts[1] - counts[0] <= 10 * 4 + reading_reasons_again
