"""Dates that the world gives imprecisely ("May 2018"): pure.

A date of precision month or year is stored as the first day of its period, and counts from that
day: "in 2018" sorts before "1 June 2018".
"""

from __future__ import annotations

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Precision(TextChoices):
    """How much of a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


def first_day(day: dt.date, precision: str) -> dt.date:
    """Return the first day of the day, month or year that holds ``day``."""
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == Precision.MONTH else day


def lapse_day(day: dt.date, precision: str) -> dt.date:
    """Return the first day on which an outcome that expires on ``day`` is no longer in force.

    "Expires on 10 June 2021" lapses that day; "expires in June 2021" on 1 July 2021; "by the end
    of 2021" on 1 January 2022.
    """
    start = first_day(day, precision)
    if precision == Precision.YEAR:
        return start.replace(year=start.year + 1)
    if precision == Precision.MONTH:
        return (start + dt.timedelta(days=32)).replace(day=1)
    return start


def parse_on(text: str) -> tuple[dt.date, Precision]:
    """Read an ISO 8601 date of reduced precision: "2018-05-22", "2018-05" or "2018".

    Raises:
        ValueError: the text is no such date.
    """
    precision = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}.get(len(text))
    if precision is None:
        raise ValueError(f"“{text}” is no date of the form 2018-05-22, 2018-05 or 2018.")
    return dt.date.fromisoformat(text + "-01-01"[: 10 - len(text)]), precision
