"""The moments that a sentence names: explicit or told from its publication, and what binds them."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

from sources.detection.dates import MONTH, MONTHS, WEEKDAYS, YEAR, When

_REACH = 70
"""So far before a date, in characters, a word is looked for that binds it."""
_MOMENT = re.compile(
    rf"\b(?:(?P<iso>{YEAR}-\d\d-\d\d)"
    rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m1>{MONTH})"
    rf"|(?P<m2>{MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,]\d)"
    rf"|(?:(?P<which>(?i:this|next|last)) )?(?P<m3>{MONTH})"
    rf"|(?P<weekday>{'|'.join(WEEKDAYS)})\b"
    rf"|(?:FY ?)?(?P<year>{YEAR})(?P<season>[-/–]\d\d\b)?"
    r"(?!\d|%|,\d\d\d| (?:km|miles|people|workers|tonnes|tons))"
    r"|(?i:(?P<day>today|tonight|tomorrow|yesterday|last night))\b"
    r"|(?i:(?P<turn>this|next|last|the|that)"
    r" (?:(?:fiscal|calendar|coming|current|financial|old) )?"
    r"(?P<unit>year|month|week|decade)\b(?!['’]s))"
    r"|(?i:(?:the )?(?P<close>year)(?:[- ]|['’]s )end)\b)"
)
_ITS_YEAR = re.compile(
    rf"(?:(?:,? (?:of )?)(?P<year>{YEAR})\b|,? (?:of )?(?P<turn>this|next|last) year\b)"
)
_PART = re.compile(
    r"\b(?:(?P<end>(?:end|close|expiry|last day|rest|remainder|finish)(?: of|-)?(?: the)?)"
    r"|(?P<mid>mid|(?:the )?middle of)|(?P<half>first|second) half of"
    r"|(?P<quarter>first|second|third|fourth|last) quarter of|Q(?P<q>[1-4])(?: of)?)"
    r"(?: (?:the|fiscal|financial|calendar|year|season|about|around))*[ -]?\Z",
    re.IGNORECASE | re.ASCII,
)
_OTHER_YEAR = re.compile(
    r"\b(?:fiscal|financial|season|school|academic|model|tax|budget|term|FY)", re.IGNORECASE
)
"""Such a year does not end in December."""
_UNSURE = frozenset({"week", "decade"})
"""On which day the end of such a time falls is not told by its date."""
_BEHIND = 17
"""So many characters behind a date may say that it is such a year."""
_DOZEN = 12
_LAST_MONTH = {"first": 3, "second": 6, "third": 9, "fourth": 12, "last": 12}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of a sentence.

    Attributes:
        when: the date, as imprecise as the text; of "the end of 2025" its last day.
        start: where it is told, counted from the start of the sentence.
        end: where that ends.
        bond: ``due``, ``until``, ``start`` or ``aside`` by the words before it (``times.toml``),
            else empty.
        period: what the text names: of "the end of 2025" that year; else the date.
        is_end: whether the text says "the end of".
        is_deadline: whether the text calls it one: "its 2020 goal".
        is_spoken: whether it is told from the day of telling: "Monday", "today".
    """

    when: When
    start: int
    end: int
    bond: str
    period: When
    is_end: bool = False
    is_deadline: bool = False
    is_spoken: bool = False


@functools.cache
def times() -> dict[str, list[str]]:
    """Return the words around dates and durations; the data file is read at the first call only."""
    file = resources.files("sources.detection").joinpath("times.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@functools.cache
def words_of(name: str) -> re.Pattern[str]:
    """Return a pattern for the words or phrases that ``times.toml`` lists under a name."""
    return re.compile(rf"\b{one_of(times()[name])}\b", re.IGNORECASE | re.ASCII)


def one_of(phrases: Iterable[str]) -> str:
    """Return a pattern for one of some phrases, the longest first."""
    return rf"(?:{'|'.join(sorted(phrases, key=len, reverse=True))})"


def _filler() -> str:
    """Return a pattern for what may stand between such a word and the date."""
    return rf"(?: {one_of(times()['before_date'])})*[ -]*\Z"


@functools.cache
def _bonds() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?<![\w-]){one_of(times()[name])}{_filler()}", re.IGNORECASE | re.ASCII)
        for name in ("aside", "due", "until", "start")
    }


