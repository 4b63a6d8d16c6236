"""More alerts to one subscriber within an hour than anybody wants mails become one digest."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, QuerySet

from alerts.cadences import Cadence
from alerts.models import Delivery, Digest, State
from alerts.services.claiming import LEASE

_HOUR = dt.timedelta(hours=1)


def hold_bursts(claimed: Sequence[Delivery], *, now: dt.datetime) -> set[int]:
    """Put what is too much for an hour into digests, and return the keys of the rest.

    Each subscriber gets ``ALERTS_PER_HOUR`` mails of one alert within an hour, the longest due
    first, whichever workers hold them. What comes beyond waits in a digest, which is due an hour
    after it was begun, and takes all that comes after it meanwhile.

    Args:
        claimed: deliveries that this worker holds, in the order in which they are to be sent.
        now: the moment.
    """
    people = {delivery.subscriber_id for delivery in claimed}
    sent = _sent_lately(people, now)
    held_since = _held_since(people)
    kept: set[int] = set()
    for delivery in _in_hands(people, now):
        person = delivery.subscriber_id or 0
        overtakes = delivery.pk > held_since.get(person, delivery.pk)
        if not overtakes and sent[person] < settings.ALERTS_PER_HOUR:
            sent[person] += 1
            kept.add(delivery.pk)
    rest = [delivery for delivery in claimed if delivery.pk not in kept]
    for delivery in rest:
        _hold(delivery, now)
    return {delivery.pk for delivery in claimed} & kept


def _held_since(people: Iterable[int | None]) -> dict[int, int]:
    """For whom a digest of a burst waits: the key of the oldest delivery that it holds.

    Nothing later overtakes it; what is older, and still in the hands of a worker, does not join it.
    """
    waiting = Digest.objects.filter(
        cadence=Cadence.AT_ONCE,
        state=State.WAITING,
        subscriber__in=people,
        deliveries__state=State.WAITING,
    )
    oldest = waiting.order_by().values("subscriber_id").annotate(oldest=Min("deliveries"))
    return dict(oldest.values_list("subscriber_id", "oldest"))


def _in_hands(people: Iterable[int | None], now: dt.datetime) -> QuerySet[Delivery]:
    """What this worker and the others are about to send to them, in the order of sending."""
    leased = Delivery.objects.filter(
        subscriber__in=people,
        digest=None,
        cadence=Cadence.AT_ONCE,
        state=State.WAITING,
        leased_until__gt=now,
    )
    return leased.order_by("next_attempt_at", "pk").only("pk", "subscriber_id")


def _sent_lately(people: Iterable[int | None], now: dt.datetime) -> Counter[int | None]:
    lately = Delivery.objects.filter(
        subscriber__in=people,
        digest=None,
        cadence=Cadence.AT_ONCE,
        state=State.DELIVERED,
        delivered_at__gt=now - _HOUR,
    )
    counts = lately.order_by().values("subscriber_id").annotate(count=Count("pk"))
    return Counter(dict(counts.values_list("subscriber_id", "count")))


@transaction.atomic
def _hold(delivery: Delivery, now: dt.datetime) -> None:
    """Put a delivery into the open digest of its subscriber, or into a new one.

    The digest is locked, and left alone if a worker tries it, or has: it tells no more than it
    told. What comes meanwhile is due again when that try must be over.
    """
    until = now + _HOUR
    assert delivery.subscriber is not None
    Digest.objects.bulk_create(
        [
            Digest(
                subscriber=delivery.subscriber,
                cadence=Cadence.AT_ONCE,
                covers_until=until,
                created_at=now,
                next_attempt_at=until,
            )
        ],
        ignore_conflicts=True,
    )
    waiting = Digest.objects.select_for_update().untried()
    digest = waiting.filter(subscriber=delivery.subscriber_id, cadence=Cadence.AT_ONCE).first()
    due_at = delivery.next_attempt_at if digest else now + LEASE
    Delivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(
        digest=digest, leased_until=None, next_attempt_at=due_at
    )
