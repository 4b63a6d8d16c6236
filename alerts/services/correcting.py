"""From a correction or a retraction to who is told it, and what is not sent any more."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from alerts.models import Attempt, Delivery, Endpoint, Event, State, Subscription
from alerts.occasions import Occasion, wrong_versions
from alerts.querysets import DeliveryQuerySet, EndpointQuerySet, SubscriptionQuerySet
from alerts.services.owing import load_events, wanting
from alerts.services.writing import owe_as_before, owe_endpoints
from campaigns.models import StatusChange


def owe_correction(event: Event, change: StatusChange, now: dt.datetime) -> int:
    """Owe a correction or retraction to those who were told a wrong version, or may have been.

    Who only waits for one gets the correction in its place; of a retraction they need not hear.
    To be followed by :func:`stop_wrong_versions`, in the same transaction.

    Returns:
        How many deliveries were written.
    """
    versions = wrong_versions(change)
    _lock_waiting(versions)
    is_in_place = change.kind != StatusChange.Kind.RETRACTION
    written = _owe_people(event, change, versions, now, is_in_place=is_in_place)
    return written + _owe_endpoints(event, versions, now, is_in_place=is_in_place)


def owe_told_since(event: Event, change: StatusChange, now: dt.datetime) -> int:
    """Owe a correction to those who have been told a wrong version since it was fanned out.

    Returns:
        How many deliveries were written.
    """
    told = _mails_of(wrong_versions(change)).filter(state=State.DELIVERED)
    return owe_as_before(event, told, _followers(change), now)


def stop_wrong_versions(change: StatusChange, now: dt.datetime) -> None:
    """Cancel what waits of the versions that a status change corrects or retracts.

    What a worker is sending is left to it; should that fail, it is not tried again. Rows are locked
    first, so that one that a worker takes meanwhile is left to it, too.
    """
    waiting = Delivery.objects.filter(
        _is_free(now), event__status_change__in=wrong_versions(change), state=State.WAITING
    )
    locked = waiting.select_for_update(of=("self",)).values("pk")
    Delivery.objects.filter(pk__in=locked).update(state=State.CANCELLED, leased_until=None)


def _lock_waiting(versions: list[StatusChange]) -> None:
    """Keep workers from what waits, so that nobody is told what is taken for untold here."""
    waiting = Delivery.objects.filter(event__status_change__in=versions, state=State.WAITING)
    list(waiting.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _owe_people(
    event: Event,
    change: StatusChange,
    versions: list[StatusChange],
    now: dt.datetime,
    *,
    is_in_place: bool,
) -> int:
    mails = _mails_of(versions)
    untold = mails.filter(_is_untold(), state=State.WAITING)
    if is_in_place:
        untold = untold.exclude(_is_still_owed(versions))
    told = mails.filter(_may_be_told()).exclude(pk__in=untold.values("pk"))
    return owe_as_before(event, told, _followers(change), now)


def _owe_endpoints(
    event: Event, versions: list[StatusChange], now: dt.datetime, *, is_in_place: bool
) -> int:
    posts = Delivery.objects.filter(event__status_change__in=versions, endpoint__isnull=False)
    untold = posts.filter(_is_untold(), state=State.WAITING)
    told = posts.filter(_may_be_told() | Q(state=State.FAILED)).exclude(pk__in=untold.values("pk"))
    hearing = Endpoint.objects.filter(event_types__contains=f",{event.type},")
    written = owe_endpoints(event, hearing.enabled().filter(pk__in=told.values("endpoint")), now)
    if is_in_place:
        # Also to one that is disabled: what waited for it goes on waiting, corrected.
        written += owe_endpoints(event, hearing.filter(pk__in=untold.values("endpoint")), now)
    for version in versions:
        written += owe_endpoints(event, _hear_corrections_alone(event, version), now)
    return written


def _hear_corrections_alone(event: Event, wrong: StatusChange) -> EndpointQuerySet:
    """Endpoints that would have been told what was wrong, but are told of corrections only."""
    concerned = Endpoint.objects.owed(event.type, Occasion.of_change(wrong), event.occurred_at)
    return concerned.exclude(event_types__contains=f",{Event.Type.RECORDED},")


def _mails_of(versions: list[StatusChange]) -> DeliveryQuerySet:
    return Delivery.objects.filter(event__status_change__in=versions, subscriber__isnull=False)


def _followers(change: StatusChange) -> SubscriptionQuerySet:
    versions = [change, *wrong_versions(change)]
    return Subscription.objects.following(*map(Occasion.of_change, versions))


def _is_still_owed(versions: list[StatusChange]) -> Q:
    """The condition that a delivery would be sent: who left is owed nothing, even if come back."""
    events = Event.objects.filter(status_change__in=versions)
    condition = Q(pk__in=[])
    for event in load_events(events.values_list("pk", flat=True)).values():
        condition |= Q(event=event, subscriber__in=wanting(event).values("subscriber"))
    return condition


def _may_be_told() -> Q:
    """The condition that a delivery arrived, or may have, or may still."""
    stopped = Q(state=State.CANCELLED) & ~_is_untold()
    return Q(state__in=[State.DELIVERED, State.WAITING]) | stopped


def _is_untold() -> Q:
    """The condition that no worker has tried a delivery, alone or within its digest."""
    tried = Attempt.objects.filter(delivery=OuterRef("pk"))
    own = Q(leased_until=None, attempts_count=0, crashes_count=0) & ~Exists(tried)
    digest = Q(digest__leased_until=None, digest__attempts_count=0, digest__crashes_count=0)
    return own & (Q(digest=None) | digest)


def _is_free(now: dt.datetime) -> Q:
    """The condition that no worker is sending a delivery, alone or within its digest."""
    return (Q(leased_until=None) | Q(leased_until__lte=now)) & (
        Q(digest=None) | Q(digest__leased_until=None) | Q(digest__leased_until__lte=now)
    )
