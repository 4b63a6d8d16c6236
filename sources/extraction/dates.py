"""Days as the metadata of pages and feeds spell them: pure."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate

_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_SPELLED = ("%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y", "%b. %d, %Y")
_YEARS = range(1990, 2101)


def parse_day(text: str) -> dt.date | None:
    """Return the day of an ISO 8601, RFC 5322 or plainly spelled English date, as written there.

    ``None`` for what is not a complete date, or lies outside the age of the web.
    """
    text = text.strip()[:60]
    day = _iso_day(text) or _mail_day(text) or _spelled_day(text)
    return day if day and day.year in _YEARS else None


def _iso_day(text: str) -> dt.date | None:
    match = _ISO.match(text)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _mail_day(text: str) -> dt.date | None:
    try:
        parts = parsedate(text)
        return dt.date(*parts[:3]) if parts else None
    except (ValueError, IndexError, OverflowError):
        return None


def _spelled_day(text: str) -> dt.date | None:
    for spelling in _SPELLED:
        try:
            return dt.datetime.strptime(text, spelling).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None
