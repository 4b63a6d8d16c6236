"""Composing digests: several deliveries become one mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from alerts.cadences import Cadence, last_digest_moment, zone_named
from alerts.models import Delivery, Digest, State
from alerts.querysets import DeliveryQuerySet, DigestQuerySet
from alerts.services.pausing import is_paused

_TOGETHER = 1000
"""Subscribers whose digests are written by one transaction."""


def compose_digests(*, now: dt.datetime) -> int:
    """Write the digests that are due by now, each with the deliveries that it is to tell of.

    A digest is due on its hour where its subscriber lives. If that was missed, one digest makes up
    for all that was missed, as it does once a pause of all alerts is over. Doing it again, or ten
    times at once, changes nothing.

    Returns:
        How many subscribers got one.
    """
    return sum(_compose(*digests, now) for digests in _recipients(now))


def overdue_digests(*, now: dt.datetime) -> int:
    """Return how many digests are to be written by now."""
    return sum(len(people) for _cadence, _zone, people in _recipients(now))


def _recipients(now: dt.datetime) -> Iterator[tuple[Cadence, str, list[int]]]:
    """Yield who is to get a digest: cadence, time zone and a handful of subscribers."""
    if is_paused():
        return
    for cadence in (Cadence.DAILY, Cadence.WEEKLY):
        for zone in _zones(cadence):
            for people in _handfuls(cadence, zone, now):
                yield cadence, zone, people


def _zones(cadence: Cadence) -> list[str]:
    """The time zones of those whose deliveries wait for a digest."""
    waiting = Delivery.objects.filter(state=State.WAITING, digest=None, cadence=cadence)
    zones = waiting.order_by().values_list("subscriber__time_zone", flat=True).distinct()
    return sorted(zone for zone in zones if zone)


def _handfuls(cadence: Cadence, zone: str, now: dt.datetime) -> Iterator[list[int]]:
    due = _due(cadence, zone, now).order_by().distinct()
    people = sorted(pk for pk in due.values_list("subscriber_id", flat=True) if pk)
    for start in range(0, len(people), _TOGETHER):
        yield people[start : start + _TOGETHER]


def _due(cadence: Cadence, zone: str, now: dt.datetime) -> DeliveryQuerySet:
    """Deliveries that a digest can still tell of.

    One that was tried tells no more than it told: what comes late is for the next one.
    """
    digests = _digests(cadence, zone, now)
    closed = digests.exclude(pk__in=digests.untried().values("pk"))
    return Delivery.objects.for_digest(cadence, zone, now).filter(~Exists(closed))


def _digests(cadence: Cadence, zone: str, now: dt.datetime) -> DigestQuerySet:
    """The digests of a moment, each beside the deliveries of its subscriber."""
    until = last_digest_moment(cadence, zone_named(zone), now)
    return Digest.objects.filter(
        subscriber=OuterRef("subscriber"), cadence=cadence, covers_until=until
    )


@transaction.atomic
def _compose(cadence: Cadence, zone: str, people: Collection[int], now: dt.datetime) -> int:
    until = last_digest_moment(cadence, zone_named(zone), now)
    Digest.objects.bulk_create(
        [
            Digest(
                subscriber_id=person,
                cadence=cadence,
                covers_until=until,
                created_at=now,
                next_attempt_at=now,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    # Locked, so that no worker begins to send one while something is put into it.
    ours = Digest.objects.untried().filter(
        subscriber__in=people, cadence=cadence, covers_until=until
    )
    digests = dict(ours.select_for_update().values_list("pk", "subscriber_id"))
    due = Delivery.objects.for_digest(cadence, zone, now).filter(
        subscriber__in=digests.values(), leased_until=None
    )
    untried = _digests(cadence, zone, now).filter(pk__in=digests)
    return len(digests) if due.update(digest=Subquery(untried.values("pk")[:1])) else 0
