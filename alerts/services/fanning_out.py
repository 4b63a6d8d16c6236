"""From a status change to what is owed to whom."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alerts.models import Delivery, Endpoint, Event, State, Subscription
from alerts.occasions import Occasion
from alerts.services.writing import owe_as_before, owe_endpoints, owe_subscribers
from campaigns.models import StatusChange

_IN_FLIGHT = dt.timedelta(hours=1)
"""Longer than a batch of mails is under way: its mails bear the moment at which it began."""


@transaction.atomic
def fan_out(*, change_id: int, now: dt.datetime) -> int:
    """Write a delivery for everyone who is owed this status change, and mark it fanned out.

    A silent change, and a change of a campaign that is not published or was not when it was
    recorded, is owed to nobody, and is marked all the same: a draft that is published before its
    changes are fanned out is no news. Any number of workers may try at once: the mark is unique,
    and whoever comes second waits for it and leaves.

    A correction or retraction is owed to exactly those who were told the wrong version, or may have
    been. Who still waits for that version is not sent it any more, and gets the correction in its
    place; of a retraction they need not hear. Whom the wrong version did not concern by its status,
    and the right one does, is told as of any change.

    Returns:
        How many deliveries were written; 0 when it was fanned out before.

    Raises:
        StatusChange.DoesNotExist: there is no such status change.
    """
    change = _load(change_id)
    event, is_first = Event.objects.get_or_create(
        status_change=change,
        defaults={
            "type": Event.Type.CORRECTED if change.corrects else Event.Type.RECORDED,
            "target": change.target,
            "occurred_at": change.recorded_at,
            "fanned_out_at": now,
        },
    )
    if not is_first or not _is_news(change):
        return 0
    if change.corrects:
        event.deliveries_count = _owe_correction(event, change, change.corrects, now)
    else:
        event.deliveries_count = _owe(event, change, now)
    event.save(update_fields=["deliveries_count"])
    return event.deliveries_count


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
    corrections = Event.objects.filter(Exists(told_since), type=Event.Type.CORRECTED)
    written = 0
    for event in corrections.select_related("status_change"):
        assert event.status_change is not None
        change = _load(event.status_change.pk)
        if change.corrects and _is_news(change):
            told = _told_of(change.corrects).filter(state=State.DELIVERED)
            new = owe_as_before(event, told, _followers(change, change.corrects), now)
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
    occasion = Occasion.of_change(change)
    subscriptions = Subscription.objects.owed(occasion, event.occurred_at)
    endpoints = Endpoint.objects.owed(event.type, occasion, event.occurred_at)
    return owe_subscribers(event, subscriptions, now) + owe_endpoints(event, endpoints, now)


def _owe_correction(
    event: Event, change: StatusChange, wrong: StatusChange, now: dt.datetime
) -> int:
    told = _told_of(wrong)
    untouched = told.filter(_is_untouched(), state=State.WAITING)
    if change.kind == StatusChange.Kind.RETRACTION:
        untouched.update(state=State.CANCELLED)
    concerned = told.filter(state__in=[State.DELIVERED, State.WAITING])
    written = owe_as_before(event, concerned, _followers(change, wrong), now)
    untouched.update(state=State.CANCELLED)
    before, after = Occasion.of_change(wrong), Occasion.of_change(change)
    newly = ~before.meets() if change.to_status else Q(pk__in=())
    subscriptions = Subscription.objects.owed(after, event.occurred_at).filter(newly)
    written += owe_subscribers(event, subscriptions, now)
    endpoints = Endpoint.objects.owed(event.type, after, event.occurred_at).filter(newly)
    told_endpoints = Endpoint.objects.enabled().filter(
        event_types__contains=f",{event.type},",
        deliveries__event__status_change=wrong,
    )
    written += owe_endpoints(event, endpoints, now)
    return written + owe_endpoints(event, told_endpoints, now)


def _told_of(wrong: StatusChange) -> QuerySet[Delivery]:
    return Delivery.objects.filter(event__status_change=wrong, subscriber__isnull=False)


def _followers(change: StatusChange, wrong: StatusChange) -> QuerySet[Subscription]:
    return Subscription.objects.following(Occasion.of_change(wrong), Occasion.of_change(change))


def _is_untouched() -> Q:
    """The condition that no worker has tried a delivery, alone or within its digest."""
    return Q(leased_until=None, attempts_count=0) & (
        Q(digest=None) | Q(digest__leased_until=None, digest__attempts_count=0)
    )
