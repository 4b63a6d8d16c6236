"""More alerts to one subscriber within an hour than anybody wants mails become one digest."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from alerts.cadences import Cadence
from alerts.models import Delivery, Digest, State

_HOUR = dt.timedelta(hours=1)


def hold_bursts(claimed: Sequence[Delivery], *, now: dt.datetime) -> set[int]:
    """Put what is too much for an hour into digests, and return the keys of the rest.

    Each subscriber gets ``ALERTS_PER_HOUR`` mails of one alert within an hour. What comes beyond
    waits in a digest, which is due an hour after it was begun, and takes all that comes meanwhile.

    Args:
        claimed: deliveries that this worker holds, in the order in which they are to be sent.
        now: the moment.
    """
    people = {delivery.subscriber_id for delivery in claimed}
    sent = _sent_lately(people, now)
    open_digests = dict(
        Digest.objects.filter(
            subscriber__in=people, cadence=Cadence.AT_ONCE, state=State.WAITING
        ).values_list("subscriber_id", "pk")
    )
    kept, held = set(), []
    for delivery in claimed:
        person = delivery.subscriber_id
        if person in open_digests or sent[person] >= settings.ALERTS_PER_HOUR:
            held.append(delivery)
        else:
            kept.add(delivery.pk)
            sent[person] += 1
    for delivery in held:
        _hold(delivery, now)
    return kept


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

    The digest is locked: a worker that is about to send it tells of this delivery, or leaves it.
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
    waiting = Digest.objects.select_for_update().filter(
        subscriber=delivery.subscriber_id, cadence=Cadence.AT_ONCE, state=State.WAITING
    )
    Delivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(
        digest=waiting.first(), leased_until=None
    )
