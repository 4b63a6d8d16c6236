"""Dates as people type them ("10 June 2020", "06/2020", "last Wednesday"): pure.

English month and weekday names are understood, whole or by their first three letters or more.
"""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _

from campaigns.dates import Precision

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Typed = tuple[dt.date, Precision]


def parse_typed(text: str, *, today: dt.date) -> Typed:
    """Return the day that ``text`` names and how much of it is known.

    A month or a year gives its first day. Numbers with points are day first ("10.6.2020"). Numbers
    with slashes are read only if a single order makes sense.

    Raises:
        ValueError: it is no date, or can be read as two days; the message says which.
    """
    plain = " ".join(text.lower().replace(",", " ").split())
    found = _relative(plain, today) or _iso(plain) or _numbers(plain) or _words(plain)
    if found is None:
        raise ValueError(_("“%(text)s” is no valid date.") % {"text": text})
    return found


def in_words(day: dt.date, precision: str) -> str:
    """Return the date in words that ``parse_typed`` reads: "10 June 2020", "June 2020", "2020"."""
    year = f"{day.year:04}"
    if precision == Precision.YEAR:
        return year
    month = f"{MONTHS[day.month - 1].capitalize()} {year}"
    return month if precision == Precision.MONTH else f"{day.day} {month}"


def _relative(plain: str, today: dt.date) -> Typed | None:
    """Read "today", "tomorrow", "in 2 weeks", and "last Wednesday", which is never today."""
    if plain in NEAR:
        return today + dt.timedelta(days=NEAR[plain]), Precision.DAY
    if ahead := re.fullmatch(r"in (\d\d?) (day|week)s?", plain, re.ASCII):
        return today + dt.timedelta(**{f"{ahead[2]}s": int(ahead[1])}), Precision.DAY
    weekday = plain.removeprefix("last ")
    index = _place(weekday, WEEKDAYS) if weekday != plain else None
    if index is None:
        return None
    return today - dt.timedelta(days=(today.weekday() - index - 1) % 7 + 1), Precision.DAY


def _iso(plain: str) -> Typed | None:
    """Read "2020-06-10", "2020-06" and "2020"."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", plain, re.ASCII)
    if not match:
        return None
    known = Precision.DAY if match[3] else Precision.MONTH if match[2] else Precision.YEAR
    return _date(match[1], int(match[2] or 1), int(match[3] or 1)), known


def _numbers(plain: str) -> Typed | None:
    """Read "10.6.2020", "06/2020", and days with slashes that have one reading."""
    if match := re.fullmatch(r"(\d\d?)[./](\d{4})", plain, re.ASCII):
        return _date(match[2], int(match[1])), Precision.MONTH
    match = re.fullmatch(r"(\d\d?)([./])(\d\d?)\2(\d{4})", plain, re.ASCII)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), match[4]
    if match[2] == "/" and first != second and first <= 12 and second <= 12:
        readings = [_date(year, second, first), _date(year, first, second)]
        one, other = (in_words(day, Precision.DAY) for day in readings)
        raise ValueError(
            _("“%(text)s” can be %(one)s or %(other)s: write the month as a word.")
            % {"text": plain, "one": one, "other": other}
        )
    if match[2] == "/" and second > 12:
        first, second = second, first
    return _date(year, second, first), Precision.DAY


def _words(plain: str) -> Typed | None:
    """Read "10 June 2020", "10th of June 2020", "June 10 2020" and "June 2020"."""
    day = r"(?P<day>\d\d?)(?:st|nd|rd|th)?"
    month, year = r"(?P<month>[a-z]+)\.?", r"(?P<year>\d{4})"
    for form in (f"{day} (?:of )?{month} {year}", f"{month} {day} {year}", f"{month} {year}"):
        match = re.fullmatch(form, plain, re.ASCII)
        index = _place(match["month"], MONTHS) if match else None
        if match and index is not None:
            known = match.groupdict().get("day")
            found = _date(match["year"], index + 1, int(known or 1))
            return found, Precision.DAY if known else Precision.MONTH
    return None


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of the name that begins with ``word``, of three letters or more."""
    if len(word) < 3:
        return None
    return next((index for index, name in enumerate(names) if name.startswith(word)), None)


def _date(year: str, month: int, day: int = 1) -> dt.date:
    """Return the day.

    Raises:
        ValueError: the calendar has no such day.
    """
    try:
        return dt.date(int(year), month, day)
    except ValueError as error:
        raise ValueError(
            _("There is no day %(day)d in month %(month)d of %(year)s.")
            % {"day": day, "month": month, "year": year}
        ) from error
