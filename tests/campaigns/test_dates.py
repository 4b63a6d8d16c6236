"""Imprecise dates."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.dates import Precision, first_day, lapse_day, parse_on
from campaigns.formats import format_on

DAY = dt.date(2021, 12, 10)
DAYS = st.dates(max_value=dt.date(9998, 12, 31))


@pytest.mark.parametrize(
    ("precision", "first", "lapses"),
    [
        (Precision.DAY, dt.date(2021, 12, 10), dt.date(2021, 12, 10)),
        (Precision.MONTH, dt.date(2021, 12, 1), dt.date(2022, 1, 1)),
        (Precision.YEAR, dt.date(2021, 1, 1), dt.date(2022, 1, 1)),
    ],
)
def test_a_period_begins_on_its_first_day_and_lapses_after_its_last(
    precision: Precision, first: dt.date, lapses: dt.date
) -> None:
    assert first_day(DAY, precision) == first
    assert lapse_day(DAY, precision) == lapses


@given(DAYS, st.sampled_from(Precision))
def test_every_day_of_a_period_is_in_force_from_its_first_day_until_it_lapses(
    day: dt.date, precision: Precision
) -> None:
    first, lapses = first_day(day, precision), lapse_day(day, precision)

    assert first <= day <= lapses
    assert first_day(first, precision) == first
    assert lapse_day(first, precision) == lapses


@given(DAYS, st.sampled_from(Precision))
def test_a_date_reads_back_as_precisely_as_it_was_written(
    day: dt.date, precision: Precision
) -> None:
    length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[precision]

    assert parse_on(day.isoformat()[:length]) == (first_day(day, precision), precision)


@pytest.mark.parametrize("text", ["", "20", "2021-13", "2021-02-30", "last May", "21-05-2018"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_on(text)


@pytest.mark.parametrize(
    ("precision", "shown"),
    [("day", "10 December 2021"), ("month", "December 2021"), ("year", "2021")],
)
def test_people_read_no_more_precision_than_there_is(precision: str, shown: str) -> None:
    assert format_on(DAY, precision) == shown


def test_no_date_shows_as_nothing() -> None:
    assert format_on(None) == ""
