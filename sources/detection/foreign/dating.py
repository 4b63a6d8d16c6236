"""Dates of other languages, put into English ones, so that one grammar reads them all."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from collections.abc import Callable

from sources.detection.dates import When
from sources.detection.foreign.vocabulary import Vocabulary, vocabulary

_DAY = dt.timedelta(days=1)


@functools.cache
def _steps(language: str) -> list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]:
    dates = vocabulary(language).dates
    months = dict(zip(dates["months"], calendar.month_name[1:], strict=True))
    weekdays = dict(zip(dates["weekdays"], calendar.day_name, strict=True))
    numbers, units = dates["numbers"], dates["units"]

    def named(found: re.Match[str]) -> str:
        name: str = (months | weekdays)[found[1].lower()]
        return name

    def lasting(found: re.Match[str]) -> str:
        number = found[1].lower()
        return f"for {numbers.get(number, number)} {units[found[2].lower()]}s"

    def compiled(pattern: str) -> re.Pattern[str]:
        for name, words in (
            ("month", months.values()),
            ("number", [r"\d{1,3}", *sorted(numbers, key=len, reverse=True)]),
            ("unit", units),
        ):
            pattern = pattern.replace(f"{{{name}}}", "|".join(words))
        return re.compile(pattern, re.IGNORECASE)

    names = "|".join((*months, *weekdays))
    return [
        (compiled(rf"\b({names})\b"), named),
        *((compiled(pattern), replacement) for pattern, replacement in dates["rewrite"]),
        (compiled(dates["duration"]), lasting),
    ]


def in_english(text: str, language: str) -> str:
    """Return a sentence with its dates and durations in English, all else as it was."""
    for pattern, replacement in _steps(language):
        text = pattern.sub(replacement, text)
    return text


def announced_on(words: list[str], published: When | None, words_of: Vocabulary) -> When | None:
    """Return the day that "today" or "yesterday" among lower-case words means."""
    if published is None or published.precision != "day":
        return None
    if any(word in words_of.dates["yesterday"] for word in words):
        return When(published.day - _DAY, "day")
    return published if any(word in words_of.dates["today"] for word in words) else None
