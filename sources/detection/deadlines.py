"""When outcomes end or fall due: the date, of those that a sentence names, that is meant."""

from __future__ import annotations

import datetime as dt
import re

from sources.detection.dates import When
from sources.detection.durations import durations_in
from sources.detection.moments import Moment, last_day, moments_in, words_of

_LASTED = re.compile(r"\b(?:has|have|had) (?!to\b)", re.IGNORECASE | re.ASCII)
"""Of "has led the company for three years" the years are no end of anything."""


def due_date(text: str, told: When | None, since: When | None) -> When | None:
    """Return when a sentence says that what was pledged falls due; ``None`` if untold.

    Args:
        text: the sentence.
        told: when it was published.
        since: the announcement, which durations count from.
    """
    ahead = _ahead(text, told)
    if ends := [one.when for one in ahead if one.bond == "due" or one.is_end]:
        return max(ends, key=_lateness)
    loose = [when for one in durations_in(text) if one.is_loose and (when := one.after(since))]
    return max(loose, key=_lateness, default=None)


def date_ahead(text: str, told: When | None, since: When | None) -> When | None:
    """Return when a pledge is kept if no word like "by" binds the date: "in 2030"."""
    ahead = _ahead(text, told)
    for bond in ("", "until"):
        if free := [one.when for one in ahead if one.bond == bond]:
            return max(free, key=_lateness)
    lasting = [when for one in durations_in(text) if (when := one.after(since))]
    return max(lasting, key=_lateness, default=None)


def year_ahead(text: str, told: When | None, since: When | None) -> When | None:
    """Return the later year in which a part of a demand is promised: "in 2030", "next year"."""
    years = [
        one.when for one in _ahead(text, told) if not one.bond and one.when.precision == "year"
    ]
    return max(years, key=_lateness, default=None)


def begin_ahead(text: str, told: When | None, since: When | None) -> When | None:
    """Return since when what is pledged will hold: "from 2026"."""
    begins = [one.when for one in _ahead(text, told) if one.bond == "start"]
    return max(begins, key=_lateness, default=None)


def end_of_stop(text: str, told: When | None, since: When | None) -> When | None:
    """Return when a sentence says that what has stopped may go on; ``None`` if untold."""
    if end := end_of_term(text, told, since):
        return end
    barred = words_of("barred").search(text)
    due = [
        one.when
        for one in moments_in(text, told)
        if barred and one.start >= barred.end() and one.bond == "due" and _is_ahead(one, told)
    ]
    return max(due, key=_lateness, default=None)


def end_of_term(text: str, told: When | None, since: When | None) -> When | None:
    """Return until when a sentence says that an order or an agreement holds; ``None`` if untold."""
    moments = moments_in(text, told)
    bound = [one.when for one in moments if _is_ahead(one, told) and one.bond == "until"]
    lasting = [one for one in durations_in(text) if not one.is_loose]
    if bound or not lasting:
        return max(bound, key=_lateness, default=None)
    begins = [one.when for one in moments if one.bond == "start" and one.when.precision != "year"]
    end = lasting[-1].after(begins[0]) if begins else None
    return end if end and _is_after(end, told) else lasting[-1].after(since)


def end_of_term_beside(text: str, told: When | None, since: When | None) -> When | None:
    """Return the same of a sentence beside it, unless that tells how long something lasted."""
    return None if _LASTED.search(text) else end_of_term(text, told, since)


def due_beside(text: str, told: When | None, since: When | None) -> When | None:
    """Return the deadline that a sentence beside the pledge names; ``None`` if it names none."""
    ends = [one.when for one in _ahead(text, told) if one.bond == "due" or one.is_end]
    return max(ends, key=_lateness, default=None)


def end_of_wait(text: str, told: When | None, since: When | None) -> When | None:
    """Return the date of what a stop waits for: "until the council votes in May", "for 2026"."""
    waiting = words_of("waiting").search(text)
    ahead = [one for one in moments_in(text, told) if _is_ahead(one, told) and not one.is_spoken]
    awaited = [
        one.when
        for one in ahead
        if waiting and one.start > waiting.start() and one.bond in ("", "start")
    ]
    whole = [one.when for one in moments_in(text, told) if _is_whole(one, told, text)]
    return max(awaited or whole, key=_lateness, default=None)


def _is_whole(one: Moment, told: When | None, text: str) -> bool:
    """Tell whether a stop is said to be one of a period: "for 2026", "this year", "for July"."""
    if (
        one.when.precision == "day"
        or one.bond
        or (told and _shared(one.when, told) < _shared(told, one.when))
    ):
        return False
    before, own = text[max(0, one.start - 9) : one.start], text[one.start : one.end].lower()
    if one.when.precision == "month":
        return before.endswith("for ")
    return before.endswith(("for ", "in ", "any of ")) or own == "this year"


