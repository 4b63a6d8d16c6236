"""Dates in a text that lie ahead of it, or behind it: the ends and deadlines of outcomes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from sources.detection.dates import When, after_duration, dates_in, read_duration

_RELATIVE = re.compile(
    r"\b(?:(?:(?:the )?end of )?(?P<next>next year)"
    r"|(?P<this>(?:the )?end of (?:this|the) year|later this year|this year|year[- ]end)"
    r"|(?:the )?middle of (?P<mid>(?:19|20)\d\d)"
    r"|(?P<quarter>first|second|third|fourth) quarter of (?P<of>(?:19|20)\d\d)"
    r"|in (?P<twice>two years' time))\b",
    re.IGNORECASE,
)
_LAST_MONTH = {"first": 3, "second": 6, "third": 9, "fourth": 12}
_MID = 7
_BOUND = frozenset({"by", "before", "until", "till", "through", "within"})
_NOT = re.compile(r"\b(?:not|instead of|rather than|than|from|since|compared with|in) \Z", re.I)
_MISSED = re.compile(
    r"(?:'s|s)?[ -](?:deadline|goal|target|objective|pledge|commitment|date|promise|aim)", re.I
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a sentence: whether a word like "by" binds it, and whether it is set aside."""

    when: When
    start: int
    is_bound: bool
    is_set_aside: bool
    """Whether it is what was not chosen: "not 2038", "compared with 2010"."""
    is_a_deadline: bool
    """Whether the text calls it one: "its 2020 goal"."""


def dates_of(text: str, published: When | None) -> list[Dated]:
    """Return the dates of a sentence in order, with those that are told from its publication."""
    found = [
        Dated(
            when,
            start,
            lead in _BOUND,
            bool(_NOT.search(text, max(0, start - 20), start)) and lead not in _BOUND,
            bool(_MISSED.match(text, end)),
        )
        for when, lead, start, end in dates_in(text, published)
    ]
    return sorted([*found, *_relative(text, published)], key=lambda one: one.start)


def end_ahead(text: str, published: When | None) -> When | None:
    """Return when something ends or falls due that a sentence announces; ``None`` if untold."""
    ahead = [one for one in dates_of(text, published) if _is_ahead(one.when, published)]
    bound = [one for one in ahead if one.is_bound]
    if bound:
        return bound[0].when
    if duration := read_duration(text):
        return after_duration(duration, _announced(published))
    free = [one for one in ahead if not one.is_set_aside] or ahead
    return free[0].when if free else None


def end_behind(text: str, published: When | None) -> When | None:
    """Return the deadline that a sentence tells to have passed; ``None`` if untold."""
    behind = [one for one in dates_of(text, published) if not _is_ahead(one.when, published)]
    by_name = [one for one in behind if one.is_a_deadline]
    bound = [one for one in behind if one.is_bound]
    for found in chain(by_name, bound, reversed(behind)):
        return found.when
    return None


def _is_ahead(when: When, published: When | None) -> bool:
    if published is None:
        return True
    if when.precision == "year" or published.precision == "year":
        return when.day.year >= published.day.year
    if when.precision == "month" or published.precision == "month":
        return (when.day.year, when.day.month) > (published.day.year, published.day.month)
    return when.day > published.day


def _announced(published: When | None) -> When | None:
    """Return what a duration counts from."""
    return published


def _relative(text: str, published: When | None) -> Iterator[Dated]:
    for found in _RELATIVE.finditer(text):
        when = _when(found, published)
        if when:
            yield Dated(when, found.start(), is_bound=True, is_set_aside=False, is_a_deadline=False)


def _when(found: re.Match[str], published: When | None) -> When | None:
    if found["mid"]:
        return When(dt.date(int(found["mid"]), _MID, 1), "month")
    if found["quarter"]:
        return When(dt.date(int(found["of"]), _LAST_MONTH[found["quarter"].lower()], 1), "month")
    if published is None:
        return None
    years = 1 if found["next"] else 2 if found["twice"] else 0
    return When(dt.date(published.day.year + years, 1, 1), "year")
