"""The JSON lines that detection reads and writes: plain dictionaries to values and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sources.detection.model import Candidate, WatchedTarget


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
    topic = given.get("topic") or ""
    return WatchedTarget(
        key=key,
        company=company,
        aliases=_read_names(given, "aliases"),
        products=_read_names(given, "products"),
        demand=given.get("demand") or "",
        topics=(topic,) if topic else (),
        status=given.get("status"),
        status_since=_read_since(given),
    )


def _read_since(given: dict[str, Any]) -> dt.date | None:
    since = given.get("status_since")
    if since is not None and not isinstance(since, str):
        raise ValueError("'status_since' must be a date")
    return read_date(since)[0]


def _read_names(given: dict[str, Any], key: str) -> tuple[str, ...]:
    names = given.get(key) or []
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise ValueError(f"{key!r} must be a list of names")
    return tuple(names)


def read_date(text: str | None) -> tuple[dt.date | None, str]:
    """Read a day, a month or a year (``2020-06-11``, ``2020-06``, ``2020``), with its precision.

    Raises:
        ValueError: it is none of these.
    """
    if not text:
        return None, "day"
    precision = {4: "year", 7: "month"}.get(len(text), "day")
    return dt.date.fromisoformat(text + {"year": "-01-01", "month": "-01"}.get(precision, "")), (
        precision
    )


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
