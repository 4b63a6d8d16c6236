"""When a source is polled next."""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sources.scheduling import next_poll_at
from tests.factories import NOW

HOUR = dt.timedelta(hours=1)


def wait(failures_count: int, jitter: float = 0.5, interval: dt.timedelta = HOUR) -> dt.timedelta:
    moment = next_poll_at(now=NOW, interval=interval, failures_count=failures_count, jitter=jitter)
    return moment - NOW


def test_after_a_success_the_interval_passes() -> None:
    assert wait(0) == HOUR


def test_jitter_spreads_by_a_tenth_to_either_side() -> None:
    assert wait(0, jitter=0) == dt.timedelta(minutes=54)
    assert wait(0, jitter=1) == dt.timedelta(minutes=66)


def test_failures_are_retried_soon_and_then_ever_later() -> None:
    assert [wait(count) // dt.timedelta(minutes=1) for count in range(1, 7)] == [
        5, 10, 20, 40, 80, 160,
    ]  # fmt: skip


def test_a_source_that_is_polled_often_is_not_retried_later_than_it_is_polled() -> None:
    assert wait(1, interval=dt.timedelta(minutes=2)) == dt.timedelta(minutes=2)


@given(st.integers(0, 10**6), st.floats(0, 1), st.integers(1, 60 * 24 * 30))
def test_the_wait_is_positive_and_never_longer_than_a_day_or_the_interval(
    failures_count: int, jitter: float, minutes: int
) -> None:
    interval = dt.timedelta(minutes=minutes)
    longest = max(interval, dt.timedelta(days=1)) * 1.1
    assert dt.timedelta() < wait(failures_count, jitter, interval) <= longest


def after_success(
    hint: dt.timedelta = dt.timedelta(0), now: dt.datetime = NOW, **options: Any
) -> dt.timedelta:
    moment = next_poll_at(
        now=now, interval=HOUR, failures_count=0, jitter=0.5, hint=hint, **options
    )
    return moment - now


def test_a_hint_puts_the_next_poll_off_by_two_intervals_at_most() -> None:
    hints = [HOUR / 2, HOUR * 1.5, HOUR * 2, HOUR * 1000]
    assert [after_success(hint) / HOUR for hint in hints] == [1, 1.5, 2, 2]


def test_a_hint_does_not_hold_for_a_failure() -> None:
    moment = next_poll_at(now=NOW, interval=HOUR, failures_count=1, jitter=0.5, hint=2 * HOUR)
    assert moment - NOW == dt.timedelta(minutes=5)


@given(
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=2)),
    st.integers(0, 30),
    st.floats(0, 1),
    st.booleans(),
)
def test_a_pause_that_was_asked_for_is_never_cut_short(
    asked_pause: dt.timedelta, failures_count: int, jitter: float, is_permanent: bool
) -> None:
    moment = next_poll_at(
        now=NOW,
        interval=HOUR,
        failures_count=failures_count,
        jitter=jitter,
        is_permanent=is_permanent and failures_count > 0,
        asked_pause=asked_pause,
    )
    assert moment >= NOW + asked_pause


@given(st.integers(0, 30), st.floats(0, 1), st.integers(1, 10_000))
def test_jitter_moves_a_wait_by_a_tenth_at_most(
    failures_count: int, jitter: float, minutes: int
) -> None:
    interval = dt.timedelta(minutes=minutes)
    middle = wait(failures_count, 0.5, interval)
    slack = dt.timedelta(microseconds=1)
    assert abs(wait(failures_count, jitter, interval) - middle) <= middle / 10 + slack


def test_failures_that_will_hardly_pass_are_retried_daily() -> None:
    moment = next_poll_at(now=NOW, interval=HOUR, failures_count=2, jitter=0.5, is_permanent=True)
    assert moment - NOW == dt.timedelta(days=1)


@given(
    st.sets(st.integers(0, 23), max_size=23),
    st.sets(st.integers(0, 6), max_size=6),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=14)),
)
def test_what_is_to_be_skipped_is_skipped_and_nothing_more(
    hours: set[int], days: set[int], later: dt.timedelta
) -> None:
    def is_skipped(moment: dt.datetime) -> bool:
        return moment.hour in hours or moment.weekday() in days

    now = NOW + later
    moment = now + after_success(now=now, skip_hours=hours, skip_days=days)
    assert not is_skipped(moment)
    assert moment >= now + HOUR
    between = now + HOUR
    while between < moment - HOUR:
        assert is_skipped(between)
        between += HOUR


def test_a_failure_is_retried_in_hours_that_are_to_be_skipped() -> None:
    moment = next_poll_at(
        now=NOW, interval=HOUR, failures_count=1, jitter=0.5, skip_hours={NOW.hour}
    )
    assert moment - NOW == dt.timedelta(minutes=5)
