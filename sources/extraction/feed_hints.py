"""How often a feed asks to be read: pure.

RSS 2.0's ``ttl``, ``skipHours`` and ``skipDays``, RSS 1.0's syndication module, JSON Feed's
``expired``. They are hints of a stranger: none can keep us away for ever.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_TTL = dt.timedelta(days=7)

_PERIODS = {
    "hourly": dt.timedelta(hours=1),
    "daily": dt.timedelta(days=1),
    "weekly": dt.timedelta(days=7),
    "monthly": dt.timedelta(days=30),
    "yearly": dt.timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = re.compile(r"\s*\+?(\d{1,9})(?:\.\d+)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class FeedHints:
    """When a feed is worth reading, in its own words.

    Attributes:
        ttl: how long it may be taken as current, over zero and at most :data:`MAX_TTL`; ``None``
            if it does not say.
        skip_hours: hours of the day in UTC, 0 to 23, in which it does not change; never all.
        skip_days: days of the week in UTC, Monday being 0, likewise.
        is_expired: whether it says that it will never change again.
    """

    ttl: dt.timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    is_expired: bool = False


def read_hints(
    *,
    ttl: str = "",
    period: str = "",
    frequency: str = "",
    hours: Iterable[str] = (),
    days: Iterable[str] = (),
) -> FeedHints:
    """Return the hints; what makes no sense is as good as not said.

    Args:
        ttl: a number of minutes.
        period: hourly, daily, weekly, monthly or yearly.
        frequency: how many times in the period, once if it does not say.
        hours: 0 to 23; 24 is midnight to some.
        days: English names.
    """
    stated = _number(ttl)
    interval = dt.timedelta(minutes=min(stated, 10_000_000)) if stated > 0 else None
    if interval is None and (length := _PERIODS.get(period.strip().lower())):
        interval = length / max(_number(frequency), 1)
    skip_hours = frozenset(hour % 24 for hour in map(_number, hours) if hour in range(25))
    names = {name.strip().lower() for name in days}
    skip_days = frozenset(day for day, name in enumerate(_DAYS) if name in names)
    return FeedHints(
        ttl=min(interval, MAX_TTL) if interval else None,
        skip_hours=skip_hours if len(skip_hours) < 24 else frozenset(),
        skip_days=skip_days if len(skip_days) < 7 else frozenset(),
    )


def _number(text: str) -> int:
    """Return a count, -1 if it is none."""
    found = _NUMBER.fullmatch(text)
    return int(found.group(1)) if found else -1