@functools.cache
def _after() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<baseline>['’]?s? {one_of(times()['baseline'])}\b)"
        rf"|['’]?s?[ -](?P<deadline>{one_of(times()['deadline'])})s?\b",
        re.IGNORECASE | re.ASCII,
    )


@functools.lru_cache(maxsize=64)
def moments_in(text: str, told: When | None, *, is_past: bool = False) -> tuple[Moment, ...]:
    """Return the moments that a sentence names, in order.

    Args:
        text: a sentence or a headline.
        told: when it was published; without it only dates with a year are known.
        is_past: whether it tells what is over, so that a date without a year lies behind it.

    The last few sentences are remembered: a text is asked for its dates from several sides.
    """
    return tuple(_moments(text, told, is_past=is_past))


@functools.lru_cache(maxsize=64)
def first_moments(text: str, told: When) -> tuple[Moment, ...]:
    """Return the first dozen of them: no sentence that people write names more."""
    return tuple(itertools.islice(_moments(text, told, is_past=False), _DOZEN))


def _moments(text: str, told: When | None, *, is_past: bool) -> Iterator[Moment]:
    done, bond = 0, ""
    for found in _MOMENT.finditer(text):
        if found.start() < done:
            continue
        before = text[max(0, found.start() - _REACH) : found.start()]
        bond = "until" if _reaches(before, found.start() - done, bond) else _bond(before)
        part = _PART.search(before)
        own = _ITS_YEAR.match(text, found.end()) if not (found["year"] or found["iso"]) else None
        sight = _Sight(told, bond, is_past=is_past and not _PRESENT.search(before))
        when = _when(found, own, sight)
        if when is None or (found["turn"] in ("the", "The", "that") and not part):
            continue
        done = own.end() if own else found.end()
        after = _after().match(text, done)
        is_end = bool(found["close"] or (part and part["end"]))
        around = f"{part.group() if part else ''}{text[found.start() : done + _BEHIND]}"
        ends_it = is_end and (found["unit"] or "").lower() not in _UNSURE and not found["season"]
        is_last_day = ends_it and not _OTHER_YEAR.search(around)
        yield Moment(
            When(last_day(when), "day") if is_last_day else _part_of(when, part) if part else when,
            found.start(),
            done,
            "aside" if after and after["baseline"] else bond,
            when if is_end else _part_of(when, part) if part else when,
            is_end=is_end,
            is_deadline=bool(after and after["deadline"]),
            is_spoken=bool(found["weekday"] or found["day"]),
        )


@dataclass(frozen=True, slots=True)
class _Sight:
    """From when, and whether back or ahead, a date without a year is looked for."""

    told: When | None
    bond: str
    is_past: bool


def _bond(before: str) -> str:
    """Return what the words before a date make of it: the longest lead tells."""
    leads = ((lead.start(), name) for name, one in _bonds().items() if (lead := one.search(before)))
    return min(leads, default=(0, ""))[1]


def _reaches(before: str, gap: int, bond: str) -> bool:
    """Tell whether a date is the second of "from … to …"."""
    return bond in ("start", "aside") and gap <= len(before) and bool(_to().search(before[-gap:]))


_PRESENT = re.compile(
    r"\b(?:ends|expires|lapses|resumes|runs out|comes to (?:an|its) end|from|beyond"
    r"|will (?:\w+ ){1,3})"
    r"(?: on| in| at)? ?\Z",
    re.IGNORECASE | re.ASCII,
)


@functools.cache
def _to() -> re.Pattern[str]:
    return re.compile(rf"\A,? (?:to|until|through|and){_filler()}")


def _part_of(when: When, part: re.Match[str]) -> When:
    if when.precision != "year":
        return when
    month = 0
    if part["mid"] or (part["half"] or "").lower() == "first":
        month = 6
    elif part["quarter"]:
        month = _LAST_MONTH[part["quarter"].lower()]
    elif part["q"]:
        month = 3 * int(part["q"])
    return When(when.day.replace(month=month), "month") if month else when


