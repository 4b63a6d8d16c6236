"""Asking for a poll ahead of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from sources.models import Source


def request_poll(*, source_ids: Collection[int], now: dt.datetime) -> int:
    """Make active sources due at once, and return how many are; asking twice asks once.

    A source that is being polled at this moment is left alone; one that was in quarantine gets
    another chance.
    """
    sources = Source.objects.free(now).filter(pk__in=source_ids, is_active=True)
    return sources.update(next_poll_at=now, quarantined_at=None, parser_kills_count=0)


@transaction.atomic
def begin_anew(*, source_ids: Collection[int], now: dt.datetime) -> int:
    """Make the next answer of active sources a silent baseline, whatever it says; poll them now.

    For what was refused as suspicious and is right: a list that was replaced, a site rebuilt.
    A poller that is under way writes nothing any more, and gives the source back, due at once.
    """
    sources = Source.objects.filter(pk__in=source_ids)
    sources.update(baseline_after=now)
    return sources.filter(is_active=True).update(
        next_poll_at=now, quarantined_at=None, parser_kills_count=0
    )
