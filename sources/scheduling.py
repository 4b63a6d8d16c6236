"""When a source is polled next: pure."""

from __future__ import annotations

import datetime as dt

FIRST_RETRY = dt.timedelta(minutes=5)
LONGEST_RETRY = dt.timedelta(days=1)
_SPREAD = 0.2
_MAX_DOUBLINGS = 20


def next_poll_at(
    *, now: dt.datetime, interval: dt.timedelta, failures_count: int, jitter: float
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
    """
    wait = interval
    if failures_count:
        doublings = min(failures_count - 1, _MAX_DOUBLINGS)
        wait = min(min(FIRST_RETRY, interval) * 2**doublings, max(LONGEST_RETRY, interval))
    return now + wait * (1 + _SPREAD * (jitter - 0.5))
