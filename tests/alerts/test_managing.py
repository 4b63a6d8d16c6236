"""What the owner of an address may do by the link in every mail."""

from __future__ import annotations

import datetime as dt

import pytest

from alerts.cadences import Cadence
from alerts.errors import InvalidDay, InvalidToken
from alerts.models import Delivery, Subscriber, Subscription
from alerts.services import (
    change_settings,
    change_subscription,
    confirm,
    confirm_anew,
    end_subscriptions,
    fan_out,
    managed_subscriber,
    pause_subscriber,
    resume_subscriber,
    subscribe,
)
from alerts.services.subscribing import ASK_AGAIN_AFTER, Wish
from alerts.services.suspending import suspend
from alerts.tokens import confirmation_token, manage_token, unsubscribe_token
from tests.alerts.factories import LONG_AGO, make_delivery, make_subscriber, make_subscription
from tests.factories import NOW, make_campaign, make_change

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def token_of(subscriber: Subscriber) -> str:
    return manage_token(subscriber_id=subscriber.pk)


BOUNCED = {"bounces_count": 3, "soft_bounces_count": 3, "resting_until": NOW + 3 * DAY}


def suspended(why: str = "bounced", email: str = "") -> Subscriber:
    return make_subscriber(email, suspended_at=LONG_AGO, suspension=why, **BOUNCED)


def test_only_a_manage_link_leads_to_the_subscriber() -> None:
    subscriber = make_subscriber()
    assert managed_subscriber(token=token_of(subscriber)) == subscriber
    nobody, leaving = manage_token(subscriber_id=0), unsubscribe_token(subscriber_id=subscriber.pk)
    for wrong in (leaving, nobody, "nonsense"):
        with pytest.raises(InvalidToken):
            managed_subscriber(token=wrong)


def test_cadence_and_warnings_of_one_subscription_can_be_changed() -> None:
    mine = make_subscription()
    same = make_subscription(mine.subscriber, campaign=make_campaign())
    change_subscription(
        token=token_of(mine.subscriber),
        subscription_id=mine.pk,
        cadence=Cadence.WEEKLY,
        warns_of_expiry=False,
    )
    mine.refresh_from_db()
    same.refresh_from_db()
    assert (mine.cadence, mine.warns_of_expiry) == (Cadence.WEEKLY, False)
    assert (same.cadence, same.warns_of_expiry) == (Cadence.AT_ONCE, True)


def test_nobody_changes_or_ends_what_is_anothers() -> None:
    mine, other = make_subscription(), make_subscription()
    token = token_of(mine.subscriber)
    change_subscription(
        token=token, subscription_id=other.pk, cadence=Cadence.DAILY, warns_of_expiry=True
    )
    end_subscriptions(token=token, subscription_id=other.pk, now=NOW)
    other.refresh_from_db()
    assert (other.cadence, other.ended_at) == (Cadence.AT_ONCE, None)


def test_one_subscription_or_all_can_be_ended() -> None:
    mine = make_subscription()
    second = make_subscription(mine.subscriber, campaign=make_campaign())
    other = make_subscription()
    token = token_of(mine.subscriber)
    end_subscriptions(token=token, subscription_id=mine.pk, now=NOW)
    assert set(Subscription.objects.current()) == {second, other}
    end_subscriptions(token=token, now=NOW)
    assert set(Subscription.objects.current()) == {other}


def test_zone_and_language_can_be_changed() -> None:
    subscriber, other = make_subscriber(), make_subscriber()
    change_settings(token=token_of(subscriber), time_zone="Europe/Berlin", language="en")
    assert managed_subscriber(token=token_of(subscriber)).time_zone == "Europe/Berlin"
    assert managed_subscriber(token=token_of(other)).time_zone == "UTC"


def test_a_pause_ends_when_the_day_begins_where_the_subscriber_lives() -> None:
    owed = make_delivery()
    assert owed.subscriber is not None
    token = token_of(owed.subscriber)
    change_settings(token=token, time_zone="America/New_York", language="en")
    until = dt.date(2026, 3, 3)
    ends_at = pause_subscriber(token=token, until=until, now=NOW)
    assert ends_at == dt.datetime(2026, 3, 3, 5, tzinfo=dt.UTC)
    assert not Delivery.objects.due(ends_at - dt.timedelta(seconds=1)).exists()
    assert Delivery.objects.due(ends_at).exists()


