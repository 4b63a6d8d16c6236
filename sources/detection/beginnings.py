"""When what a text reports was announced, and since when it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sources.detection.dates import BACKGROUND_AFTER, When
from sources.detection.moments import Moment, moments_in, words_of

_CLOSE = dt.timedelta(days=7)
"""So far back at most, a sentence beside the one that reports dates the announcement."""


def announcement(text: str, beside: Sequence[str], told: When | None) -> When | None:
    """Return when something was announced, as precisely as is known.

    Args:
        text: the sentence that reports it.
        beside: the sentences around it, whose days date it if it names none.
        told: when the text was published, which is when it was announced if none names a day;
            without it only dates with a year are known.
    """
    if told is None:
        dated = [one for one in moments_in(text, told) if not one.bond and not one.is_end]
        return next((one.when for one in dated if one.when.precision != "year"), None)
    if told.precision == "year":
        return told
    if days := _days_behind(text, told):
        return days[0]
    for one in beside:
        if " will " in one:
            continue
        if days := [day for day in _days_behind(one, told) if _is_close(day, told)]:
            return days[0]
    return told


def start(text: str, told: When | None) -> When | None:
    """Return since when a sentence says that something holds; ``None`` if it does not say."""
    starts = [one.when for one in moments_in(text, told) if one.bond == "start"]
    return next((when for when in starts if not _is_old(when, told)), None)


def day_ahead(text: str, told: When | None) -> When | None:
    """Return the day or month ahead on which something is done: "ends on 3 June".

    A bare year is more often one of what is spoken of beside it; so is any date beside what is done
    at once.
    """
    return next((one.when for one in _free_ahead(text, told)), None)


def dated_ahead(text: str, told: When | None) -> When | None:
    """Return the day ahead that is told with its year: "on 3 June 2024, sales pause".

    One without is more often that of what is put off.
    """
    days = [one for one in _free_ahead(text, told) if one.when.precision == "day"]
    dated = (one.when for one in days if str(one.when.day.year) in text[one.start : one.end])
    return next(dated, None)


def _free_ahead(text: str, told: When | None) -> list[Moment]:
    if words_of("at_once").search(text):
        return []
    free = [one for one in moments_in(text, told) if not one.bond and not one.is_spoken]
    days = [one for one in free if one.period.precision != "year"]
    return [one for one in days if _is_later(one.when, told) and not _is_old(one.when, told)]


def gone_by(text: str, told: When | None) -> When | None:
    """Return the day by which something is to be gone for good; ``None`` if untold."""
    ends = [
        one.when for one in moments_in(text, told) if one.bond in ("due", "until") or one.is_end
    ]
    return next((one for one in ends if not _is_old(one, told)), None)


def _days_behind(text: str, told: When) -> list[When]:
    moments = moments_in(text, told, is_past=True)
    return [one.when for one in moments if _may_date(one, told)]


def _may_date(one: Moment, told: When) -> bool:
    if one.bond in ("due", "until", "aside") or one.period.precision == "year":
        return False
    return not _is_later(one.when, told) and not _is_old(one.when, told)


def _is_later(when: When, told: When | None) -> bool:
    if told is None:
        return True
    if told.precision == "month":
        return (when.day.year, when.day.month) > (told.day.year, told.day.month)
    return when.day > told.day


def _is_close(when: When, told: When) -> bool:
    return when.precision == told.precision == "day" and told.day - when.day <= _CLOSE


def _is_old(when: When, told: When | None) -> bool:
    if told is None:
        return False
    if when.precision == "year":
        return when.day.year < told.day.year
    slack = dt.timedelta(days=31 if when.precision == "month" else 0)
    return told.day - when.day > BACKGROUND_AFTER + slack
