"""When a digest is due."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.cadences import DIGEST_HOUR, Cadence, last_digest_moment, zone_named

UTC = dt.UTC
FIRST = dt.datetime(2020, 1, 1, tzinfo=UTC)
moments = st.integers(0, 15 * 366 * 86_400).map(lambda count: FIRST + dt.timedelta(seconds=count))
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("UTC", "2026-03-01T08:00+00:00", "2026-03-01T08:00+00:00"),
        ("UTC", "2026-03-01T07:59:59+00:00", "2026-02-28T08:00+00:00"),
        ("America/Los_Angeles", "2026-03-01T16:00+00:00", "2026-03-01T16:00+00:00"),
        # Clocks go forward on 8 March and back on 1 November.
        ("America/Los_Angeles", "2026-03-08T15:00+00:00", "2026-03-08T15:00+00:00"),
        ("America/Los_Angeles", "2026-03-08T14:59+00:00", "2026-03-07T16:00+00:00"),
        ("America/Los_Angeles", "2026-11-01T15:59+00:00", "2026-10-31T15:00+00:00"),
        ("America/Los_Angeles", "2026-11-01T16:00+00:00", "2026-11-01T16:00+00:00"),
        ("Asia/Kathmandu", "2026-03-01T02:15+00:00", "2026-03-01T02:15+00:00"),
        ("Pacific/Kiritimati", "2026-03-01T17:59+00:00", "2026-02-28T18:00+00:00"),
    ],
)
def test_a_daily_digest_is_due_at_eight_where_its_reader_lives(
    zone: str, now: str, expected: str
) -> None:
    assert last_digest_moment(Cadence.DAILY, ZoneInfo(zone), at(now)) == at(expected)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("UTC", "2026-03-02T08:00+00:00", "2026-03-02T08:00+00:00"),
        ("UTC", "2026-03-02T07:59+00:00", "2026-02-23T08:00+00:00"),
        ("UTC", "2026-03-08T23:00+00:00", "2026-03-02T08:00+00:00"),
        # Still Sunday there; and over a change of the clocks.
        ("America/Los_Angeles", "2026-03-09T06:00+00:00", "2026-03-02T16:00+00:00"),
        ("America/Los_Angeles", "2026-03-09T15:00+00:00", "2026-03-09T15:00+00:00"),
    ],
)
def test_a_weekly_digest_is_due_on_monday(zone: str, now: str, expected: str) -> None:
    assert last_digest_moment(Cadence.WEEKLY, ZoneInfo(zone), at(now)) == at(expected)


@given(now=moments, zone=zones, cadence=st.sampled_from([Cadence.DAILY, Cadence.WEEKLY]))
def test_it_is_the_last_such_moment_in_every_zone_on_every_day(
    now: dt.datetime, zone: ZoneInfo, cadence: Cadence
) -> None:
    moment = last_digest_moment(cadence, zone, now)
    there = moment.astimezone(zone)
    assert moment <= now
    assert (there.hour, there.minute, there.second) == (DIGEST_HOUR, 0, 0)
    assert cadence == Cadence.DAILY or there.weekday() == 0
    days = 1 if cadence == Cadence.DAILY else 7
    following = (there.replace(tzinfo=None) + dt.timedelta(days=days)).replace(tzinfo=zone)
    assert following.astimezone(UTC) > now
    assert last_digest_moment(cadence, zone, moment) == moment


def test_what_is_told_at_once_has_no_digest() -> None:
    with pytest.raises(ValueError, match="no digest"):
        last_digest_moment(Cadence.AT_ONCE, ZoneInfo("UTC"), at("2026-03-01T08:00+00:00"))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "\x00", "/etc/localtime"])
def test_a_zone_that_is_none_is_utc(name: str) -> None:
    assert zone_named(name) == ZoneInfo("UTC")
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")
