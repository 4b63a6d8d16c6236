"""Forgetting old polls; snapshots are for ever."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from sources.models import Poll

_AT_ONCE = 5_000


def prune_polls(*, now: dt.datetime) -> int:
    """Delete polls older than ``POLL_KEPT_DAYS`` and return how many were.

    Those that brought a snapshot stay as long as it does, which is for ever. In pieces, so that no
    lock is held for long; stopped half-way, it goes on the next time.
    """
    oldest = now - dt.timedelta(days=settings.POLL_KEPT_DAYS)
    old = Poll.objects.filter(finished_at__lt=oldest, snapshot=None).order_by("pk")
    total = 0
    while keys := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
        total += Poll.objects.filter(pk__in=keys).delete()[0]
    return total
