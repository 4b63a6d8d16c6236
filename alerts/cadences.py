"""How often a subscriber is written to, and when a digest is due: pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _

DIGEST_HOUR = 8
"""The hour of the day, on the subscriber's clock, from which digests are sent."""

_MONDAY = 0


class Cadence(IntegerChoices):
    """How often; the lower, the sooner, so that the least of several is the one that counts."""

    AT_ONCE = 0, _("at once")
    DAILY = 1, _("once a day")
    WEEKLY = 2, _("once a week")


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def last_digest_moment(cadence: Cadence, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Return the latest moment, not after ``now``, up to which a digest is to tell.

    That is :data:`DIGEST_HOUR` o'clock on the subscriber's clock: of a day, or of a Monday.

    Args:
        cadence: daily or weekly.
        zone: where the subscriber lives.
        now: a moment with time zone.

    Returns:
        The moment in UTC.

    Raises:
        ValueError: what is told at once has no digest.
    """
    if cadence == Cadence.AT_ONCE:
        raise ValueError("what is told at once has no digest")
    local = now.astimezone(zone)
    moment = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0, fold=0)
    if cadence == Cadence.WEEKLY:
        moment -= dt.timedelta(days=(moment.weekday() - _MONDAY) % 7)
    if moment > local:
        moment -= dt.timedelta(days=1 if cadence == Cadence.DAILY else 7)
    return moment.astimezone(dt.UTC)
