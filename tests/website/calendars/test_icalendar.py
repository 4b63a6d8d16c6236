"""A calendar as another's reader reads it, whatever the texts are."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tests.website.calendars.reading import read_calendar
from website.calendars.icalendar import Event, write_calendar

EVENT = Event(
    uid="outcome-1-expires@followthrough.test",
    day=dt.date(2027, 6, 10),
    summary="Amazon: the moratorium expires 10 June 2027",
    description="Terms: none",
    url="http://followthrough.test/changes/1/",
    categories=("Amazon",),
    revisions_count=0,
    revised_at=NOW,
    is_cancelled=False,
)
LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def test_an_event_is_a_whole_day_in_utc_and_takes_nobodys_time() -> None:
    revised = replace(EVENT, revisions_count=3, revised_at=dt.datetime(
        2026, 3, 1, 1, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))
    ))  # fmt: skip
    [event] = read_calendar(write_calendar("All", [revised])).walk("VEVENT")
    assert event["DTSTART"].dt == dt.date(2027, 6, 10)
    assert "DTEND" not in event
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == dt.datetime(
        2026, 2, 28, 23, 30, tzinfo=dt.UTC
    )  # fmt: skip
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["URL"] == "http://followthrough.test/changes/1/"


def test_a_cancelled_event_says_so() -> None:
    data = write_calendar("All", [replace(EVENT, is_cancelled=True)])
    [event] = read_calendar(data).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


def test_a_calendar_without_events_is_valid_and_has_a_name() -> None:
    found = read_calendar(write_calendar("Amazon; and others, too", []))
    assert found.walk("VEVENT") == []
    # The library knows neither spelling of the name as a text, and leaves it as it is written.
    assert found["NAME"] == found["X-WR-CALNAME"] == "Amazon\\; and others\\, too"


@pytest.mark.parametrize("length", range(60, 160))
def test_a_line_of_any_length_is_folded_and_read_as_one(length: int) -> None:
    for letter in ("x", "ü", "漢", "🙂"):
        data = write_calendar("All", [replace(EVENT, summary=letter * length)])
        [event] = read_calendar(data).walk("VEVENT")
        assert event["SUMMARY"] == letter * length


@given(text=st.text(max_size=200), other=st.text(alphabet=';,:\\"\n\r nN', max_size=40))
def test_whatever_a_text_is_a_reader_gets_it_as_text(text: str, other: str) -> None:
    told = replace(EVENT, summary=text, description=other + text, categories=(other, text))
    [event] = read_calendar(write_calendar(text, [told])).walk("VEVENT")
    assert event["SUMMARY"] == as_read(text)
    assert event["DESCRIPTION"] == as_read(other + text)
    assert [str(category) for category in event["CATEGORIES"].cats] == [
        as_read(other),
        as_read(text),
    ]
    assert event["UID"] == EVENT.uid


def as_read(text: str) -> str:
    """A text as it can be had: lines end in one way only, and there are no control characters."""
    return CONTROL.sub("\ufffd", LINE_END.sub("\n", text))
