"""A mail that tells of several events."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import Settings

from alerts.cadences import Cadence
from alerts.models import Digest, State, Subscriber
from alerts.services import compose_digests, fan_out, send_mail, unsubscribe
from alerts.tokens import unsubscribe_token
from campaigns.models import StatusChange
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscription
from tests.alerts.mail_reading import Reader, digest_of, mail_to, part, words
from tests.factories import NOW, make_campaign, make_change, make_company, make_target

pytestmark = pytest.mark.django_db


def changes_of(*names: str) -> list[StatusChange]:
    """A change of a company of each name, each in a campaign of its own."""
    return [
        make_change(make_target(make_campaign(f"Ask {name}"), make_company(name))) for name in names
    ]


def test_the_subject_names_the_day_how_many_and_the_first_companies(mail_sink: MailSink) -> None:
    mail = digest_of(changes_of("IBM", "Amazon"), mail_sink)
    assert mail["Subject"] == "Followthrough, 8 March: 2 changes — Amazon, IBM"
    assert "Your daily digest: what was recorded since the last one." in part(mail, "plain")
    assert "Your daily digest" in Reader(part(mail, "html")).text


def test_a_weekly_one_says_so_and_many_companies_are_counted(mail_sink: MailSink) -> None:
    mail = digest_of(changes_of("A", "B", "C", "D", "E"), mail_sink, Cadence.WEEKLY)
    assert mail["Subject"] == "Followthrough, week to 2 March: 5 changes — E, D, C and 2 more"
    assert "Your weekly digest: what was recorded since the last one." in part(mail, "plain")


def test_one_change_is_one(mail_sink: MailSink) -> None:
    mail = digest_of(changes_of("IBM"), mail_sink)
    assert mail["Subject"] == "Followthrough, 8 March: 1 change — IBM"


def test_it_is_grouped_by_campaign_and_the_newest_comes_first(mail_sink: MailSink) -> None:
    ring = make_target(make_campaign("Doorbells"), make_company("Ring"))
    ibm = make_target(make_campaign("Mainframes"), make_company("IBM"))
    changes = [
        make_change(ring, Status.CALLED_ON),
        make_change(ibm, Status.CALLED_ON),
        make_change(ring, Status.REFUSED, dt.date(2020, 6, 11)),
    ]
    mail = digest_of(changes, mail_sink)
    text = part(mail, "plain")
    order = ["DOORBELLS", "Ring: called on → refused", "Ring: called on\n", "MAINFRAMES", "IBM: "]
    places = [text.index(phrase) for phrase in order]
    assert places == sorted(places)
    assert text.count("DOORBELLS") == 1
    links = Reader(part(mail, "html")).links
    for change in changes:
        assert f"http://followthrough.test/changes/{change.pk}/" in links


def test_a_long_one_begins_with_what_is_in_it(mail_sink: MailSink) -> None:
    long = digest_of(changes_of("A", "B", "C", "D", "E"), mail_sink)
    html = Reader(part(long, "html"))
    jumps = [link.removeprefix("#") for link in html.links if link.startswith("#")]
    places = [attributes["id"] for _tag, attributes in html.elements if "id" in attributes]
    assert len(jumps) == 5
    assert jumps == places
    text = part(long, "plain")
    assert text.index("\n- E: called on\n- D: called on\n") < text.index("ASK E")


def test_a_short_one_does_not(mail_sink: MailSink) -> None:
    mail = digest_of(changes_of("A", "B"), mail_sink)
    assert not [link for link in Reader(part(mail, "html")).links if link.startswith("#")]
    assert "IN THIS MAIL" not in part(mail, "plain")


def test_one_that_would_be_empty_is_not_sent(mail_sink: MailSink) -> None:
    subscription = make_subscription(cadence=Cadence.DAILY)
    for change in changes_of("A", "B"):
        fan_out(change_id=change.pk, now=NOW)
    later = NOW + dt.timedelta(days=1)
    compose_digests(now=later)
    unsubscribe(token=unsubscribe_token(subscriber_id=subscription.subscriber_id), now=later)
    assert send_mail(now=later) == {State.CANCELLED: 1}
    assert mail_sink.mails() == []
    assert Digest.objects.get().state == State.CANCELLED


def test_two_that_tell_the_same_on_different_days_say_which_day_it_is(
    mail_sink: MailSink,
) -> None:
    addresses = {"Pacific/Auckland": "9 March", "America/Los_Angeles": "8 March"}
    for zone in addresses:
        make_subscription(email=f"{zone[:7].lower()}@example.org", cadence=Cadence.DAILY)
    for subscriber, zone in zip(_subscribers(), addresses, strict=True):
        subscriber.time_zone = zone
        subscriber.save()
    for change in changes_of("IBM"):
        fan_out(change_id=change.pk, now=NOW)
    later = dt.datetime(2026, 3, 8, 22, tzinfo=dt.UTC)
    compose_digests(now=later)
    send_mail(now=later)
    for subscriber in _subscribers():
        day = addresses[subscriber.time_zone]
        subject = mail_to(subscriber.email, mail_sink)["Subject"]
        assert subject == f"Followthrough, {day}: 1 change — IBM"


def _subscribers() -> list[Subscriber]:
    return list(Subscriber.objects.order_by("pk"))


def test_what_came_in_a_burst_says_so(mail_sink: MailSink, settings: Settings) -> None:
    settings.ALERTS_PER_HOUR = 1
    reader = make_subscription().subscriber
    for change in changes_of("IBM", "Amazon", "Ring"):
        fan_out(change_id=change.pk, now=NOW)
    send_mail(now=NOW)
    send_mail(now=NOW + dt.timedelta(minutes=61))
    assert len(mail_sink.mails()) == 2
    mail = mail_to(reader.email, mail_sink)
    assert mail["Subject"] == "Followthrough, 1 March: 2 changes — Ring, Amazon"
    assert "more alerts within an hour than you would want mails" in words(part(mail, "plain"))
