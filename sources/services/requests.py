"""Asking for a poll ahead of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sources.models import Source


def request_poll(*, source_ids: Collection[int], now: dt.datetime) -> int:
    """Make active sources due at once, and return how many are; asking twice asks once.

    A source that is being polled at this moment is left alone.
    """
    sources = Source.objects.free(now).filter(pk__in=source_ids, is_active=True)
    return sources.update(next_poll_at=now)
