"""Taking what is due into one worker's hands, so that no other sends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from alerts.models import Delivery, Digest

BATCH_SIZE = 500
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
    What that worker held besides is given back: it was to come after.
    """
    if limit < 1:
        return []
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
        lost = rows[0].leased_until if rows else None
        taken = [row for row in rows if row.leased_until is None]
        if lost:
            taken = rows[:1]
            taken[0].crashes_count += 1
            untried = [row.pk for row in rows[1:] if row.leased_until == lost]
            due.model._default_manager.filter(pk__in=untried).update(leased_until=None)
        for row in taken:
            row.leased_until = now + LEASE
        these = due.model._default_manager.filter(pk__in=[row.pk for row in taken])
        crashes = F("crashes_count") + int(bool(lost))
        these.update(leased_until=now + LEASE, crashes_count=crashes)
    return taken


def release(messages: Collection[Delivery | Digest]) -> None:
    """Give back what was claimed and not tried: it is due as before."""
    for model in (Delivery, Digest):
        keys = [message.pk for message in messages if isinstance(message, model)]
        if keys:
            model._default_manager.filter(pk__in=keys, state="waiting").update(leased_until=None)