def _when(found: re.Match[str], own: re.Match[str] | None, sight: _Sight) -> When | None:
    """Turn a match into a date; ``None`` if there is no such day, or it needs a publication day."""
    try:
        if found["iso"]:
            return When(dt.date.fromisoformat(found["iso"]), "day")
        if found["year"]:
            return When(dt.date(int(found["year"]) + bool(found["season"]), 1, 1), "year")
        if found["close"] and own and own["year"]:
            return When(dt.date(int(own["year"]), 1, 1), "year")
        if found["m1"] or found["m2"] or found["m3"]:
            return _dated(found, own, sight)
        return _spoken(found, sight, sight.told) if sight.told else None
    except (ValueError, OverflowError):  # 31 June, 29 February of a common year, the year 10000
        return None


def _dated(found: re.Match[str], own: re.Match[str] | None, sight: _Sight) -> When | None:
    """Date a month, or a day of one: by its own year, else by the nearest that fits."""
    month = MONTHS[(found["m1"] or found["m2"] or found["m3"]).rstrip(".")]
    precision = "month" if found["m3"] else "day"
    day = int(found["d1"] or found["d2"] or 1)
    if own and own["year"]:
        return When(dt.date(int(own["year"]), month, day), precision)
    if sight.told is None:
        return None
    year = sight.told.day.year
    if own:
        return When(dt.date(year + _STEPS[own["turn"].lower()], month, day), precision)
    if sight.told.precision != "year":
        year += _years_away((month, day), precision, (found["which"] or "").lower(), sight)
    return When(dt.date(year, month, day), precision)


def _years_away(date: tuple[int, int], precision: str, which: str, sight: _Sight) -> int:
    """Tell how many years from that of publication the meant date of a year lies."""
    told = sight.told.day if sight.told else dt.date.min
    is_rough = precision == "month" or (sight.told is not None and sight.told.precision == "month")
    this, now = (date[:1], (told.month,)) if is_rough else (date, (told.month, told.day))
    if which == "last" or (sight.is_past and which != "next"):
        return -1 if this > now else 0
    if which == "next":
        return 1 if this <= now else 0
    if sight.bond in ("due", "until", "aside"):
        return 1 if this < now else 0
    months = date[0] - told.month
    return 1 if months <= -_HALF_A_YEAR else -1 if months > _HALF_A_YEAR else 0


_HALF_A_YEAR = 6
_STEPS = {"this": 0, "next": 1, "last": -1, "the": 0, "that": 0, "": 0}
_DAYS = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "last night": -1}


def _spoken(found: re.Match[str], sight: _Sight, told: When) -> When | None:
    """Return a moment that is told from the publication day."""
    day, steps = told.day, _STEPS[(found["turn"] or "").lower()]
    unit = "year" if found["close"] else (found["unit"] or "").lower()
    if unit == "year":
        return When(dt.date(day.year + steps, 1, 1), "year")
    if unit == "decade":
        return When(dt.date(day.year // 10 * 10 + 10 * (1 + steps), 1, 1), "year")
    if unit == "month" and told.precision != "year":
        months = day.year * 12 + day.month - 1 + steps
        return When(dt.date(months // 12, months % 12 + 1, 1), "month")
    if told.precision != "day":
        return None
    if unit == "week":
        return When((day + dt.timedelta(weeks=steps)).replace(day=1), "month")
    if found["day"]:
        return When(day + dt.timedelta(days=_DAYS[found["day"].lower()]), "day")
    if found["weekday"]:
        back = (day.weekday() - WEEKDAYS[found["weekday"]]) % 7
        is_ahead = bool(sight.bond) and not sight.is_past
        return When(day + dt.timedelta(days=-back % 7 if is_ahead else -back), "day")
    return None


def last_day(when: When) -> dt.date:
    """Return the last day of a month or a year; a day is its own."""
    if when.precision == "day":
        return when.day
    month = 12 if when.precision == "year" else when.day.month
    return when.day.replace(month=month, day=calendar.monthrange(when.day.year, month)[1])
