"""Taking what is due into one worker's hands, so that no other sends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from alerts.models import Delivery, Digest

BATCH_SIZE = 250
"""Most messages that a worker takes at once."""

LEASE = dt.timedelta(seconds=settings.ALERTS_LEASE_SECONDS)
"""How long a worker may keep what it took: twice as long as it works on a batch."""

MAX_CRASHES = 3
"""Workers that a message may take down, before it is given up."""

Message = TypeVar("Message", Delivery, Digest)


def claim(due: QuerySet[Message], *, now: dt.datetime, limit: int = BATCH_SIZE) -> list[Message]:
    """Lease rows that are due, the longest due first, and return them.

    Any number of workers may claim at once: on PostgreSQL each skips what another is looking at,
    on SQLite they do it one after the other. A row whose last worker did not give it back is taken
    alone when its turn comes, so that it takes none with it should it bring down this worker, too.
    """
    if limit < 1:
        return []
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
        is_suspect = bool(rows) and rows[0].leased_until is not None
        taken = rows[:1] if is_suspect else [row for row in rows if row.leased_until is None]
        these = due.model._default_manager.filter(pk__in=[row.pk for row in taken])
        these.update(leased_until=now + LEASE, crashes_count=F("crashes_count") + int(is_suspect))
    for row in taken:
        row.leased_until = now + LEASE
        row.crashes_count += int(is_suspect)
    return taken


def release(messages: Collection[Delivery | Digest]) -> None:
    """Give back what was claimed and not tried: it is due as before."""
    for model in (Delivery, Digest):
        keys = [message.pk for message in messages if isinstance(message, model)]
        if keys:
            model._default_manager.filter(pk__in=keys, state="waiting").update(leased_until=None)
