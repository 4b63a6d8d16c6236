"""iCalendar (RFC 5545): days on which something is to happen, for calendar programs: pure.

Days need six properties and no time zones, so we write them ourselves; the tests read them with
another's reader.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MEDIA_TYPE = "text/calendar"
_MOST_OCTETS = 75
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
"""What no text may hold (3.1), but for tabs and the ends of lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something on a whole day."""

    uid: str
    """For ever the same."""
    day: dt.date
    summary: str
    description: str
    url: str
    """In ASCII."""
    categories: Sequence[str]
    revisions_count: int
    """How often it was cancelled, or held again, since it was first told."""
    revised_at: dt.datetime
    is_cancelled: bool


def write_calendar(name: str, events: Iterable[Event]) -> bytes:
    """Return a calendar in UTF-8, its events in the order given.

    Nothing in it depends on the moment at which it is written: ``DTSTAMP`` is, where no method is
    given, when an event was last revised (3.8.7.2).
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Followthrough//Outcomes//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _event(event: Event) -> Iterator[str]:
    revised_at = event.revised_at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{revised_at}"
    yield f"LAST-MODIFIED:{revised_at}"
    yield f"SEQUENCE:{event.revisions_count}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    yield f"DESCRIPTION:{_text(event.description)}"
    yield f"URL:{event.url}"
    yield f"CATEGORIES:{','.join(map(_text, event.categories))}"
    # A promise of others takes nobody's time.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """Return a text as a value (3.3.11): escaped, its lines joined by ``\\n``."""
    whole = _CONTROLS.sub("\ufffd", _LINE_ENDS.sub("\n", text))
    for character in ("\\", ";", ","):
        whole = whole.replace(character, f"\\{character}")
    return whole.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Return a line in octets, folded so that no part is longer than 75 (3.1).

    A character is never torn apart, which the standard only asks of whoever can.
    """
    parts: list[bytes] = []
    part = b""
    for octets in (character.encode() for character in line):
        if len(part) + len(octets) > _MOST_OCTETS:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part, b""])
