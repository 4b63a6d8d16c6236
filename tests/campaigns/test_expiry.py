"""What was promised for a time lapses by itself, once."""

import datetime as dt

import pytest

from campaigns.models import StatusChange
from campaigns.services import expire_outcomes
from campaigns.statuses import Status
from tests.factories import make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

PAUSED_ON = dt.date(2020, 6, 10)
LAPSES_ON = dt.datetime(2021, 6, 10, 0, 5, tzinfo=dt.UTC)


def test_an_outcome_lapses_on_its_expiry_day_and_not_before() -> None:
    target = make_target()
    make_change(target, Status.PAUSED, PAUSED_ON, PAUSED_AT, outcome=make_outcome_draft())

    assert expire_outcomes(now=LAPSES_ON - dt.timedelta(days=1)) == []
    [change] = expire_outcomes(now=LAPSES_ON)

    target.refresh_from_db()
    assert (target.status, target.expires_on) == (Status.EXPIRED, None)
    assert change.effective_on == dt.date(2021, 6, 10)
    assert "10 June 2021" in change.summary


PAUSED_AT = dt.datetime(2020, 6, 10, 18, 0, tzinfo=dt.UTC)


def test_running_it_again_records_nothing_twice() -> None:
    target = make_target()
    make_change(target, Status.PAUSED, PAUSED_ON, PAUSED_AT, outcome=make_outcome_draft())

    expire_outcomes(now=LAPSES_ON)

    assert expire_outcomes(now=LAPSES_ON + dt.timedelta(days=1)) == []
    assert target.status_changes.count() == 2


def test_an_outcome_that_was_extended_does_not_lapse() -> None:
    target = make_target()
    make_change(target, Status.PAUSED, PAUSED_ON, PAUSED_AT, outcome=make_outcome_draft())
    make_change(
        target,
        Status.PAUSED,
        dt.date(2021, 5, 18),
        PAUSED_AT + dt.timedelta(days=350),
        outcome=make_outcome_draft(expires_on=None),
        extends=True,
    )

    assert expire_outcomes(now=LAPSES_ON) == []


@pytest.mark.parametrize(
    ("precision", "last_day_in_force"),
    [("month", dt.date(2021, 6, 30)), ("year", dt.date(2021, 12, 31))],
)
def test_an_imprecise_expiry_lapses_after_its_period(
    precision: str, last_day_in_force: dt.date
) -> None:
    draft = make_outcome_draft(expires_precision=precision)
    make_change(make_target(), Status.PAUSED, PAUSED_ON, PAUSED_AT, outcome=draft)
    still = dt.datetime.combine(last_day_in_force, dt.time(23, 59), dt.UTC)

    assert expire_outcomes(now=still) == []
    [change] = expire_outcomes(now=still + dt.timedelta(minutes=1))

    assert change.effective_on == last_day_in_force + dt.timedelta(days=1)


def test_an_outcome_lapses_although_a_suit_came_in_between() -> None:
    target = make_target()
    make_change(target, Status.PAUSED, PAUSED_ON, PAUSED_AT, outcome=make_outcome_draft())
    make_change(target, Status.IN_COURT, dt.date(2020, 12, 1), PAUSED_AT + dt.timedelta(days=200))
    target.refresh_from_db()
    assert target.expires_on == dt.date(2021, 6, 10)

    [change] = expire_outcomes(now=LAPSES_ON)

    assert (change.from_status, change.to_status) == (Status.IN_COURT, Status.EXPIRED)


def test_one_odd_history_does_not_keep_the_others_from_lapsing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd, even = make_target(), make_target()
    for target in (odd, even):
        make_change(target, Status.PAUSED, PAUSED_ON, PAUSED_AT, outcome=make_outcome_draft())
    last = odd.status_changes.get()
    # A refusal that carries an outcome: today's rules write no such row.
    StatusChange.objects.create(
        sequence=99,
        target=odd,
        kind=StatusChange.Kind.CHANGE,
        from_status=Status.PAUSED,
        to_status=Status.REFUSED,
        effective_on=dt.date(2020, 7, 1),
        recorded_at=PAUSED_AT,
        outcome=last.outcome,
    )

    [change] = expire_outcomes(now=LAPSES_ON + dt.timedelta(days=4))

    assert change.target == even
    assert f"target {odd.pk}" in caplog.text
