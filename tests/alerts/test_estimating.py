"""How many mails a subscription would have brought."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from alerts.cadences import Cadence
from alerts.models import Subscription
from alerts.services import Estimate, compose_digests, estimate_mails, fan_out, warn_of_expiries
from alerts.services.estimating import ESTIMATED_PERIOD
from alerts.services.subscribing import EVERYTHING, Wish
from campaigns.models import Target
from campaigns.services import publish_campaign, withdraw_campaign
from campaigns.statuses import Status
from companies.models import Company
from tests.alerts.factories import make_subscriber, make_subscription
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_company,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
PUBLISHED = NOW - dt.timedelta(days=1000)


def seen_target(company: Company | None = None) -> Target:
    """A target of a campaign that was public before anything in these tests was recorded."""
    return make_target(make_campaign(published_at=PUBLISHED), company)


def estimate(wish: Wish = EVERYTHING, time_zone: str = "UTC") -> Estimate:
    return estimate_mails(subscription=wish.as_subscription(), time_zone=time_zone, now=NOW)


def counts(found: Estimate) -> tuple[int, int, int]:
    return found.at_once_count, found.daily_count, found.weekly_count


def at(days: float, hour: int) -> dt.datetime:
    """An hour of a day before the present."""
    return (NOW - days * DAY).replace(hour=hour)


def test_an_empty_record_would_have_brought_nothing() -> None:
    assert estimate() == Estimate(0, 0, 0, 0)


def test_changes_of_the_last_twelve_months_count_once_by_change_day_and_week() -> None:
    target = seen_target()
    make_change(target, Status.CALLED_ON, now=NOW - ESTIMATED_PERIOD)  # a moment too early
    make_change(target, Status.REFUSED, now=at(50, 9))
    make_change(target, Status.PAUSED, now=at(50, 10))
    make_change(target, Status.REVERSED, now=at(49, 9))
    make_change(target, Status.MET, now=at(20, 9))
    found = estimate()
    assert counts(found) == (4, 3, 2)
    assert [found.mails_count(cadence) for cadence in Cadence] == [4, 3, 2]


def test_a_day_begins_at_eight_where_the_subscriber_lives() -> None:
    target = seen_target()
    make_change(target, Status.REFUSED, now=at(50, 7))
    make_change(target, Status.PAUSED, now=at(50, 9))
    assert estimate().daily_count == 2
    assert estimate(time_zone="Europe/Berlin").daily_count == 1
    assert estimate(time_zone="Asia/Kathmandu").daily_count == 1


def test_what_was_silent_or_not_public_counts_for_nothing() -> None:
    make_change(seen_target(), now=at(3, 9), is_silent=True)
    make_change(make_target(make_campaign(is_public=False)), now=at(3, 9))
    draft = make_campaign(is_public=False)
    make_change(make_target(draft), now=at(3, 9))
    publish_campaign(campaign=draft, now=NOW - DAY)
    gone = seen_target()
    make_change(gone, now=at(3, 9))
    withdraw_campaign(campaign=gone.campaign, now=NOW)
    assert counts(estimate()) == (0, 0, 0)


def test_only_what_is_wanted_counts() -> None:
    amazon = make_company("Amazon")
    ring = make_company("Ring", parent=amazon)
    for company in (amazon, ring, None):
        make_change(seen_target(company), now=at(3, 9))
    assert estimate(Wish(company=amazon)).at_once_count == 2
    assert estimate(Wish(company=amazon, includes_subsidiaries=False)).at_once_count == 1
    assert estimate(Wish(company=amazon, to_statuses=["met"])).at_once_count == 0


def test_a_burst_counts_as_one_digest_beyond_the_cap(settings: Settings) -> None:
    settings.ALERTS_PER_HOUR = 2
    for _ in range(5):
        make_change(seen_target(), now=at(3, 9))
    assert estimate().at_once_count == 3


def test_a_correction_counts_for_who_was_told_the_wrong_version() -> None:
    target = seen_target()
    long_ago = make_change(target, Status.REFUSED, now=NOW - 2 * ESTIMATED_PERIOD)
    make_change(target, Status.MET, corrects=long_ago, now=at(60, 9))
    wrong = make_change(seen_target(), Status.MET, now=at(50, 9))
    make_change(wrong.target, None, corrects=wrong, now=at(40, 9))
    quiet = make_change(seen_target(), Status.PAUSED, now=at(50, 9), is_silent=True)
    make_change(quiet.target, None, corrects=quiet, now=at(40, 9))
    assert estimate(Wish(to_statuses=["met"])).at_once_count == 3  # newly, told, retracted
    assert estimate(Wish(to_statuses=["paused"])).at_once_count == 0
    assert estimate(Wish(to_statuses=["refused"])).at_once_count == 0
    assert estimate().at_once_count == 2


def test_warnings_that_were_given_count_for_who_wants_them() -> None:
    target = seen_target()
    expires_on = (NOW + 20 * DAY).date()
    outcome = make_outcome_draft(expires_on=expires_on)
    make_change(target, Status.PAUSED, now=NOW - 300 * DAY, outcome=outcome)
    warn_of_expiries(now=NOW - 10 * DAY)
    assert estimate().warnings_count == 1
    assert estimate(Wish(campaign=target.campaign)).warnings_count == 1
    assert estimate(Wish(campaign=make_campaign())).warnings_count == 0
    assert estimate(Wish(warns_of_expiry=False)).warnings_count == 0
    assert estimate(Wish(to_statuses=["expired"])).warnings_count == 0


def test_the_estimate_is_what_would_have_been_sent() -> None:
    """The same history, once estimated and once lived through."""
    zone, target = "America/New_York", seen_target()
    reader = make_subscriber(time_zone=zone, created_at=PUBLISHED)
    make_subscription(reader, cadence=Cadence.DAILY, confirmed_at=NOW - ESTIMATED_PERIOD)
    steps = [(60, 3), (60, 12), (60, 13), (58, 11), (30, 23), (29, 5)]
    statuses = [Status.REFUSED, Status.PAUSED] * 3
    for (days, hour), status in zip(steps, statuses, strict=True):
        change = make_change(target, status, now=at(days, hour))
        compose_digests(now=at(days, hour))
        fan_out(change_id=change.pk, now=at(days, hour))
    compose_digests(now=NOW)
    assert estimate(time_zone=zone).daily_count == reader.digests.count() == 4


def test_the_number_of_queries_does_not_grow_with_the_log(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    company = make_company()
    for days in range(20, 0, -1):
        make_change(seen_target(company), now=at(days, 9))
    wished: Subscription = Wish(company=company).as_subscription()
    with django_assert_max_num_queries(4):
        found = estimate_mails(subscription=wished, time_zone="UTC", now=NOW)
    assert found.daily_count == 20