def test_who_resumes_is_sent_what_waited() -> None:
    owed = make_delivery()
    assert owed.subscriber is not None
    token = token_of(owed.subscriber)
    pause_subscriber(token=token, until=NOW.date() + 5 * DAY, now=NOW)
    assert not Delivery.objects.due(NOW).exists()
    resume_subscriber(token=token)
    assert list(Delivery.objects.due(NOW)) == [owed]


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_day_that_makes_no_sense_pauses_nothing(days: int) -> None:
    subscriber = make_subscriber()
    with pytest.raises(InvalidDay):
        pause_subscriber(token=token_of(subscriber), until=NOW.date() + days * DAY, now=NOW)
    subscriber.refresh_from_db()
    assert subscriber.paused_until is None


def test_a_suspended_address_is_asked_anew_and_confirming_lifts_it() -> None:
    subscription = make_subscription(suspended())
    token = token_of(subscription.subscriber)
    assert fan_out(change_id=make_change().pk, now=NOW) == 0
    confirm_anew(token=token, now=NOW)
    assert list(Subscription.objects.due_confirmation(NOW)) == [subscription]
    confirm(token=confirmation_token(subscription_id=subscription.pk, now=NOW), now=NOW)
    subscriber = managed_subscriber(token=token)
    assert (subscriber.suspended_at, subscriber.suspension) == (None, "")
    assert (subscriber.bounces_count, subscriber.resting_until) == (0, None)
    assert not Subscription.objects.due_confirmation(NOW).exists()
    later = make_change(now=NOW + DAY)
    assert fan_out(change_id=later.pk, now=NOW + DAY) == 1
    subscription.refresh_from_db()
    assert subscription.confirmed_at == LONG_AGO


def test_asking_anew_lifts_nothing_and_sends_one_mail_an_hour() -> None:
    subscription = make_subscription(suspended())
    token = token_of(subscription.subscriber)
    confirm_anew(token=token, now=NOW)
    Subscription.objects.update(confirmation_next_attempt_at=None, confirmation_sent_at=NOW)
    confirm_anew(token=token, now=NOW + ASK_AGAIN_AFTER / 2)
    assert not Subscription.objects.due_confirmation(NOW + DAY).exists()
    confirm_anew(token=token, now=NOW + ASK_AGAIN_AFTER)
    assert Subscription.objects.due_confirmation(NOW + DAY).exists()
    assert managed_subscriber(token=token).suspended_at == LONG_AGO


def test_an_address_that_is_not_suspended_is_not_asked_anew() -> None:
    subscription = make_subscription()
    confirm_anew(token=token_of(subscription.subscriber), now=NOW)
    assert not Subscription.objects.due_confirmation(NOW).exists()


def test_the_form_asks_a_bounced_address_anew_for_what_it_follows() -> None:
    subscription = make_subscription(suspended(email="reader@example.org"))
    assert subscribe(email="reader@example.org", language="en", now=NOW) == subscription
    assert list(Subscription.objects.due_confirmation(NOW)) == [subscription]
    assert managed_subscriber(token=token_of(subscription.subscriber)).suspended_at == LONG_AGO


def test_the_form_sends_nothing_to_an_address_that_complained_but_its_owner_can_ask() -> None:
    subscription = make_subscription(suspended("complained", email="reader@example.org"))
    subscribe(email="reader@example.org", language="en", now=NOW)
    wish = Wish(campaign=make_campaign())
    subscribe(email="reader@example.org", wish=wish, language="en", now=NOW)
    assert not Subscription.objects.due_confirmation(NOW).exists()
    confirm_anew(token=token_of(subscription.subscriber), now=NOW)
    assert Subscription.objects.due_confirmation(NOW).count() == 1


def test_who_complained_and_subscribes_anew_can_ask_for_the_mail_at_once() -> None:
    subscriber = suspended("complained", email="reader@example.org")
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    assert not Subscription.objects.due_confirmation(NOW).exists()
    confirm_anew(token=token_of(subscriber), now=NOW)
    assert list(Subscription.objects.due_confirmation(NOW)) == [asked]


def test_a_complaint_takes_back_a_confirmation_mail_that_waits() -> None:
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    assert list(Subscription.objects.due_confirmation(NOW)) == [asked]
    everybody = Subscriber.objects.all()
    assert suspend(everybody, Subscriber.Suspension.COMPLAINED, at=NOW) == 1
    assert not Subscription.objects.due_confirmation(NOW).exists()
