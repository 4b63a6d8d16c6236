"""Subscribing, confirming, leaving."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from alerts.errors import InvalidAddress, InvalidToken
from alerts.events import confirmation_requested
from alerts.models import Subscriber, Subscription
from alerts.services import (
    confirm,
    fan_out,
    subscribe,
    subscription_to_confirm,
    subscriptions_of,
    unsubscribe,
)
from alerts.services.subscribing import ASK_AGAIN_AFTER, Wish
from alerts.tokens import confirmation_token, unsubscribe_token
from tests.alerts.factories import LONG_AGO, make_subscription
from tests.factories import NOW, make_campaign, make_change, make_company

pytestmark = pytest.mark.django_db

LATER = NOW + ASK_AGAIN_AFTER


def token_of(subscription: Subscription, now: dt.datetime = NOW) -> str:
    return confirmation_token(subscription_id=subscription.pk, now=now)


def leaving_token_of(subscription: Subscription) -> str:
    return unsubscribe_token(subscriber_id=subscription.subscriber_id)


def test_a_new_subscription_is_unconfirmed_and_owed_a_mail() -> None:
    subscription = subscribe(email="reader@example.org", language="en", now=NOW)
    assert subscription.followed == "every campaign"
    assert not subscription.is_confirmed
    assert list(Subscription.objects.due_confirmation(NOW)) == [subscription]


def test_one_can_follow_a_campaign_and_a_company() -> None:
    campaign, company = make_campaign(), make_company()
    one = subscribe(
        email="reader@example.org", wish=Wish(campaign=campaign), language="en", now=NOW
    )
    two = subscribe(email="reader@example.org", wish=Wish(company=company), language="en", now=NOW)
    assert one.followed == f"the campaign “{campaign.title}”"
    assert two.followed == f"{company.name} and its subsidiaries"
    assert one.subscriber == two.subscriber
    both = subscribe(
        email="reader@example.org",
        wish=Wish(campaign=campaign, company=company),
        language="en",
        now=NOW,
    )
    assert Subscription.objects.count() == 3
    assert (both.campaign, both.company) == (campaign, company)


def test_subscribing_again_in_another_case_changes_nothing() -> None:
    first = subscribe(email="Reader@Example.org", language="en", now=NOW)
    again = subscribe(email=" reader@EXAMPLE.ORG ", language="fr", now=NOW)
    assert again == first
    assert Subscriber.objects.get().email == "Reader@example.org"
    assert Subscriber.objects.get().language == "en"


@pytest.mark.parametrize(
    "address",
    ["", "reader", "@example.org", "a b@example.org", "a@b", "x@e.org\nBcc: y@e.org",
     "a@e.org,b@e.org", "Reader <a@e.org>", "a" * 250 + "@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_nothing_written(address: str) -> None:
    with pytest.raises(InvalidAddress):
        subscribe(email=address, language="en", now=NOW)
    assert not Subscriber.objects.exists()


def test_a_wake_up_is_sent_after_commit_whether_a_mail_is_owed_or_not(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    woken: list[int] = []

    def note(subscription_id: int, **kwargs: object) -> None:
        woken.append(subscription_id)

    confirmation_requested.connect(note)
    try:
        with django_capture_on_commit_callbacks() as callbacks:
            subscription = subscribe(email="reader@example.org", language="en", now=NOW)
        assert woken == []
        for callback in callbacks:
            callback()
        assert woken == [subscription.pk]
        with django_capture_on_commit_callbacks(execute=True):
            subscribe(email="reader@example.org", language="en", now=NOW)
        assert woken == [subscription.pk, subscription.pk]
    finally:
        confirmation_requested.disconnect(note)


def test_asking_again_soon_sends_no_second_mail_and_later_does() -> None:
    subscription = subscribe(email="reader@example.org", language="en", now=NOW)
    Subscription.objects.update(confirmation_next_attempt_at=None, confirmation_sent_at=NOW)
    subscribe(email="reader@example.org", language="en", now=LATER - dt.timedelta(seconds=1))
    assert not Subscription.objects.due_confirmation(LATER).exists()
    subscribe(email="reader@example.org", language="en", now=LATER)
    assert list(Subscription.objects.due_confirmation(LATER)) == [subscription]


def test_a_confirmed_subscriber_who_asks_again_is_sent_nothing() -> None:
    subscription = make_subscription(email="reader@example.org")
    assert subscribe(email="reader@example.org", language="en", now=NOW) == subscription
    assert not Subscription.objects.due_confirmation(LATER).exists()


def test_confirming_begins_the_subscription_and_twice_is_once() -> None:
    token = token_of(subscribe(email="reader@example.org", language="en", now=NOW))
    assert confirm(token=token, now=NOW).confirmed_at == NOW
    assert confirm(token=token, now=LATER).confirmed_at == NOW
    assert not Subscription.objects.due_confirmation(LATER).exists()


def test_a_confirmation_counts_from_after_all_that_is_on_record() -> None:
    recorded_at = make_change(now=LATER).recorded_at
    subscription = make_subscription(confirmed_at=None)
    assert confirm(token=token_of(subscription), now=NOW).confirmed_at == recorded_at


def test_looking_at_a_confirmation_link_changes_nothing() -> None:
    subscription = make_subscription(confirmed_at=None)
    found = subscription_to_confirm(token=token_of(subscription), now=NOW)
    assert found == subscription
    assert not found.is_confirmed


def test_a_link_of_an_ended_subscription_confirms_nothing() -> None:
    subscription = make_subscription(confirmed_at=None)
    unsubscribe(token=leaving_token_of(subscription), now=NOW)
    with pytest.raises(InvalidToken, match="ended"):
        confirm(token=token_of(subscription), now=NOW)
    with pytest.raises(InvalidToken, match="ended"):
        subscription_to_confirm(token=token_of(subscription), now=NOW)


def test_unsubscribing_ends_everything_of_that_address_and_of_no_other() -> None:
    mine = make_subscription()
    make_subscription(mine.subscriber, campaign=make_campaign())
    make_subscription(mine.subscriber, company=make_company(), confirmed_at=None)
    other = make_subscription()
    token = leaving_token_of(mine)
    assert subscriptions_of(token).count() == 3
    unsubscribe(token=token, now=NOW)
    unsubscribe(token=token, now=LATER)
    assert list(subscriptions_of(token)) == []
    assert list(Subscription.objects.current()) == [other]
    assert set(mine.subscriber.subscriptions.values_list("ended_at", flat=True)) == {NOW}


def test_one_subscription_can_be_ended_alone() -> None:
    mine = make_subscription()
    campaign = make_subscription(mine.subscriber, campaign=make_campaign())
    unsubscribe(token=leaving_token_of(mine), now=NOW, only=mine)
    assert list(subscriptions_of(leaving_token_of(mine))) == [campaign]


def test_nobody_ends_the_subscription_of_another_address() -> None:
    mine, other = make_subscription(), make_subscription()
    with pytest.raises(InvalidToken):
        unsubscribe(token=leaving_token_of(mine), now=NOW, only=other)
    assert Subscription.objects.current().count() == 2


def test_who_left_can_come_back_by_confirming_anew() -> None:
    gone = make_subscription(email="reader@example.org", ended_at=LONG_AGO)
    back = subscribe(email="reader@example.org", language="en", now=NOW)
    assert back != gone
    assert not back.is_confirmed
    assert confirm(token=token_of(back), now=NOW).is_confirmed


def test_a_change_whose_writer_waited_is_owed_to_who_confirmed_meanwhile() -> None:
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    confirmed = confirm(token=token_of(asked), now=NOW + dt.timedelta(seconds=2))

    change = make_change(now=NOW)  # its writer read the clock first, and then waited for the log

    assert confirmed.confirmed_at is not None
    assert change.recorded_at >= confirmed.confirmed_at
    assert fan_out(change_id=change.pk, now=NOW + dt.timedelta(seconds=3)) == 1
