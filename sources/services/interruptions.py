"""Visits that never ended: what killed their poller must not be tried again and again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection

from django.db import OperationalError, connection, transaction

from outbound.client import NO_HEADERS
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Poll, Source
from sources.services.health import COLUMNS, note_health
from sources.services.notices import write_notices
from sources.services.writing import OFFENCES, update_rows

logger = logging.getLogger(__name__)


@transaction.atomic
def note_interruptions(
    *, source_ids: Collection[int], now: dt.datetime, jitter: Callable[[], float]
) -> list[Poll]:
    """Write a failed poll for every one of the sources whose poller died, and return these.

    The lease is given back, and the source is retried when a failed one is. That a lease has run
    out is all that is known: the poll is dated to the moment at which that was found.

    Args:
        source_ids: which sources to look at.
        now: the moment.
        jitter: gives numbers from 0 to 1 that spread the next polls.
    """
    can_skip = connection.features.has_select_for_update_skip_locked
    abandoned = Source.objects.abandoned(now).filter(pk__in=source_ids).order_by("pk")
    polls = []
    broken_before: dict[Source, dt.datetime | None] = {}
    for source in abandoned.select_for_update(skip_locked=can_skip):
        logger.warning("The poller of source %s (%s) died", source.pk, source.url)
        was_broken_since = source.broken_since
        try:
            polls.append(_write_poll(source, now, jitter()))
        except OperationalError:
            raise
        except OFFENCES:
            # It stays abandoned, and keeps no other from being polled.
            logger.exception("Nothing can be written of source %s (%s)", source.pk, source.url)
        else:
            broken_before[source] = was_broken_since
    write_notices(broken_before)
    return polls


@transaction.atomic
def _write_poll(source: Source, now: dt.datetime, jitter: float) -> Poll:
    poll = Poll.objects.create(
        source=source,
        started_at=now,
        finished_at=now,
        result=PollResult.FAILED,
        cause=Cause.INTERRUPTED,
    )
    note_health(source=source, poll=poll, headers=NO_HEADERS, jitter=jitter)
    update_rows([source], COLUMNS)
    return poll
