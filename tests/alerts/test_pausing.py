"""What stops alerts: leaving, pausing one's own, suspension, and the switch for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from alerts.models import Delivery, Pause, State, Subscriber
from alerts.services import (
    fan_out,
    is_paused,
    mailing,
    pause_alerts,
    resume_alerts,
    send_confirmation,
    send_mail,
    subscribe,
    unsubscribe,
)
from alerts.tokens import unsubscribe_token
from campaigns.services import withdraw_campaign
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_delivery, make_subscription
from tests.alerts.sinks import MoodySink
from tests.factories import NOW, make_change

atomic = pytest.mark.django_db
threaded = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
Elsewhere = Callable[[Callable[[], object]], object]


@pytest.fixture
def always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read before each mail what is otherwise read each second."""
    monkeypatch.setattr(mailing, "_REASONS_SECONDS", 0.0)


def owe_three() -> None:
    for name in ("one", "two", "three"):
        make_subscription(email=f"{name}@example.org")
    fan_out(change_id=make_change().pk, now=NOW)


@atomic
def test_nothing_is_sent_while_alerts_are_paused_and_all_of_it_afterwards(
    mail_sink: MailSink,
) -> None:
    owe_three()
    by = User.objects.create(username="advocate")
    pause = pause_alerts(reason="A source went wild", now=NOW, by=by)
    assert pause_alerts(reason="Another", now=NOW) == pause
    assert is_paused()
    assert send_mail(now=NOW) == {}
    fan_out(change_id=make_change().pk, now=NOW)
    assert mail_sink.mails() == []
    resume_alerts(now=NOW + DAY)
    resume_alerts(now=NOW + 2 * DAY)
    assert Pause.objects.get().ended_at == NOW + DAY
    assert send_mail(now=NOW + DAY) == {State.DELIVERED: 6}


@atomic
def test_mails_that_ask_for_a_confirmation_go_out_while_alerts_are_paused(
    mail_sink: MailSink,
) -> None:
    pause_alerts(reason="A source went wild", now=NOW)
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    assert send_confirmation(subscription_id=asked.pk, now=NOW) == "delivered"


@threaded
def test_a_pause_stops_a_batch_that_is_under_way(
    moody_sink: MoodySink, elsewhere: Elsewhere, always_fresh: None
) -> None:
    owe_three()
    moody_sink.on_message = lambda: elsewhere(lambda: pause_alerts(reason="Stop", now=NOW))
    assert send_mail(now=NOW) == {State.DELIVERED: 1}
    assert Delivery.objects.filter(state=State.WAITING, leased_until=None).count() == 2
    resume_alerts(now=NOW)
    assert send_mail(now=NOW) == {State.DELIVERED: 1}


@threaded
def test_who_leaves_while_a_batch_is_under_way_is_not_sent_what_is_queued(
    moody_sink: MoodySink, elsewhere: Elsewhere, always_fresh: None
) -> None:
    owe_three()
    last = Subscriber.objects.get(email="three@example.org")
    token = unsubscribe_token(subscriber_id=last.pk)
    moody_sink.on_message = lambda: elsewhere(lambda: unsubscribe(token=token, now=NOW))
    assert send_mail(now=NOW) == {State.DELIVERED: 2, State.CANCELLED: 1}
    assert ("three@example.org",) not in [mail.recipients for mail in moody_sink.mails()]


@threaded
def test_a_campaign_that_is_withdrawn_while_a_batch_is_under_way_is_not_written_about(
    moody_sink: MoodySink, elsewhere: Elsewhere, always_fresh: None
) -> None:
    owe_three()
    campaign = Delivery.objects.all()[0].event.target.campaign

    def withdraw() -> None:
        campaign.refresh_from_db()
        if campaign.is_public:
            withdraw_campaign(campaign=campaign, now=NOW)

    moody_sink.on_message = lambda: elsewhere(withdraw)
    assert send_mail(now=NOW) == {State.DELIVERED: 1, State.CANCELLED: 2}


@atomic
def test_who_pauses_gets_what_was_owed_meanwhile_when_it_ends(mail_sink: MailSink) -> None:
    reader = make_subscription().subscriber
    reader.paused_until = NOW + DAY
    reader.save()
    fan_out(change_id=make_change().pk, now=NOW)
    assert send_mail(now=NOW + DAY - dt.timedelta(seconds=1)) == {}
    assert send_mail(now=NOW + DAY) == {State.DELIVERED: 1}


@atomic
def test_a_suspended_address_is_owed_nothing_more_and_what_waits_is_cancelled(
    mail_sink: MailSink,
) -> None:
    delivery = make_delivery()
    Subscriber.objects.update(suspended_at=NOW, suspension="complained")
    assert fan_out(change_id=make_change().pk, now=NOW) == 0
    assert send_mail(now=NOW) == {State.CANCELLED: 1}
    Subscriber.objects.update(suspended_at=None, suspension="")
    assert send_mail(now=NOW + DAY) == {}
    delivery.refresh_from_db()
    assert delivery.state == State.CANCELLED


@atomic
def test_an_address_refused_for_good_several_times_in_a_row_is_suspended(
    moody_sink: MoodySink, settings: Settings
) -> None:
    settings.ALERTS_MAX_BOUNCES = 2
    reader = make_subscription(email="reader@example.org").subscriber
    for reply in ("550 no", "250 OK", "550 no", "550 no", "550 no"):
        moody_sink.reply = reply
        fan_out(change_id=make_change().pk, now=NOW)
        send_mail(now=NOW)
        reader.refresh_from_db()
        counted = (reader.bounces_count, reader.suspension)
        expected = {"250 OK": (0, "")}.get(reply)
        assert expected in (None, counted)
    assert (reader.bounces_count, reader.suspension) == (2, "bounced")
    assert reader.suspended_at is not None
    assert Delivery.objects.count() == 4