def later_end(text: str, told: When | None, since: When | None) -> When | None:
    """Return the later end that a sentence says an outcome got; ``None`` if untold."""
    ahead = [one for one in moments_in(text, told) if _is_ahead(one, told)]
    lasting = durations_in(text)
    added = lasting[-1] if lasting else None
    begins = [one.when for one in ahead if one.bond == "start"]
    if added and begins and len(begins) == len(ahead):
        return added.after(begins[0])
    old = [one for one in ahead if one.bond == "aside"]
    if added and added.is_more and not old:
        old = [one for one in ahead if one.is_deadline]
    known = set(old)
    new = [one.when for one in ahead if one not in known]
    latest = max(new, key=_lateness, default=None)
    if latest and all(_lateness(latest) > _lateness(one.when) for one in old):
        return latest
    return added.after(old[-1].when if old else since) if added else None


def later_bound(text: str, told: When | None, since: When | None) -> When | None:
    """Return the later end of an outcome that a sentence beside the one that extends it tells."""
    bound = [one.when for one in _ahead(text, told) if one.bond in ("due", "until")]
    return max(bound, key=_lateness, default=None)


def moved_end(before: str, now: str, told: When | None) -> When | None:
    """Return the end ahead that a sentence names, if that is later than the one it named before.

    "31 December 2025" and "2025" end alike.
    """
    old = due_date(before, None, None) or end_of_term(before, None, None)
    new = due_date(now, told, None) or end_of_term(now, told, None)
    return new if old and new and last_day(new) > last_day(old) else None


def end_behind(text: str, told: When | None) -> When | None:
    """Return the deadline that a sentence tells to have passed; ``None`` if untold."""
    behind = _behind(text, told)
    for chosen in (
        [one for one in behind if one.is_deadline],
        [one for one in behind if one.bond in ("due", "until") or one.is_end],
    ):
        if chosen:
            return chosen[0].when
    begun = [one for one in behind if one.bond != "start"]
    lasting = [one for one in durations_in(text) if one.is_loose]
    if begun and lasting:
        return lasting[-1].after(begun[-1].when)
    return None


def date_behind(text: str, told: When | None) -> When | None:
    """Return a date that has passed, if no word like "by" binds it: "May 2023 has gone"."""
    dates = [one for one in _behind(text, told) if not one.is_spoken]
    promised = [one for one in dates if one.bond != "start"] or dates
    return max((one.when for one in promised), key=_lateness, default=None)


def day_behind(text: str, told: When | None) -> When | None:
    """Return when a sentence says that something was over; ``None`` if untold."""
    days = [one.when for one in _behind(text, told) if one.bond != "aside"]
    return max(days, key=_lateness, default=None)


def tells_of_a_miss(text: str) -> bool:
    """Tell whether a sentence says that a promise was not kept, rather than that a time is over."""
    return bool(words_of("missed").search(text))


def _ahead(text: str, told: When | None) -> list[Moment]:
    """Return the moments ahead that are not set aside, nor stand in a larger plan around them."""
    ahead = [one for one in moments_in(text, told) if _is_ahead(one, told) and one.bond != "aside"]
    beside = words_of("beside").search(text)
    within = [one for one in ahead if one.start < beside.start()] if beside else ahead
    return within or ahead


def _behind(text: str, told: When | None) -> list[Moment]:
    moments = moments_in(text, told, is_past=True)
    return [
        one for one in moments if not _is_after(one.period, told) or _is_at_hand(one.when, told)
    ]


def _is_at_hand(when: When, told: When | None) -> bool:
    """Tell whether a day lies so close ahead that what ends on it is told as over."""
    if told is None or told.precision != "day" or when.precision == "year":
        return False
    return when.day - told.day <= dt.timedelta(days=7 if when.precision == "day" else 31)


def _lateness(when: When) -> tuple[int, ...]:
    """Order dates: a year is over at its end, a month after its days."""
    if when.precision == "year":
        return when.day.year, 13, 0
    return when.day.year, when.day.month, 32 if when.precision == "month" else when.day.day


def _is_ahead(one: Moment, told: When | None) -> bool:
    """Tell whether a moment lies ahead; a period that lasts does if its end is meant."""
    if told is None or _is_after(one.when, told):
        return True
    is_meant = one.bond in ("due", "until") or one.is_end
    return (
        is_meant
        and _shared(one.period, told) == _shared(told, one.period)
        and one.period.precision != "day"
    )


def _is_after(when: When, told: When | None) -> bool:
    return told is None or _shared(when, told) > _shared(told, when)


def _shared(when: When, other: When) -> tuple[int, ...]:
    """Return a date, no more precisely than another is known."""
    places = {"year": 1, "month": 2, "day": 3}
    fields = when.day.year, when.day.month, when.day.day
    return fields[: min(places[when.precision], places[other.precision])]
