"""How long something lasts or may take, as sentences tell it: "for 18 months", "one-year ban"."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

from sources.detection.dates import NUMBERS, When, after_duration
from sources.detection.moments import one_of, times

_REACH = 50
"""So far before a duration, in characters, a word is looked for that makes it one."""
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_DURATION = re.compile(
    rf"\b(?<!\d[.,])(?:(?:{_COUNT}(?: to | or |[-–]))?(?P<count>{_COUNT}|another|half a|several)"
    r"(?P<link>[ -])(?P<more>(?:more|further|additional|extra|other) )?"
    r"(?:(?:full|whole|fiscal|financial|calendar|consecutive) )?"
    r"(?P<unit>day|week|month|year|decade)s?"
    r"|(?:the |this )(?P<next>next|coming) (?P<one>month|year|decade)"
    r"|(?P<long>month|year)-?long)\b",
    re.IGNORECASE | re.ASCII,
)
_UNTOLD_UNIT = re.compile(
    rf"\b(?:over|within|in) (?:the next )?(?P<count>{_COUNT})(?=[.,;]|$)", re.IGNORECASE | re.ASCII
)
"""After a duration, another of the same unit: "in two years, and the rest over the next ten"."""
_LOOSE = re.compile(
    r"\b(?:within|over|in|transition|after a|itself|takes?)\b", re.IGNORECASE | re.ASCII
)


_HALVES = {"month": ("15", "day"), "year": ("6", "month"), "decade": ("5", "year")}


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration of a sentence.

    Attributes:
        count: how many units.
        unit: ``day``, ``week``, ``month`` or ``year``.
        start: where it is told, counted from the start of the sentence.
        is_loose: whether it is the time that something may take ("within five years").
        is_more: whether it comes on top of what was ("another month", "by six months").
    """

    count: int
    unit: str
    start: int
    is_loose: bool
    is_more: bool

    def after(self, start: When | None) -> When | None:
        """Return when it is over; what may take months or years is over in one, not on a day."""
        end = after_duration((self.count, self.unit), start)
        if end is None or not self.is_loose or end.precision == "year":
            return end
        if self.unit == "year" and self.count > 1:
            return When(end.day.replace(month=1, day=1), "year")
        return When(end.day.replace(day=1), "month") if self.unit == "month" else end


@functools.cache
def _lasting() -> re.Pattern[str]:
    lead, filler = one_of(times()["lasting"]), one_of(times()["before_duration"])
    return re.compile(rf"\b{lead}(?: {filler})*\s*\Z", re.IGNORECASE | re.ASCII)


@functools.cache
def _measured() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[ -]\w{{1,30}}){{0,3}}?[ -]{one_of(times()['measures'])}\b", re.IGNORECASE | re.ASCII
    )


@functools.cache
def _not_lasting() -> re.Pattern[str]:
    return re.compile(rf"[ -]{one_of(times()['not_lasting'])}\b", re.IGNORECASE | re.ASCII)


@functools.lru_cache(maxsize=64)
def durations_in(text: str) -> tuple[Duration, ...]:
    """Return the durations that a sentence names, in order."""
    told = [one for found in _DURATION.finditer(text) if (one := _read(text, found))]
    if told and (found := _UNTOLD_UNIT.search(text, told[-1].start)):
        count = _number(found["count"].lower())
        told.append(replace(told[-1], count=count, start=found.start(), is_loose=True))
    return tuple(told)


def _read(text: str, found: re.Match[str]) -> Duration | None:
    if _not_lasting().match(text, found.end()):
        return None
    before = text[max(0, found.start() - _REACH) : found.start()]
    lasting = _lasting().search(before)
    count = (found["count"] or "").lower()
    adds = count == "another" or bool(found["more"])
    if not (lasting or adds or _measured().match(text, found.end())):
        return None
    if count == "several":
        return None
    unit = (found["unit"] or found["one"] or found["long"]).lower()
    if count == "half a":
        if unit not in _HALVES:
            return None
        count, unit = _HALVES[unit]
    number = 1 if count in ("", "another") else _number(count)
    if unit == "decade":
        number, unit = 10 * number, "year"
    is_more = adds or bool(
        re.search(r"\b(?:further|additional|extra|by|added?|adds)\b", before[-20:])
    )
    return Duration(
        number,
        unit,
        found.start(),
        bool(lasting and _LOOSE.search(before[lasting.start() :])),
        is_more,
    )


def _number(count: str) -> int:
    return int(count) if count.isdigit() else NUMBERS[count]
