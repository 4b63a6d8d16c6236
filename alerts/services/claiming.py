"""Taking what is due into one worker's hands, so that no other sends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F

from alerts.models import Delivery, Digest
from alerts.querysets import DeliveryQuerySet, DigestQuerySet

BATCH_SIZE = 500
"""Most messages that a worker takes at once."""

MAX_CRASHES = 3
"""Workers that a message may take down, before it is given up."""

Message = TypeVar("Message", Delivery, Digest)


def claim(
    due: DeliveryQuerySet | DigestQuerySet, *, now: dt.datetime, limit: int = BATCH_SIZE
) -> list[int]:
    """Lease rows that are due, the longest due first, and return their keys.

    Any number of workers may claim at once: on PostgreSQL each skips what another is looking at,
    on SQLite they do it one after the other. A row whose last worker did not give it back is taken
    alone when its turn comes, so that it takes none with it should it bring down this worker, too.
    What that worker held besides is given back: it was to come after.
    """
    if limit < 1:
        return []
    with transaction.atomic():
        rows = list(
            due.select_for_update(skip_locked=True, of=("self",)).only("pk", "leased_until")[:limit]
        )
        lost = rows[0].leased_until if rows else None
        taken = [row.pk for row in rows if row.leased_until is None]
        these = due.model._default_manager
        if lost is not None:
            taken = [rows[0].pk]
            untried = [row.pk for row in rows[1:] if row.leased_until == lost]
            these.filter(pk__in=untried).update(leased_until=None)
        crashes = F("crashes_count") + int(lost is not None)
        these.filter(pk__in=taken).update(leased_until=now + lease(), crashes_count=crashes)
    return taken


def lease() -> dt.timedelta:
    """How long a worker may keep what it took: twice as long as it works on a batch."""
    return dt.timedelta(seconds=settings.ALERTS_LEASE_SECONDS)


def release(messages: Collection[Delivery | Digest]) -> None:
    """Give back what was claimed and not tried: it is due as before."""
    for model in (Delivery, Digest):
        keys = [message.pk for message in messages if isinstance(message, model)]
        if keys:
            model._default_manager.filter(pk__in=keys, state="waiting").update(leased_until=None)
