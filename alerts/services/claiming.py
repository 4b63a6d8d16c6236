"""Taking what is due into one worker's hands, so that no other sends it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from alerts.models import Delivery, Digest
from alerts.querysets import DeliveryQuerySet, DigestQuerySet

BATCH_SIZE = 100
"""Most messages that a worker takes at once."""

LEASE = dt.timedelta(minutes=3)
"""How long a worker may keep what it took: longer than it works on a batch."""

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
    """
    if limit < 1:
        return []
    with transaction.atomic():
        rows = list(
            due.select_for_update(skip_locked=True, of=("self",)).only("pk", "leased_until")[:limit]
        )
        is_suspect = bool(rows) and rows[0].leased_until is not None
        taken = [row.pk for row in rows if row.leased_until is None]
        if is_suspect:
            taken = [rows[0].pk]
        these = due.model._default_manager.filter(pk__in=taken)
        these.update(leased_until=now + LEASE, crashes_count=F("crashes_count") + int(is_suspect))
    return taken


def release(messages: Collection[Delivery | Digest], **columns: dt.datetime) -> None:
    """Give back what was claimed and not tried: it is due as before, or as ``columns`` say."""
    for model in (Delivery, Digest):
        ours: defaultdict[dt.datetime | None, list[int]] = defaultdict(list)
        for message in messages:
            if isinstance(message, model):
                ours[message.leased_until].append(message.pk)
        for lease, keys in ours.items():
            # A lease that another worker took meanwhile is not ours to give back.
            held = model._default_manager.filter(pk__in=keys, state="waiting", leased_until=lease)
            held.update(leased_until=None, **columns)
