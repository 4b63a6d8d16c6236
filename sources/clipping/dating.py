"""The date line of a text that was pasted: the day on which it says it was published."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence

from sources.clipping.lines import Line
from sources.clipping.model import Day

_MONTHS = {
    name.lower(): number
    for number in range(1, 13)
    for name in (calendar.month_name[number], calendar.month_abbr[number])
} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)[0-9]{2}"
_DATE = re.compile(
    rf"\b(?:(?P<iso>{_YEAR}-[0-9]{{2}}-[0-9]{{2}})"
    rf"|(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m1>{_MONTH})\b\.?,? (?P<y1>{_YEAR})"
    rf"|(?P<m2>{_MONTH})\b\.? (?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>{_YEAR})"
    rf"|(?P<m3>{_MONTH})\b\.?,? (?P<y3>{_YEAR}))\b"
)
_FIRST_LINES = 12
_SHORT = 90
"""A date line is short; a sentence with a date speaks of another day as often as of its own."""
_DATED = re.compile(r"\b(?:published|posted|updated|dated|date|press release|for immediate)\b")


def is_date(text: str) -> bool:
    """Tell whether a line is little more than a date, with or without a place."""
    found = _DATE.search(text.lower())
    return found is not None and 2 * len(found.group()) >= len(text.strip())


def find_date(lines: Sequence[Line]) -> Day | None:
    """Return the date line near the beginning of a text; ``None`` if it has none."""
    for line in lines[:_FIRST_LINES]:
        found = _DATE.search(line.low)
        if found is None or (line.is_title and not is_date(line.text)):
            continue
        is_date_line = len(line.text) <= _SHORT or found.start() < len(line.text) // 4
        is_stated = is_date_line or _DATED.search(line.low)
        if is_stated and (read := _read(found)) is not None:
            return Day(*read, line.passage(*found.span()))
    return None


def _read(found: re.Match[str]) -> tuple[dt.date, str] | None:
    parts = found.groupdict()
    try:
        if parts["iso"]:
            return dt.date.fromisoformat(parts["iso"]), "day"
        year = int(parts["y1"] or parts["y2"] or parts["y3"])
        month = _MONTHS[parts["m1"] or parts["m2"] or parts["m3"]]
        day = int(parts["d1"] or parts["d2"] or 1)
        return dt.date(year, month, day), "month" if parts["m3"] else "day"
    except ValueError:  # 31 June
        return None
