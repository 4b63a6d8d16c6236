"""Warning of outcomes that are about to lapse."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from alerts.cadences import Cadence
from alerts.models import Endpoint, Event, Subscription
from alerts.occasions import Occasion
from alerts.services.writing import owe_endpoints, owe_subscribers
from campaigns.models import Outcome, Target

WARNING_DAYS = (30, 7)
"""Days before an outcome lapses on which followers are warned."""

_LONGEST_PRECISION = dt.timedelta(days=366)


def warn_of_expiries(*, now: dt.datetime) -> int:
    """Owe warnings of outcomes in force that lapse in 30 or 7 days, once each.

    Who was down on that day makes up for it, unless the next warning is due as well. Nobody is
    warned of what was recorded later than the warning would have been. A warning goes out at once,
    however often its reader wants to hear.

    Returns:
        How many warnings were written.
    """
    soon = now.date() + dt.timedelta(days=max(WARNING_DAYS))
    candidates = Target.objects.filter(
        outcome__isnull=False,
        expires_on__gt=now.date() - _LONGEST_PRECISION,
        expires_on__lte=soon,
        campaign__published_at__isnull=False,
    )
    keys = list(candidates.order_by("pk").values_list("pk", flat=True))
    return sum(_warn(pk, now) for pk in keys)


def days_of_warning(outcome: Outcome, today: dt.date) -> int | None:
    """Return which of the warnings of an outcome is due, ``None`` if none is."""
    lapses_on = outcome.lapses_on
    if lapses_on is None or lapses_on <= today:
        return None
    for days in sorted(WARNING_DAYS):
        warn_on = lapses_on - dt.timedelta(days=days)
        if today >= warn_on:
            return days if outcome.recorded_at.date() <= warn_on else None
    return None


def _was_told(target: Target, days: int) -> bool:
    """Whether the same day was warned of, by an outcome whose words were corrected since."""
    told = Event.objects.filter(type=Event.Type.EXPIRING, target=target, days_left=days)
    outcomes = Outcome.objects.filter(pk__in=told.values("outcome"))
    return target.outcome is not None and target.outcome.lapses_on in {
        outcome.lapses_on for outcome in outcomes
    }


@transaction.atomic
def _warn(target_pk: int, now: dt.datetime) -> bool:
    parts = ("campaign", "company__parent", "outcome")
    target = Target.objects.select_related(*parts).get(pk=target_pk)
    days = days_of_warning(target.outcome, now.date()) if target.outcome else None
    if days is None:
        return False
    if _was_told(target, days):
        return False
    event, is_first = Event.objects.get_or_create(
        type=Event.Type.EXPIRING,
        outcome=target.outcome,
        days_left=days,
        defaults={"target": target, "occurred_at": now, "fanned_out_at": now},
    )
    if not is_first:
        return False
    occasion = Occasion.of_target(target)
    wanted = Subscription.objects.owed(occasion, now).filter(warns_of_expiry=True)
    event.deliveries_count = owe_subscribers(event, wanted, now, cadence=Cadence.AT_ONCE)
    endpoints = Endpoint.objects.owed(event.type, occasion, now)
    event.deliveries_count += owe_endpoints(event, endpoints, now)
    event.save(update_fields=["deliveries_count"])
    return True
