"""Dates are written alike everywhere: in lists and forms of the admin, on pages, in mails."""

import datetime as dt

import pytest
from django.utils.formats import date_format

MOMENT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DATE_FORMAT", "1 March 2026"),
        ("DATETIME_FORMAT", "1 March 2026, 12:00"),
        ("MONTH_DAY_FORMAT", "1 March"),
        ("TIME_FORMAT", "12:00"),
        ("SHORT_DATE_FORMAT", "1 Mar 2026"),
        ("SHORT_DATETIME_FORMAT", "1 Mar 2026, 12:00"),
    ],
)
def test_the_day_comes_before_the_month_in_words(name: str, expected: str) -> None:
    assert date_format(MOMENT, name) == expected
