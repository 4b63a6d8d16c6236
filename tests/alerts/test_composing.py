"""Digests: who gets one, when, of what, and that none is lost or told twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.cadences import Cadence
from alerts.models import Delivery, Digest, State
from alerts.services import compose_digests, fan_out, pause_alerts, resume_alerts, send_mail
from config.demo.mail_sink import MailSink
from tests.alerts.digests import DAY, EIGHT, MONDAY, happens, text_of
from tests.alerts.factories import make_subscriber, make_subscription
from tests.alerts.threads import WORKERS, at_once
from tests.factories import NOW, make_change, make_target

atomic = pytest.mark.django_db
threaded = pytest.mark.django_db(transaction=True)


@atomic
def test_daily_and_weekly_readers_get_one_mail_each_when_it_is_time(mail_sink: MailSink) -> None:
    make_subscription(email="daily@example.org", cadence=Cadence.DAILY)
    make_subscription(email="weekly@example.org", cadence=Cadence.WEEKLY)
    happens("Amazon")
    happens("IBM")
    tuesday = MONDAY + DAY
    assert compose_digests(now=EIGHT - dt.timedelta(seconds=1)) == 0
    assert send_mail(now=EIGHT) == {}
    assert compose_digests(now=EIGHT) == 2
    happens("Microsoft", now=EIGHT)
    assert send_mail(now=EIGHT) == {State.DELIVERED: 2}
    assert compose_digests(now=tuesday) == 1
    assert send_mail(now=tuesday) == {State.DELIVERED: 1}
    assert compose_digests(now=MONDAY + 7 * DAY) == 1
    assert send_mail(now=MONDAY + 7 * DAY) == {State.DELIVERED: 1}
    told = [(mail.recipients[0], text_of(mail)) for mail in mail_sink.wait_for(4)]
    companies = [
        (who.partition("@")[0], [name for name in ("Amazon", "IBM", "Microsoft") if name in text])
        for who, text in told
    ]
    assert sorted(companies[:2]) == [("daily", ["Amazon", "IBM"]), ("weekly", ["Amazon", "IBM"])]
    assert companies[2:] == [("daily", ["Microsoft"]), ("weekly", ["Microsoft"])]
    assert not Delivery.objects.exclude(state=State.DELIVERED).exists()


@atomic
def test_the_soonest_of_several_wishes_counts(mail_sink: MailSink) -> None:
    target = make_target()
    reader = make_subscription(cadence=Cadence.WEEKLY).subscriber
    make_subscription(reader, company=target.company, cadence=Cadence.DAILY)
    fan_out(change_id=make_change(target).pk, now=NOW)
    assert Delivery.objects.get().cadence == Cadence.DAILY
    make_subscription(reader, campaign=target.campaign, cadence=Cadence.AT_ONCE)
    fan_out(change_id=make_change(target, "refused").pk, now=NOW)
    assert send_mail(now=NOW) == {State.DELIVERED: 1}


@atomic
@pytest.mark.parametrize(
    ("zone", "due_at"),
    [
        ("Asia/Tokyo", "2026-03-01T23:00+00:00"),
        ("America/Los_Angeles", "2026-03-01T16:00+00:00"),
        ("Not/AZone", "2026-03-02T08:00+00:00"),
    ],
)
def test_it_is_eight_oclock_where_the_reader_lives(
    mail_sink: MailSink, zone: str, due_at: str
) -> None:
    make_subscription(make_subscriber(time_zone=zone), cadence=Cadence.DAILY)
    happens("Amazon")
    moment = dt.datetime.fromisoformat(due_at)
    assert compose_digests(now=moment - dt.timedelta(seconds=1)) == 0
    assert compose_digests(now=moment) == 1
    assert Digest.objects.get().covers_until == moment


@atomic
def test_days_that_were_missed_are_made_up_for_by_one_digest(mail_sink: MailSink) -> None:
    make_subscription(cadence=Cadence.DAILY)
    happens("Amazon", now=NOW)
    happens("IBM", now=NOW + DAY)
    happens("Microsoft", now=NOW + 5 * DAY)
    late = EIGHT + 4 * DAY + dt.timedelta(hours=3)
    assert compose_digests(now=late) == 1
    assert send_mail(now=late) == {State.DELIVERED: 1}
    [mail] = mail_sink.wait_for(1)
    assert [name in text_of(mail) for name in ("Amazon", "IBM", "Microsoft")] == [True, True, False]
    assert compose_digests(now=late) == 0


@atomic
def test_composing_again_changes_nothing_and_nothing_is_no_digest(mail_sink: MailSink) -> None:
    make_subscription(cadence=Cadence.DAILY)
    assert compose_digests(now=EIGHT) == 0
    assert not Digest.objects.exists()
    happens("Amazon")
    assert [compose_digests(now=EIGHT) for _ in range(3)] == [1, 0, 0]
    assert send_mail(now=EIGHT) == {State.DELIVERED: 1}
    assert compose_digests(now=EIGHT) == 0
    assert send_mail(now=EIGHT) == {}


@threaded
def test_composing_ten_times_at_once_writes_each_digest_once(mail_sink: MailSink) -> None:
    for _ in range(30):
        make_subscription(cadence=Cadence.DAILY)
    happens("Amazon")
    happens("IBM")
    at_once(lambda: compose_digests(now=EIGHT), workers=10)
    assert Digest.objects.count() == 30
    assert not Delivery.objects.filter(digest=None).exists()
    for delivery in Delivery.objects.select_related("digest"):
        assert delivery.digest is not None
        assert delivery.digest.subscriber_id == delivery.subscriber_id


@threaded
def test_senders_and_composers_at_once_tell_everybody_once(mail_sink: MailSink) -> None:
    for _ in range(10):
        make_subscription(cadence=Cadence.DAILY)
    happens("Amazon")
    turns = iter(range(WORKERS))

    def compose_or_send() -> None:
        if next(turns) % 2:
            compose_digests(now=EIGHT)
        else:
            for _ in range(5):
                send_mail(now=EIGHT)

    at_once(compose_or_send)
    compose_digests(now=EIGHT)
    send_mail(now=EIGHT)
    assert len(mail_sink.mails()) == 10
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DELIVERED}


@atomic
def test_the_number_of_queries_does_not_grow_with_subscribers() -> None:
    counts: list[int] = []
    for new_subscribers in (1, 40):
        for _ in range(new_subscribers):
            make_subscription(cadence=Cadence.DAILY)
        Delivery.objects.all().delete()
        Digest.objects.all().delete()
        happens("Amazon" * (1 + len(counts)))
        with CaptureQueriesContext(connection) as queries:
            compose_digests(now=EIGHT)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


@pytest.mark.django_db
def test_after_a_pause_of_all_alerts_one_digest_makes_up_for_all(mail_sink: MailSink) -> None:
    make_subscription(cadence=Cadence.DAILY)
    pause_alerts(reason="A source went wild", now=NOW)
    for day in range(4):
        now = NOW + day * dt.timedelta(days=1)
        fan_out(change_id=make_change(now=now).pk, now=now)
        assert compose_digests(now=now + dt.timedelta(days=1)) == 0
    resumed = NOW + dt.timedelta(days=5)
    resume_alerts(now=resumed)
    assert compose_digests(now=resumed) == 1
    assert send_mail(now=resumed) == {State.DELIVERED: 1}
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 4
