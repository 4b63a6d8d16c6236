"""Polling: fetch, decide, keep."""

from __future__ import annotations

import datetime as dt
import logging
import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import monotonic

from django.db import transaction
from django.db.models import QuerySet

from outbound.client import Fetched
from outbound.limits import Limits
from sources import decisions, evidence, reading
from sources.causes import Cause
from sources.decisions import Decision, Previous, failed
from sources.extraction import Page, Unreadable
from sources.extraction.tidying import tidy_line
from sources.kinds import SourceKind
from sources.models import Poll, SeenEntry, Snapshot, Source
from sources.reading import Visit
from sources.services.detecting import Hit, detect_changes
from sources.services.fetching import Errand, Visited, fetch_all
from sources.services.health import note_poll
from sources.services.interruptions import note_interruptions
from sources.services.keeping import keep_findings, keep_snapshot
from sources.services.leasing import lease_sources, renew_lock

logger = logging.getLogger(__name__)

BATCH_SIZE = 25
"""How many sources are fetched at once: each may bring as much as the outbound limits allow."""

_DETAIL_LENGTH = 300
_PROCESSING = dt.timedelta(minutes=4)


def poll_sources(
    *,
    source_ids: Collection[int],
    now: dt.datetime,
    only_due: bool = False,
    jitter: Callable[[], float] = random.random,
) -> list[Poll]:
    """Poll sources, all at once, and return the polls in the order of the sources' ids.

    Whatever goes wrong with a source ends in its poll and its health, never in an exception. A
    source that another poller has leased is left out; one whose poller died gets a failed poll, and
    is visited at the earliest when that is due to be retried: after the others and alone, so that
    it takes none with it should it bring down this poller, too.

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
    polls += _poll_together(rest.difference(suspects), now, only_due, jitter)
    for suspect in suspects:
        passed = dt.timedelta(seconds=monotonic() - started)
        polls += _poll_together([suspect], now + passed, only_due, jitter)
    return sorted(polls, key=lambda poll: poll.source_id)


def _poll_together(
    source_ids: Collection[int], now: dt.datetime, only_due: bool, jitter: Callable[[], float]
) -> list[Poll]:
    limits = Limits.from_settings()
    duration = dt.timedelta(seconds=2 * limits.total_seconds) + _PROCESSING
    sources = lease_sources(source_ids=source_ids, now=now, duration=duration, only_due=only_due)
    visits = fetch_all([_errand(source) for source in sources], limits)
    polls = (
        _finish(source, visited, now, jitter())
        for source, visited in zip(sources, visits, strict=True)
    )
    return [poll for poll in polls if poll is not None]


def _errand(source: Source) -> Errand:
    kind = SourceKind(source.kind)
    if not _snapshots(source).exists():
        return Errand(source.url, kind)
    return Errand(source.url, kind, source.etag, source.last_modified)


@dataclass(frozen=True, slots=True)
class _Harvest:
    """What is to be written about a visit."""

    decision: Decision
    body_hash: str = ""
    hits: tuple[Hit, ...] = ()


def _finish(source: Source, visited: Visited, now: dt.datetime, jitter: float) -> Poll | None:
    """Decide and keep. Our own failure is a failed poll too: it must not be tried for ever."""
    try:
        return _record(source, visited, _harvest(source, visited, now), now, jitter)
    except Exception:
        logger.exception("Polling source %s (%s) failed on our side", source.pk, source.url)
        return _record(source, visited, _Harvest(failed(Cause.INTERNAL)), now, jitter)


def _harvest(source: Source, visited: Visited, now: dt.datetime) -> _Harvest:
    """Decide, store the copy if it is to be kept, and read what is new; no lock is held."""
    decision = _decide(source, visited)
    if not decision.is_kept or visited.fetched is None:
        return _Harvest(decision)
    body_hash = evidence.put(visited.fetched.body)
    hits = detect_changes(source=source, passages=decision.passages, now=now)
    return _Harvest(decision, body_hash, tuple(hits))


def _decide(source: Source, visited: Visited) -> Decision:
    fetched = visited.fetched
    if fetched is None:
        return failed(visited.cause or Cause.INTERNAL, visited.detail)
    last = _snapshots(source).order_by("-taken_at", "-pk").first()
    judged = decisions.judge_status(fetched.status, is_known=last is not None)
    if judged:
        return judged
    visit = Visit(_content_type(fetched), fetched.body, fetched.final_url)
    try:
        found = reading.read(source.kind, visit)
    except Unreadable as error:
        return failed(error.cause, tidy_line(error.detail, _DETAIL_LENGTH))
    keys = [] if isinstance(found, Page) else [entry.key for entry in found]
    return decisions.decide(found, _previous(source, last, keys))


def _previous(source: Source, last: Snapshot | None, keys: list[str]) -> Previous | None:
    if last is None:
        return None
    seen = SeenEntry.objects.filter(source=source, key__in=keys).values_list("key", flat=True)
    return Previous(
        text=last.text,
        published_on=last.published_on,
        modified_on=last.modified_on,
        taken_on=last.taken_at.date(),
        seen=frozenset(seen if keys else ()),
    )


@transaction.atomic
def _record(
    source: Source,
    visited: Visited,
    harvest: _Harvest,
    now: dt.datetime,
    jitter: float,
) -> Poll | None:
    """Write everything about one poll; ``None`` if the lease was lost to another poller."""
    if not renew_lock(source):
        logger.warning("Source %s was leased to another poller meanwhile", source.pk)
        return None
    decision, fetched = harvest.decision, visited.fetched
    poll = Poll.objects.create(
        source=source,
        started_at=now,
        finished_at=now + visited.took,
        result=decision.result,
        cause=decision.cause or "",
        detail=decision.detail,
        http_status=fetched.status if fetched else None,
    )
    if decision.is_kept and fetched:
        snapshot = keep_snapshot(
            poll=poll,
            decision=decision,
            body_hash=harvest.body_hash,
            final_url=fetched.final_url,
            content_type=_content_type(fetched),
        )
        keep_findings(snapshot=snapshot, hits=harvest.hits, now=now)
    note_poll(source=source, poll=poll, headers=fetched.headers if fetched else {}, jitter=jitter)
    return poll


def _snapshots(source: Source) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(source=source, url=source.url, kind=source.kind)


def _content_type(fetched: Fetched) -> str:
    return tidy_line(fetched.headers.get("Content-Type", ""), 200)
