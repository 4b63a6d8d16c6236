"""Dates as people type them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.dates import Precision, first_day
from campaigns.typed_dates import in_words, parse_typed

THURSDAY = dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("10 June 2020", "2020-06-10", "day"),
        ("10th of June, 2020", "2020-06-10", "day"),
        ("June 10, 2020", "2020-06-10", "day"),
        ("sept. 3 2020", "2020-09-03", "day"),
        ("10.6.2020", "2020-06-10", "day"),
        ("6.7.2020", "2020-07-06", "day"),
        ("2020-06-10", "2020-06-10", "day"),
        ("25/12/2020", "2020-12-25", "day"),
        ("12/25/2020", "2020-12-25", "day"),
        ("6/6/2020", "2020-06-06", "day"),
        ("06/2020", "2020-06-01", "month"),
        (" june  2020 ", "2020-06-01", "month"),
        ("2020-06", "2020-06-01", "month"),
        ("2020", "2020-01-01", "year"),
        ("today", "2026-11-26", "day"),
        ("Yesterday", "2026-11-25", "day"),
        ("tomorrow", "2026-11-27", "day"),
        ("in 1 day", "2026-11-27", "day"),
        ("in 2 weeks", "2026-12-10", "day"),
        ("last Wednesday", "2026-11-25", "day"),
        ("last thu", "2026-11-19", "day"),
        ("last Friday", "2026-11-20", "day"),
    ],
)
def test_a_typed_date_gives_its_day_and_what_is_known_of_it(
    text: str, day: str, precision: str
) -> None:
    assert parse_typed(text, today=THURSDAY) == (dt.date.fromisoformat(day), precision)


def test_a_day_with_two_readings_is_refused_and_both_are_named() -> None:
    with pytest.raises(ValueError, match="7 June 2020 or 6 July 2020"):
        parse_typed("07/06/2020", today=THURSDAY)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "30 February 2020",
        "2020-13",
        "13/13/2020",
        "0000",
        "ju 2020",
        "Wednesday",
        "٣.٤.2020",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no valid date|There is no day"):
        parse_typed(text, today=THURSDAY)


@given(st.dates(), st.sampled_from(Precision))
def test_what_is_shown_in_words_reads_back_as_the_same_date(
    day: dt.date, precision: Precision
) -> None:
    known = first_day(day, precision)

    assert parse_typed(in_words(known, precision), today=THURSDAY) == (known, precision)
