"""More alerts within an hour than anybody wants mails become one digest."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import Settings

from alerts.cadences import Cadence
from alerts.models import Delivery, Digest, State
from alerts.services import fan_out, send_mail
from alerts.services.claiming import LEASE, claim
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscriber, make_subscription
from tests.alerts.sinks import MoodySink
from tests.alerts.threads import WORKERS, at_once
from tests.factories import NOW, make_change

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def three_an_hour(settings: Settings) -> None:
    settings.ALERTS_PER_HOUR = 3


def happen(count: int, now: dt.datetime = NOW) -> None:
    for _ in range(count):
        fan_out(change_id=make_change(now=now).pk, now=now)


def keys(**wanted: object) -> list[int]:
    return list(Delivery.objects.filter(**wanted).order_by("pk").values_list("pk", flat=True))


@pytest.mark.django_db
def test_the_first_of_an_hour_come_at_once_and_the_others_together(mail_sink: MailSink) -> None:
    make_subscription()
    happen(5)
    first, second, third, *held = keys()
    assert send_mail(now=NOW) == {State.DELIVERED: 3}
    assert keys(state=State.DELIVERED) == [first, second, third]
    assert keys(digest__cadence=Cadence.AT_ONCE) == held
    happen(2, now=NOW + 59 * MINUTE)
    assert send_mail(now=NOW + 59 * MINUTE) == {}
    assert send_mail(now=NOW + HOUR) == {State.DELIVERED: 1}
    *_, last = mail_sink.wait_for(4)
    assert ": 4 changes — " in last.message["Subject"]
    body = last.message.get_body(("plain",))
    assert body is not None
    assert "more alerts within an hour" in " ".join(body.get_content().split())
    assert keys(state=State.DELIVERED) == keys()
    happen(1, now=NOW + HOUR)
    assert send_mail(now=NOW + 2 * HOUR) == {State.DELIVERED: 1}
    assert Digest.objects.count() == 1


@pytest.mark.django_db
def test_mails_of_the_last_hour_count_and_older_ones_and_digests_do_not(
    mail_sink: MailSink,
) -> None:
    make_subscription()
    happen(2)
    send_mail(now=NOW)
    happen(2, now=NOW + 30 * MINUTE)
    assert send_mail(now=NOW + 30 * MINUTE) == {State.DELIVERED: 1}
    assert Digest.objects.filter(state=State.WAITING).count() == 1
    later = NOW + 91 * MINUTE
    assert send_mail(now=later) == {State.DELIVERED: 1}
    happen(3, now=later)
    assert send_mail(now=later) == {State.DELIVERED: 3}


@pytest.mark.django_db
def test_a_burst_to_one_holds_up_no_other(mail_sink: MailSink) -> None:
    make_subscription(email="all@example.org")
    happen(4)
    make_subscription(email="new@example.org", confirmed_at=NOW)
    happen(1)
    assert send_mail(now=NOW) == {State.DELIVERED: 4}
    assert Digest.objects.get().subscriber.email == "all@example.org"


@pytest.mark.django_db
def test_what_another_worker_is_about_to_send_counts(mail_sink: MailSink) -> None:
    make_subscription()
    happen(2)
    claim(Delivery.objects.due(NOW), now=NOW)
    happen(2)
    assert send_mail(now=NOW) == {State.DELIVERED: 1}
    assert Digest.objects.get().deliveries.count() == 1


@pytest.mark.django_db
def test_a_digest_that_was_tried_takes_nothing_more_and_another_begins(
    moody_sink: MoodySink,
) -> None:
    make_subscription()
    happen(4)
    send_mail(now=NOW)
    [old] = Digest.objects.all()
    moody_sink.hangs_up_after_the_dot = True
    assert send_mail(now=NOW + HOUR) == {State.WAITING: 1}
    moody_sink.hangs_up_after_the_dot = False
    happen(1, now=NOW + HOUR)
    assert send_mail(now=NOW + HOUR) == {}
    assert old.deliveries.count() == 1
    [new] = Digest.objects.exclude(pk=old.pk)
    assert new.deliveries.count() == 1
    assert send_mail(now=NOW + 3 * HOUR) == {State.DELIVERED: 2}


@pytest.mark.django_db
def test_what_comes_while_the_digest_is_being_sent_waits_for_the_end_of_that(
    mail_sink: MailSink,
) -> None:
    make_subscription()
    happen(4)
    send_mail(now=NOW)
    moment = NOW + HOUR
    claim(Digest.objects.due(moment), now=moment)
    happen(1, now=moment)
    assert send_mail(now=moment) == {}
    [late] = keys(digest=None, state=State.WAITING)
    assert Delivery.objects.get(pk=late).next_attempt_at == moment + LEASE
    assert send_mail(now=moment + LEASE) == {State.DELIVERED: 1}  # the digest, of a dead worker
    assert send_mail(now=moment + 2 * LEASE) == {State.DELIVERED: 1}
    assert keys(state=State.DELIVERED) == keys()


@pytest.mark.django_db(transaction=True)
def test_senders_at_once_keep_to_the_number_together(mail_sink: MailSink) -> None:
    for _ in range(3):
        make_subscription(make_subscriber())
    happen(8)
    at_once(lambda: send_mail(now=NOW, limit=24 // WORKERS))
    while send_mail(now=NOW):
        pass
    for waiting in Digest.objects.all():
        assert waiting.deliveries.count() == 5
    assert Digest.objects.count() == 3
    mails = [mail.recipients for mail in mail_sink.mails()]
    assert {mails.count(who) for who in mails} == {3}
    assert send_mail(now=NOW + HOUR) == {State.DELIVERED: 3}
    assert keys(state=State.DELIVERED) == keys()


@pytest.mark.django_db
def test_who_waits_behind_a_burst_is_told_by_the_same_batch(mail_sink: MailSink) -> None:
    make_subscription()
    happen(8)
    assert send_mail(now=NOW, limit=4) == {State.DELIVERED: 3}
    make_subscription(email="behind@example.org")
    happen(1)
    assert send_mail(now=NOW, limit=4) == {State.DELIVERED: 1}
    assert mail_sink.wait_for(4)[-1].recipients == ("behind@example.org",)
