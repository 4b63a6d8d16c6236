"""How a source fares, and when it is polled next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from outbound.client import NO_HEADERS, Headers
from outbound.manners import freshness, retry_after
from sources.causes import PERMANENT, Cause
from sources.kinds import PollResult
from sources.models import Poll, Source
from sources.scheduling import next_poll_at

MOST_PARSER_KILLS = 3
"""A source that brought the parser down so often in a row is polled only when it is asked for."""
COLUMNS = (
    "broken_since",
    "etag",
    "failing_since",
    "failures_count",
    "feed_state",
    "last_cause",
    "last_detail",
    "last_modified",
    "last_polled_at",
    "last_success_at",
    "lease",
    "leased_until",
    "next_poll_at",
    "parser_kills_count",
    "quarantined_at",
)
"""The columns of a source that a poll may write."""


def note_health(
    *,
    source: Source,
    poll: Poll,
    headers: Headers,
    jitter: float,
    is_same_address: bool = True,
    feed_state: Mapping[str, Any] | None = None,
) -> None:
    """Put into the source what a poll means for it, the lease given back; nothing is saved.

    A failure leaves the validators alone: they belong to the last answer that was read. One that
    time alone will hardly mend is believed when the next visit ends in such a failure, too.

    Args:
        source: as it was leased.
        poll: how the visit ended.
        headers: of the answer, if there was one.
        jitter: from 0 to 1.
        is_same_address: whether the address answered to which validators will be sent; those of
            another are forgotten.
        feed_state: what a feed that was read just now says of itself; ``None`` to keep what it
            said before.
    """
    is_settled = poll.cause in PERMANENT and source.last_cause in PERMANENT
    if poll.result == PollResult.FAILED:
        _note_failure(source, poll, is_settled)
    else:
        _note_success(source, poll, headers if is_same_address else NO_HEADERS)
    if feed_state is not None:
        source.feed_state = dict(feed_state)
    source.last_polled_at = poll.finished_at
    source.lease = source.leased_until = None
    source.next_poll_at = _next_poll_at(source, poll, headers, jitter, is_settled)


def _note_failure(source: Source, poll: Poll, is_settled: bool) -> None:
    source.failing_since = source.failing_since or poll.started_at
    source.failures_count += 1
    source.last_cause = poll.cause
    source.last_detail = poll.detail
    if poll.cause == Cause.PARSE_LIMITS:
        source.parser_kills_count += 1
    if source.parser_kills_count >= MOST_PARSER_KILLS and source.quarantined_at is None:
        source.quarantined_at = poll.finished_at
    is_lasting = is_settled or source.failures_count >= settings.POLL_BROKEN_AFTER
    if source.quarantined_at or is_lasting:
        source.broken_since = source.broken_since or poll.finished_at


def _note_success(source: Source, poll: Poll, headers: Headers) -> None:
    source.failing_since = source.broken_since = source.quarantined_at = None
    source.failures_count = source.parser_kills_count = 0
    source.last_cause = source.last_detail = ""
    source.last_success_at = poll.finished_at
    for column, header in (("etag", "ETag"), ("last_modified", "Last-Modified")):
        value = headers.get(header)
        # "304 Not Modified" need not repeat what it confirms.
        if value is not None or poll.result != PollResult.NOT_MODIFIED:
            setattr(source, column, value if value and value.isprintable() else "")


def _next_poll_at(
    source: Source, poll: Poll, headers: Headers, jitter: float, is_settled: bool
) -> dt.datetime:
    nothing = dt.timedelta(0)
    ttl = dt.timedelta(minutes=source.feed_state.get("ttl_minutes", 0))
    return next_poll_at(
        now=poll.finished_at,
        interval=dt.timedelta(minutes=source.interval_minutes),
        failures_count=source.failures_count,
        jitter=jitter,
        is_permanent=is_settled,
        hint=max(ttl, freshness(headers, poll.finished_at) or nothing),
        asked_pause=retry_after(headers, poll.finished_at) or nothing,
        skip_hours=source.feed_state.get("skip_hours", ()),
        skip_days=source.feed_state.get("skip_days", ()),
    )
