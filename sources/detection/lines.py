"""The JSON lines that detection reads and writes: plain dictionaries to values and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from campaigns.statuses import Status
from sources.detection.model import Candidate, WatchedTarget

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_WORDS = ("title", "url", "lang", "text", "html", "before_html", "after_html")


def check_line(line: Mapping[str, Any]) -> None:
    """Raise ValueError, with a sentence that names the key, if this is no input line."""
    read_targets(line)
    for key in _WORDS:
        read_words(line, key)
    read_day(line, "published")
    if all(line.get(key) is None for key in ("text", "html", "after_html")):
        raise ValueError("it needs 'text', or 'html', or 'before_html' and 'after_html'")


def read_targets(line: Mapping[str, Any]) -> list[WatchedTarget]:
    """Return the watched targets of an input line; their keys are their places in it.

    Raises:
        ValueError: a target without a company, or a field of a wrong type.
    """
    targets = line.get("targets")
    if not isinstance(targets, list) or not all(isinstance(one, dict) for one in targets):
        raise ValueError("'targets' must be a list of objects")
    return [_read_target(key, one) for key, one in enumerate(targets)]


def _read_target(key: int, given: dict[str, Any]) -> WatchedTarget:
    company = given.get("company")
    if not isinstance(company, str) or not company.strip():
        raise ValueError("every target needs a 'company'")
    topic = read_words(given, "topic")
    return WatchedTarget(
        key=key,
        company=company,
        aliases=_read_names(given, "aliases"),
        products=_read_names(given, "products"),
        demand=read_words(given, "demand"),
        topics=(topic,) if topic else (),
        status=read_status(given.get("status")),
        status_since=read_day(given, "status_since"),
    )


def _read_names(given: dict[str, Any], key: str) -> tuple[str, ...]:
    names = given.get(key) or []
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise ValueError(f"{key!r} must be a list of names")
    return tuple(names)


def read_words(given: Mapping[str, Any], key: str) -> str:
    """Return a text of an object, "" if it has none.

    Raises:
        ValueError: it is something else than a text.
    """
    words = given.get(key)
    if words is not None and not isinstance(words, str):
        raise ValueError(f"{key!r} must be a text in quotes")
    return words or ""


def read_status(given: object) -> str | None:
    """Return a status; ``None`` for ``None`` and for "".

    Raises:
        ValueError: there is no such status; the message lists those that there are.
    """
    if given is None or given == "":
        return None
    if given not in Status.values:
        raise ValueError(f"“{given}” is no status; there are: {', '.join(Status.values)}")
    return str(given)


def read_day(given: Mapping[str, Any], key: str) -> dt.date | None:
    """Return the day, or the first of the month or year, that an object gives; else ``None``.

    Raises:
        ValueError: it is no date; the message names the key.
    """
    try:
        return read_date(read_words(given, key))[0]
    except ValueError as error:
        said = str(error)
        raise ValueError(said if repr(key) in said else f"{key!r}: {said}") from error


def read_date(text: str | None) -> tuple[dt.date | None, str]:
    """Read a day, a month or a year (``2020-06-11``, ``2020-06``, ``2020``), with its precision.

    Raises:
        ValueError: it is none of these.
    """
    if not text:
        return None, "day"
    precision = {4: "year", 7: "month"}.get(len(text), "day")
    whole = text + {"year": "-01-01", "month": "-01"}.get(precision, "")
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        return dt.date.fromisoformat(whole), precision
    except ValueError as error:
        said = f"“{text}” is no date such as 2020-06-11, 2020-06 or 2020"
        raise ValueError(said) from error


def write_date(day: dt.date | None, precision: str) -> str | None:
    """Write a date no more precisely than it is known."""
    return day.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)] if day else None


def write_finding(candidate: Candidate, company: str) -> dict[str, Any]:
    """Return a candidate as one of the ``findings`` of an output line."""
    return {
        "company": company,
        "status": candidate.status,
        "extends": candidate.extends,
        "effective_on": write_date(candidate.effective_on, candidate.effective_precision),
        "expires_on": write_date(candidate.expires_on, candidate.expires_precision),
        "exemptions": list(candidate.exemptions),
        "sentence": candidate.sentence,
        "score": candidate.score,
        "reasons": list(candidate.reasons),
    }
