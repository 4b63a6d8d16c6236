"""What happened, as a feed or a timeline tells it: the same of actions, responses and changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

Facts = tuple[tuple[str, str], ...]
"""Labels and what they say, in the order of reading; none is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation, with its document."""

    quote: str
    title: str
    publisher: str
    published_on: dt.date | None
    published_precision: str
    url: str
    """As it was given: what is no address of the web must not become a link."""
    copy_url: str
    """Our kept copy; empty if none was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One record, in words; nothing in it is escaped."""

    key: str
    """Unique among all of them: ``status-changes-12``."""
    address: str
    """For ever the same, so that readers know it again: in the API, or on the site."""
    page: str
    headline: str
    summary: str
    day: dt.date
    precision: str
    last_day: tuple[dt.date, str] | None = None
    """Until when it holds by its own terms, and how much of that is known."""
    group: str
    facts: Facts
    related: tuple[tuple[str, str], ...] = ()
    """Entries that correct it, or that it corrects: what is said of each, and its page."""
    citations: Sequence[Cited]
    recorded_at: dt.datetime
    updated_at: dt.datetime
    is_undone: bool = False
    """Whether it did not happen: corrected since, or itself only the taking back of another."""


def rfc3339(moment: dt.datetime) -> str:
    """Return a moment as RFC 3339 has it, in UTC."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
