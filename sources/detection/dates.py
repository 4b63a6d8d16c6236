"""When: explicit and relative dates of a sentence, durations and ends, as imprecise as the text."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number], calendar.month_abbr[number])
} | {"Sept": 9}
WEEKDAYS = {calendar.day_name[number]: number for number in range(7)}
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6} | {
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "eighteen": 18,
    "twenty": 20, "twenty-four": 24, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip

MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"\b(?:(?P<iso>{YEAR}-\d\d-\d\d)"
    rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m1>{MONTH})(?:,? (?P<y1>{YEAR}))?"
    rf"|(?P<m2>{MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,]\d)(?:,? (?P<y2>{YEAR}))?"
    rf"|(?P<m3>{MONTH})(?:,? (?:of )?(?P<y3>{YEAR}))?"
    rf"|(?P<y4>{YEAR})(?![\d%-]|,\d))"
)
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})\b(?!,? (?:\d{{1,2}} )?{MONTH})")
_LEAD = re.compile(
    r"\b(until|till|through|by|before|from|starting|beginning|effective|as of|since|within)"
    r"(?: (?:on|in|at|the|least|end|of|early|late|mid|next|middle|year|summer|week))*\s*$",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_FOR = re.compile(
    r"\b(?:for|within|over|in|of up to|by)"
    r" (?:(?:at least|at most|up to|about|the next|the coming|a further|another|an additional"
    r"|a period of|a minimum of) )*"
    rf"({_NUMBER}) (?:more |full )?(day|week|month|year)s?\b|\b(?:for )?the next (year)\b",
    re.IGNORECASE | re.ASCII,
)
_LONG = re.compile(
    rf"\b({_NUMBER})[- ](day|week|month|year)\b(?!-old)|\b(year)-?long\b", re.IGNORECASE | re.ASCII
)
_ENDS = frozenset({"until", "till", "through", "by", "before", "within"})
_OPEN = re.compile(r"\b(?:until further notice|indefinite(?:ly)?)\b", re.IGNORECASE | re.ASCII)
_TODAY = re.compile(
    r"\b(?:today|effective immediately|with immediate effect)\b", re.IGNORECASE | re.ASCII
)

# Whatever is read here holds a digit, a month or one of these, so that most sentences need no
# closer look. In lower case, where the letters i and s have more than one form: those are left out.
_DIGIT = re.compile(r"\d")
_MONTH_NAME = re.compile("|".join(MONTHS))
_TIME_WORD = re.compile(
    "day|week|month|year|decade|unt.{1,2}l|temporar|further not| now| being|ndef|mmed"
)

BACKGROUND_AFTER = dt.timedelta(days=45)
"""What a text dates further back than this before its publication, it tells as background."""
_SOON = dt.timedelta(days=366)
_NEAR = 40
"""So many characters before a date tell what it is of."""


@dataclass(frozen=True, slots=True)
class When:
    """A day, month or year; ``day`` is the first day of its period."""

    day: dt.date
    precision: str


@dataclass(frozen=True, slots=True)
class Timing:
    """What a sentence says about when."""

    effective: When | None
    expires: When | None
    deadline: When | None
    is_open_ended: bool
    is_temporary: bool
    background: When | None
    """When it happened, if that lies so far back that it is told as background only."""

    def is_far(self, published: dt.date | None) -> bool:
        """Tell whether the deadline is more than twelve months after publication."""
        if self.deadline is None or published is None:
            return False
        return self.deadline.day - published > _SOON


def read_timing(
    text: str, published: When | None, context: str = "", *, is_english: bool = True
) -> Timing:
    """Read the dates of a sentence.

    Args:
        text: the sentence.
        published: the publication date of the text, if known.
        context: the sentence before, whose weekday dates the announcement if this has none.
        is_english: whether the words around its dates are. If not, any old date is background.
    """
    if not may_tell_when(text):
        announced = _weekday(context, published) or _month_of(published)
        return Timing(announced, None, None, False, False, None)
    starts: list[When] = []
    ends: dict[str, When] = {}
    old: list[When] = []
    for when, word, start, _ in dates_in(text, published):
        if word in _ENDS:
            ends["deadline" if word in ("by", "before", "within") else "expires"] = when
        elif _is_old(when, published):
            old.extend([] if is_english and _is_of_a_thing(text, start) else [when])
        else:
            starts.append(when)
    announced = _weekday(text, published) or _weekday(context, published) or _month_of(published)
    if _TODAY.search(text) and published:
        announced = published
    effective = starts[0] if starts else announced
    expires = ends.get("expires") or after_duration(read_duration(text), effective)
    is_open = bool(_OPEN.search(text))
    return Timing(
        effective,
        None if is_open else expires,
        ends.get("deadline"),
        is_open,
        bool(expires or is_open or read_duration(text) or _UNTIL.search(text)),
        max(old, key=lambda when: when.day)
        if old and not starts and not _tells_of_now(text, published, is_english=is_english)
        else None,
    )


def _tells_of_now(text: str, published: When | None, *, is_english: bool) -> bool:
    """Tell whether a sentence names a weekday or, in English, speaks of the days of publication."""
    is_present = is_english and bool(_PRESENT.search(_ASIDE.sub("", text)))
    return is_present or _weekday(text, published) is not None


_OF_A_THING = re.compile(
    r"(?:\b(?:the|its|their|an?|this|that|his|her|our|since|than|with|against|below|above|of)"
    r"|['’]s)\s(?:early\s|late\s|mid-)?$",
    re.IGNORECASE,
)
"""What stands before a date that tells of a thing, not of when it happened: "the 2020 law"."""
_OF_A_TIME = re.compile(
    r"(?:summer|spring|autumn|fall|winter|quarter|half|months?|weeks?|days?|evening|morning|night"
    r"|beginning|start|middle|end|course|\d(?:st|nd|rd|th))\sof\s(?:early\s|late\s|mid-)?$",
    re.IGNORECASE,
)
"""The same of a part of it: "the summer of 2020"."""
_ASIDE = re.compile(r",\s(?:which|who|whose|where|while|when|as)\b[^,;]*", re.IGNORECASE)
_PRESENT = re.compile(
    r"\b(?:has|have)\b(?! to\b)|['’]ve\b|\b(?:is|are|will) (?:over|now|not|no longer)\b"
    r"|\b(?:this|last) (?:week|month)\b|\bthis year\b|\b(?:today|yesterday)\b",
)
"""What is said, but for asides, of the days of publication."""


def _is_of_a_thing(text: str, start: int) -> bool:
    """Tell whether the date that starts there belongs to a thing: "the 2020 law"."""
    near = max(0, start - _NEAR)
    return bool(_OF_A_THING.search(text, near, start) and not _OF_A_TIME.search(text, near, start))


def may_tell_when(text: str) -> bool:
    """Tell whether a text may say when: most sentences need no closer look."""
    return bool(_DIGIT.search(text) or _MONTH_NAME.search(text) or _TIME_WORD.search(text.lower()))


_UNTIL = re.compile(
    r"\b(?:until|temporar(?:y|ily)|for now|for the time being)\b", re.IGNORECASE | re.ASCII
)


def _resolve(found: re.Match[str], published: When | None, *, ahead: bool) -> When | None:
    """Turn a match into a date; a missing year is the one nearest to publication."""
    parts = found.groupdict()
    try:
        if parts["iso"]:
            return When(dt.date.fromisoformat(parts["iso"]), "day")
        if parts["y4"]:
            return When(dt.date(int(parts["y4"]), 1, 1), "year")
        month = MONTHS[(parts["m1"] or parts["m2"] or parts["m3"]).rstrip(".")]
        day = int(parts["d1"] or parts["d2"] or 1)
        precision = "month" if parts["m3"] else "day"
        year = parts["y1"] or parts["y2"] or parts["y3"]
        if year:
            return When(dt.date(int(year), month, day), precision)
        if published is None:
            return None
        when = dt.date(published.day.year, month, day)
        if ahead and when < published.day:
            when = when.replace(year=when.year + 1)
        elif not ahead and when > published.day + dt.timedelta(days=183):
            when = when.replace(year=when.year - 1)
        return When(when, precision)
    except ValueError:  # 31 June, 29 February of a common year
        return None


def _is_old(when: When, published: When | None) -> bool:
    if published is None:
        return False
    if when.precision == "year":
        return when.day.year < published.day.year
    slack = BACKGROUND_AFTER + dt.timedelta(days=31 if when.precision == "month" else 0)
    return published.day - when.day > slack


def _weekday(text: str, published: When | None) -> When | None:
    """Return the last such weekday up to publication."""
    if published is None or published.precision != "day" or "day" not in text:
        return None
    found = _WEEKDAY.search(text)
    if found is None:
        return None
    back = (published.day.weekday() - WEEKDAYS[found.group(1)]) % 7
    return When(published.day - dt.timedelta(days=back), "day")


def _month_of(published: When | None) -> When | None:
    """Return the month of publication: all that is known of an announcement without a day."""
    if published is None or published.precision == "year":
        return published
    return When(published.day.replace(day=1), "month")


def dates_in(text: str, published: When | None) -> Iterator[tuple[When, str, int, int]]:
    """Yield each date of a text, the word that leads to it ("by"; "" if none), and its span.

    Args:
        text: a sentence or a headline.
        published: its publication date, to which a missing year is the nearest.
    """
    for found in _DATE.finditer(text):
        lead = _LEAD.search(text, max(0, found.start() - _NEAR), found.start())
        word = lead.group(1).lower() if lead else ""
        when = _resolve(found, published, ahead=word in _ENDS)
        if when:
            yield when, word, found.start(), found.end()


def read_duration(text: str) -> tuple[int, str] | None:
    """Return a duration that a text names, as a number and its unit: "for 18 months"."""
    found = _FOR.search(text) or _LONG.search(text)
    if found is None:
        return None
    groups = [group.lower() for group in found.groups() if group]
    if len(groups) == 1:
        return 1, groups[0]
    return int(groups[0]) if groups[0].isdigit() else NUMBERS[groups[0]], groups[1]


def after_duration(duration: tuple[int, str] | None, start: When | None) -> When | None:
    """Return when a duration is over that begins on a date; ``None`` if either is unknown."""
    if duration is None or start is None:
        return None
    count, unit = duration
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        return When(start.day + dt.timedelta(days=days), start.precision)
    months = start.day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = start.day.year + months // 12, months % 12 + 1
    if year > dt.MAXYEAR:
        return None
    day = min(start.day.day, calendar.monthrange(year, month)[1])
    return When(dt.date(year, month, day), start.precision)
