"""When a message that did not go out is tried again."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from alerts.retries import (
    LEASE,
    MAX_ATTEMPTS,
    PERIOD,
    hold_after,
    pause_after,
    webhook_pause_after,
)

chances = st.floats(0, 1)


def pauses(chance: float) -> list[dt.timedelta]:
    found = [pause_after(count, chance) for count in range(1, MAX_ATTEMPTS)]
    return [pause for pause in found if pause is not None]


@given(st.lists(chances, min_size=MAX_ATTEMPTS, max_size=MAX_ATTEMPTS))
def test_all_tries_fall_within_a_day_and_use_most_of_it(luck: list[float]) -> None:
    found = [pause_after(count, chance) for count, chance in enumerate(luck, start=1)]
    assert found[-1] is None
    total = sum((pause for pause in found if pause), dt.timedelta())
    assert dt.timedelta(hours=18) < total < PERIOD


def test_pauses_grow_from_a_minute_to_hours() -> None:
    steady = pauses(0.5)
    assert len(steady) == MAX_ATTEMPTS - 1
    assert steady[0] == dt.timedelta(minutes=1)
    assert steady[:9] == [dt.timedelta(minutes=2**power) for power in range(9)]
    assert steady == sorted(steady)


@given(chances, chances)
def test_chance_moves_a_pause_by_a_tenth_at_most(one: float, other: float) -> None:
    for lucky, unlucky, steady in zip(pauses(one), pauses(other), pauses(0.5), strict=True):
        assert abs(lucky - unlucky) <= steady * 0.2 + dt.timedelta(microseconds=2)
    assert pauses(0) < pauses(1)


def test_no_try_is_made_after_the_last_one() -> None:
    assert pause_after(MAX_ATTEMPTS, 0.5) is None
    assert pause_after(MAX_ATTEMPTS + 5, 0.5) is None


def test_a_lease_is_over_well_within_the_period() -> None:
    assert LEASE * MAX_ATTEMPTS < PERIOD


def test_a_message_to_an_endpoint_is_tried_for_about_three_days() -> None:
    for chance in (0.0, 0.5, 1.0):
        found = [webhook_pause_after(count, chance) for count in range(1, 10)]
        total = sum((pause for pause in found if pause), dt.timedelta(0))
        assert dt.timedelta(days=2.6) < total < dt.timedelta(days=3.4)
        assert webhook_pause_after(10, chance) is None


@given(failures=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_an_endpoint_is_left_alone_for_a_minute_up_to_an_hour(failures: int, chance: float) -> None:
    hold = hold_after(failures, chance)
    assert dt.timedelta(seconds=54) <= hold <= dt.timedelta(minutes=66)
    assert hold <= hold_after(failures, 1.0)
