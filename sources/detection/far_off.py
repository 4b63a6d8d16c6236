"""How far off the times are that a sentence names: a fact that it is judged by."""

from __future__ import annotations

from collections.abc import Iterator

from sources.detection.dates import When, may_tell_when
from sources.detection.moments import first_moments, last_day

_YEAR, _MONTH = 366, 31


def far_off(text: str, told: When | None) -> Iterator[str]:
    """Yield how far off the times are that a sentence names, and what binds them."""
    if told and may_tell_when(text):
        for one in first_moments(text, told):
            if not one.is_spoken:
                yield f"a time {_distance(one.when, told)} {one.bond}".rstrip()


def _distance(when: When, told: When) -> str:
    """Return how far off a time is: a pledge far off is none that is carried out at once."""
    starts, ends = (when.day - told.day).days, (last_day(when) - told.day).days
    if starts > _YEAR:
        return "over a year ahead"
    if starts > _MONTH:
        return "ahead"
    if ends < -_MONTH:
        return "behind"
    return "this year" if when.precision == "year" else "at hand"
