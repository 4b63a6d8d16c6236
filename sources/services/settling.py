"""Deciding and writing what the visits of a batch brought home."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from django.db import OperationalError, connection, transaction

from sources.causes import Cause
from sources.decisions import failed
from sources.extraction.bills import BillReading, has_ended
from sources.kinds import PollResult, SourceKind
from sources.models import Poll, Snapshot
from sources.services.announcing import announce_articles
from sources.services.bills import BillUpdate, keep_bill_findings, look_again, update_bill
from sources.services.entries import remember_entries
from sources.services.harvesting import Harvest, harvest_visits, withheld_since
from sources.services.health import COLUMNS, note_health
from sources.services.keeping import keep_findings, keep_snapshot
from sources.services.leasing import Lease, lock_leased, postpone_sources
from sources.services.notices import write_notices
from sources.services.quotes import check_quotes
from sources.services.tenure import Tenure
from sources.services.visiting import Visited
from sources.services.workshop import Settled
from sources.services.writing import OFFENCES, update_rows

logger = logging.getLogger(__name__)


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

    def settle(self, results: Sequence[Settled]) -> list[Poll]:
        """Write all that these visits mean, and return their polls.

        Whatever goes wrong with a source is its own failed poll. What changed nothing is written
        together; what is kept, and what a bill's end may mean, one by one.
        """
        harvests = harvest_visits(
            sources=self._sources,
            last=self._last,
            visits=[result for result in results if isinstance(result, Visited)],
            tenure=self._tenure,
            now=self._now,
        )
        together = [one for one in harvests if not (one.is_kept or _tells_an_end(one))]
        polls = self._write_all(together) if together else []
        for one in harvests:
            if one.is_kept or _tells_an_end(one):
                self._tenure.renew()
                polls += self._write_apart(one)
        self._tenure.give_back([one for one in results if not isinstance(one, Visited)])
        return polls

    def _write_all(self, harvests: Sequence[Harvest]) -> list[Poll]:
        """Write polls together; if the database takes offence at one, each for itself."""
        try:
            return _insist(self._write, harvests)
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

    def _write_alone(self, harvest: Harvest) -> list[Poll]:
        """Write one poll; if that is refused, that it failed; if that is, too, nothing."""
        source = harvest.source
        bare = Visited(source_id=source.pk, began=harvest.visited.began)
        for attempt in (harvest, Harvest(source, bare, failed(Cause.INTERNAL))):
            try:
                return self._write([attempt])
            except OperationalError:
                raise
            except OFFENCES:
                logger.exception("Writing source %s (%s) failed on our side", source.pk, source.url)
                source.refresh_from_db()
        return []

    @transaction.atomic
    def _write(self, harvests: Sequence[Harvest]) -> list[Poll]:
        """Write polls of which nothing is kept, those whose lease was lost excepted."""
        held = self._held(harvest.source.pk for harvest in harvests)
        ours = [harvest for harvest in harvests if harvest.source.pk in held]
        polls = Poll.objects.bulk_create(self._poll(harvest) for harvest in ours)
        for harvest in ours:
            if harvest.decision.matches:
                remember_entries(harvest.source, harvest.decision.matches, self._now)
        self._note(list(zip(ours, polls, strict=True)))
        return polls

    def _write_apart(self, harvest: Harvest) -> list[Poll]:
        """Write what is more than a poll; if that fails, that the poll failed."""
        try:
            return _insist(lambda one: self._write_more(*one), [harvest])
        except OperationalError:
            raise
        except Exception:
            source = harvest.source
            logger.exception("Keeping source %s (%s) failed on our side", source.pk, source.url)
            source.refresh_from_db()
            return self._write_alone(Harvest(source, harvest.visited, failed(Cause.INTERNAL)))

    @transaction.atomic
    def _write_more(self, harvest: Harvest) -> list[Poll]:
        source, fetched = harvest.source, harvest.visited.fetched
        if not self._held([source.pk]) or fetched is None:
            return []
        harvest = withheld_since(harvest)
        poll = self._poll(harvest)
        poll.save()
        if harvest.is_kept:
            snapshot = keep_snapshot(
                poll=poll,
                decision=harvest.decision,
                body_hash=harvest.body_hash,
                fetched=fetched,
                removal=harvest.removal,
            )
            keep_findings(snapshot=snapshot, hits=harvest.hits, now=self._now)
            self._follow_up(harvest, snapshot)
        else:
            self._look_again(harvest)
        self._note([(harvest, poll)])
        return [poll]

    def _follow_up(self, harvest: Harvest, snapshot: Snapshot) -> None:
        """Do what else follows from a new snapshot."""
        source, decision = harvest.source, harvest.decision
        if decision.matches:
            remember_entries(source, decision.matches, self._now)
        announce_articles(snapshot=snapshot, passages=harvest.articles, now=self._now)
        if decision.bill and source.bill:
            update = update_bill(bill=source.bill, reading=decision.bill)
            self._keep_bill_findings(snapshot, update, decision.bill)
        last = self._last.get(source.pk)
        if last and source.kind == SourceKind.PAGE and snapshot.removed_at is None:
            check_quotes(snapshot=snapshot, before=last.text)

    def _look_again(self, harvest: Harvest) -> None:
        """Look for what was made to wait for a bill that had passed or died already."""
        bill, reading = harvest.source.bill, harvest.decision.bill
        last = self._last.get(harvest.source.pk)
        if bill and reading and last:
            self._keep_bill_findings(last, look_again(bill=bill, reading=reading), reading)

    def _keep_bill_findings(
        self, snapshot: Snapshot, update: BillUpdate, reading: BillReading
    ) -> None:
        """Write what a bill's end means, unless an editor removed what the finding would quote."""
        if snapshot.removed_at is None:
            keep_bill_findings(snapshot=snapshot, update=update, reading=reading, now=self._now)

    def _poll(self, harvest: Harvest) -> Poll:
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

    def _note(self, settled: Sequence[tuple[Harvest, Poll]]) -> None:
        """Write what polls mean for their sources."""
        broken_before = {harvest.source: harvest.source.broken_since for harvest, _ in settled}
        for harvest, poll in settled:
            note_health(
                source=harvest.source,
                poll=poll,
                headers=harvest.visited.headers,
                is_same_address=self._answers_from_there(harvest),
                jitter=self._jitter(),
                feed_state=None if harvest.visited.pushed_by else harvest.decision.feed_state,
            )
        update_rows(broken_before, COLUMNS)
        write_notices(broken_before)

    def _answers_from_there(self, harvest: Harvest) -> bool:
        """Whether the address answered that gave the last snapshot, or gives the next one."""
        last, fetched = self._last.get(harvest.source.pk), harvest.visited.fetched
        if harvest.is_kept or last is None or fetched is None:
            return True
        return fetched.final_url in (
            last.final_url,
            last.final_url.replace("http://", "https://", 1),
        )

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


def _insist(
    write: Callable[[Sequence[Harvest]], list[Poll]], harvests: Sequence[Harvest]
) -> list[Poll]:
    """Write, and once more if the database was away, or chose another writer before us."""
    try:
        return write(harvests)
    except OperationalError:
        logger.exception("Writing %d polls failed: once more", len(harvests))
    connection.close_if_unusable_or_obsolete()
    for harvest in harvests:
        # What was noted in it is as lost as what was written.
        harvest.source.refresh_from_db()
    return write(harvests)


def _tells_an_end(harvest: Harvest) -> bool:
    """Whether an answer says, as it did before, that a bill passed or died."""
    decision = harvest.decision
    is_known = decision.result == PollResult.UNCHANGED
    return is_known and decision.bill is not None and has_ended(decision.bill)
