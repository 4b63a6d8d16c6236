"""How many mails a subscription would have brought: read from the log, before anybody confirms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncHour

from alerts.cadences import Cadence, last_digest_moment, zone_named
from alerts.models import Event, Subscription
from alerts.services.matching import about_target, by_step, by_undone_step, wants_warnings
from campaigns.models import StatusChange
from campaigns.querysets import StatusChangeQuerySet

ESTIMATED_PERIOD = dt.timedelta(days=365)
"""How far an estimate looks back."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mails of the last 12 months, for each cadence, and the warnings beside them."""

    at_once_count: int
    daily_count: int
    weekly_count: int
    warnings_count: int

    def mails_count(self, cadence: Cadence) -> int:
        """Return how many mails tell of status changes at this cadence."""
        return {
            Cadence.AT_ONCE: self.at_once_count,
            Cadence.DAILY: self.daily_count,
            Cadence.WEEKLY: self.weekly_count,
        }[cadence]


def estimate_mails(*, subscription: Subscription, time_zone: str, now: dt.datetime) -> Estimate:
    """Count the mails that a subscription would have brought within :data:`ESTIMATED_PERIOD`.

    A correction counts if what it corrects was told within that time, or was not wanted and the
    right version is. What exceeds ``ALERTS_PER_HOUR`` within an hour of the clock counts as one
    digest. Makes four queries at most, and reads an hour of the log as one row.

    Args:
        subscription: what is wanted; saved or not. Its cadence and confirmation do not matter.
        time_zone: IANA name of where its digests are sent.
        now: where the time ends.
    """
    since, zone = now - ESTIMATED_PERIOD, zone_named(time_zone)
    changes = _wanted_changes(subscription, since).filter(recorded_at__lte=now)
    hours = dict(
        changes.order_by()
        .annotate(hour=TruncHour("recorded_at", tzinfo=zone))
        .values("hour")
        .annotate(count=Count("pk", distinct=True))
        .values_list("hour", "count")
    )
    warnings = Event.objects.filter(
        about_target(subscription, "target__"),
        type=Event.Type.EXPIRING,
        target__campaign__published_at__isnull=False,
        occurred_at__gt=since,
        occurred_at__lte=now,
    )
    is_warned = subscription.warns_of_expiry and wants_warnings(subscription)
    most = settings.ALERTS_PER_HOUR
    return Estimate(
        at_once_count=sum(count if count <= most else most + 1 for count in hours.values()),
        daily_count=_digests(Cadence.DAILY, zone, hours),
        weekly_count=_digests(Cadence.WEEKLY, zone, hours),
        warnings_count=warnings.count() if is_warned else 0,
    )


def _wanted_changes(subscription: Subscription, since: dt.datetime) -> StatusChangeQuerySet:
    wanted = by_step(subscription, "") & Q(to_status__isnull=False)
    told = by_undone_step(subscription, "", since)
    undone = by_step(subscription, "corrects__")
    newly = wanted & Q(corrects__isnull=False) & ~undone if undone else Q(pk__in=())
    return (
        StatusChange.objects.public()
        .recorded_in_public()
        .filter(about_target(subscription, "target__"), recorded_at__gt=since, is_silent=False)
        .filter(wanted & Q(corrects=None) | told | newly)
    )


def _digests(cadence: Cadence, zone: ZoneInfo, hours: Iterable[dt.datetime]) -> int:
    """Return how many digests tell of what happened in these hours."""
    return len({last_digest_moment(cadence, zone, hour) for hour in hours})
