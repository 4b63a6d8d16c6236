"""From a status change to what is owed to whom."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from alerts.models import Delivery, Endpoint, Event, State, Subscription
from alerts.occasions import Occasion
from alerts.services.correcting import owe_correction, owe_told_since, stop_wrong_versions
from alerts.services.writing import owe_endpoints, owe_subscribers
from campaigns.models import StatusChange

_IN_FLIGHT = dt.timedelta(hours=1)
"""Longer than a batch of mails is under way: its mails bear the moment at which it began."""
_LATE = dt.timedelta(days=30)
"""For how long after a correction somebody may still turn out to have been told what was wrong."""


@transaction.atomic
def fan_out(*, change_id: int, now: dt.datetime) -> int:
    """Write a delivery for everyone who is owed this status change, and mark it fanned out.

    A silent change, and a change of a campaign that is not published or was not when it was
    recorded, is owed to nobody, and is marked all the same: a draft that is published before its
    changes are fanned out is no news. Any number of workers may try at once: the mark is unique,
    and whoever comes second waits for it and leaves.

    A correction or retraction is owed to exactly those who were told the wrong version, or what it
    corrects in turn, or may have been. Who still waits for that version, and is still owed it, gets
    the correction in its place; of a retraction they need not hear. Whom the wrong version did not
    concern by its status, and the right one does, is told as of any change. The wrong version is
    not sent to anybody any more, also where the correction is owed to nobody. One that was not
    fanned out yet is fanned out first, so that it cannot be sent afterwards.

    Returns:
        How many deliveries were written; 0 when it was fanned out before.

    Raises:
        StatusChange.DoesNotExist: there is no such status change.
    """
    change = _load(change_id)
    event, is_first = _marked(change, now)
    if not is_first:
        return 0
    if change.corrects:
        fan_out(change_id=change.corrects.pk, now=now)
    if _is_news(change):
        event.deliveries_count = _owe(event, change, now)
        event.save(update_fields=["deliveries_count"])
    if change.corrects:
        stop_wrong_versions(change, now)
    return event.deliveries_count


def _marked(change: StatusChange, now: dt.datetime) -> tuple[Event, bool]:
    """Return the mark that a change is fanned out, and whether it was set just now."""
    return Event.objects.get_or_create(
        status_change=change,
        defaults={
            "type": Event.Type.CORRECTED if change.corrects else Event.Type.RECORDED,
            "target": change.target,
            "occurred_at": change.recorded_at,
            "fanned_out_at": now,
        },
    )


@transaction.atomic
def owe_late_corrections(*, now: dt.datetime) -> int:
    """Owe corrections to those who were told the wrong version while it was being corrected.

    A mail may be on its way while its status change is corrected; then nobody knows yet that it
    will arrive.

    Returns:
        How many deliveries were written.
    """
    told_since = Delivery.objects.filter(
        event__status_change=OuterRef("status_change__corrects"),
        state=State.DELIVERED,
        delivered_at__gt=OuterRef("fanned_out_at") - _IN_FLIGHT,
    )
    knowing = Delivery.objects.filter(
        event=OuterRef(OuterRef("pk")), subscriber=OuterRef("subscriber")
    )
    corrections = Event.objects.filter(
        Exists(told_since.filter(~Exists(knowing), subscriber__isnull=False)),
        type=Event.Type.CORRECTED,
        fanned_out_at__gt=now - _LATE,
    )
    written = 0
    for event in corrections.select_related("status_change"):
        assert event.status_change is not None
        change = _load(event.status_change.pk)
        if _is_news(change):
            new = owe_told_since(event, change, now)
            Event.objects.filter(pk=event.pk).update(deliveries_count=F("deliveries_count") + new)
            written += new
    return written


def _load(change_id: int) -> StatusChange:
    parts = ("target__campaign", "target__company__parent", "corrects")
    return StatusChange.objects.select_related(*parts).get(pk=change_id)


def _is_news(change: StatusChange) -> bool:
    return (
        not change.is_silent
        and change.target.campaign.is_public
        and StatusChange.objects.recorded_in_public().filter(pk=change.pk).exists()
    )


def _owe(event: Event, change: StatusChange, now: dt.datetime) -> int:
    if change.corrects is None:
        return _owe_concerned(event, change, now)
    written = owe_correction(event, change, now)
    if change.kind != StatusChange.Kind.RETRACTION:
        written += _owe_concerned(event, change, now, unlike=change.corrects)
    return written


def _owe_concerned(
    event: Event, change: StatusChange, now: dt.datetime, *, unlike: StatusChange | None = None
) -> int:
    """Owe an event to all whom it concerns; with ``unlike``, to those whom that did not concern."""
    occasion = Occasion.of_change(change)
    newly = ~Occasion.of_change(unlike).meets() if unlike else Q()
    subscriptions = Subscription.objects.owed(occasion, event.occurred_at).filter(newly)
    endpoints = Endpoint.objects.owed(event.type, occasion, event.occurred_at).filter(newly)
    return owe_subscribers(event, subscriptions, now) + owe_endpoints(event, endpoints, now)
