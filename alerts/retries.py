"""When a message that did not go out is tried again: pure.

The pauses double from one minute to about four hours, so that a short outage costs a minute and a
long one few tries. Together they last less than :data:`PERIOD`. RFC 5321, section 4.5.4.1, advises
4 to 5 days for a relay; here the message is an alert, and the relay behind us queues for days.
"""

from __future__ import annotations

import datetime as dt

PERIOD = dt.timedelta(hours=24)
"""After the first try, none is made later than this (while workers are running)."""

MAX_ATTEMPTS = 13
"""Tries in all, counted when they begin, so that one that kills its worker counts as well."""

LEASE = dt.timedelta(minutes=5)
"""How long a worker may keep a confirmation to itself: longer than any try lasts."""

_FIRST = dt.timedelta(minutes=1)
_LONGEST = dt.timedelta(minutes=256)
_JITTER = 0.1
_LONGEST_HOLD = dt.timedelta(hours=1)

WEBHOOK_PAUSES = tuple(
    dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1200)
)
"""Between the tries of a message to an endpoint: together about three days."""


def pause_after(
    attempts_count: int, chance: float, first: dt.timedelta = _FIRST
) -> dt.timedelta | None:
    """Return how long to wait before the next try, or ``None`` to give up.

    Args:
        attempts_count: tries begun so far, 1 or more.
        chance: a random number from 0 to 1, which moves the pause by up to a tenth either way, so
            that messages which failed together do not all return together.
        first: the pause after the first try.
    """
    if attempts_count >= MAX_ATTEMPTS:
        return None
    doublings: int = 2 ** (attempts_count - 1)
    return _jittered(min(first * doublings, _LONGEST), chance)


def webhook_pause_after(attempts_count: int, chance: float) -> dt.timedelta | None:
    """Return how long a message to an endpoint waits for its next try, or ``None`` to give up.

    Args:
        attempts_count: tries so far, 1 or more.
        chance: a random number from 0 to 1, as for :func:`pause_after`.
    """
    if attempts_count > len(WEBHOOK_PAUSES):
        return None
    return _jittered(WEBHOOK_PAUSES[attempts_count - 1], chance)


def hold_after(failures_count: int, chance: float) -> dt.timedelta:
    """Return how long an endpoint that does not answer is left alone, whatever waits for it.

    Args:
        failures_count: failures in a row, 1 or more.
        chance: a random number from 0 to 1, as for :func:`pause_after`.
    """
    doublings: int = 2 ** min(failures_count - 1, 10)
    return _jittered(min(_FIRST * doublings, _LONGEST_HOLD), chance)


def _jittered(steady: dt.timedelta, chance: float) -> dt.timedelta:
    return steady * (1 - _JITTER + 2 * _JITTER * chance)


MEMORY_OF_BOUNCES = dt.timedelta(days=7)
"""Mails that came back for now, further apart than this, are not in a row."""

_BOUNCES_BEFORE_REST = 3
_FIRST_REST = dt.timedelta(days=1)
_LONGEST_REST = dt.timedelta(days=14)


def rest_after(bounces_count: int) -> dt.timedelta | None:
    """Return how long an address is left alone, ``None`` if it may be written to as before.

    A day at the third mail in a row that came back for now, twice as long at each further one, two
    weeks at most: a mailbox that is full in the holidays is not given up.

    Args:
        bounces_count: mails in a row, 1 or more.
    """
    if bounces_count < _BOUNCES_BEFORE_REST:
        return None
    doublings: int = 2 ** min(bounces_count - _BOUNCES_BEFORE_REST, 10)
    return min(_FIRST_REST * doublings, _LONGEST_REST)
