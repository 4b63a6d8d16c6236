"""The one writer of the public feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from campaigns.models import FeedEntry, LogHead, StatusChange


def enter_feed(
    changes: Iterable[StatusChange],
    event: FeedEntry.Event,
    *,
    head: LogHead,
    entered_at: dt.datetime,
) -> list[FeedEntry]:
    """Append an entry for each status change, numbered in the order given.

    Args:
        head: the end of the log as ``lock_log`` returned it, in this transaction: the lock makes
            the order of the numbers the order of commits. Its count is moved on.
    """
    entries = [
        FeedEntry(sequence=number, event=event, status_change=change, entered_at=entered_at)
        for number, change in enumerate(changes, start=head.last_feed_sequence + 1)
    ]
    if entries:
        FeedEntry.objects.bulk_create(entries)
        head.last_feed_sequence = entries[-1].sequence
        LogHead.objects.filter(pk=head.pk).update(last_feed_sequence=head.last_feed_sequence)
    return entries
