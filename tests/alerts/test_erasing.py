"""Forgetting addresses: at their owner's wish, and when nobody confirmed."""

from __future__ import annotations

import datetime as dt

import pytest

from alerts.errors import InvalidToken
from alerts.models import Attempt, Delivery, Digest, Event, State, Subscriber, Subscription
from alerts.services import (
    confirm,
    delete_unconfirmed,
    end_subscriptions,
    erase_subscriber,
    fan_out,
    managed_subscriber,
    send_mail,
    subscribe,
    subscription_to_confirm,
)
from alerts.services.recording import record_refused
from alerts.tokens import CONFIRMATION_PERIOD, confirmation_token, manage_token
from config.demo.mail_sink import MailSink
from tests.alerts.factories import LONG_AGO, make_delivery, make_subscriber, make_subscription
from tests.factories import NOW, make_campaign, make_change

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"
LATER = NOW + CONFIRMATION_PERIOD


def counts() -> list[int]:
    """How often each event was delivered, the latest first."""
    return [event.deliveries.filter(state=State.DELIVERED).count() for event in Event.objects.all()]


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def told(mail_sink: MailSink) -> Subscriber:
    """Somebody who was sent one alert, is owed another, and has a digest waiting."""
    subscriber = make_subscription(email=ADDRESS).subscriber
    make_subscription(subscriber, campaign=make_campaign(), confirmed_at=None)
    make_subscription()  # another reader
    first = make_change()
    fan_out(change_id=first.pk, now=NOW)
    send_mail(now=NOW)
    Attempt.objects.update(detail=f"250 {ADDRESS} ok")
    second = make_change()
    fan_out(change_id=second.pk, now=NOW)
    Digest.objects.create(
        subscriber=subscriber, cadence=1, covers_until=NOW, created_at=NOW, next_attempt_at=NOW
    )
    bounced = {"soft_bounces_count": 3, "soft_bounced_at": NOW, "resting_until": NOW}
    Subscriber.objects.filter(pk=subscriber.pk).update(**bounced)
    return subscriber


def test_an_erased_address_is_nowhere_and_what_was_sent_still_counts(told: Subscriber) -> None:
    before = counts()
    erase_subscriber(token=manage_token(subscriber_id=told.pk), now=NOW)
    told.refresh_from_db()
    assert told.email == f"erased-{told.pk}@erased.invalid"
    assert told.erased_at == NOW
    assert (told.soft_bounces_count, told.soft_bounced_at, told.resting_until) == (0, None, None)
    assert not told.subscriptions.exists()
    assert states() == [State.DELIVERED, State.DELIVERED, State.CANCELLED, State.WAITING]
    assert told.digests.get().state == State.CANCELLED
    details = Attempt.objects.filter(delivery__subscriber=told).values_list("detail", flat=True)
    assert list(details) == [""]
    assert Attempt.objects.exclude(detail="").count() == 1
    assert before == counts() == [0, 2]


def test_the_link_of_an_erased_address_is_dead(told: Subscriber) -> None:
    token = manage_token(subscriber_id=told.pk)
    erase_subscriber(token=token, now=NOW)
    for use in (managed_subscriber, lambda token: erase_subscriber(token=token, now=NOW)):
        with pytest.raises(InvalidToken, match="any more"):
            use(token=token)
    with pytest.raises(InvalidToken):
        end_subscriptions(token=token, now=NOW)


def test_an_erased_address_is_sent_nothing_and_may_begin_anew(
    told: Subscriber, mail_sink: MailSink
) -> None:
    before = len(mail_sink.mails())
    erase_subscriber(token=manage_token(subscriber_id=told.pk), now=NOW)
    fan_out(change_id=make_change().pk, now=NOW)
    send_mail(now=NOW)
    assert ADDRESS not in {to for mail in mail_sink.mails()[before:] for to in mail.recipients}
    again = subscribe(email=ADDRESS, language="en", now=NOW)
    assert again.subscriber != told
    assert not again.is_confirmed


def test_what_nobody_confirmed_is_deleted_after_seven_days_with_its_address() -> None:
    asked = subscribe(email=ADDRESS, language="en", now=NOW)
    make_subscription(email="other@example.org")
    assert delete_unconfirmed(now=LATER - dt.timedelta(seconds=1)) == 0
    assert Subscription.objects.filter(pk=asked.pk).exists()
    assert delete_unconfirmed(now=LATER) == 1
    assert [one.email for one in Subscriber.objects.all()] == ["other@example.org"]
    assert delete_unconfirmed(now=LATER) == 0
    token = confirmation_token(subscription_id=asked.pk, now=NOW)
    with pytest.raises(InvalidToken):
        subscription_to_confirm(token=token, now=NOW)


def test_a_link_that_was_sent_late_is_good_for_seven_days() -> None:
    asked = subscribe(email=ADDRESS, language="en", now=NOW)
    sent_at = NOW + dt.timedelta(hours=20)
    Subscription.objects.update(confirmation_sent_at=sent_at)
    assert delete_unconfirmed(now=LATER) == 0
    token = confirmation_token(subscription_id=asked.pk, now=sent_at)
    assert confirm(token=token, now=LATER).is_confirmed
    assert delete_unconfirmed(now=sent_at + CONFIRMATION_PERIOD) == 0


def test_an_address_with_another_subscription_stays() -> None:
    confirmed = make_subscription()
    make_subscription(confirmed.subscriber, campaign=make_campaign(), confirmed_at=None)
    assert delete_unconfirmed(now=LATER) == 1
    assert list(confirmed.subscriber.subscriptions.all()) == [confirmed]


def test_the_record_of_who_left_stays_and_what_was_never_confirmed_does_not() -> None:
    left = make_subscription(ended_at=NOW)
    make_subscription(confirmed_at=None, ended_at=NOW)
    assert delete_unconfirmed(now=LATER) == 1
    assert list(Subscriber.objects.all()) == [left.subscriber]


def test_an_address_without_subscriptions_goes_unless_something_was_owed_to_it(
    told: Subscriber,
) -> None:
    make_subscriber(email="bare@example.org", created_at=LONG_AGO)
    make_subscriber(email="new@example.org", created_at=LATER)
    erase_subscriber(token=manage_token(subscriber_id=told.pk), now=NOW)
    delete_unconfirmed(now=LATER)
    addresses = set(Subscriber.objects.values_list("email", flat=True))
    assert "bare@example.org" not in addresses
    assert {"new@example.org", f"erased-{told.pk}@erased.invalid"} < addresses


def test_what_a_server_says_of_an_address_that_was_erased_meanwhile_is_not_kept() -> None:
    owed = make_delivery(email=ADDRESS)
    reader = owed.subscriber
    assert reader is not None
    erase_subscriber(token=manage_token(subscriber_id=reader.pk), now=NOW)
    record_refused(owed, f"550 <{ADDRESS}>: unknown", at=NOW)
    assert Attempt.objects.get().detail == ""
    reader.refresh_from_db()
    assert reader.bounces_count == 0
