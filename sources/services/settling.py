"""Deciding and writing what the visits of a batch brought home."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction

from sources import evidence
from sources.causes import Cause
from sources.decisions import Decision, failed
from sources.kinds import SourceKind
from sources.models import Poll, Snapshot, Source
from sources.services.bill_records import WrongBill, refuse_another
from sources.services.bills import keep_bill_findings, update_bill
from sources.services.deciding import Decider
from sources.services.detecting import Hit, Watches, find_hits
from sources.services.entries import remember_entries
from sources.services.guidance import short
from sources.services.health import COLUMNS, note_health
from sources.services.keeping import keep_findings, keep_snapshot
from sources.services.leasing import (
    Lease,
    lock_leased,
    postpone_sources,
)
from sources.services.notices import write_notices
from sources.services.quotes import check_quotes
from sources.services.tenure import Tenure
from sources.services.turns import HostVisited
from sources.services.visiting import Postponed, Visited
from sources.services.writing import OFFENCES, update_rows

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Harvest:
    """What is to be written about a visit."""

    source: Source
    visited: Visited
    decision: Decision
    body_hash: str = ""
    hits: tuple[Hit, ...] = ()


class Settler:
    """Settles the visits of one batch."""

    def __init__(
        self,
        lease: Lease,
        last: Mapping[int, Snapshot],
        tenure: Tenure,
        now: dt.datetime,
        jitter: Callable[[], float],
    ) -> None:
        self._lease = lease
        self._tenure = tenure
        self._sources = {source.pk: source for source in lease.sources}
        self._last = last
        self._now = now
        self._jitter = jitter

    def settle(self, results: Iterable[Visited | Postponed | HostVisited]) -> list[Poll]:
        """Write all that these visits mean, and return their polls.

        Whatever goes wrong with a source is its own failed poll. What changed nothing is written
        together; what is kept, one by one.
        """
        visits: list[Visited] = []
        hosts: list[HostVisited] = []
        postponed: list[Postponed] = []
        for result in results:
            if isinstance(result, Visited):
                visits.append(result)
            elif isinstance(result, Postponed):
                postponed.append(result)
            else:
                hosts.append(result)
        decider = Decider(self._sources, self._last, visits, self._now)
        watches = Watches(visited.source_id for visited in visits if visited.decision is None)
        harvests = [self._harvest(visited, decider, watches) for visited in visits]
        unkept = [harvest for harvest in harvests if not harvest.decision.is_kept]
        polls = self._write_all(unkept) if unkept else []
        for harvest in harvests:
            if harvest.decision.is_kept:
                self._tenure.renew()
                polls += self._keep(harvest)
        if postponed:
            self._postpone(postponed)
        self._tenure.give_back(hosts)
        return polls

    def _harvest(self, visited: Visited, decider: Decider, watches: Watches) -> _Harvest:
        """Decide, store the copy if it is to be kept, and read what is new; no lock is held.

        Our own failure is a failed poll too: it must not be tried for ever.
        """
        source = self._sources[visited.source_id]
        self._tenure.renew()
        try:
            decision = decider.decide(visited)
            if not decision.is_kept or visited.fetched is None:
                return _Harvest(source, visited, decision)
            if decision.bill and source.bill:
                refuse_another(bill=source.bill, reading=decision.bill)
            body_hash = evidence.put(visited.fetched.body)
            hits = find_hits(source=source, watches=watches, decision=decision, now=self._now)
            return _Harvest(source, visited, decision, body_hash, tuple(hits))
        except WrongBill as error:
            return _Harvest(source, visited, failed(Cause.WRONG_TYPE, short(str(error))))
        except Exception:
            logger.exception("Polling source %s (%s) failed on our side", source.pk, source.url)
            return _Harvest(source, visited, failed(Cause.INTERNAL))

    def _write_all(self, harvests: Sequence[_Harvest]) -> list[Poll]:
        """Write polls together; if the database takes offence at one, each for itself."""
        try:
            return self._write(harvests)
        except OperationalError:  # no row is to blame when the database is away
            raise
        except OFFENCES:
            logger.exception("Writing %d polls failed: they are written one by one", len(harvests))
        polls: list[Poll] = []
        for harvest in harvests:
            # What was noted in it is as lost as what was written.
            harvest.source.refresh_from_db()
            polls += self._write_alone(harvest)
        return polls

    def _write_alone(self, harvest: _Harvest) -> list[Poll]:
        """Write one poll; if that is refused, that it failed; if that is, too, nothing."""
        source = harvest.source
        bare = Visited(source_id=source.pk, began=harvest.visited.began)
        for attempt in (harvest, _Harvest(source, bare, failed(Cause.INTERNAL))):
            try:
                return self._write([attempt])
            except OperationalError:
                raise
            except OFFENCES:
                logger.exception("Writing source %s (%s) failed on our side", source.pk, source.url)
                source.refresh_from_db()
        return []

    @transaction.atomic
    def _write(self, harvests: Sequence[_Harvest]) -> list[Poll]:
        """Write polls of which nothing is kept, those whose lease was lost excepted."""
        held = self._held(harvest.source.pk for harvest in harvests)
        ours = [harvest for harvest in harvests if harvest.source.pk in held]
        polls = Poll.objects.bulk_create(self._poll(harvest) for harvest in ours)
        for harvest in ours:
            if harvest.decision.matches:
                remember_entries(harvest.source, harvest.decision.matches, self._now)
        self._note(list(zip(ours, polls, strict=True)))
        return polls

    def _keep(self, harvest: _Harvest) -> list[Poll]:
        try:
            return self._write_kept(harvest)
        except Exception:
            source = harvest.source
            logger.exception("Keeping source %s (%s) failed on our side", source.pk, source.url)
            source.refresh_from_db()
            return self._write_alone(_Harvest(source, harvest.visited, failed(Cause.INTERNAL)))

    @transaction.atomic
    def _write_kept(self, harvest: _Harvest) -> list[Poll]:
        source, fetched = harvest.source, harvest.visited.fetched
        if not self._held([source.pk]) or fetched is None:
            return []
        poll = self._poll(harvest)
        poll.save()
        snapshot = keep_snapshot(
            poll=poll, decision=harvest.decision, body_hash=harvest.body_hash, fetched=fetched
        )
        keep_findings(snapshot=snapshot, hits=harvest.hits, now=self._now)
        self._follow_up(harvest, snapshot)
        self._note([(harvest, poll)])
        return [poll]

    def _follow_up(self, harvest: _Harvest, snapshot: Snapshot) -> None:
        """Do what else follows from a new snapshot."""
        source, decision = harvest.source, harvest.decision
        if decision.matches:
            remember_entries(source, decision.matches, self._now)
        if decision.bill and source.bill:
            update = update_bill(bill=source.bill, reading=decision.bill)
            keep_bill_findings(
                snapshot=snapshot, update=update, reading=decision.bill, now=self._now
            )
        last = self._last.get(source.pk)
        if last and source.kind == SourceKind.PAGE:
            check_quotes(snapshot=snapshot, before=last.text)

    def _poll(self, harvest: _Harvest) -> Poll:
        visited, decision = harvest.visited, harvest.decision
        began = self._now + dt.timedelta(seconds=visited.began)
        status = visited.fetched.status if visited.fetched else None
        detail = decision.detail
        if visited.pushed_by:
            status, detail = None, ": ".join(filter(None, [visited.pushed_by, detail]))
        return Poll(
            source=harvest.source,
            started_at=began,
            finished_at=began + dt.timedelta(seconds=visited.took),
            result=decision.result,
            cause=decision.cause or "",
            detail=detail,
            http_status=status,
        )

    def _note(self, settled: Sequence[tuple[_Harvest, Poll]]) -> None:
        """Write what polls mean for their sources."""
        broken_before = {harvest.source: harvest.source.broken_since for harvest, _ in settled}
        for harvest, poll in settled:
            note_health(
                source=harvest.source,
                poll=poll,
                headers=harvest.visited.headers,
                jitter=self._jitter(),
                feed_state=None if harvest.visited.pushed_by else harvest.decision.feed_state,
            )
        update_rows(broken_before, COLUMNS)
        write_notices(broken_before)

    def _held(self, source_ids: Iterable[int]) -> Collection[int]:
        """Lock those sources of which we may write; those that were edited are due at once."""
        wanted = set(source_ids)
        held, edited = lock_leased(lease=self._lease, source_ids=wanted)
        for lost in wanted - held - edited:
            logger.warning("Source %s was leased to another poller meanwhile", lost)
        if edited:
            logger.info("Sources %s were edited meanwhile and are polled again", sorted(edited))
            postpone_sources(lease=self._lease, due_at=dict.fromkeys(edited, self._now))
        return held

    def _postpone(self, postponed: Sequence[Postponed]) -> None:
        """Give sources back that wait for a host to which a redirect leads."""
        due_at = {one.source_id: self._now + dt.timedelta(seconds=one.until) for one in postponed}
        postpone_sources(lease=self._lease, due_at=due_at)
