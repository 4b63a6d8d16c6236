"""Polling: lease, visit, settle."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Collection
from time import monotonic

from django.conf import settings
from django.db import OperationalError

from sources.causes import Cause
from sources.models import Poll, Source
from sources.services.errands import Manners, plan_errands
from sources.services.interruptions import note_interruptions
from sources.services.leasing import LEASE, lease_sources, release_sources
from sources.services.measures import last_snapshots
from sources.services.settling import Settler
from sources.services.tenure import Tenure
from sources.services.workshop import visit_all

BATCH_SIZE = 200
"""How many sources one task is given."""


def poll_sources(
    *,
    source_ids: Collection[int],
    now: dt.datetime,
    only_due: bool = False,
    jitter: Callable[[], float] = random.random,
) -> list[Poll]:
    """Poll sources, many at once, and return the polls in the order of the sources' ids.

    Whatever goes wrong with a source ends in its poll and its health, never in an exception. A
    source that another poller has leased is left out, and so is one whose host another batch is
    visiting, or wants to be left alone for longer, be it that a redirect leads to that host; all
    these stay due, or are due a little later. One whose poller died gets a
    failed poll, and is visited at the earliest when that is due to be retried: after the others and
    alone, so that it takes none with it should it bring down this poller, too.

    Args:
        source_ids: at most :data:`BATCH_SIZE` of them should be given.
        now: the moment at which polling starts.
        only_due: poll only those which are active and due, as the clock wants it.
        jitter: gives numbers from 0 to 1 that spread the next polls.
    """
    started = monotonic()
    polls = note_interruptions(source_ids=source_ids, now=now, jitter=jitter)
    rest = set(source_ids) - {poll.source_id for poll in polls}
    interrupted = Source.objects.filter(pk__in=rest, last_cause=Cause.INTERRUPTED)
    suspects = list(interrupted.order_by("pk").values_list("pk", flat=True))
    polls += _poll_together(rest.difference(suspects), now, started, only_due, jitter)
    for suspect in suspects:
        began = monotonic()
        if began - started > settings.POLL_BATCH_SECONDS:
            break  # the others stay due
        passed = dt.timedelta(seconds=began - started)
        polls += _poll_together([suspect], now + passed, began, only_due, jitter)
    return sorted(polls, key=lambda poll: poll.source_id)


def _poll_together(
    source_ids: Collection[int],
    now: dt.datetime,
    began: float,
    only_due: bool,
    jitter: Callable[[], float],
) -> list[Poll]:
    """Poll sources in one batch; ``began`` is ``now`` by the monotonic clock."""
    if not source_ids:
        return []
    lease = lease_sources(source_ids=source_ids, now=now, duration=LEASE, only_due=only_due)
    if not lease.sources:
        return []
    tenure = Tenure(lease, now=now, began=began)
    last = last_snapshots(lease.sources)
    settler = Settler(lease, last, tenure, now, jitter)
    polls: list[Poll] = []
    errands, manners = plan_errands(lease, last, now=now), Manners.from_settings(now.date())
    try:
        for results in visit_all(errands, manners, tenure):
            polls += settler.settle(results)
    except OperationalError:
        # The database's fault, and no source's: what is not written stays due.
        rest = {source.pk for source in lease.sources} - {poll.source_id for poll in polls}
        release_sources(lease=lease, source_ids=rest)
        raise
    return polls
