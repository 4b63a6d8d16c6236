"""When a source is polled next."""

import datetime as dt

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
