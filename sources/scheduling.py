"""When a source is polled next: pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

FIRST_RETRY = dt.timedelta(minutes=5)
LONGEST_RETRY = dt.timedelta(days=1)
MOST_INTERVALS = 2
"""A hint of the publisher makes us wait for so many of our intervals at most."""
PATIENCE = dt.timedelta(seconds=10)
"""How long a batch may wait for a host; one that wants longer is left for a later batch."""
_SPREAD = 0.2
_MAX_DOUBLINGS = 20
_HOUR = dt.timedelta(hours=1)


def next_poll_at(
    *,
    now: dt.datetime,
    interval: dt.timedelta,
    failures_count: int,
    jitter: float,
    is_permanent: bool = False,
    hint: dt.timedelta = dt.timedelta(0),
    asked_pause: dt.timedelta = dt.timedelta(0),
    skip_hours: Collection[int] = (),
    skip_days: Collection[int] = (),
) -> dt.datetime:
    """Return when to poll next.

    After a success the interval passes. After a failure the first retry comes soon, and each
    further one after twice the time, up to a day or the interval, whichever is longer. All waits
    are spread by a tenth to either side, so that sources which failed together do not retry so.

    Args:
        now: the moment of the poll that just ended.
        interval: what the source asks for.
        failures_count: polls that failed in a row; 0 after a success.
        jitter: from 0 (shortest) to 1 (longest); 0.5 for no shift.
        is_permanent: whether time alone will hardly mend the failure, and that was made sure of:
            then retries are as late as the last one of others.
        hint: how long the answer stays fresh by its own words; only a success has one.
        asked_pause: how long the host asked to be left alone: never to be cut short.
        skip_hours: hours of the day (UTC, 0 to 23) in which the feed does not change; never all.
        skip_days: days of the week (Monday is 0) likewise.
    """
    wait = max(interval, min(hint, MOST_INTERVALS * interval))
    if failures_count:
        longest = max(LONGEST_RETRY, interval)
        doublings = _MAX_DOUBLINGS if is_permanent else min(failures_count - 1, _MAX_DOUBLINGS)
        wait = min(min(FIRST_RETRY, interval) * 2**doublings, longest)
    at = now + max(wait * (1 + _SPREAD * (jitter - 0.5)), asked_pause)
    if not failures_count:
        while at.hour in skip_hours or at.weekday() in skip_days:
            at = at.replace(minute=0, second=0, microsecond=0) + _HOUR
    return at
