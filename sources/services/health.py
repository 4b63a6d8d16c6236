"""How a source fares, and when it is polled next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sources.kinds import PollResult
from sources.models import Poll, Source
from sources.scheduling import next_poll_at


def note_poll(*, source: Source, poll: Poll, headers: Mapping[str, str], jitter: float) -> None:
    """Write what a poll means for its source, and give the lease back.

    A failure leaves the validators alone: they belong to the last answer that was read.
    """
    is_failure = poll.result == PollResult.FAILED
    columns = _after_failure(source, poll) if is_failure else _after_success(poll, headers)
    columns |= {
        "last_polled_at": poll.finished_at,
        "lease": None,
        "leased_until": None,
        "next_poll_at": next_poll_at(
            now=poll.finished_at,
            interval=dt.timedelta(minutes=source.interval_minutes),
            failures_count=columns["failures_count"],
            jitter=jitter,
        ),
    }
    Source.objects.filter(pk=source.pk).update(**columns)


def _after_failure(source: Source, poll: Poll) -> dict[str, Any]:
    return {
        "failing_since": source.failing_since or poll.started_at,
        "failures_count": source.failures_count + 1,
        "last_cause": poll.cause,
        "last_detail": poll.detail,
    }


def _after_success(poll: Poll, headers: Mapping[str, str]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "failing_since": None,
        "failures_count": 0,
        "last_cause": "",
        "last_detail": "",
        "last_success_at": poll.finished_at,
    }
    for column, header in (("etag", "ETag"), ("last_modified", "Last-Modified")):
        value = headers.get(header)
        # "304 Not Modified" need not repeat what it confirms.
        if value is not None or poll.result != PollResult.NOT_MODIFIED:
            columns[column] = value if value and value.isprintable() else ""
    return columns
