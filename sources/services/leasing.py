"""Exactly one poller per source: a lease in the source's row."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import connection, transaction

from sources.models import Source


@transaction.atomic
def lease_sources(
    *, source_ids: Collection[int], now: dt.datetime, duration: dt.timedelta, only_due: bool
) -> list[Source]:
    """Take the sources that nobody has a lease on, and return them with the lease in their row.

    The lease of a worker that died runs out; ``note_interruptions`` then gives it back.

    Args:
        source_ids: which ones are wanted.
        now: the moment.
        duration: how long the lease lasts.
        only_due: leave out those which are inactive or not due.
    """
    wanted = Source.objects.due(now) if only_due else Source.objects.free(now)
    # Whoever is locked at this moment is being leased by another poller.
    can_skip = connection.features.has_select_for_update_skip_locked
    free = wanted.filter(pk__in=source_ids, lease=None).order_by("pk")
    sources = list(free.select_for_update(skip_locked=can_skip))
    lease = uuid.uuid4()
    for source in sources:
        source.lease, source.leased_until = lease, now + duration
    Source.objects.filter(pk__in=[source.pk for source in sources]).update(
        lease=lease, leased_until=now + duration
    )
    return sources


def renew_lock(source: Source) -> bool:
    """Lock the source's row until the transaction ends, if the lease is still ours."""
    held = Source.objects.select_for_update().filter(pk=source.pk, lease=source.lease)
    return held.exists()
