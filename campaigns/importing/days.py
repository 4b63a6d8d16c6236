"""Months as spreadsheets show them: Excel makes "Jun-20" of "2020-06", and saves that. Pure."""

from __future__ import annotations

import datetime as dt
import re

from campaigns.dates import Precision
from campaigns.typed_dates import MONTHS

FIRST_OF_CENTURY = 30
"""Two digits from here on are a year of the last century, as in Excel."""

_MONTH = re.compile(r"([A-Za-z]{3})-(\d\d|\d{4})", re.ASCII)


def parse_sheet_month(text: str) -> tuple[dt.date, Precision] | None:
    """Return the month of "Jun-20" or "Jun-2020" by its first day; ``None`` if it is no such text.

    "Jun-20" is June 2020: a spreadsheet shows the 20th of June as "20-Jun".
    """
    found = _MONTH.fullmatch(text)
    months = [month[:3] for month in MONTHS]
    if found is None or found[1].lower() not in months:
        return None
    year = int(found[2])
    if len(found[2]) == 2:
        year += 1900 if year >= FIRST_OF_CENTURY else 2000
    if year < dt.MINYEAR:
        return None
    return dt.date(year, months.index(found[1].lower()) + 1, 1), Precision.MONTH
