"""Warnings before an outcome lapses."""

from __future__ import annotations

import datetime as dt

import pytest

from alerts.cadences import Cadence
from alerts.models import Delivery, Event, State
from alerts.services import send_mail, warn_of_expiries
from campaigns.models import Target
from campaigns.services import withdraw_campaign
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_endpoint, make_subscription
from tests.alerts.threads import at_once
from tests.factories import NOW, make_campaign, make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
LAPSE = dt.datetime(2026, 6, 10, tzinfo=dt.UTC)


def days_before(count: int) -> dt.datetime:
    """Noon of a day before the lapse."""
    return LAPSE - count * DAY + dt.timedelta(hours=12)


def lapsing(
    target: Target | None = None, *, now: dt.datetime = NOW, precision: str = "day"
) -> Target:
    """A target whose outcome lapses on 10 June 2026."""
    target = target or make_target()
    outcome = make_outcome_draft(expires_on=LAPSE.date(), expires_precision=precision)
    make_change(target, Status.PAUSED, outcome=outcome, is_silent=True, now=now)
    return target


def warned() -> list[int | None]:
    return list(Event.objects.order_by("pk").values_list("days_left", flat=True))


def test_followers_are_warned_thirty_and_seven_days_before_and_never_else(
    mail_sink: MailSink,
) -> None:
    target = lapsing()
    make_subscription(email="follower@example.org", campaign=target.campaign)
    make_subscription(email="elsewhere@example.org", campaign=make_campaign())
    found = {count: warn_of_expiries(now=days_before(count)) for count in range(40, -3, -1)}
    assert {count: written for count, written in found.items() if written} == {30: 1, 7: 1}
    assert warned() == [30, 7]
    assert send_mail(now=days_before(7)) == {State.DELIVERED: 2}
    mails = mail_sink.wait_for(2)
    assert {mail.recipients for mail in mails} == {("follower@example.org",)}
    assert "10 June 2026" in mails[0].message["Subject"]


def test_twice_is_once(mail_sink: MailSink) -> None:
    lapsing()
    make_subscription()
    assert [warn_of_expiries(now=days_before(30)) for _ in range(3)] == [1, 0, 0]
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_warn_once() -> None:
    lapsing()
    make_subscription()
    assert sum(at_once(lambda: warn_of_expiries(now=days_before(30)))) == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("count", "expected"), [(29, [30]), (8, [30]), (7, [7]), (1, [7]), (0, [])]
)
def test_a_day_that_was_missed_is_made_up_for_until_the_next_warning_is_due(
    count: int, expected: list[int]
) -> None:
    lapsing()
    warn_of_expiries(now=days_before(count))
    assert warned() == expected


@pytest.mark.parametrize(
    ("recorded", "asked", "expected"),
    [(30, 30, [30]), (29, 29, []), (29, 7, [7]), (7, 7, [7]), (6, 6, []), (6, 1, [])],
)
def test_nobody_is_warned_of_what_was_recorded_later_than_the_warning(
    recorded: int, asked: int, expected: list[int]
) -> None:
    lapsing(now=days_before(recorded))
    warn_of_expiries(now=days_before(asked))
    assert warned() == expected


@pytest.mark.parametrize(
    ("precision", "last_day"), [("month", dt.date(2026, 6, 30)), ("year", dt.date(2026, 12, 31))]
)
def test_an_imprecise_expiry_counts_from_the_end_of_its_period(
    precision: str, last_day: dt.date
) -> None:
    target = make_target()
    first = last_day.replace(month=6 if precision == "month" else 1, day=1)
    outcome = make_outcome_draft(expires_on=first, expires_precision=precision)
    make_change(target, Status.PAUSED, outcome=outcome, now=NOW)
    target.refresh_from_db()
    assert target.outcome is not None
    lapses_on = target.outcome.lapses_on
    assert lapses_on is not None
    assert lapses_on >= last_day
    noon = dt.datetime.combine(lapses_on, dt.time(12), dt.UTC)
    written = [warn_of_expiries(now=noon - count * DAY) for count in (31, 30, 29, 8, 7, 6)]
    assert written == [0, 1, 0, 0, 1, 0]


def test_an_outcome_that_was_superseded_is_not_warned_of(mail_sink: MailSink) -> None:
    target = lapsing()
    make_subscription()
    warn_of_expiries(now=days_before(30))
    make_change(
        target,
        Status.PAUSED,
        dt.date(2026, 5, 1),
        outcome=make_outcome_draft(expires_on=None),
        extends=True,
        is_silent=True,
        now=days_before(30),
    )
    assert send_mail(now=days_before(29)) == {State.CANCELLED: 1}
    assert warn_of_expiries(now=days_before(7)) == 0
    assert mail_sink.mails() == []


def test_who_does_not_want_warnings_gets_none_and_digests_do_not_hold_them_up(
    mail_sink: MailSink,
) -> None:
    lapsing()
    make_subscription(email="no@example.org", warns_of_expiry=False)
    make_subscription(email="paused@example.org", to_statuses=[Status.PAUSED])
    make_subscription(email="weekly@example.org", cadence=Cadence.WEEKLY)
    warn_of_expiries(now=days_before(30))
    assert send_mail(now=days_before(30)) == {State.DELIVERED: 1}
    [mail] = mail_sink.wait_for(1)
    assert mail.recipients == ("weekly@example.org",)


def test_a_draft_is_not_warned_of_and_a_withdrawn_campaign_not_written_about(
    mail_sink: MailSink,
) -> None:
    lapsing(make_target(make_campaign(is_public=False)))
    target = lapsing()
    make_subscription()
    assert warn_of_expiries(now=days_before(30)) == 1
    withdraw_campaign(campaign=target.campaign, now=days_before(30))
    assert send_mail(now=days_before(30)) == {State.CANCELLED: 1}


def test_endpoints_that_ask_for_it_are_warned() -> None:
    target = lapsing()
    endpoint = make_endpoint(company=target.company)
    make_endpoint(event_types=f",{Event.Type.RECORDED},")
    make_endpoint(campaign=make_campaign())
    warn_of_expiries(now=days_before(30))
    assert Delivery.objects.get().endpoint == endpoint
    assert Event.objects.get().deliveries_count == 1


def test_whose_words_are_corrected_on_the_day_of_the_warning_is_not_warned_again() -> None:
    target = make_target()
    lapse = dt.date(2026, 6, 10)
    draft = make_outcome_draft(expires_on=lapse)
    wrong = make_change(target, "paused", outcome=draft, is_silent=True, now=NOW)
    make_subscription(campaign=target.campaign)
    day = dt.datetime(2026, 5, 11, 0, 5, tzinfo=dt.UTC)
    assert warn_of_expiries(now=day) == 1
    later = day + dt.timedelta(hours=10)
    other_words = make_outcome_draft(expires_on=lapse, terms="Other words")
    make_change(target, "paused", corrects=wrong, outcome=other_words, now=later)
    assert warn_of_expiries(now=later) == 0
    later_day = make_outcome_draft(expires_on=lapse + dt.timedelta(days=1))
    make_change(target, "paused", extends=True, outcome=later_day, now=later)
    assert warn_of_expiries(now=day + dt.timedelta(days=1)) == 1
