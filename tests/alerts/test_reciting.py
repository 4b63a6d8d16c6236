"""Everything that was ever sent to an address and why, shown and exported."""

from __future__ import annotations

import json

import pytest
from pytest_django import DjangoAssertNumQueries

from alerts.cadences import Cadence
from alerts.errors import InvalidToken
from alerts.models import State, Subscriber
from alerts.services import (
    Told,
    compose_digests,
    export_subscriber,
    fan_out,
    owed_to,
    recite,
    send_mail,
    warn_of_expiries,
)
from alerts.tokens import manage_token, unsubscribe_token
from campaigns.models import StatusChange
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import LONG_AGO, make_subscriber, make_subscription
from tests.alerts.test_estimating import DAY, seen_target
from tests.factories import NOW, make_change, make_outcome_draft

pytestmark = pytest.mark.django_db


def told_to(subscriber: Subscriber) -> list[Told]:
    return recite(subscriber=subscriber, deliveries=list(owed_to(subscriber)))


def fanned_out(change: StatusChange) -> StatusChange:
    fan_out(change_id=change.pk, now=change.recorded_at)
    return change


def test_what_was_sent_is_told_with_its_reasons_the_latest_first(mail_sink: MailSink) -> None:
    target = seen_target()
    everything = make_subscription()
    subscriber = everything.subscriber
    one = make_subscription(subscriber, campaign=target.campaign, to_statuses=["paused"])
    make_subscription(subscriber, company=target.company, confirmed_at=None)
    first = fanned_out(make_change(target, Status.REFUSED))
    send_mail(now=NOW)
    second = fanned_out(make_change(target, Status.PAUSED))
    told = told_to(subscriber)
    assert [item.event.status_change for item in told] == [second, first]
    assert [item.is_sent for item in told] == [False, True]
    assert [item.reasons for item in told] == [
        [everything.followed, one.followed],
        [everything.followed],
    ]
    assert told[0].moment == NOW


def test_reasons_are_those_of_then() -> None:
    target = seen_target()
    then = make_subscription()
    subscriber = then.subscriber
    fanned_out(make_change(target, Status.REFUSED))
    make_subscription(subscriber, campaign=target.campaign, ended_at=NOW - DAY)
    make_subscription(subscriber, company=target.company, confirmed_at=NOW + DAY)
    subscriber.subscriptions.filter(pk=then.pk).update(ended_at=NOW + DAY)
    [item] = told_to(subscriber)
    assert item.reasons == [then.followed]


def test_a_warning_has_reasons() -> None:
    target = seen_target()
    everything = make_subscription()
    make_subscription(everything.subscriber, company=target.company, warns_of_expiry=False)
    make_subscription(everything.subscriber, to_statuses=["paused"])
    outcome = make_outcome_draft(expires_on=(NOW + 5 * DAY).date())
    fanned_out(make_change(target, Status.PAUSED, now=NOW - 20 * DAY, outcome=outcome))
    warn_of_expiries(now=NOW)
    [warning, change] = told_to(everything.subscriber)
    assert warning.event.outcome is not None
    assert warning.reasons == [everything.followed]
    assert len(change.reasons) == 3


def test_a_correction_has_the_reasons_of_what_it_corrects() -> None:
    subscription = make_subscription(to_statuses=["paused"])
    wrong = fanned_out(make_change(seen_target(), Status.PAUSED))
    right = fanned_out(make_change(wrong.target, Status.REFUSED, corrects=wrong))
    told = told_to(subscription.subscriber)
    assert [item.event.status_change for item in told] == [right, wrong]
    assert [item.reasons for item in told] == [[subscription.followed]] * 2


def test_the_number_of_queries_does_not_grow_with_what_was_sent(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    subscription = make_subscription()
    for _ in range(2):
        fanned_out(make_change(seen_target()))
    with django_assert_num_queries(7):
        told_to(subscription.subscriber)
    for _ in range(5):
        fanned_out(make_change(seen_target()))
    with django_assert_num_queries(7):
        assert len(told_to(subscription.subscriber)) == 7


def test_an_export_holds_all_that_is_kept(mail_sink: MailSink) -> None:
    subscriber = make_subscriber("ada@example.org", time_zone="Europe/Berlin")
    daily = make_subscription(subscriber, cadence=Cadence.DAILY)
    make_subscription(subscriber, campaign=seen_target().campaign, ended_at=NOW)
    change = fanned_out(make_change(seen_target()))
    compose_digests(now=NOW + DAY)
    send_mail(now=NOW + DAY)
    make_subscription()
    facts = json.loads(
        json.dumps(export_subscriber(token=manage_token(subscriber_id=subscriber.pk), now=NOW))
    )
    assert (facts["email"], facts["time_zone"]) == ("ada@example.org", "Europe/Berlin")
    assert facts["exported_at"] == "2026-03-01T12:00:00Z"
    assert facts["subscriptions"][0]["follows"] == daily.followed
    assert [bool(one["ended_at"]) for one in facts["subscriptions"]] == [False, True]
    assert [one["cadence"] for one in facts["subscriptions"]] == ["daily", "at_once"]
    [delivery], [digest] = facts["deliveries"], facts["digests"]
    assert delivery["link"].endswith(change.get_absolute_url())
    assert (delivery["state"], digest["state"]) == (State.DELIVERED, State.DELIVERED)
    assert delivery["digest"] == digest["id"]
    assert [attempt["result"] for attempt in digest["attempts"]] == ["delivered"]


def test_an_export_reads_no_more_often_for_more_rows(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    subscriber = make_subscription().subscriber
    token = manage_token(subscriber_id=subscriber.pk)
    for number in range(1, 4):
        fanned_out(make_change(seen_target()))
        with django_assert_num_queries(5):
            facts = export_subscriber(token=token, now=NOW)
        assert len(facts["deliveries"]) == number


def test_a_link_that_unsubscribes_exports_nothing() -> None:
    subscriber = make_subscriber(created_at=LONG_AGO)
    with pytest.raises(InvalidToken):
        export_subscriber(token=unsubscribe_token(subscriber_id=subscriber.pk), now=NOW)
