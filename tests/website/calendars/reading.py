"""How the tests read a calendar: by another's reader, and by the rules of its standard."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine
from django.test import Client
from icalendar import Calendar

from tests.factories import NOW

ALL = "/calendar/outcomes.ics"


def calendar(client: Client, address: str = ALL, at: dt.datetime = NOW) -> Any:
    """Get a calendar as it is at a moment, which must be valid, as the library reads it."""
    with time_machine.travel(at, tick=False):
        response = client.get(address)
    assert response.status_code == 200, response.content
    return read_calendar(response.content)


def read_calendar(data: bytes) -> Any:
    """Read a calendar after a check of its lines (RFC 5545, 3.1) and of what each event needs."""
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    for line in lines:
        line.decode()  # no character is torn apart
    found: Any = Calendar.from_ical(data)
    assert found["VERSION"] == "2.0"
    assert found["PRODID"]
    for event in found.walk("VEVENT"):
        for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "LAST-MODIFIED", "STATUS", "SUMMARY"):
            assert name in event, name
        assert event.errors == []
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert type(event["DTSTART"].dt) is dt.date
    uids = [str(event["UID"]) for event in found.walk("VEVENT")]
    assert len(uids) == len(set(uids))
    return found


def events(
    client: Client, address: str = ALL, at: dt.datetime = NOW
) -> list[tuple[dt.date, str, str]]:
    """Day, state and summary of each event."""
    return [
        (event["DTSTART"].dt, str(event["STATUS"]), str(event["SUMMARY"]))
        for event in calendar(client, address, at).walk("VEVENT")
    ]
